/** A sample of what `npm run matrix` does: one cell, drawn by lot, with some of the drifts. */
import { describe, expect, test } from "vitest";
import { drawnCells, nameOf } from "../matrix/cells.ts";
import { live } from "../matrix/life.ts";
import { numbersOf } from "../numbers.ts";
import { skipped } from "./cli.ts";
import { DRIFTS } from "./drifts.ts";

/** Another sample by MATRIX_SEED=N in the environment. */
const SEED = Number(process.env["MATRIX_SEED"] ?? 1);

describe.skipIf(skipped !== undefined)(
  `whole lives of hosts, seed ${SEED}${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    const first = numbersOf(SEED)(3);

    test.each(drawnCells(SEED, 1).map((cell) => ({ cell, name: nameOf(cell) })))(
      "$name",
      async ({ cell }) => {
        const { stages } = await live(
          cell,
          DRIFTS.filter((_, index) => index % 3 === first),
        );
        expect(
          [...stages].flatMap(([stage, { wrong }]) => wrong.map((line) => `${stage}: ${line}`)),
        ).toEqual([]);
      },
      600_000,
    );
  },
);
