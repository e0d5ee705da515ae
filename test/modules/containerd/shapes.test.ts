import { expect, test } from "vitest";
import { allDefaults, defaultsOf } from "../../../src/modules/shared/containerd/known_keys.ts";
import { settingFaults } from "../../../src/modules/shared/containerd/settings/faults.ts";
import { standings } from "../../../src/modules/shared/containerd/settings/index.ts";
import { whyMissing } from "../../../src/modules/shared/containerd/settings/tree.ts";
import { readVersion } from "../../../src/modules/shared/containerd/version.ts";
import { parseToml } from "../../../src/toml/parse.ts";
import { at } from "../../../src/toml/value.ts";
import { configText, SHAPES } from "./shapes.ts";

const cells = SHAPES.flatMap(({ name, lines, args }) =>
  lines.map((line) => ({ name, line, args: { ...args, version: `${line}.9` } })),
);

test.each(cells)("$name for $line is said without extra, and is sound", ({ args }) => {
  expect(parseToml(configText(args))["version"]).toBe(args.version.startsWith("2") ? 3 : 2);
});

test("at least 15 shapes are said", () => {
  expect(SHAPES.length).toBeGreaterThanOrEqual(15);
});

test("what stands where: NVIDIA's runtime, for 1.x and for 2.x", () => {
  const { args } = SHAPES[0]!;
  for (const [version, plugin] of [
    ["1.7.24", "io.containerd.grpc.v1.cri"],
    ["2.1.9", "io.containerd.cri.v1.runtime"],
  ] as const) {
    const kubernetes = at(
      parseToml(configText({ ...args, version })),
      "plugins",
      plugin,
      "containerd",
    );
    expect(at(kubernetes, "default_runtime_name")).toBe("nvidia");
    expect(at(kubernetes, "runtimes", "nvidia")).toEqual({
      runtime_type: "io.containerd.runc.v2",
      options: { BinaryName: "/usr/bin/nvidia-container-runtime", SystemdCgroup: true },
    });
  }
});

test("floats stay floats, and a single directory of CNI is written as 1.x reads it", () => {
  const args = { gc: { pause_threshold: 0 }, cni: { bin_dirs: ["/opt/cni/bin"] } };
  expect(configText({ ...args, version: "1.7.24" })).toMatch(
    /bin_dir = "\/opt\/cni\/bin"[^]*pause_threshold = 0\.0/,
  );
  expect(configText({ ...args, version: "2.1.9" })).toContain('bin_dirs = ["/opt/cni/bin"]');
});

/** Settings that `containerd config default` does not print where they are empty, or where a build lacks the plugin. */
const SILENT =
  /^(runtimes\[\]|proxy_plugins|stream_processors|runtime_platforms|pinned_images|registry_headers|timeouts|temp$|debug\.format|cni\.bin_dirs)|snapshotters\.zfs/;

test.each(["1.4", "1.6", "1.7", "2.1"])(
  "%s has each setting that is said to be there, by its own defaults",
  (line) => {
    const version = readVersion(`${line}.0`);
    const file = line.startsWith("2") ? 3 : 2;
    const found = standings(file)
      .filter(({ name }) => !SILENT.test(name))
      .map((one) => ({
        name: one.name,
        said: whyMissing(one, version) === undefined,
        is: at(defaultsOf(version), ...one.path) !== undefined,
      }));
    expect(found.filter(({ said, is }) => said !== is)).toEqual([]);
  },
);

test("the defaults of all versions are sound values of the settings", () => {
  for (const [i, line] of ["1.4", "1.6", "1.7", "2.1"].entries())
    expect(
      settingFaults(allDefaults()[i]!, line.startsWith("2") ? 3 : 2, readVersion(`${line}.0`)),
    ).toEqual([]);
});
