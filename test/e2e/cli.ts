import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JsonReport } from "../../src/report/summary.ts";
import { labMissing } from "../lab/packages.ts";

export const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** Why no lab host can run here; undefined: they can. */
export const skipped = labMissing();

/** What one call of the command line came to. */
export interface Called {
  code: number;
  stdout: string;
  stderr: string;
}

/** A folder for one test's inventory, plans and caches. */
export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), "hullwright-e2e-"));

  /** Of what is called: caches of its own. */
  get env(): NodeJS.ProcessEnv {
    return { ...process.env, XDG_CACHE_HOME: join(this.folder, "cache"), NO_COLOR: "1" };
  }

  // Writes a file and answers its path.
  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  // Calls hullwright as a user does, with caches of its own.
  async call(args: readonly string[], input = ""): Promise<Called> {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      env: this.env,
    });
    child.stdin.end(input);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const code = await new Promise<number>((resolve) =>
      child.on("close", (status) => resolve(status ?? -1)),
    );
    return { code, stdout, stderr };
  }

  // The same, with --json; answers the document and the exit code.
  async json(args: readonly string[]): Promise<JsonReport & { code: number }> {
    const { code, stdout, stderr } = await this.call([...args, "--json"]);
    try {
      return { ...(JSON.parse(stdout) as JsonReport), code };
    } catch {
      throw new Error(`no document (exit ${code}): ${stdout}${stderr}`);
    }
  }
}

// The change list of a host, a line each.
export function changesOf(report: JsonReport, host: string): string[] {
  const { changes, failed } = report.hosts[host]!;
  return [
    ...changes.map((change) =>
      change.item === undefined ? change.task : `${change.task} [${change.item}]`,
    ),
    ...(failed ? [`FAILED ${failed.task}: ${failed.message}`] : []),
  ];
}
