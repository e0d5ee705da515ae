import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { VARIABLE_RULES } from "../../src/modules/containerd/containerd_variables/rules.ts";
import { fullRelease } from "../../src/modules/shared/containerd/releases.ts";
import { call } from "./call.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-shipped-variables-"));
afterAll(() => rmSync(root, { recursive: true }));
const inventory = join(root, "inventory.yml");
const archive = join(root, "image.tar");
writeFileSync(archive, "");

/** A host that nobody can reach: it is never asked. */
const HOSTS = "all:\n  hosts: {a: {ansible_host: 127.0.0.1, ansible_port: 1}}\n  vars:\n";

/** The first line of `vars` in the inventory. */
const FIRST = 4;

// Plans a shipped playbook with variables in the inventory, one a line.
async function plan(playbook: string, ...lines: string[]): Promise<{ code: number; said: string }> {
  writeFileSync(inventory, HOSTS + lines.map((line) => `    ${line}\n`).join(""));
  const { code, said } = await call("plan", `${playbook}.yml`, "-i", inventory);
  return { code, said: said.replaceAll(`${root}/`, "") };
}

/** Variables as they are written, and what is said: the message, where it is (line:column), the hint. */
type Wrong = [lines: string[], message: string, at: string, hint: string];

const RELEASE = 'write all three numbers, without a "v" before them: "2.1.4"';
const ENVIRONMENT = "write it as a mapping: {NAME: value}";
const NAMES = "such a name consists of letters, digits and underscores";
const CHECKSUM = "sha256: and 64 hexadecimal digits";
const SECONDS = "write a number of seconds, such as 30";
const MEBIBYTES = "write a number of MiB, such as 512";
const HEX = "0".repeat(64);

// A table in which each line sets one variable.
function table(rows: [line: string, message: string, column: number, hint: string][]): Wrong[] {
  return rows.map(([line, message, column, hint]) => [
    [line],
    message,
    `${FIRST}:${column + 4}`,
    hint,
  ]);
}

