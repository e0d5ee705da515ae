import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

// Builds the program before its tests, if a source is newer than what was built.
export function setup(): void {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).map(
    (name) => statSync(join("src", name)).mtimeMs,
  );
  const built = statSync("dist/main.js", { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Math.max(...sources) < built) return;
  const { status, stderr } = spawnSync(process.execPath, ["scripts/build.mjs"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the program cannot be built:\n${stderr}`);
}
