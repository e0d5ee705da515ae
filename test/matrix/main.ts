// Puts real hosts through their whole life, from bare to bare, for each version of containerd and each snapshotter: `npm run matrix`.
//   --series 1.7   --snapshotter native   --filesystem ext4   --seed N --cells N (so many, drawn by lot)   --write (into docs/matrix.md)
//   --host debian11|debian13: a host of another release
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { allCells, cellsOf, drawnCells, nameOf, OTHER_HOSTS, STAGES } from "./cells.ts";
import { live } from "./life.ts";
import { withTable } from "./page.ts";
import { tableOf, type CellResult } from "./table.ts";

const PAGE = "docs/matrix.md";

const { values } = parseArgs({
  options: {
    series: { type: "string" },
    snapshotter: { type: "string" },
    filesystem: { type: "string" },
    seed: { type: "string", default: "1" },
    cells: { type: "string" },
    host: { type: "string" },
    write: { type: "boolean", default: false },
  },
});

const other = OTHER_HOSTS.find(({ base }) => base === values.host);
const ofDebian12 =
  values.cells === undefined ? allCells() : drawnCells(Number(values.seed), Number(values.cells));
const cells = (other === undefined ? ofDebian12 : cellsOf(other)).filter(
  ({ series, ground }) =>
    (values.series ?? series) === series &&
    (values.snapshotter ?? ground.snapshotter) === ground.snapshotter &&
    (values.filesystem ?? ground.filesystem) === ground.filesystem,
);
const results: CellResult[] = [];
for (const cell of cells) {
  const result = await live(cell);
  results.push(result);
  process.stdout.write(`${nameOf(cell)}\n`);
  for (const stage of STAGES) {
    const found = result.stages.get(stage);
    if (found === undefined) continue;
    const { words, wrong } = found;
    process.stdout.write(`  ${wrong.length === 0 ? "ok " : "BAD"} ${stage}: ${words}\n`);
    for (const line of wrong) process.stdout.write(`      ${line}\n`);
    if (wrong.length > 0) process.exitCode = 1;
  }
}
const table = tableOf(results);
process.stdout.write(`\n${table}\n`);
if (values.write) {
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), day, table));
}