const CONTAINERD: Wrong[] = [
  ...table([
    ["containerd_version: latest", 'containerd_version is not a release: "latest"', 21, RELEASE],
    [
      "containerd_version: 2.9",
      "no release of containerd 2.9 is known here",
      21,
      "1.6, 1.7, 2.0, 2.1, 2.2, 2.3",
    ],
    ["runc_version: 1.4", 'runc_version is not a release: "1.4"', 15, RELEASE],
    ["containerd_version: v2.1.4", 'containerd_version is not a release: "v2.1.4"', 21, RELEASE],
    ["containerd_version:", "containerd_version has no value", 19, RELEASE],
    ["containerd_version: [2.1.4]", "containerd_version takes text, but this is a list", 21, ""],
    [
      "containerd_version: 1.2.0",
      "containerd_version: containerd 1.2 is older than its config file's version 2",
      21,
      "use containerd 1.3 or newer",
    ],
    ["runc_version: newest", 'runc_version is not a release: "newest"', 15, RELEASE],
    [
      "containerd_url: gopher://a/b",
      'containerd_url is not a URL to download from, or a path on the controller: "gopher://a/b"',
      17,
      "write https://HOST/PATH",
    ],
    [
      "containerd_url: /nowhere/containerd.tar.gz",
      'containerd_url: could not find "/nowhere/containerd.tar.gz" on the controller',
      17,
      "looked for /nowhere/containerd.tar.gz",
    ],
    [
      "containerd_url: https://a.example/v2.1.0/containerd-2.1.0-linux-amd64.tar.gz",
      "containerd_url names release 2.1.0, but containerd_version is 2.3.4",
      17,
      'set containerd_version: "2.1.0" as well, or write {{ containerd_version }} in containerd_url',
    ],
    [
      "runc_url: https://10.0.0.1/runc/v1.3.0/runc.amd64",
      "runc_url names release 1.3.0, but runc_version is 1.4.3",
      11,
      'set runc_version: "1.3.0" as well, or write {{ runc_version }} in runc_url',
    ],
    ["runc_url: {}", "runc_url takes text, but this is a mapping", 11, ""],
    ["containerd_checksum: abc", "containerd_checksum is not a checksum", 22, "write sha256:"],
    ["runc_checksum: sha256:12", "runc_checksum is not a checksum", 16, "write sha256:"],
    ["containerd_download: me", 'containerd_download cannot be "me"', 22, "host, controller"],
    ["containerd_root: data", "containerd_root is not an absolute path", 18, "a slash"],
    ["containerd_state: ''", "containerd_state is not an absolute path", 19, "a slash"],
    [
      "containerd_root: /data/",
      'not an absolute path in its plain form: "/data/"',
      18,
      "none at the",
    ],
    ["containerd_opt_path: ~", "containerd_opt_path has no value", 22, "a slash"],
    [
      "containerd_snapshotter: overlay",
      'containerd_snapshotter: there is no snapshotter "overlay"',
      25,
      'did you mean "overlayfs"?',
    ],
    [
      "containerd_proxy: http://proxy:3128",
      'containerd_proxy takes a mapping, but this is "http://proxy:3128"',
      19,
      "{http: URL, https: URL",
    ],
    ["containerd_proxy: {htp: x}", 'containerd_proxy has no key "htp"', 20, 'did you mean "http"?'],
    [
      "containerd_proxy: {url: x}",
      'containerd_proxy has no key "url"',
      20,
      "http, https, no_proxy",
    ],
    [
      "containerd_proxy: {https: a b}",
      'containerd_proxy.https is not the address of a proxy: "a b"',
      27,
      "write http://HOST:PORT",
    ],
    [
      "containerd_proxy: {no_proxy: {a: b}}",
      "containerd_proxy.no_proxy[0] takes text, but this is a mapping",
      30,
      "write hosts and networks",
    ],
    [
      "containerd_daemon_environment: A=1",
      'containerd_daemon_environment takes a mapping, but this is "A=1"',
      32,
      ENVIRONMENT,
    ],
    [
      "containerd_daemon_environment: {A B: 1}",
      'containerd_daemon_environment: "A B" is not the name of an environment variable',
      33,
      NAMES,
    ],
    [
      "containerd_daemon_environment: {A: {b: c}}",
      "containerd_daemon_environment.A takes text, a number, or a list of them",
      36,
      "",
    ],
    [
      'containerd_daemon_environment: {A: "1\\nB=2"}',
      'containerd_daemon_environment.A is not a single line: "1\\nB=2"',
      36,
      "remove the line breaks",
    ],
    ["containerd_environment: [A]", "containerd_environment takes a mapping", 25, ENVIRONMENT],
    [
      "containerd_sandbox_image: a b",
      'containerd_sandbox_image is not the name of an image: "a b"',
      27,
      "registry.k8s.io/pause",
    ],
    [
      "containerd_systemd_cgroup: systemd",
      'containerd_systemd_cgroup takes true or false, but this is "systemd"',
      28,
      "write true or false",
    ],
    [
      "containerd_registries: docker.io",
      'containerd_registries takes a list, but this is "docker.io"',
      24,
      "write it as a list",
    ],
    [
      "containerd_registries: [{nme: a}]",
      'containerd_registries[0] has no key "nme"',
      26,
      'did you mean "name"?',
    ],
    ["containerd_registries: [{server: a}]", 'containerd_registries[0] needs "name"', 25, "name"],
    [
      "containerd_registries: [{name: a.b, hosts: [{url: m.example}]}]",
      'url "m.example" is not a URL of a registry',
      24,
      "write https://m.example",
    ],
    [
      "containerd_registries: [{name: a.b, hosts: [{uri: m.example}]}]",
      'containerd_registries[0].hosts[0] has no key "uri"',
      46,
      'did you mean "url"?',
    ],
    [
      "containerd_registries: [{name: a.b}, {name: a.b}]",
      "containerd_registries: the registry a.b is in the list twice",
      24,
      "put all of its hosts into one entry",
    ],
    [
      "containerd_prune_registries: some",
      'containerd_prune_registries takes true or false, but this is "some"',
      30,
      "write true or false",
    ],
    [
      "containerd_settings: {runtime: []}",
      'containerd_settings has no key "runtime"',
      23,
      'did you mean "runtimes"?',
    ],
    ["containerd_settings: {metrics: {address: 1338}}", 'metrics.address cannot be "1338"', 42, ""],
    ["containerd_config_extra: a=b", "containerd_config_extra takes a mapping", 26, "as a mapping"],
    [
      "containerd_config_extra: {plugins: {cri: {}}}",
      "plugins.cri is a name of config version 1",
      37,
      "",
    ],
    ["containerd_min_free_mb: lots", "containerd_min_free_mb takes a whole number", 25, MEBIBYTES],
    ["containerd_min_free_mb: -1", "containerd_min_free_mb is not 0 or more: -1", 25, MEBIBYTES],
    ["containerd_allow: [disk]", 'containerd_allow cannot be "disk"', 19, "disk_space"],
    ["containerd_allow: disk_space", "containerd_allow takes a list", 19, "write it as a list"],
    ["containerd_allow_foreign: runc", "containerd_allow_foreign takes true or false", 27, "true"],
    ["containerd_rollback: perhaps", "containerd_rollback takes true or false", 22, "true"],
    [
      "containerd_ready_container: perhaps",
      "containerd_ready_container takes true or false",
      29,
      "true",
    ],
    ["containerd_ready_timeout: 0", "containerd_ready_timeout is not 1 or more: 0", 27, SECONDS],
    ["containerd_ready_timeout: 1m", "containerd_ready_timeout takes a whole", 27, SECONDS],
    [
      "containerd_other_variables: a",
      'containerd_other_variables takes a list, but this is "a"',
      29,
      "write it as a list of names",
    ],
    [
      "containerd_other_variables: [{a: b}]",
      "containerd_other_variables[0] takes text, but this is a mapping",
      29,
      "write it as a list of names",
    ],
    [
      "containerd_snapshoter: native",
      "there is no variable containerd_snapshoter: did you mean containerd_snapshotter?",
      24,
      "rename it, or add it to containerd_other_variables",
    ],
    [
      "containerd_serial: few",
      'containerd_serial (serial of the play) takes a number, a percentage, or a list of them, but this is "few"',
      20,
      "such as 2",
    ],
    [
      "containerd_max_fail_percentage: -5",
      "containerd_max_fail_percentage (max_fail_percentage of the play) takes a percentage from 0 to 100, but this is -5",
      33,
      "such as 0 or 30",
    ],
  ]),
  [
    ["containerd_version: 2.1.4", "containerd_url: https://a.example/containerd-2.1.0-x.tar.gz"],
    "containerd_url names release 2.1.0, but containerd_version is 2.1.4",
    "5:21",
    "set both to the same release",
  ],
  [
    ["containerd_root: /data", "containerd_config_extra: {root: /other}"],
    "containerd_config_extra: root is /other here, and /data by containerd_root",
    "5:30",
    "set it by its own variable: containerd_root: /other",
  ],
];

