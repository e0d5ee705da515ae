// `npm run releases [-- --write] [-- --from URL]`: asks upstream for newer releases of containerd than the table has, and shows them with
// their sums. `--write` puts them into the table and the role. Needs the network; `--from` is a mirror in upstream's layout.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { RELEASE_LINES } from "../../src/modules/shared/containerd/releases.ts";
import { newestFrom, withNewest, withNewestOfRole } from "./refresh.ts";

const FILES = [
  ["src/modules/shared/containerd/releases.ts", withNewest],
  ["playbooks/roles/hullwright.containerd/vars/main.yml", withNewestOfRole],
] as const;

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    from: { type: "string", default: "https://github.com" },
  },
});

try {
  await refresh(values.from.replace(/\/$/, ""), values.write);
} catch (error) {
  const { message, cause } = error as Error;
  const why = cause instanceof Error && cause.message !== "" ? `: ${cause.message}` : "";
  process.stderr.write(`error: ${values.from}: ${message}${why}; nothing was written\n`);
  process.exitCode = 1;
}

// Asks for all lines before anything is written.
async function refresh(base: string, write: boolean): Promise<void> {
  const newest = new Map<string, string>();
  for (const { line, newest: known } of RELEASE_LINES) {
    const found = await newestFrom(base, known);
    if (found) newest.set(line, found.version);
    const what = found === undefined ? "not there" : `${found.version}  sha256:${found.sha256}`;
    process.stdout.write(`${line}  ${known} -> ${what}\n`);
  }
  await tellNewLine(base);
  if (!write) return;
  for (const [file, change] of FILES)
    writeFileSync(file, change(readFileSync(file, "utf8"), newest));
}

// A line that the table does not have: its support and its runc are for a person to write.
async function tellNewLine(base: string): Promise<void> {
  const [major = "", minor = ""] = RELEASE_LINES.at(-1)!.line.split(".");
  const next = `${major}.${Number(minor) + 1}`;
  const found = await newestFrom(base, `${next}.0`);
  if (found) process.stdout.write(`${next}  is new (${found.version}): add it to the table\n`);
}
