import { expect, test } from "vitest";
import {
  keptKeys,
  keptLine,
  shownPath,
} from "../../../../src/modules/shared/containerd/kept_keys.ts";
import { faultsOf } from "../../../../src/modules/containerd/containerd_config/wanted.ts";
import { readVersion } from "../../../../src/modules/shared/containerd/version.ts";
import { planToml } from "../../../../src/modules/shared/containerd/toml_file.ts";
import { takenMirrors } from "../../../../src/modules/shared/containerd/old_mirrors.ts";
import { parseToml } from "../../../../src/toml/parse.ts";
import { V1_7 } from "../../../../src/modules/shared/containerd/config_defaults/v1_7.ts";

const CRI = 'plugins."io.containerd.grpc.v1.cri"';
const kept = (text: string, version: 2 | 3 = 2): string[] =>
  keptKeys(text, parseToml(`version = ${version}`), () => []).paths.map(shownPath);

test.each([
  ["what containerd has anyway is not kept", V1_7, 2, []],
  [
    "and what differs from it is",
    V1_7.replace("SystemdCgroup = false", "SystemdCgroup = true"),
    2,
    [`${CRI}.containerd.runtimes.runc.options.SystemdCgroup`],
  ],
  [
    "Debian's CNI plugins",
    `version = 2\n[${CRI}.cni]\nbin_dir = "/usr/lib/cni"`,
    2,
    [`${CRI}.cni.bin_dir`],
  ],
  [
    "for 2.x, below the plugin that has it there",
    `version = 2\n[${CRI}.cni]\nbin_dir = "/usr/lib/cni"`,
    3,
    ['plugins."io.containerd.cri.v1.runtime".cni.bin_dir'],
  ],
  [
    "the pause image, likewise",
    `version = 2\n[${CRI}]\nsandbox_image = "a/b:1"`,
    3,
    ['plugins."io.containerd.cri.v1.images".pinned_images.sandbox'],
  ],
  ["a disabled CRI plugin is not kept", `version = 2\ndisabled_plugins = ["cri"]`, 2, []],
  [
    "a file without a version line says nothing that is read",
    `[${CRI}.cni]\nbin_dir = "/x"`,
    2,
    [],
  ],
  [
    "our own file keeps nothing by itself",
    `# Written by Hullwright for containerd 1.7\nversion = 2\noom_score = -5`,
    2,
    [],
  ],
] as const)("%s", (_what, text, version, wanted) => {
  expect(kept(text, version)).toEqual(wanted);
});

test("a file without a version line is explained", () => {
  const { notes } = keptKeys(`[${CRI}]\nsandbox_image = "x"`, parseToml("version = 2"), () => []);
  expect(notes).toEqual([expect.stringMatching(/no `version` line/)]);
});

test("what our file says that it keeps is kept again", () => {
  const wanted = parseToml("version = 2");
  const first = keptKeys("version = 2\noom_score = -5", wanted, () => []);
  const text = `# Written by Hullwright for containerd 1.7\n${keptLine(first).join("\n")}\nversion = 2\noom_score = -7\n`;
  expect(keptKeys(text, wanted, () => []).tree).toEqual({ oom_score: -7 });
});

test("keys that said what containerd does anyway are counted, and not listed", () => {
  const content = Buffer.from(V1_7).toString("base64");
  const placing = planToml(
    {
      path: "/c",
      title: "T",
      mode: "0644",
      tree: parseToml("version = 2\noom_score = 5"),
      defaults: parseToml(V1_7),
    },
    { type: "file", mode: 0o644, content },
  );
  expect(placing!.diff).toEqual([
    { kind: "field", title: "oom_score", before: "0", after: "5" },
    { kind: "note", title: expect.stringMatching(/^\d+ keys are removed/) as string },
  ]);
});

test("mirrors become hosts.toml, but for registries that have one or are described", () => {
  const text = ["docker.io", "k8s.gcr.io", "there.example", "described.example"]
    .map(
      (name) =>
        `[${CRI}.registry.mirrors."${name}"]\nendpoint = ["${name === "docker.io" ? "http://m.example/" : "https://m.example/k8sxio"}"]\n`,
    )
    .join("");
  const found = takenMirrors(
    `version = 2\n${text}`,
    "/etc/containerd/config.toml",
    [{ name: "there.example", file: "foreign", certificates: [] }],
    ["described.example"],
  );
  expect(found.map(({ name, urls }) => [name, ...urls])).toEqual([
    ["docker.io", "http://m.example"],
    ["k8s.gcr.io", "https://m.example/v2/k8sxio"],
  ]);
  expect(found[1]!.text).toContain("override_path = true");
  expect(found[0]!.text).not.toContain("Written by Hullwright");
});

test("keys of one table that need each other are kept together, and what is not kept is named", () => {
  const text = `version = 2
[${CRI}.containerd.runtimes.crun]
runtime_type = "io.containerd.runc.v2"
[${CRI}.containerd.runtimes.crun.options]
BinaryName = "/usr/bin/crun"
[${CRI}]
no_such_key = 1
`;
  const wanted = parseToml("version = 2");
  const { paths, notes } = keptKeys(text, wanted, (tree) =>
    faultsOf(tree, readVersion("1.7.24")).filter((fault) => !fault.startsWith("version")),
  );
  expect(paths.map((path) => path.at(-1))).toEqual(["runtime_type", "BinaryName"]);
  expect(notes).toEqual([expect.stringMatching(/no_such_key .* is not kept: .*not known/)]);
});

test("logins and certificates of the old config go with its registries", () => {
  const found = takenMirrors(
    `version = 2
[${CRI}.registry.mirrors."r.example:5000"]
endpoint = ["http://r.example:5000"]
[${CRI}.registry.configs."r.example:5000".tls]
insecure_skip_verify = true
[${CRI}.registry.configs."r.example:5000".auth]
username = "hw"
password = "s3cret"
[${CRI}.registry.configs."alone.example".auth]
auth = "aHc6czNjcmV0"
[${CRI}.registry.configs."alone.example".tls]
cert_file = "/c.pem"
key_file = "/k.pem"
`,
    "/etc/containerd/config.toml",
    [],
    [],
  );
  expect(found.map(({ name, hasLogin }) => [name, hasLogin])).toEqual([
    ["r.example:5000", true],
    ["alone.example", true],
  ]);
  for (const { text } of found) expect(text).toContain('Authorization = "Basic aHc6czNjcmV0"');
  expect(found[1]!.text).toContain('client = [["/c.pem", "/k.pem"]]');
  expect(found.flatMap(({ urls }) => urls).join()).not.toContain("aHc6");
});
