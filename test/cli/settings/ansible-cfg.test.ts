import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  pathsOf,
  readAnsibleConfig,
  type ConfigPlaces,
} from "../../../src/cli/settings/ansible-cfg.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-config-"));
afterAll(() => rmSync(root, { recursive: true }));
const ROLES = { environment: ["ANSIBLE_ROLES_PATH"], section: "defaults", key: "roles_path" };
let count = 0;

// Puts files into directories of their own, and reads the ansible.cfg that is found from there; ROOT stands for all of them.
function read(
  files: Record<string, string>,
  environment: Record<string, string> = {},
  mode = 0o755,
): {
  config: ReturnType<typeof readAnsibleConfig>;
  places: ConfigPlaces;
  warnings: string[];
  shown: (text: string | undefined) => string | undefined;
} {
  const own = join(root, String(count++));
  for (const [name, text] of Object.entries({ "here/x": "", "home/x": "", ...files })) {
    mkdirSync(dirname(join(own, name)), { recursive: true });
    writeFileSync(join(own, name), text);
  }
  chmodSync(join(own, "here"), mode);
  const given = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replaceAll("ROOT", own)]),
  );
  const places = {
    environment: given,
    directory: join(own, "here"),
    home: join(own, "home"),
    system: join(own, "etc/ansible.cfg"),
  };
  const warnings: string[] = [];
  return {
    config: readAnsibleConfig((message) => warnings.push(message), places),
    places,
    warnings,
    shown: (text) => text?.replaceAll(`${own}/`, ""),
  };
}

const CFG = "[defaults]\nroles_path = roles\n";

describe("the ansible.cfg that is read is that of Ansible", () => {
  const all = {
    "here/ansible.cfg": CFG,
    "home/.ansible.cfg": CFG,
    "etc/ansible.cfg": CFG,
    "named/ansible.cfg": CFG,
  };
  test.each<
    [
      what: string,
      files: Record<string, string>,
      environment: Record<string, string>,
      found: string | undefined,
    ]
  >([
    [
      "the one that ANSIBLE_CONFIG names",
      all,
      { ANSIBLE_CONFIG: "ROOT/named/ansible.cfg" },
      "named/ansible.cfg",
    ],
    [
      "the one in the directory that ANSIBLE_CONFIG names",
      all,
      { ANSIBLE_CONFIG: "../named" },
      "named/ansible.cfg",
    ],
    [
      "the next one, where ANSIBLE_CONFIG names none",
      all,
      { ANSIBLE_CONFIG: "nowhere.cfg" },
      "here/ansible.cfg",
    ],
    ["that of the current directory", all, {}, "here/ansible.cfg"],
    [
      "that of the home",
      { "home/.ansible.cfg": CFG, "etc/ansible.cfg": CFG },
      {},
      "home/.ansible.cfg",
    ],
    ["that of the system", { "etc/ansible.cfg": CFG }, {}, "etc/ansible.cfg"],
    ["none", {}, {}, undefined],
  ])("%s", (_what, files, environment, found) => {
    const { config, shown } = read(files, environment);
    expect(shown(config.file)).toBe(found);
  });

  test("one in a directory that everybody may write to is not read, and this is said", () => {
    const { config, warnings } = read({ "here/ansible.cfg": CFG }, {}, 0o777);
    expect(config.file).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringContaining("ansible.cfg is not read, as everybody may write to its directory"),
    ]);
  });
});

describe("a setting", () => {
  test.each<
    [what: string, cfg: string, environment: Record<string, string>, paths: string[] | undefined]
  >([
    [
      "is relative to ansible.cfg",
      "[defaults]\nroles_path = roles:../more\n",
      {},
      ["here/roles", "more"],
    ],
    [
      "may name the home and variables",
      "[defaults]\nroles_path: ~/roles:$DIR/a:${DIR}/b:{{CWD}}/c\n",
      { DIR: "/dir" },
      ["home/roles", "/dir/a", "/dir/b", "here/c"],
    ],
    [
      "of the environment wins, and is relative to the current directory",
      CFG,
      { ANSIBLE_ROLES_PATH: "./env" },
      ["here/env"],
    ],
    [
      "may have quotes, and a comment behind it",
      '[defaults]\nroles_path = "roles" ; ours\n',
      {},
      ["here/roles"],
    ],
    ["in another section is none", "[other]\nroles_path = roles\n", {}, undefined],
  ])("%s", (_what, cfg, environment, paths) => {
    const { config, places, shown } = read({ "here/ansible.cfg": cfg }, environment);
    const setting = config.setting(ROLES);
    expect(setting && pathsOf(setting, places).map(shown)).toEqual(paths);
  });

  test("in a file that is no INI file is told with the file", () => {
    expect(() => read({ "here/ansible.cfg": "roles_path = roles\n" })).toThrow(
      "contains no section headers",
    );
  });
});
