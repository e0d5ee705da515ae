import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonReport } from "../../src/report/summary.ts";
import { call } from "../cli/call.ts";
import { PASSWORD, startSshd, whyNoSshd, type Sshd } from "../transport/sshd.ts";
import { encrypted, formsOf, planted, PLACES, VAULT_PASSWORD } from "./places.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-secrets-"));
const at = join(root, "book/out");
const home = join(root, "home");
const outside = {
  HOME: process.env["HOME"],
  PATH: process.env["PATH"],
  TMPDIR: process.env["TMPDIR"],
};
let server: Server;
let plants: ReturnType<typeof planted>[];
let words: string[];
/** Where each secret was seen that was. */
const seen = new Map<string, string[]>();

beforeAll(async () => {
  server = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on("data", (bytes: Buffer) => body.push(bytes));
    request.on("end", () =>
      response.end(JSON.stringify({ echo: request.headers, body: String(Buffer.concat(body)) })),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  plants = PLACES.map((place, index) => planted(place, index + 1, { at, port }));
  for (const directory of [at, home, join(root, "tmp")]) mkdirSync(directory, { recursive: true });
  Object.assign(process.env, { HOME: home, TMPDIR: join(root, "tmp"), PATH: watchedPath() });
  writeBook();
});

afterAll(() => {
  Object.assign(process.env, outside);
  server.close();
  rmSync(root, { recursive: true });
});

// A PATH whose every command first notes its arguments, as a list of processes would show them.
function watchedPath(): string {
  const bin = join(root, "bin");
  mkdirSync(bin);
  writeFileSync(
    join(bin, ".note"),
    `#!/bin/sh\nprintf '%s\\n' "$0 $*" >>${root}/processes\nPATH=/usr/sbin:/usr/bin:/sbin:/bin exec "\${0##*/}" "$@"\n`,
  );
  chmodSync(join(bin, ".note"), 0o755);
  for (const directory of ["/usr/sbin", "/usr/bin", "/sbin", "/bin"])
    for (const name of existsSync(directory) ? readdirSync(directory) : [])
      if (name !== "[" && !existsSync(join(bin, name))) symlinkSync(".note", join(bin, name));
  return bin;
}

// Writes the playbook with all that it reads.
function writeBook(): void {
  const book = join(root, "book");
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(book, name)), { recursive: true });
    writeFileSync(join(book, name), text);
  };
  writeFileSync(join(at, "there"), "here\n");
  write("password", VAULT_PASSWORD);
  write(
    "group_vars/all.yml",
    encrypted(
      JSON.stringify(Object.assign({ core: plants[0]!.core }, ...plants.map(({ vault }) => vault))),
    ),
  );
  write(
    "hosts.yml",
    JSON.stringify({
      all: {
        hosts: {
          local: {
            ansible_connection: "local",
            ansible_user: "tester",
            ...Object.assign({}, ...plants.map(({ host }) => host)),
          },
        },
      },
    }),
  );
  for (const { files } of plants)
    for (const [name, text] of Object.entries(files ?? {})) write(name, text);
  const vars = plants
    .flatMap((one) => Object.entries(one.vars ?? {}))
    .map(([name, value]) => {
      const text = encrypted((value as { __vault: string }).__vault);
      return `    ${name}: !vault |\n${text.replace(/^(?=.)/gm, "      ")}`;
    });
  const tasks = plants.map(
    ({ task }, index) =>
      `    - ${JSON.stringify({ name: `t${index + 1}`, ignore_errors: true, register: `r${index + 1}`, ...task })}\n`,
  );
  write(
    "play.yml",
    `- hosts: local\n  gather_facts: false\n  vars:\n${vars.join("")}  tasks:\n${tasks.join("")}    - command: "false"\n`,
  );
  words = [
    join(book, "play.yml"),
    "-i",
    join(book, "hosts.yml"),
    "--vault-password-file",
    join(book, "password"),
    ...plants.flatMap((one) => one.words ?? []),
  ];
}

// Notes each secret that a text has.
function search(what: string, text: string): void {
  const isProcess = what === "a list of processes";
  for (const { where, core, isArgument, isPath } of plants) {
    if (isProcess && isArgument) continue;
    if (isPath && (isProcess || what.endsWith("/entries"))) continue;
    for (const form of formsOf(core)) {
      const at = text.indexOf(form);
      if (at < 0) continue;
      const found = `${what}: ${text.slice(Math.max(0, at - 80), at + form.length)}`;
      seen.set(where, [...(seen.get(where) ?? []), found]);
    }
  }
}

