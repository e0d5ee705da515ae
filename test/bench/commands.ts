import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../lab/lab.ts";
import { measured, type Usage } from "./measured.ts";

// How OpenSSH reaches a host of a lab.
export function sshTo(lab: Lab, ip: string, more: readonly string[] = []): string[] {
  const options = [`UserKnownHostsFile=${lab.knownHosts}`, "BatchMode=yes"];
  return [
    "ssh",
    "-i",
    lab.keyFile,
    ...options.flatMap((option) => ["-o", option]),
    ...more,
    `root@${ip}`,
  ];
}

/** What an applied run says of itself in JSON, as far as it is needed here. */
interface Applied {
  totals: { changes: number; failed: number; unreachable: number };
  hosts: Record<string, { rounds: number }>;
}

// Applies a playbook with the built program; fails where it does not make so many changes.
export async function applying(
  playbook: string,
  inventory: string,
  changes: number,
  more: readonly string[] = [],
): Promise<Usage & { told: Applied }> {
  const usage = await measured([
    process.execPath,
    "dist/main.js",
    "apply",
    playbook,
    "-i",
    inventory,
    "--yes",
    "--json",
    ...more,
  ]);
  const told = JSON.parse(usage.stdout) as Applied;
  if (told.totals.changes !== changes || told.totals.failed + told.totals.unreachable > 0)
    throw new Error(`wanted ${changes} changes, but it said ${JSON.stringify(told.totals)}`);
  return { ...usage, told };
}

// Applies a playbook where there is nothing to do, as people do; fails where something is done.
export async function findingNothing(
  playbook: string,
  inventory: string,
  more: readonly string[] = [],
): Promise<Usage> {
  const words = ["dist/main.js", "apply", playbook, "-i", inventory, "--yes", ...more];
  const usage = await measured([process.execPath, ...words]);
  if (!/: \d+ ok, 0 changed, 0 failed, 0 unreachable; 0 changes$/m.test(usage.stdout))
    throw new Error(`wanted nothing to be done, but it said ${usage.stdout}`);
  return usage;
}

// Words of a command line as a shell reads them.
export function shellWords(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

// Writes a file of a benchmark, as JSON (which is YAML) unless it is text already.
export function laid(folder: string, name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}
