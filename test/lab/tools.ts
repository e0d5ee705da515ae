import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { once } from "./cache.ts";
import { must } from "./command.ts";
import { ensurePackages } from "./packages.ts";
import { architecture, sameEveryTime } from "./releases.ts";

/** The tools in the layout of upstream's downloads. */
export interface Tools {
  dir: string;
  /** Real ones, of Debian 12. */
  cni: { version: string; plugins: string[] };
  /** Stand-ins that print their version: Debian has neither program. */
  crictl: string;
  nerdctl: string;
  buildkit: string;
  /** Upstream has no file with it. */
  buildkitSum: string;
  stargz: string;
  /** Debian 12's own, and the library that it needs; upstream's needs none. */
  crun: { version: string; library: string };
}

const CRICTL = "1.30.0";
const NERDCTL = "2.0.0";
const MACHINE = architecture === "arm64" ? "aarch64" : "x86_64";
const BUILDKIT = "0.17.0";
const STARGZ = "0.16.3";

/** A stand-in for a daemon of systemd's type notify. */
const DAEMON =
  '#!/bin/sh\n[ "$1" = --version ] || { systemd-notify --ready; exec sleep infinity; }\n';

// Packs them once.
export async function tools(): Promise<Tools> {
  await ensurePackages();
  const dir = await once("tools-2", pack);
  return JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")) as Tools;
}

async function pack(folder: string): Promise<void> {
  const tree = join(folder, "unpacked");
  await must([
    ...[
      "mmdebstrap",
      "--quiet",
      "--variant=extract",
      "--include=containernetworking-plugins,crun,libyajl2",
    ],
    ...["bookworm", tree],
  ]);
  const from = join(tree, "usr/lib/cni");
  const plugins = readdirSync(from).sort();
  const says = readFileSync(join(tree, "var/lib/dpkg/status"), "utf8");
  const version =
    /Package: containernetworking-plugins\n(?:.+\n)*?Version: (\d+\.\d+\.\d+)/.exec(says)?.[1] ??
    "1.1.1";
  const cni = `cni-plugins-linux-${architecture}-v${version}.tgz`;
  await release(folder, `containernetworking/plugins/releases/download/v${version}`, cni, from, [
    ...plugins.map((name) => `./${name}`),
  ]);
  for (const [name, number, place, file] of [
    [
      "crictl",
      CRICTL,
      "kubernetes-sigs/cri-tools",
      `crictl-v${CRICTL}-linux-${architecture}.tar.gz`,
    ],
    ["nerdctl", NERDCTL, "containerd/nerdctl", `nerdctl-${NERDCTL}-linux-${architecture}.tar.gz`],
  ] as const) {
    const bin = join(folder, `${name}-bin`);
    mkdirSync(bin);
    writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} ${number}\n`);
    chmodSync(join(bin, name), 0o755);
    await release(folder, `${place}/releases/download/v${number}`, file, bin, [name]);
    rmSync(bin, { recursive: true });
  }
  await packDaemons(folder);
  const crun = /Package: crun\n(?:.+\n)*?Version: (\d+[\d.]*\d)/.exec(says)?.[1] ?? "1.8.1";
  const crunAt = join(folder, "containers/crun/releases/download", crun);
  const crunFile = join(crunAt, `crun-${crun}-linux-${architecture}`);
  mkdirSync(crunAt, { recursive: true });
  cpSync(join(tree, "usr/bin/crun"), crunFile);
  const library = "libyajl.so.2";
  cpSync(join(tree, "usr/lib", `${MACHINE}-linux-gnu`, library), join(folder, library), {
    dereference: true,
  });
  writeFileSync(join(crunAt, "CHECKSUMS"), `${sumOf(crunFile)}  ${basename(crunFile)}\n`);
  rmSync(tree, { recursive: true });
  const told: Tools = {
    dir: join(folder, "..", "tools-2"),
    cni: { version, plugins },
    crictl: CRICTL,
    nerdctl: NERDCTL,
    buildkit: BUILDKIT,
    buildkitSum: sumOf(
      join(
        folder,
        `moby/buildkit/releases/download/v${BUILDKIT}/buildkit-v${BUILDKIT}.linux-${architecture}.tar.gz`,
      ),
    ),
    stargz: STARGZ,
    crun: { version: crun, library: join(folder, "..", "tools-2", library) },
  };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(told, null, 2));
}

// Packs the stand-ins of buildkit and stargz in their layouts.
async function packDaemons(folder: string): Promise<void> {
  const bin = join(folder, "daemons/bin");
  mkdirSync(bin, { recursive: true });
  const names = ["buildkitd", "buildctl", "containerd-stargz-grpc", "stargz-fuse-manager"];
  for (const name of [...names, "ctr-remote"]) {
    writeFileSync(join(bin, name), DAEMON);
    chmodSync(join(bin, name), 0o755);
  }
  await release(
    folder,
    `moby/buildkit/releases/download/v${BUILDKIT}`,
    `buildkit-v${BUILDKIT}.linux-${architecture}.tar.gz`,
    join(folder, "daemons"),
    ["bin/buildctl", "bin/buildkitd"],
  );
  await release(
    folder,
    `containerd/stargz-snapshotter/releases/download/v${STARGZ}`,
    `stargz-snapshotter-v${STARGZ}-linux-${architecture}.tar.gz`,
    bin,
    ["containerd-stargz-grpc", "stargz-fuse-manager", "ctr-remote"],
  );
  rmSync(join(folder, "daemons"), { recursive: true });
}

// The sha256 of a file, as upstream's files of checksums have it.
function sumOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

// Packs files, and lays the sum beside as upstream does it for each of the three.
async function release(
  folder: string,
  place: string,
  file: string,
  from: string,
  names: readonly string[],
): Promise<void> {
  const path = join(folder, place);
  mkdirSync(path, { recursive: true });
  await must(["tar", ...sameEveryTime, "-C", from, "-czf", join(path, file), ...names]);
  const sum = sumOf(join(path, file));
  if (file.startsWith("buildkit")) return; // upstream has none
  if (file.startsWith("nerdctl")) writeFileSync(join(path, "SHA256SUMS"), `${sum}  ${file}\n`);
  else if (file.startsWith("stargz"))
    writeFileSync(join(path, `${file}.sha256sum`), `${sum}  ${file}\n`);
  else
    writeFileSync(
      join(path, `${file}.sha256`),
      file.startsWith("crictl") ? sum : `${sum}  ${file}\n`,
    );
}
