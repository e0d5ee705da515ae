import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { arch } from "node:process";
import { join } from "node:path";
import { once } from "./cache.ts";
import { must } from "./command.ts";
import { ensurePackages } from "./packages.ts";

/** One packed version: what upstream would call it, what its `--version` says, and its path below `dir`. */
export interface Release {
  version: string;
  says: string;
  path: string;
  sha256: string;
}

/** Real programs in the layout of upstream's downloads; oldest first. */
export interface Releases {
  dir: string;
  containerd: Release[];
  runc: Release[];
}

/** The word for this machine's processor in upstream's file names. */
export const architecture = arch === "x64" ? "amd64" : arch;

/** The words that make tar pack the same bytes from the same files. */
export const sameEveryTime = [
  "--sort=name",
  "--owner=0",
  "--group=0",
  "--numeric-owner",
  "--mtime=2024-01-01 00:00Z",
];

// Debian's releases, oldest first, and whether their runc runs on the lab's hosts (the later ones want a newer libc).
const suites: [suite: string, runc: boolean][] = [
  ["bullseye", true],
  ["bookworm", true],
  ["trixie", false],
  ["forky", false],
];

// Packs the real containerd and runc of four Debian releases as upstream packs its own; made once.
export async function releases(): Promise<Releases> {
  await ensurePackages();
  const dir = await once("releases-1", pack);
  const manifest = JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")) as Omit<
    Releases,
    "dir"
  >;
  return { dir, ...manifest };
}

// Fills the folder, and writes last what is in it.
async function pack(folder: string): Promise<void> {
  const manifest: Omit<Releases, "dir"> = { containerd: [], runc: [] };
  for (const [suite, runs] of suites) {
    const tree = join(folder, "unpacked", suite);
    await unpack(suite, tree);
    manifest.containerd.push(await packContainerd(folder, tree));
    if (runs) manifest.runc.push(await packRunc(folder, tree));
  }
  rmSync(join(folder, "unpacked"), { recursive: true });
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest, null, 2));
}

// The runc of a Debian release, as a file for its own hosts.
export async function runcOf(suite: string): Promise<{ version: string; file: string }> {
  await ensurePackages();
  const folder = await once(`runc-${suite}-1`, async (folder) => {
    const tree = join(folder, "unpacked");
    await unpack(suite, tree);
    copyFileSync(join(tree, "usr/sbin/runc"), join(folder, `runc.${architecture}`));
    // unpacked alone, a tree lacks the links that the package base-files brings
    for (const name of ["lib", "lib64"])
      if (!existsSync(join(tree, name))) symlinkSync(`usr/${name}`, join(tree, name));
    const { version } = await askVersion(join(tree, "usr/sbin/runc"), tree);
    rmSync(tree, { recursive: true });
    writeFileSync(join(folder, "version"), version);
  });
  return {
    version: readFileSync(join(folder, "version"), "utf8"),
    file: join(folder, `runc.${architecture}`),
  };
}

// Fetches the two packages and what they need, without installing anything.
async function unpack(suite: string, tree: string): Promise<void> {
  mkdirSync(join(tree, ".."), { recursive: true });
  // what is served may be older than a moving release's own file allows
  const lenient = '--aptopt=Acquire::Check-Valid-Until "false"';
  await must([
    "mmdebstrap",
    "--quiet",
    "--variant=extract",
    "--include=containerd,runc",
    lenient,
    suite,
    tree,
  ]);
}

// Asks a program for its version: upstream's part of it, and all it says. `root` is where its libraries are, if elsewhere.
async function askVersion(program: string, root = ""): Promise<{ version: string; says: string }> {
  const command = root === "" ? [program] : ["chroot", root, program.slice(root.length)];
  const says = (await must([...command, "--version"])).split("\n")[0] ?? "";
  const [, number, candidate] = /(\d+\.\d+\.\d+)(~rc\d+)?/.exec(says) ?? [];
  if (number === undefined) throw new Error(`${program} does not tell its version: ${says}`);
  return { version: number + (candidate ?? "").replace("~", "-"), says };
}

// Makes containerd-X-linux-ARCH.tar.gz with bin/ in it, and its .sha256sum.
async function packContainerd(folder: string, tree: string): Promise<Release> {
  const { version, says } = await askVersion(join(tree, "usr/bin/containerd"));
  const name = `containerd-${version}-linux-${architecture}.tar.gz`;
  const place = `containerd/containerd/releases/download/v${version}`;
  const bin = join(tree, "pack/bin");
  for (const path of [bin, join(folder, place)]) mkdirSync(path, { recursive: true });
  for (const file of readdirSync(join(tree, "usr/bin"))) {
    if (/^(containerd|ctr)/.test(file)) copyFileSync(join(tree, "usr/bin", file), join(bin, file));
  }
  await must([
    "tar",
    ...sameEveryTime,
    "-C",
    join(tree, "pack"),
    "-czf",
    join(folder, place, name),
    "bin",
  ]);
  const sha256 = digest(join(folder, place, name));
  writeFileSync(join(folder, place, `${name}.sha256sum`), `${sha256}  ${name}\n`);
  return { version, says, path: `${place}/${name}`, sha256 };
}

// Lays runc.ARCH and a list of sums for all processors, signed in the clear as upstream's is (the signature is none).
async function packRunc(folder: string, tree: string): Promise<Release> {
  const { version, says } = await askVersion(join(tree, "usr/sbin/runc"));
  const place = `opencontainers/runc/releases/download/v${version}`;
  const file = join(folder, place, `runc.${architecture}`);
  mkdirSync(join(folder, place), { recursive: true });
  copyFileSync(join(tree, "usr/sbin/runc"), file);
  chmodSync(file, 0o644);
  const sha256 = digest(file);
  writeFileSync(join(folder, place, "runc.sha256sum"), clearSigned(sumList(sha256)));
  return { version, says, path: `${place}/runc.${architecture}`, sha256 };
}

// One line a file, of which only this machine's is true.
function sumList(sha256: string): string {
  const processors = ["amd64", "arm64", "armel", "armhf", "ppc64le", "riscv64", "s390x"];
  const names = [
    "libseccomp-2.5.4.tar.gz",
    ...processors.map((one) => `runc.${one}`),
    "runc.tar.xz",
  ];
  return names
    .map((name) => `${name === `runc.${architecture}` ? sha256 : text256(name)}  ${name}\n`)
    .join("");
}

// Puts the lines of a clear-signed OpenPGP message around a text.
function clearSigned(text: string): string {
  const body = Buffer.from(text256(text).repeat(5)).toString("base64").replace(/.{64}/g, "$&\n");
  const [head, middle, foot] = [
    "BEGIN PGP SIGNED MESSAGE",
    "BEGIN PGP SIGNATURE",
    "END PGP SIGNATURE",
  ].map((word) => `-----${word}-----`);
  return `${String(head)}\nHash: SHA256\n\n${text}${String(middle)}\n\n${body}\n${String(foot)}\n`;
}

// The sha256 of a text in hex.
function text256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

// The sha256 of a file in hex.
function digest(file: string): string {
  if (!existsSync(file)) throw new Error(`${file} was not made`);
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
