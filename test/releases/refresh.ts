import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  PROCESSORS,
  sumKey,
  type ReleasedProgram,
} from "../../src/modules/shared/containerd/releases.ts";
import { findSum } from "../../src/modules/shared/files/checksum.ts";

/** Checksums of files by what they are kept under. */
export type Sums = ReadonlyMap<string, string>;

/** What is asked, and of whom. */
export interface Upstream {
  /** The server: https://github.com, or a mirror in its layout. */
  base: string;
  /** The keys whose signature the list of runc must have, as gpgv reads them; undefined: it is not looked at. */
  keyring?: string | undefined;
}

/** How many numbers in a row may be missing before the end of a line is believed: upstream has left out some. */
const GAP = 3;

// The newest release of a line that upstream has, from one that is known on; undefined: it does not have that one either.
export async function newestFrom(
  upstream: Upstream,
  program: ReleasedProgram,
  known: string,
): Promise<string | undefined> {
  const [major = "", minor = "", patch = ""] = known.split(".");
  let newest: string | undefined;
  for (let [number, missing] = [Number(patch), 0]; missing < GAP; number++) {
    const version = `${major}.${minor}.${number}`;
    const sums = await sumsOf(upstream, program, version);
    missing = sums.size === 0 ? missing + 1 : 0;
    if (sums.size > 0) newest = version;
  }
  return newest;
}

// The checksums that upstream tells of a release; none: there is no such release.
export async function sumsOf(
  { base, keyring }: Upstream,
  program: ReleasedProgram,
  version: string,
): Promise<Sums> {
  const found = new Map<string, string>();
  const texts = new Map<string, string | undefined>();
  for (const file of PROCESSORS.flatMap((processor) => program.files(version, processor))) {
    const url = `${base}/${program.repository}/releases/download/v${version}/${program.sums(file)}`;
    if (!texts.has(url)) texts.set(url, await ask(url));
    const text = texts.get(url);
    if (text === undefined) continue;
    const signed = program.name === "runc" && keyring !== undefined;
    const sum = findSum(signed ? verified(text, keyring, url) : text, file, "sha256");
    if (sum === undefined)
      throw new Error(`${url} has no sum of ${file}: ${JSON.stringify(text.slice(0, 80))}`);
    found.set(sumKey(version, file), sum);
  }
  return found;
}

// The text at a URL; undefined: there is none.
async function ask(url: string): Promise<string | undefined> {
  const answer = await fetch(url);
  const text = await answer.text();
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return text;
}

// What a clear-signed text says, once one of the keys has been seen to sign it. What is outside of the signature is left out.
function verified(text: string, keyring: string, url: string): string {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-signed-"));
  try {
    const file = join(folder, "sums");
    writeFileSync(file, text);
    const words = ["--homedir", folder, "--keyring", keyring, "--output", "-", file];
    const { status, stdout, stderr, error } = spawnSync("gpgv", words, { encoding: "utf8" });
    if (error) throw new Error(`gpgv cannot be run: ${error.message}`);
    if (status !== 0) throw new Error(`the signature of ${url} is not good: ${stderr.trim()}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// The table of releases (src/modules/shared/containerd/releases.ts) with other newest ones of containerd and of the other programs.
export function withNewest(
  table: string,
  newest: ReadonlyMap<string, string>,
  programs: ReadonlyMap<string, readonly string[]> = new Map(),
): string {
  const lines = table.replace(
    /(line: "([\d.]+)",\s+newest: )"[^"]*"/g,
    (all, head: string, line: string) =>
      newest.has(line) ? `${head}"${newest.get(line)!}"` : String(all),
  );
  return lines.replace(
    /(name: "(\w+)",\s+repository: "[^"]*",\s+newest: )\[[^\]]*\]/g,
    (all, head: string, name: string) =>
      programs.has(name)
        ? `${head}[${programs
            .get(name)!
            .map((one) => `"${one}"`)
            .join(", ")}]`
        : String(all),
  );
}

// The table of checksums (src/modules/shared/containerd/release_sums.ts) with these.
export function withSums(table: string, sums: Sums): string {
  const entries = sorted(sums).map(([file, sum]) => `  "${file}": "${sum}",\n`);
  const body = entries.length === 0 ? "{}" : `{\n${entries.join("")}}`;
  return table.replace(/= \{[^]*\};\n$/, () => `= ${body};\n`);
}

// The variables of the role with the same newest releases of containerd, and the same checksums.
export function withNewestOfRole(
  vars: string,
  newest: ReadonlyMap<string, string>,
  sums?: Sums,
): string {
  const lines = vars.replace(/^containerd_newest: .*$/m, (row) =>
    row.replace(/"([\d.]+)": "[^"]*"/g, (all, line: string) =>
      newest.has(line) ? `"${line}": "${newest.get(line)!}"` : String(all),
    ),
  );
  return sums === undefined ? lines : withSumsOfRole(lines, sums);
}

// The variables of a role with these checksums.
export function withSumsOfRole(vars: string, sums: Sums): string {
  const entries = sorted(sums).map(([file, sum]) => `\n  "${file}": "${sum}"`);
  const body = entries.length === 0 ? " {}" : entries.join("");
  return vars.replace(/^(\w+_sums:).*(?:\n {2}".*)*/m, (_all, head: string) => `${head}${body}`);
}

function sorted(sums: Sums): [string, string][] {
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
}