const UPGRADE: Wrong[] = [
  ...table([
    [
      "upgrade_seral: 1",
      "there is no variable upgrade_seral: did you mean upgrade_serial?",
      16,
      "rename it",
    ],
  ]),
  [
    ["upgrade_serial: few"],
    'upgrade_serial (serial of the play) takes a number, a percentage, or a list of them, but this is "few"',
    "4:21",
    "such as 2",
  ],
  [
    ["upgrade_max_fail_percentage: -5"],
    "upgrade_max_fail_percentage (max_fail_percentage of the play) takes a percentage from 0 to 100, but this is -5",
    "4:34",
    "such as 0 or 30",
  ],
  // by way of a variable of the user's own
  [
    ["upgrade_serial: '{{ at_once }}'", "at_once: few"],
    'at_once (serial of the play) takes a number, a percentage, or a list of them, but this is "few"',
    "5:14",
    "such as 2",
  ],
];

const FLAG = "write true or false";
const NAMESPACE = "write it as default or k8s.io";

const UNINSTALL: Wrong[] = table([
  [
    "containerd_stop_containers: some",
    'containerd_stop_containers takes true or false, but this is "some"',
    29,
    FLAG,
  ],
  ["containerd_stop_containers:", "containerd_stop_containers has no value", 27, FLAG],
  [
    "containerd_remove_data: [images]",
    "containerd_remove_data takes true or false, but this is a list",
    25,
    FLAG,
  ],
  [
    "containerd_remove_dat: true",
    "there is no variable containerd_remove_dat: did you mean containerd_remove_data?",
    24,
    "rename it, or add it to containerd_other_variables",
  ],
]);

