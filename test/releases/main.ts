// `npm run releases [-- --write] [-- --from URL] [-- --keyring FILE]`: asks upstream for newer releases of containerd, runc, CNI's plugins,
// crictl and nerdctl than the table has, and shows them with their checksums. `--write` puts both into the tables and the roles. Needs the
// network; `--from` is a mirror in upstream's layout. With upstream's keys of runc (--keyring) the signature of its sums is checked by gpgv.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { PROGRAMS, type ReleasedProgram } from "../../src/modules/shared/containerd/releases.ts";
import {
  newestFrom,
  sumsOf,
  withNewest,
  withNewestOfRole,
  withSums,
  withSumsOfRole,
  type Upstream,
} from "./refresh.ts";

const TABLE = "src/modules/shared/containerd/releases.ts";
const SUMS = "src/modules/shared/containerd/release_sums.ts";
const TOOLS = "playbooks/roles/hullwright.tools/vars/main.yml";
const ROLE = "playbooks/roles/hullwright.containerd/vars/main.yml";

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    from: { type: "string", default: "https://github.com" },
    keyring: { type: "string" },
  },
});

try {
  const keyring = values.keyring === undefined ? undefined : resolve(values.keyring);
  await refresh({ base: values.from.replace(/\/$/, ""), keyring }, values.write);
} catch (error) {
  const { message, cause } = error as Error;
  const why = cause instanceof Error && cause.message !== "" ? `: ${cause.message}` : "";
  process.stderr.write(`error: ${values.from}: ${message}${why}; nothing was written\n`);
  process.exitCode = 1;
}

// Asks for all of them before anything is written.
async function refresh(upstream: Upstream, write: boolean): Promise<void> {
  const newest = new Map<string, readonly string[]>();
  const sums = new Map<string, string>();
  for (const program of PROGRAMS) {
    const versions: string[] = [];
    for (const known of program.newest) {
      const found = await newestFrom(upstream, program, known);
      tell(`${program.name}  ${known} -> ${found ?? "not there"}`);
      versions.push(found ?? known);
      if (found === undefined) continue;
      for (const [file, sum] of await sumsOf(upstream, program, found)) {
        sums.set(file, sum);
        tell(`  ${sum}  ${file}`);
      }
    }
    newest.set(program.name, versions);
    await tellNewLine(upstream, program);
  }
  if (upstream.keyring === undefined)
    tell("The signature of runc's sums was not checked: give upstream's keys with --keyring.");
  if (!write) return;
  const lines = new Map(
    newest.get("containerd")!.map((version) => [version.replace(/\.\d+$/, ""), version]),
  );
  const changes: [string, (text: string) => string][] = [
    [TABLE, (text) => withNewest(text, lines, newest)],
    [SUMS, (text) => withSums(text, sums)],
    [ROLE, (text) => withNewestOfRole(text, lines, sums)],
    [TOOLS, (text) => withSumsOfRole(text, sums)],
  ];
  for (const [file, change] of changes) writeFileSync(file, change(readFileSync(file, "utf8")));
}

// A line that the table does not have: its support and its runc are for a person to write.
async function tellNewLine(upstream: Upstream, program: ReleasedProgram): Promise<void> {
  const [major = "", minor = ""] = program.newest.at(-1)!.split(".");
  const next = `${major}.${Number(minor) + 1}`;
  const found = await newestFrom(upstream, program, `${next}.0`);
  if (found !== undefined) tell(`${program.name}  ${next} is new (${found}): add it to the table`);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
