import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readAnsibleConfig, type AnsibleConfig } from "../../../src/cli/settings/ansible-cfg.ts";
import { ANSIBLE_SETTINGS, unheardSettings } from "../../../src/cli/settings/ansible-settings.ts";
import { call } from "../call.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-settings-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  delete process.env["ANSIBLE_CONFIG"];
});

// What a text as ansible.cfg sets.
function config(text: string): AnsibleConfig {
  writeFileSync(join(folder, "ansible.cfg"), text);
  return readAnsibleConfig(() => undefined, {
    environment: { ANSIBLE_CONFIG: folder },
    directory: folder,
    home: folder,
    system: join(folder, "none"),
  });
}

/** What `ansible-config list` says of a setting, as far as it matters here. */
interface Listed {
  env?: { name: string }[];
  ini?: { section: string; key: string }[];
}

// All names in what `ansible-config list` prints, whatever stands around the settings.
function namesIn(listed: unknown): string[] {
  if (typeof listed !== "object" || listed === null) return [];
  const { env, ini } = listed as Listed;
  if (!Array.isArray(env) && !Array.isArray(ini)) return Object.values(listed).flatMap(namesIn);
  return [
    ...(env ?? []).map(({ name }) => name),
    ...(ini ?? []).map(({ section, key }) => `${section}.${key}`),
  ];
}

describe.skipIf(spawnSync("ansible-config", ["--version"]).status !== 0)(
  "as ansible-config has it (skipped without ansible-core)",
  () => {
    test("every setting of ansible-core and its plugins has its line", () => {
      const words = ["list", "-t", "all", "--format", "json"];
      const names = namesIn(
        JSON.parse(execFileSync("ansible-config", words, { encoding: "utf8", maxBuffer: 1e8 })),
      );
      expect(names.length).toBeGreaterThan(300);
      const isOther = (name: string): boolean => /^(galaxy\.|ANSIBLE_GALAXY_)/.test(name);
      expect(
        [...new Set(names)].filter((name) => !ANSIBLE_SETTINGS.has(name) && !isOther(name)),
      ).toEqual([]);
    });
  },
);

test("every line says what becomes of the setting", () => {
  expect([...ANSIBLE_SETTINGS].filter(([, { note }]) => note === "")).toEqual([]);
});

test.each([
  ["[defaults]\nhash_behaviour = merge\n", {}, "[defaults] hash_behaviour = merge"],
  ["", { ANSIBLE_JINJA2_NATIVE: "True" }, "ANSIBLE_JINJA2_NATIVE = True"],
  ["[defaults]\nerror_on_undefined_vars = no\n", {}, "[defaults] error_on_undefined_vars = no"],
])("refuses what would make the run another one: %j %j", (text, environment, said) => {
  expect(() => unheardSettings(config(text), environment)).toThrow(`${said} is not supported`);
});

test.each([
  "[defaults]\nhash_behaviour = replace\njinja2_native = False\nerror_on_undefined_vars = yes\n",
  "[defaults]\ncallbacks_enabled = timer, profile_tasks\nexecutable = /bin/sh\n",
  "[galaxy]\nserver_list = a\n[galaxy_server.a]\nurl = x\n[colors]\nok = blue\n",
])("takes what asks for what is done anyway: %j", (text) => {
  expect(unheardSettings(config(text), {})).toEqual([]);
});

/** Settings that say what a play does, and what a run then prints. */
const EFFECTS: [text: string, play: string, told: string][] = [
  ["[defaults]\nno_log = True\n", "{ command: 'true' }", "hidden"],
  ["[tags]\nskip = slow\n", "{ debug: { msg: RAN }, tags: slow }, { debug: { msg: END } }", "END"],
  ["[tags]\nrun = quick\n", "{ debug: { msg: RAN } }, { debug: { msg: END }, tags: quick }", "END"],
  ["[defaults]\nverbosity = 1\n", "{ command: echo hello, changed_when: false }", "| hello"],
  [
    "[defaults]\ngathering = explicit\n",
    "{ debug: { msg: '{{ ansible_hostname | default(1) }} END' } }",
    "1 END",
  ],
  ["[defaults]\nforce_handlers = maybe\n", "{ debug: { msg: x } }", "force_handlers"],
  [
    "[sudo_become_plugin]\nexecutable = /no/such/sudo\n",
    "{ command: id, become: true, become_user: nobody, changed_when: false }",
    "/no/such/sudo",
  ],
];

test.each(EFFECTS)("%j has its effect", async (text, tasks, told) => {
  config(text);
  process.env["ANSIBLE_CONFIG"] = folder;
  const play = join(folder, "play.yml");
  writeFileSync(play, `- { hosts: all, tasks: [${tasks}] }\n`);
  writeFileSync(join(folder, "hosts.ini"), "h ansible_connection=local\n");
  const { said } = await call("plan", play, "-i", join(folder, "hosts.ini"));
  expect(said).toContain(told);
  expect(said).not.toContain("RAN");
});

test.each([
  [
    "[defaults]\nansible_managed = Kept by {host} from {file}\n",
    /^Kept by \S+ from \S+managed.j2$/m,
  ],
  ["", /^Ansible managed$/m],
])("templates see ansible_managed of %j", async (text, told) => {
  config(text);
  process.env["ANSIBLE_CONFIG"] = folder;
  const play = join(folder, "play.yml");
  writeFileSync(join(folder, "managed.j2"), "{{ ansible_managed }}\n");
  writeFileSync(
    play,
    `- { hosts: localhost, gather_facts: false, connection: local, tasks: [{ template: { src: managed.j2, dest: ${folder}/out } }] }\n`,
  );
  const { code } = await call("apply", play, "-y");
  expect(code).toBe(0);
  expect(execFileSync("cat", [join(folder, "out")], { encoding: "utf8" })).toMatch(told);
});
