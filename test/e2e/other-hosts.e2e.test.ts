/** Hosts of other Debian releases than 12: their whole life, with some of the drifts. They take minutes to be made. */
import { describe, expect, test } from "vitest";
import { cellsOf, nameOf, OTHER_HOSTS } from "../matrix/cells.ts";
import { live } from "../matrix/life.ts";
import { skipped } from "./cli.ts";
import { DRIFTS } from "./drifts.ts";

const reason =
  skipped ?? (process.env["OTHER_HOSTS"] === undefined ? "only with OTHER_HOSTS=1" : undefined);
const cells = OTHER_HOSTS.flatMap((host) => cellsOf(host).slice(0, 1));

describe.skipIf(reason !== undefined)(
  `hosts of other releases${reason === undefined ? "" : ` (skipped: ${reason})`}`,
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