const TOOLS: Wrong[] = table([
  ["tools_install: [crictrl]", 'tools_install cannot be "crictrl"', 16, "crictl"],
  [
    "tools_cni_subnet: 10.88.0.0",
    'tools_cni_subnet is not a network: "10.88.0.0"',
    19,
    "10.88.0.0/16",
  ],
  ["tools_cni_subnet: 10.88.0.0/33", "tools_cni_subnet is not a network", 19, "10.88.0.0/16"],
  ["tools_cni_subnet: 10.300.0.0/16", "tools_cni_subnet is not a network", 19, "10.88.0.0/16"],
  ["tools_cni_version: v1.9", 'tools_cni_version is not a release: "v1.9"', 20, RELEASE],
  ["tools_cni_bin_dir: opt/cni", "tools_cni_bin_dir is not an absolute path", 20, "/opt/cni/bin"],
  ["tools_cni_plugins: [./bridge]", "is not the name of a plugin", 20, "bridge"],
  ["tools_crictl_version: 1.32", 'tools_crictl_version is not a release: "1.32"', 23, RELEASE],
  ["tools_nerdctl_version: new", 'tools_nerdctl_version is not a release: "new"', 24, RELEASE],
  ["tools_cni_url: plugins.tgz", 'could not find "plugins.tgz"', 16, "looked for"],
  ["tools_crictl_url: c.tgz", 'could not find "c.tgz" on the controller', 19, "looked for"],
  ["tools_nerdctl_url: n.tgz", 'could not find "n.tgz" on the controller', 20, "looked for"],
  ["tools_cni_checksum: abc", 'tools_cni_checksum is not a checksum: "abc"', 21, CHECKSUM],
  ["tools_crictl_checksum: abc", "tools_crictl_checksum is not a checksum", 24, CHECKSUM],
  ["tools_nerdctl_checksum: abc", "tools_nerdctl_checksum is not a checksum", 25, CHECKSUM],
  ["tools_download: sometimes", 'tools_download cannot be "sometimes"', 17, "host, controller"],
  ["tools_cni_conf_dir: net.d", "tools_cni_conf_dir is not an absolute path", 21, "slash"],
  ["tools_kubernetes: maybe", "tools_kubernetes takes true or false", 19, "true or false"],
  ["tools_remove: [buildkitd]", 'tools_remove cannot be "buildkitd"', 15, "buildkit"],
  ["tools_remove_data: maybe", "tools_remove_data takes true or false", 20, "true or false"],
  [
    "tools_crun_version: v1.28",
    'tools_crun_version is not a release of crun: "v1.28"',
    21,
    'without a "v"',
  ],
  [
    "tools_buildkit_version: v0.17.0",
    'tools_buildkit_version is not a release: "v0.17.0"',
    25,
    RELEASE,
  ],
  ['tools_stargz_version: "0.16"', 'tools_stargz_version is not a release: "0.16"', 23, RELEASE],
  [
    "tools_buildkit_namespace: a b",
    'tools_buildkit_namespace is not a namespace of containerd: "a b"',
    27,
    NAMESPACE,
  ],
  ["tools_crun_url: crun", 'could not find "crun" on the controller', 17, "looked for"],
  ["tools_buildkit_url: b.tgz", 'could not find "b.tgz" on the controller', 21, "looked for"],
  ["tools_stargz_url: s.tgz", 'could not find "s.tgz" on the controller', 19, "looked for"],
  ["tools_crun_checksum: abc", "tools_crun_checksum is not a checksum", 22, CHECKSUM],
  ["tools_buildkit_checksum: abc", "tools_buildkit_checksum is not a checksum", 26, CHECKSUM],
  ["tools_stargz_checksum: abc", "tools_stargz_checksum is not a checksum", 24, CHECKSUM],
  ["tools_environment: A=1", "tools_environment takes a mapping", 20, ENVIRONMENT],
  ["tools_other_variables: a", "tools_other_variables takes a list", 24, "a list of names"],
  ["tools_kubernets: true", "did you mean tools_kubernetes?", 18, "tools_other_variables"],
]);

