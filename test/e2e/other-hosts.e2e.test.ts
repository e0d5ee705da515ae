/** Hosts of other Debian releases than 12: their whole life, with some of the drifts. */
import { describe, expect, test } from "vitest";
import { cellsOf, nameOf, OTHER_HOSTS } from "../matrix/cells.ts";
import { live } from "../matrix/life.ts";
import { skipped } from "./cli.ts";
import { DRIFTS } from "./drifts.ts";

const cells = OTHER_HOSTS.flatMap((host) => cellsOf(host).slice(0, 1));

describe.skipIf(skipped !== undefined)(
  `hosts of other releases${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    test.each(cells.map((cell) => ({ cell, name: nameOf(cell) })))(
      "$name",
      async ({ cell }) => {
        const { stages } = await live(
          cell,
          DRIFTS.filter((_, index) => index % 3 === 0),
        );
        expect(
          [...stages].flatMap(([stage, { wrong }]) => wrong.map((line) => `${stage}: ${line}`)),
        ).toEqual([]);
      },
      600_000,
    );
  },
);
