import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PREPARE, RESET, layHere, type Cell } from "./book.ts";
import type { Context } from "./contexts.ts";
import type { Seen } from "./run.ts";

// What a side came to, from a directory where a run with the same tasks has left it; otherwise from a run, and it is left there.
export async function kept(
  directory: string,
  context: Context,
  cells: readonly Cell[],
  run: () => Promise<Seen>,
): Promise<Seen> {
  const about = [context, cells, PREPARE, RESET, layHere(context, cells, false)];
  const digest = createHash("sha256").update(JSON.stringify(about)).digest("hex");
  const file = join(directory, `${context.id}-${digest.slice(0, 16)}.json`);
  if (existsSync(file)) return read(readFileSync(file, "utf8"));
  const seen = await run();
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    file,
    JSON.stringify(seen, (_, value) => (value instanceof Map ? [...value] : value) as unknown),
  );
  return seen;
}

// Reads what `kept` has written.
function read(text: string): Seen {
  const seen = JSON.parse(text) as Seen;
  const { ran, refused } = seen;
  return { ...seen, ran: { ...ran, hosts: new Map(ran.hosts) }, refused: new Map(refused) };
}
