import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { RunFlags } from "../../src/cli/settings/options.ts";
import { applyCommand, planCommand } from "../../src/cli/commands/run.ts";
import { InputError } from "../../src/errors.ts";
import { seal } from "../../src/vault/cipher.ts";
import { writeEnvelope } from "../../src/vault/envelope.ts";
import { defined } from "../../src/defined.ts";

const PASSWORD = "the password";

// What ansible-vault makes of a text, and the same as an inline value.
const encrypted = (text: string, id?: string): string =>
  writeEnvelope(seal(Buffer.from(text), Buffer.from(PASSWORD), randomBytes(32), id));
const inline = (text: string): string =>
  `!vault |\n${encrypted(text).replace(/^(?=.)/gm, "          ")}`;

// Writes the files of a playbook into a folder of its own, with a password beside it.
function folderOf(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "hullwright-vaults-"));
  for (const [name, text] of Object.entries({
    hosts: "local ansible_connection=local\n",
    password: PASSWORD,
    wrong: "another",
    ...files,
  })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

// Plans play.yml, and answers all that was printed. Throws InputError.
async function plan(
  root: string,
  password: string | undefined,
  more: Partial<RunFlags> = {},
): Promise<string> {
  const printed: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((text) => printed.push(String(text)) > 0),
  );
  try {
    await planCommand([join(root, "play.yml")], {
      inventory: [join(root, "hosts")],
      forks: 1,
      timeout: 5,
      verbose: 0,
      ...defined({
        vaultPasswordFile: password === undefined ? undefined : [join(root, password)],
      }),
      ...more,
    });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return printed.join("");
}

const head = "- hosts: all\n  gather_facts: false\n";
const debug = (text: string): string => `${head}  tasks:\n    - debug: {msg: "${text}"}\n`;

/** Where an encrypted value may stand; each playbook prints its length, which no mask hides. */
const places: [where: string, files: Record<string, string>][] = [
  [
    "inline in the play",
    {
      "play.yml": `${head}  vars:\n    s: ${inline("s3cret!")}  tasks:\n    - debug: {msg: "is {{ s | length }}"}\n`,
    },
  ],
  [
    "inline in group_vars",
    { "group_vars/all.yml": `s: ${inline("s3cret!")}`, "play.yml": debug("is {{ s | length }}") },
  ],
  [
    "inline inside of a list of a dict",
    {
      "group_vars/all.yml": `l: [{}]\nd:\n  - s: ${inline("s3cret!").replaceAll("          ", "            ")}`,
      "play.yml": debug("is {{ d[0].s | length }}"),
    },
  ],
  [
    "a file of host_vars",
    { "host_vars/local": encrypted("s: s3cret!\n"), "play.yml": debug("is {{ s | length }}") },
  ],
  [
    "a file of vars_files",
    {
      "v.yml": encrypted("s: s3cret!\n", "label"),
      "play.yml": `${head}  vars_files: v.yml\n  tasks:\n    - debug: {msg: "is {{ s | length }}"}\n`,
    },
  ],
  [
    "a role's variables",
    {
      "roles/r/defaults/main.yml": encrypted("s: s3cret!\n"),
      "roles/r/tasks/main.yml": '- debug: {msg: "is {{ s | length }}"}\n',
      "play.yml": `${head}  roles: [r]\n`,
    },
  ],
  [
    "a file of tasks",
    {
      "t.yml": encrypted("- debug: {msg: \"is {{ 's3cret!' | length }}\"}\n"),
      "play.yml": `${head}  tasks:\n    - include_tasks: t.yml\n`,
    },
  ],
  ["the playbook itself", { "play.yml": encrypted(debug("is {{ 's3cret!' | length }}")) }],
  [
    "the inventory",
    {
      hosts: encrypted("local ansible_connection=local s=s3cret!\n"),
      "play.yml": debug("is {{ s | length }}"),
    },
  ],
  [
    "a file of include_vars",
    {
      "v.yml": encrypted("s: s3cret!\n"),
      "play.yml": `${head}  tasks:\n    - include_vars: v.yml\n    - debug: {msg: "is {{ s | length }}"}\n`,
    },
  ],
  [
    "a file that is looked up",
    { f: encrypted("s3cret!\n"), "play.yml": debug("is {{ lookup('file', 'f') | length }}") },
  ],
];

describe.each(places)("%s", (_where, files) => {
  const root = folderOf(files);

  test("is decrypted", async () => {
    expect(await plan(root, "password")).toContain("is 7");
  });
  test.each([
    ["without a password", undefined, /no password is given/],
    ["with a wrong one", "wrong", /none of the passwords/],
  ])("is refused %s, with place and mend", async (_what, password, message) => {
    const mistake = await plan(root, password).catch((error: unknown) => error);
    expect(mistake).toBeInstanceOf(InputError);
    const { message: said, place, hint } = mistake as InputError;
    expect(said).toMatch(message);
    expect(place?.file).toContain(root);
    expect(hint).toContain("--vault-password-file");
  });
});

test("braces in what was decrypted are no template", async () => {
  expect(
    await plan(
      folderOf({
        "group_vars/all.yml": `s: ${inline("{{ 1 + 1 }}")}`,
        "play.yml": debug("is {{ s | length }}"),
      }),
      "password",
    ),
  ).toContain("is 11");
});

test("a value that nobody looks at needs no password, as in Ansible", async () => {
  expect(
    await plan(
      folderOf({ "group_vars/all.yml": `s: ${inline("x")}`, "play.yml": debug("fine") }),
      undefined,
    ),
  ).toContain("fine");
});

describe("what was decrypted is not shown", () => {
  const root = folderOf({
    "group_vars/all.yml": `s: ${inline("s3cret!")}`,
    "host_vars/local": encrypted("whole: another-secret\n"),
    "files/key": encrypted("line one\nline two\n"),
    "templates/t.j2": encrypted("hidden {{ 1 + 1 }} text\n"),
    "play.yml": [
      `${head}  tasks:`,
      '    - debug: {msg: "s={{ s }} whole={{ whole }} {{ [s] }}"}',
      '    - {name: "with {{ s }}", copy: {content: "a={{ s }}\\nb={{ whole }}\\n", dest: /nowhere-near}}',
      "    - copy: {src: key, dest: /nowhere-key}",
      "    - template: {src: t.j2, dest: /nowhere-t}",
      '    - copy: {content: x, dest: "/nowhere-{{ item }}"}\n      loop: ["{{ s }}"]',
      "",
    ].join("\n"),
  });
  const secret = /s3cret!|another-secret|line one|line two|hidden 2 text/;

  test.each<[what: string, flags: Partial<RunFlags>]>([
    ["in text", { diff: true }],
    ["in JSON", { json: true }],
    ["with -vvv", { verbose: 3 }],
  ])("%s", async (_what, flags) => {
    const shown = await plan(root, "password", flags);
    expect(shown).toContain("a=********");
    expect(shown).toContain("hidden, as its source is encrypted");
    expect(shown).not.toMatch(secret);
  });
  test("in a saved plan", async () => {
    await plan(root, "password", { out: join(root, "saved") });
    expect(readFileSync(join(root, "saved"), "utf8")).toContain("a=********");
    expect(readFileSync(join(root, "saved"), "utf8")).not.toMatch(secret);
  });
  test("in a mistake", async () => {
    const bad = folderOf({
      "group_vars/all.yml": encrypted('mode: "not-a-mode"\n'),
      "play.yml": `${head}  tasks:\n    - copy: {content: x, dest: /x, mode: "{{ mode }}"}\n`,
    });
    const mistake = (await plan(bad, "password").catch((error: unknown) => error)) as InputError;
    expect(mistake.message).toContain("********");
    expect(mistake.message).not.toContain("not-a-mode");
  });
  test("in a mistake that only facts show, when it is applied", async () => {
    const task =
      "    - copy: {content: x, dest: /nowhere-x, mode: \"{{ mode if ansible_system == 'Linux' else '0644' }}\"}\n";
    const bad = folderOf({
      "group_vars/all.yml": encrypted('mode: "not-a-mode"\n'),
      "play.yml": `- hosts: all\n  tasks:\n${task}`,
    });
    const flags = {
      inventory: [join(bad, "hosts")],
      forks: 1,
      timeout: 5,
      verbose: 0,
      yes: true,
      json: true,
      vaultPasswordFile: [join(bad, "password")],
    } as const;
    const mistake = (await applyCommand([join(bad, "play.yml")], {
      ...flags,
      inventory: [...flags.inventory],
      vaultPasswordFile: [...flags.vaultPasswordFile],
    }).catch((error: unknown) => error)) as InputError;
    expect(mistake.message).toContain("********");
    expect(JSON.stringify([mistake, mistake.message])).not.toContain("not-a-mode");
  });
  test("in a mistake of an encrypted file itself", async () => {
    const bad = folderOf({
      "group_vars/all.yml": encrypted("a: [s3cret\n"),
      "play.yml": debug("x"),
    });
    const mistake = (await plan(bad, "password").catch((error: unknown) => error)) as InputError;
    expect(mistake.place?.file).toContain("group_vars/all.yml");
    expect(JSON.stringify(mistake)).not.toContain("s3cret");
  });
});

test("copy brings an encrypted file as it is where decrypt is false", async () => {
  const root = folderOf({
    "files/key": encrypted("line one\n"),
    "play.yml": `${head}  tasks:\n    - copy: {src: key, dest: /nowhere-key, decrypt: false}\n`,
  });
  expect(await plan(root, undefined)).toContain("+$ANSIBLE_VAULT;1.1;AES256");
});

test("a source that no password decrypts is one mistake before any host is touched", async () => {
  const root = folderOf({
    hosts: "nobody.invalid\n",
    "files/key": encrypted("line one\n"),
    "play.yml": `${head}  tasks:\n    - copy: {src: key, dest: /nowhere-key}\n`,
  });
  await expect(plan(root, "wrong")).rejects.toThrow("none of the passwords decrypts this");
});

test("the password file that ansible.cfg names is taken, relative to where that is", async () => {
  const root = folderOf({
    "play.yml": `- hosts: all\n  gather_facts: false\n  vars:\n    word: ${inline("from the vault")}\n  tasks:\n    - debug: { msg: "{{ word | length }} letters" }\n`,
    "conf/ansible.cfg": "[defaults]\nvault_password_file = ../password\n",
  });
  vi.stubEnv("ANSIBLE_CONFIG", join(root, "conf/ansible.cfg"));
  const said = await plan(root, undefined);
  vi.unstubAllEnvs();
  expect(said).toContain("14 letters");
  expect(said).not.toContain("no effect");
});