const IMAGES: Wrong[] = table([
  ["images_present: nginx", 'images_present takes a list, but this is "nginx"', 17, "[{name: "],
  [
    "images_present: [nginx]",
    'images_present[0] takes a mapping, but this is "nginx"',
    18,
    "[{name: ",
  ],
  ["images_present: [{nme: a}]", 'images_present[0] has no key "nme"', 19, 'did you mean "name"?'],
  ["images_present: [{pinned: true}]", 'images_present[0] needs "name"', 18, "name"],
  [
    "images_present: [{name: a.b/c:1, state: absent}]",
    'images_present[0] has no key "state"',
    34,
    "its keys are name",
  ],
  [
    "images_present: [{name: a.b/c:1, pinned: often}]",
    'images_present[0].pinned takes true or false, but this is "often"',
    42,
    "",
  ],
  ["images_absent: a.b/c:1", 'images_absent takes a list, but this is "a.b/c:1"', 16, "[docker.io"],
  [
    "images_absent: [{name: a}]",
    "images_absent[0] takes text, but this is a mapping",
    16,
    "[docker.io",
  ],
  [
    "images_namespace: k8s io",
    'images_namespace is not a namespace of containerd: "k8s io"',
    19,
    NAMESPACE,
  ],
  [
    "images_hosts_dir: certs.d",
    'images_hosts_dir is not an absolute path: "certs.d"',
    19,
    "a slash",
  ],
  ["images_environment: A=1", "images_environment takes a mapping", 21, ENVIRONMENT],
  [
    "images_other_variables: a",
    'images_other_variables takes a list, but this is "a"',
    25,
    "list of names",
  ],
  ["images_other_variables: [[a]]", "images_other_variables[0] takes text", 25, "list of names"],
  ["images_presnt: []", "there is no variable images_presnt", 16, "images_other_variables"],
  ["images_serial: few", "images_serial (serial of the play) takes a number", 16, "such as 2"],
]);

const PRUNE: Wrong[] = table([
  [
    "prune_namespace: -default",
    'prune_namespace is not a namespace of containerd: "-default"',
    18,
    NAMESPACE,
  ],
  ["prune_keep: 'nginx:'", 'prune_keep takes a list, but this is "nginx:"', 13, "expressions"],
  [
    "prune_keep: [{nginx: 1}]",
    "prune_keep[0] takes text, but this is a mapping",
    13,
    "expressions",
  ],
  ["prune_environment: [A]", "prune_environment takes a mapping", 20, ENVIRONMENT],
  [
    "prune_other_variables: a",
    'prune_other_variables takes a list, but this is "a"',
    24,
    "list of names",
  ],
  ["prune_other_variables: [[a]]", "prune_other_variables[0] takes text", 24, "list of names"],
  ["prune_kep: []", "there is no variable prune_kep", 12, "prune_other_variables"],
  ["prune_serial: few", "prune_serial (serial of the play) takes a number", 15, "such as 2"],
]);

