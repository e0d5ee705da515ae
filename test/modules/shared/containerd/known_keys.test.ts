import { expect, test } from "vitest";
import { parseToml } from "../../../../src/toml/parse.ts";
import { defaultsOf, unknownKeys } from "../../../../src/modules/shared/containerd/known_keys.ts";
import { readVersion } from "../../../../src/modules/shared/containerd/version.ts";

const CRI = 'plugins."io.containerd.grpc.v1.cri"';

/** Version, what a file says, and what is wrong with it; undefined: nothing. */
test.each([
  [
    "1.7.24",
    `[${CRI}]\nsandbox_imag = "a/b:1"`,
    `${CRI}.sandbox_imag is not known: did you mean ${CRI}.sandbox_image?`,
  ],
  ["1.4.13", `[${CRI}]\nsandbox_imag = "a/b:1"`, "did you mean"],
  [
    "1.6.20",
    `sandbox_image = "a/b:1"`,
    `sandbox_image is not known above all tables: it belongs below ${CRI}`,
  ],
  ["2.1.9", `snapshotter = "native"`, "it belongs below"],
  [
    "1.7.24",
    `[plugins."io.containerd.grpc.v1.crii"]\nx = 1`,
    `did you mean plugins."io.containerd.grpc.v1.cri"?`,
  ],
  ["1.7.24", `[${CRI}.registry.mirrrors."docker.io"]\nendpoint = []`, "registry.mirrors"],
  ["1.6.20", `[${CRI}.cni]\nbindir = "/x"`, "cni.bin_dir"],
  ["1.7.24", `oom_scor = 1`, "oom_score"],
  ["1.7.24", `[grpc]\nadress = "/x"`, "grpc.address"],
  ["1.7.24", `[debug]\nlevl = "x"`, "debug.level"],
  ["2.1.9", `[plugins."io.containerd.cri.v1.runtime".cni]\nbin_dir = "/x"`, undefined],
  ["1.7.24", `[${CRI}.containerd.runtimes.nvidia]\nruntime_type = "x"`, undefined],
  ["1.7.24", `[${CRI}.registry.configs."a.b".tls]\nca_fil = "x"`, undefined],
  ["1.7.24", `[plugins."io.example.own.v1.thing"]\nx = 1`, undefined],
  ["1.7.24", `imports = ["/etc/x"]\ntemp = "/x"`, undefined],
  ["2.3.4", `oom_scor = 1`, "oom_score"],
  ["2.3.4", `something = 1`, undefined],
  ["2.1.9", `something = 1`, "something is not known to containerd 2.1"],
  ["1.7.24", `[${CRI}]\nwhatever = 1`, `${CRI}.whatever is not known to containerd 1.7`],
  [
    "1.7.24",
    `[plugins."io.containerd.service.v1.nothing"]\nx = 1`,
    "is not a plugin of containerd 1.7",
  ],
  ["1.7.24", `grpc = "/run/x.sock"`, "grpc takes a table"],
])("%s: %s", (version, text, wanted) => {
  const found = unknownKeys(parseToml(text), readVersion(version));
  if (wanted === undefined) expect(found).toEqual([]);
  else expect(found.join("\n")).toContain(wanted);
});

test.each(["1.4", "1.6", "1.7", "2.1"])("the defaults of %s have nothing misspelled", (line) => {
  const version = readVersion(`${line}.0`);
  expect(unknownKeys(defaultsOf(version)!, version)).toEqual([]);
});
