import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
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
}

const CRICTL = "1.30.0";
const NERDCTL = "2.0.0";

// Packs them once.
export async function tools(): Promise<Tools> {
  await ensurePackages();
  const dir = await once("tools-1", pack);
  return JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")) as Tools;
}

async function pack(folder: string): Promise<void> {
  const tree = join(folder, "unpacked");
  await must([
    ...["mmdebstrap", "--quiet", "--variant=extract", "--include=containernetworking-plugins"],
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
  rmSync(tree, { recursive: true });
  const told: Tools = {
    dir: join(folder, "..", "tools-1"),
    cni: { version, plugins },
    crictl: CRICTL,
    nerdctl: NERDCTL,
  };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(told, null, 2));
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
  const sum = createHash("sha256")
    .update(readFileSync(join(path, file)))
    .digest("hex");
  if (file.startsWith("nerdctl")) writeFileSync(join(path, "SHA256SUMS"), `${sum}  ${file}\n`);
  else
    writeFileSync(
      join(path, `${file}.sha256`),
      file.startsWith("crictl") ? sum : `${sum}  ${file}\n`,
    );
}