// All files below a directory that were written since.
function filesOf(directory: string, since = 0): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    // other runs on this machine remove theirs
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    if (found.isDirectory()) return filesOf(path, since);
    return found.isFile() && found.mtimeMs >= since ? [path] : [];
  });
}

// Searches all files below a directory.
function searchFiles(directory: string, since?: number): void {
  for (const path of filesOf(directory, since)) {
    try {
      search(path, readFileSync(path, "latin1"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

/** What is printed of all commands that may show something of the run. */
const printed = new Map<string, string>();

describe("what is secret is nowhere to be seen", () => {
  const began = Date.now();
  beforeAll(async () => {
    const saved = join(root, "saved");
    const inventory = ["-i", words[2]!, "--vault-password-file", words[4]!];
    for (const [what, ...command] of [
      ["plan", "plan", ...words],
      ["plan --json", "plan", ...words, "--json"],
      ["plan -vvv --diff=full", "plan", ...words, "-vvv", "--diff=full"],
      ["plan -o", "plan", ...words, "-o", saved],
      ["show", "show", saved, "--diff=full"],
      ["show --json", "show", saved, "--json"],
      ["list-tasks", "plan", ...words, "--list-tasks"],
      ["apply -vvv --diff=full", "apply", ...words, "--yes", "--diff=full", "-vvv"],
      ["apply --json", "apply", ...words, "--yes", "--json"],
      ["runs", "runs", ...inventory],
      ["runs --json", "runs", ...inventory, "--json"],
    ] as [string, ...string[]][]) {
      const { said } = await call(...command);
      printed.set(what, said);

      search(what, said);
    }
    // what a rollback shows comes from the host's journal
    const { hosts } = JSON.parse(printed.get("runs --json")!) as {
      hosts: { local: { runs: { run: string; command: string }[] } };
    };
    const { run } = hosts.local.runs.find(({ command }) => command.includes(root))!;
    for (const [what, ...flags] of [
      ["rollback --plan", "--diff=full", "-vvv"],
      ["rollback --plan --json", "--json"],
    ] as [string, ...string[]][]) {
      const { said } = await call("rollback", run, ...inventory, "--plan", ...flags);
      printed.set(what, said);
      search(what, said);
    }
    search("a saved plan", readFileSync(saved, "utf8"));
    search("a list of processes", readFileSync(join(root, "processes"), "utf8"));
    for (const directory of [home, join(root, "tmp")]) searchFiles(directory);
    // what is kept on the host; it is this machine
    if (existsSync("/var/lib/hullwright")) searchFiles("/var/lib/hullwright", began);
  }, 240_000);

  test.each(PLACES.map(([where], index) => [where, index]))("%s", (where) => {
    expect(seen.get(where) ?? []).toEqual([]);
  });
  test("while all was done, and what was to fail failed", () => {
    const { hosts } = JSON.parse(printed.get("apply --json")!) as JsonReport;
    const failed = hosts["local"]!.tasks.filter(({ status }) =>
      /^(?:failed|ignored)$/.test(status),
    );
    const numbers = failed.map(({ task }) => Number(task.slice(1))).filter((number) => number > 0);
    expect(numbers.map((number) => PLACES[number - 1]![0])).toEqual(
      PLACES.map(([where]) => where).filter((where) => /fail/.test(where)),
    );
  });
  test("and what is not secret is seen by all that search", () => {
    for (const said of printed.values()) expect(said).not.toBe("");
    expect(printed.get("plan")).toContain("it is ********");
    expect(printed.get("rollback --plan")).toContain("Check that nothing has changed since");
    expect(readFileSync(join(root, "processes"), "utf8")).toMatch(/\/head -c \d+$/m);
    expect(filesOf(home).join()).toContain(".retry");
  });
});

describe("what is secret is in no mistake", () => {
  test.each([
    ["a vaulted value", { wait_for: { timeout: "{{ name_1 }}" } }],
    ["a vaulted value under no_log", { no_log: true, wait_for: { timeout: "{{ name_1 }}" } }],
    ["a value under no_log", { no_log: true, wait_for: { timeout: "SECRET" } }],
    [
      "a value under no_log, rendered",
      { no_log: true, wait_for: { timeout: "{{ 'SEC' ~ 'RET' }}" } },
    ],
    [
      "an item under no_log",
      { no_log: true, wait_for: { timeout: "{{ item }}" }, loop: ["SECRET"] },
    ],
    ["a word under no_log", { no_log: true, copy: { content: "SECRET", dest: "/x", wrong: 1 } }],
    [
      "a password beside a mistake",
      { uri: { url: "http://x/", url_password: "SECRET", wrong: 1 } },
    ],
    ["a login of a URL beside a mistake", { uri: { url: "http://bob:SECRET@x/", wrong: 1 } }],
    [
      "a header beside a mistake",
      { uri: { url: "http://x/", headers: { Authorization: "Bearer SECRET" }, wrong: 1 } },
    ],
    ["a template with a mistake", { copy: { content: "{{ name_1 | no_such }}", dest: "/x" } }],
    [
      "a template that fails",
      { copy: { content: "{{ name_1 | int(base='x') }}{{ name_1 + 1 }}", dest: "/x" } },
    ],
    ["a lookup that fails", { debug: { msg: "{{ lookup('file', name_1) }}" } }],
    ["a file that is not there", { copy: { src: "{{ name_1 }}", dest: "/x" } }],
    ["an include that is not there", { include_tasks: "{{ core }}.yml" }],
    ["a dict without a key", { debug: { msg: "{{ {'a': 1}[name_1] }}" } }],
  ])("%s", async (_what, task) => {
    const play = join(root, "book/mistake.yml");
    const text = JSON.stringify(task).replaceAll("SECRET", plants[0]!.core);
    writeFileSync(play, `- hosts: local\n  gather_facts: false\n  tasks:\n    - ${text}\n`);
    for (const flags of [[], ["--json"], ["-vvv"]]) {
      const { said, code } = await call("plan", play, ...words.slice(1), ...flags);
      expect(code).toBe(1);
      for (const form of formsOf(plants[0]!.core)) expect(said).not.toContain(form);
    }
  });
});

const why = whyNoSshd();

describe.skipIf(why)("passwords of a real login and of sudo are nowhere to be seen", () => {
  let sshd: Sshd;
  const processes = "/tmp/hwt-processes-" + process.pid;
  beforeAll(async () => {
    sshd = await startSshd(["PubkeyAuthentication no"]);
  });
  afterAll(() => {
    sshd.stop();
    rmSync(processes, { force: true });
  });

  test.each([
    ["given by variables", { ansible_password: PASSWORD, ansible_become_password: PASSWORD }, []],
    ["given by files", {}, ["--connection-password-file", "--become-password-file"]],
    ["wrong for sudo", { ansible_password: PASSWORD, ansible_become_password: "Zq wrong" }, []],
    ["wrong for the login", { ansible_password: "Zq wrong" }, []],
  ])("%s", async (what, passwords, options) => {
    const [play, hosts, file] = ["ssh.yml", "ssh-hosts.yml", "ssh-password"].map((name) =>
      join(root, name),
    ) as [string, string, string];
    writeFileSync(file, `${PASSWORD}\n`);
    const host = {
      ...{ ansible_host: "127.0.0.1", ansible_port: sshd.port, ansible_user: "hwt-bash" },
      ansible_ssh_common_args: `-o UserKnownHostsFile=${sshd.knownHosts}`,
      ...passwords,
    };
    writeFileSync(hosts, JSON.stringify({ all: { hosts: { it: host } } }));
    writeFileSync(
      play,
      `- hosts: all
  become: true
  become_user: hwt-dash
  tasks:
    - shell: cat /proc/[0-9]*/cmdline | tr '\\0' ' ' >${processes}
    - debug: { msg: "{{ ansible_password | default('') }} {{ ansible_become_password | default('') | b64encode }}" }
`,
    );
    const files = options.flatMap((option) => [option, file]);
    for (const flags of [["--diff=full", "-vvv"], ["--json"]]) {
      const { said } = await call("apply", play, "-i", hosts, "--yes", ...flags, ...files);
      const seen = said + (existsSync(processes) ? readFileSync(processes, "utf8") : "");
      for (const password of [PASSWORD, "Zq wrong"])
        for (const form of [...formsOf(password), encodeURIComponent(password)])
          expect(seen).not.toContain(form);
    }
    expect(existsSync(processes)).toBe(what.startsWith("given"));
    rmSync(processes, { force: true });
  });
});
