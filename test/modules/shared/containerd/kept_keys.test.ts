import { expect, test } from "vitest";
import {
  keptKeys,
  keptLine,
  shownPath,
} from "../../../../src/modules/shared/containerd/kept_keys.ts";
import { planToml } from "../../../../src/modules/shared/containerd/toml_file.ts";
import { takenMirrors } from "../../../../src/modules/shared/containerd/old_mirrors.ts";
import { parseToml } from "../../../../src/toml/parse.ts";
import { V1_7 } from "../../../../src/modules/shared/containerd/config_defaults/v1_7.ts";

const CRI = 'plugins."io.containerd.grpc.v1.cri"';
const kept = (text: string, version: 2 | 3 = 2): string[] =>
  keptKeys(text, parseToml(`version = ${version}`), () => true).paths.map(shownPath);

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
  const { notes } = keptKeys(`[${CRI}]\nsandbox_image = "x"`, parseToml("version = 2"), () => true);
  expect(notes).toEqual([expect.stringMatching(/no `version` line/)]);
});

test("what our file says that it keeps is kept again", () => {
  const wanted = parseToml("version = 2");
  const first = keptKeys("version = 2\noom_score = -5", wanted, () => true);
  const text = `# Written by Hullwright for containerd 1.7\n${keptLine(first).join("\n")}\nversion = 2\noom_score = -7\n`;
  expect(keptKeys(text, wanted, () => true).tree).toEqual({ oom_score: -7 });
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
    { kind: "note", title: expect.stringMatching(/^\d+ keys go/) as string },
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
