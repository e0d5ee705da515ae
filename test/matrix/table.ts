import { STAGES, type Cell, type Stage } from "./cells.ts";

/** What came of one stage: in a few words, and all that was not as it should be. */
export interface StageResult {
  words: string;
  wrong: readonly string[];
}

/** What came of a cell; a stage that is not there was not tried. */
export interface CellResult {
  cell: Cell;
  /** The release in full. */
  version: string;
  stages: ReadonlyMap<Stage, StageResult>;
}

// The table of all cells: a line each, and below it what went wrong.
export function tableOf(results: readonly CellResult[]): string {
  const rows = results.map(({ cell, version, stages }) => [
    version,
    `${cell.ground.snapshotter} on ${cell.ground.filesystem}`,
    ...STAGES.map((stage) => wordsOf(stages.get(stage))),
  ]);
  const wrong = results.flatMap(({ cell, version, stages }) =>
    [...stages].flatMap(([stage, { wrong }]) =>
      wrong.map(
        (line) => `- ${version}, ${cell.ground.snapshotter}, ${stage}: ${line.split("\n")[0]!}`,
      ),
    ),
  );
  const lines = [
    ["containerd", "snapshotter", ...STAGES],
    ["---", "---", ...STAGES.map(() => "---")],
    ...rows,
  ].map((cells) => `| ${cells.join(" | ")} |`);
  return [...lines, ...(wrong.length === 0 ? [] : ["", ...wrong])].join("\n");
}

// What stands in one cell of the table.
function wordsOf(result: StageResult | undefined): string {
  if (result === undefined) return "–";
  return result.wrong.length === 0 ? result.words : `**wrong** (${result.words})`;
}
