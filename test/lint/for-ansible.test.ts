import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { standardEnvironment } from "../../src/jinja/template.ts";
import {
  LATER,
  LATER_FILTERS,
  OWN_FILTERS,
  OWN_PARAMETERS,
  UTILS_FILTERS,
} from "../../src/lint/for-ansible.ts";
import { lint } from "../../src/lint/lint.ts";
import { findModule, moduleNames } from "../../src/modules/index.ts";
import { parameterNames } from "../../src/playbook/keywords/arguments.ts";
import { oracleNames, python, SKIP_REASON } from "../jinja/oracle.ts";
import { has, skipReason } from "../requires.ts";

const paths = {
  home: "/home",
  roles: [],
  collections: [],
  shipped: "/shipped",
  playbooks: ["containerd.yml"],
};

// What is told of site.yml: FILE:LINE:COLUMN WORDS.
function look(text: string, files: Readonly<Record<string, string>> = {}): string[] {
  const find = (name: string, where: string, folders: readonly string[]): string | undefined =>
    [name, ...folders.flatMap((folder) => [`${folder}/${where}/${name}`, `${folder}/${name}`])]
      .map((path) => path.replace(/^\.\//, ""))
      .find((path) => Object.keys(files).some((file) => `${file}/`.startsWith(`${path}/`)));
  const { findings } = lint(
    text,
    "site.yml",
    { find, read: (path) => files[path] ?? "", paths },
    { warnings: true, shipped: "/shipped/" },
  );
  return findings
    .filter(({ rule, severity }) => rule === "for-ansible" || severity === "error")
    .map(
      ({ message, place: { file, line, column } }) =>
        `${file === "site.yml" ? "" : `${file}:`}${line}:${column} ${message}`,
    );
}

const play = (tasks: string, rest = ""): string => `- hosts: all\n${rest}  tasks:\n${tasks}`;

test.each<[string, string, string[], Record<string, string>?]>([
  ["nothing of ours", play("    - {name: a, copy: {content: a, dest: /b}}\n"), []],
  [
    "a module of ours, by both of its names",
    play("    - ctr_image: {name: a}\n    - hullwright.containerd.ctr_info:\n"),
    [
      "3:7 Ansible has no module ctr_image: it is Hullwright's own",
      "4:7 Ansible has no module hullwright.containerd.ctr_info: it is Hullwright's own",
    ],
  ],
  [
    "a rollback in a rescue, in a handler's file too",
    play("    - block: [{ping: }]\n      rescue:\n        - rollback:\n"),
    ["5:11 Ansible has no module rollback: it is Hullwright's own"],
  ],
  [
    "a module of a collection",
    play("    - mount: {path: /a, state: absent}\n"),
    ["3:7 the module mount is in the collection ansible.posix, which ansible-core does not have"],
  ],
  [
    "a parameter of ours",
    play("    - systemd_service:\n        name: a\n        files: [/b]\n"),
    [`5:9 Ansible's systemd_service has no parameter "files"`],
  ],
  [
    "what later releases of ansible-core have",
    play("    - blockinfile:\n        path: /a\n        block: b\n        append_newline: true\n"),
    [`6:9 the parameter "append_newline" of blockinfile needs ansible-core 2.16`],
  ],
  [
    "words of keywords and variables",
    play(
      "    - {ping: , vars: {ansible_become_method: doas}}\n    - {ping: , become_method: su}\n",
      "  connection: openssh\n",
    ),
    [
      `2:15 Ansible has no connection "openssh"`,
      `4:46 the become_method "doas" is in the collection community.general, which ansible-core does not have`,
    ],
  ],
  [
    "filters and lookups, not in comments",
    play(
      "    # {{ a | to_toml }}\n    - debug: {msg: \"{{ a | to_toml }} {{ a | map('from_toml') }}\"}\n    - debug:\n      with_flattened: [a]\n",
    ),
    [
      "4:28 Ansible has no filter to_toml",
      "4:51 Ansible has no filter from_toml",
      "6:12 ansible-core has no lookup flattened",
    ],
  ],
  [
    "a template's filter",
    play("    - template: {src: a.j2, dest: /a}\n"),
    ["templates/a.j2:2:6 Ansible has no filter to_toml"],
    { "templates/a.j2": "a\n{{ b|to_toml }}\n" },
  ],
  [
    "playbooks and roles that come with Hullwright, and nothing of what is in them",
    "- import_playbook: containerd.yml\n- hosts: all\n  roles: [hullwright.containerd]\n",
    [
      "1:20 what is named here comes with Hullwright: Ansible does not have it",
      "3:11 what is named here comes with Hullwright: Ansible does not have it",
    ],
    {
      "/shipped/containerd.yml": "- hosts: all\n  tasks: [{name: a, ctr_info: }]\n",
      "/shipped/roles/hullwright.containerd/tasks/main.yml": "- {name: a, ctr_info: }\n",
    },
  ],
])("%s", (_what, text, wanted, files = {}) => {
  expect(look(text, files)).toEqual(wanted);
});

describe.skipIf(!has("ansible-playbook"))(
  `the lists, held against Ansible${skipReason("ansible-playbook")}`,
  () => {
    /** Names that Ansible takes and does not document, or that belong to the modules which do the work. */
    const UNDOCUMENTED: Readonly<Record<string, readonly string[] | "any">> = {
      command: ["executable"],
      shell: ["strip_empty_ends"],
      raw: ["cmd"],
      meta: ["action"],
      validate_argument_spec: ["validate_args_context"],
      // these hand everything to the module of the host's own manager
      package: "any",
      service: "any",
    };

    test("every parameter that Ansible does not have is told", { timeout: 60_000 }, () => {
      const modules = [...new Set(moduleNames().map((name) => findModule(name)!))].filter(
        ({ schema }) => schema.collection === undefined,
      );
      const { stdout } = spawnSync(
        "ansible-doc",
        ["-j", "-t", "module", ...modules.map(({ name }) => `ansible.builtin.${name}`)],
        { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
      );
      const docs = JSON.parse(stdout) as Record<
        string,
        { doc?: { options?: Record<string, { aliases?: string[] }> } }
      >;
      const untold = modules.flatMap(({ name, schema }) => {
        const { doc } = docs[`ansible.builtin.${name}`] ?? {};
        if (!doc) return Object.hasOwn(LATER, name) ? [] : [name];
        const theirs = Object.entries(doc.options ?? {}).flatMap(([one, { aliases = [] }]) => [
          one,
          ...aliases,
        ]);
        const excused = UNDOCUMENTED[name] ?? [];
        return [...parameterNames(schema.arguments).keys()]
          .filter((one) => !theirs.includes(one) && excused !== "any" && !excused.includes(one))
          .filter((one) => !(OWN_PARAMETERS[name] ?? []).includes(one))
          .map((one) => `${name}.${one}`)
          .filter((one) => !Object.hasOwn(LATER, one));
      });
      expect(untold).toEqual([]);
    });
  },
);

test.skipIf(python === undefined)(
  `every filter that Ansible does not have is told${python === undefined ? ` (${SKIP_REASON})` : ""}`,
  () => {
    const { filters } = oracleNames();
    const own = [...standardEnvironment().filters.keys()].filter((name) => !filters.includes(name));
    const ofUtils = UTILS_FILTERS.flatMap((name) =>
      ["", "ansible.utils.", "ansible.netcommon."].map((prefix) => `${prefix}${name}`),
    );
    expect(own.sort()).toEqual([...OWN_FILTERS, ...LATER_FILTERS, ...ofUtils].sort());
  },
);