const SMOKE_IMAGE = "smoke_image: example.com/hello:1";
const SMOKE_ARCHIVE = `smoke_archive: ${archive}`;

const SMOKE: Wrong[] = [
  [
    [SMOKE_IMAGE],
    "smoke_archive must be set",
    "tasks/main.yml:3:3",
    "write the path of an archive",
  ],
  [[SMOKE_ARCHIVE], "smoke_image must be set", "tasks/main.yml:3:3", "write it in full"],
  [
    [SMOKE_IMAGE, "smoke_archive: /nowhere.tar"],
    'smoke_archive: could not find "/nowhere.tar" on the controller',
    "5:20",
    "looked for /nowhere.tar",
  ],
  [
    [SMOKE_IMAGE, "smoke_archive: https://a.example/image.tar"],
    "smoke_archive is not a path on the controller",
    "5:20",
    "write the path of an archive",
  ],
  [
    ["smoke_image: a b", SMOKE_ARCHIVE],
    'smoke_image is not the name of an image: "a b"',
    "4:18",
    "write it in full",
  ],
  ...(
    [
      ["smoke_command: [echo]", "smoke_command takes text, but this is a list", 20, ""],
      ["smoke_command: ''", 'smoke_command is not a command: ""', 20, "such as echo hello"],
      ["smoke_thorough: very", "smoke_thorough takes true or false", 21, FLAG],
      ["smoke_namespace: a/b", "smoke_namespace is not a namespace", 22, NAMESPACE],
      ["smoke_lasting: sleep 300", "smoke_lasting takes a list", 20, "write a list: [sleep"],
      ["smoke_environment: A=1", "smoke_environment takes a mapping", 24, ENVIRONMENT],
      [
        "smoke_other_variables: a",
        'smoke_other_variables takes a list, but this is "a"',
        28,
        "list of names",
      ],
      ["smoke_other_variables: [[a]]", "smoke_other_variables[0] takes text", 28, "list of names"],
      ["smoke_comand: a", "there is no variable smoke_comand", 19, "smoke_other_variables"],
      ["smoke_serial: few", "smoke_serial (serial of the play) takes a number", 19, "such as 2"],
      ["containerd_state: run", "containerd_state is not an absolute path", 23, "a slash"],
      ["containerd_snapshotter: a b", "is not the name of a snapshotter", 29, "overlayfs"],
    ] as const
  ).map(([line, message, column, hint]): Wrong => [
    [SMOKE_IMAGE, SMOKE_ARCHIVE, line],
    message,
    `6:${column}`,
    hint,
  ]),
];

describe.each([
  ["containerd", CONTAINERD],
  ["upgrade", UPGRADE],
  ["uninstall", UNINSTALL],
  ["images", IMAGES],
  ["tools", TOOLS],
  ["prune", PRUNE],
  ["smoke", SMOKE],
] as const)("%s.yml refuses a wrong value before any host is asked", (playbook, cases) => {
  test.each(cases)("%j", async (lines, message, at, hint) => {
    const { code, said } = await plan(playbook, ...lines);
    expect(said).toMatch(/^error: /);
    expect(said).toContain(message);
    expect(said).toContain(at.includes("/") ? at : `at inventory.yml:${at}\n`);
    if (hint !== "") expect(said.slice(said.indexOf("hint: "))).toContain(hint);
    expect(said.match(/^error: /gm)).toHaveLength(1);
    expect(said).not.toContain("planning");
    expect(code).toBe(1);
  });
});

test("every variable that has a rule has a wrong value in the table", () => {
  const tables = [CONTAINERD, UNINSTALL, IMAGES, TOOLS, PRUNE, SMOKE];
  const written = tables
    .flat()
    .flatMap(([lines]) => lines)
    .join("\n");
  const names = Object.keys(VARIABLE_RULES);
  expect(names.filter((name) => !new RegExp(`^${name}:`, "m").test(written))).toEqual([]);
});

describe("containerd.yml takes every value that makes sense", () => {
  test.each([
    ['containerd_version: "1.7.24"'],
    ["containerd_version: 2.2.0-rc.1"],
    ["containerd_version: 2.1.0", "containerd_url: https://a.example/containerd-2.1.0-x.tar.gz"],
    ["containerd_url: https://a.example/current/containerd.tar.gz"],
    ["runc_url: 'https://a.example/{{ runc_version }}/runc'"],
    ["containerd_url: 'https://a.example/{{ ansible_architecture }}/containerd.tar.gz'"],
    ["containerd_checksum: ''", `runc_checksum: sha256:${HEX}`],
    ["runc_checksum: sha256:https://a.example/sums"],
    ["containerd_proxy: {http: proxy:3128, https: '', no_proxy: [localhost, 10.0.0.0/8]}"],
    ["containerd_proxy: {http: 'http://me:secret@proxy.example:3128/', no_proxy: 'a,b'}"],
    ["containerd_daemon_environment: {HTTP_TRACE: 1, B: [a, b], c_d: yes}"],
    ["containerd_registries: [{name: docker.io, hosts: [{url: https://m.example}]}]"],
    ["containerd_registries: [{name: old.example, state: absent}]"],
    ["containerd_allow: [disk_space]", "containerd_allow_foreign: 'yes'"],
    ["containerd_sandbox_image: registry.k8s.io/pause:3.10"],
    ["containerd_config_extra: {debug: {level: info}}"],
    ["containerd_version: 2.1"],
    ["containerd_version: 2.0"],
    ["containerd_other_variables: [containerd_versions]", "containerd_versions: [1]"],
    ["containerd_storage_class: mine"],
  ])("%j", async (...lines) => {
    const { code, said } = await plan("containerd", ...lines);
    expect(said).not.toContain("error: ");
    expect(code).toBe(4);
  });
});

describe("a containerd that is past its end of life is warned of, once for all hosts", () => {
  const TWO =
    "all:\n  hosts:\n    a: {ansible_host: 127.0.0.1, ansible_port: 1}\n    b: {ansible_host: 127.0.0.1, ansible_port: 1}\n";

  test.each([
    [["plan", "containerd.yml", "-e", "containerd_version=2.1.4"], "containerd 2.1.4"],
    [
      ["plan", "containerd.yml", "-e", "{containerd_version: 1.7}"],
      `containerd ${fullRelease("1.7")!}`,
    ],
    [["plan", "upgrade.yml", "-e", "containerd_version=1.6"], `containerd ${fullRelease("1.6")!}`],
    [["apply", "--yes", "containerd.yml", "-e", "containerd_version=1.7.24"], "containerd 1.7.24"],
    [["apply", "--yes", "containerd.yml"], undefined],
    [["plan", "uninstall.yml", "-e", "containerd_version=1.6"], undefined],
    [["plan", "registry.yml", "-e", "containerd_version=1.6"], undefined],
  ])("%j", async (words, named) => {
    writeFileSync(inventory, TWO);
    const { said } = await call(...words, "-i", inventory);
    const told = said.match(/^warning: .* is past its end of life: .*$/gm) ?? [];
    expect(told).toHaveLength(named === undefined ? 0 : 1);
    if (named === undefined) return;
    expect(told[0]).toContain(named);
    expect(told[0]).toContain("set containerd_version to ");
  });
});

test("a pattern that matches no host is told with the variable that holds it", async () => {
  writeFileSync(inventory, HOSTS.replace(/ {2}vars:\n/, ""));
  const words = ["plan", "containerd.yml", "-i", inventory, "-e", "containerd_hosts=nobody"];
  const { code, said } = await call(...words);
  expect(said).toContain("the hosts are set by the variable containerd_hosts");
  expect(code).toBe(1);
});
