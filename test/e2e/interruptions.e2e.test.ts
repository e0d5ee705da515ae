/** A sample of what `npm run faults` does at every point: four of the faults, each once, at a point that is drawn by lot. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { INTERRUPTIONS } from "../faults/interruptions.ts";
import { countPoints, doRound } from "../faults/round.ts";
import { DISK, DISKS, jobsOf, Stand } from "../faults/scenario.ts";
import { numbersOf } from "../numbers.ts";
import { skipped as missing } from "./cli.ts";
import { notDrawn } from "../sample.ts";
import { startFleet, type Fleet } from "./fleet.ts";

/** Another sample by FAULTS_SEED=N in the environment. */
const SEED = Number(process.env["FAULTS_SEED"] ?? 1);

const skipped = missing ?? notDrawn(0);

describe.skipIf(skipped !== undefined)(
  `faults in the middle of an upgrade, seed ${SEED}${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    const draw = numbersOf(SEED);
    let fleet: Fleet;
    let points: number;
    const stands = new Map<string, Stand>();
    beforeAll(async () => {
      fleet = await startFleet(["plain", "disks"], {
        disks: (host) =>
          host === "disks" ? Object.fromEntries(DISKS.map((path) => [path, DISK])) : {},
      });
      const job = jobsOf(fleet).find(({ name }) => name === "upgrade")!;
      for (const name of ["plain", "disks"]) {
        const stand = new Stand(fleet, fleet.host(name), job);
        await stand.prepare();
        stands.set(name, stand);
      }
      points = await countPoints(stands.get("plain")!);
    });
    afterAll(async () => {
      await fleet?.down();
    });

    const first = draw(2);
    test.each(INTERRUPTIONS.filter((_, index) => index % 2 === first || index === 2))(
      "$name: all is old or new, the next run does the rest, and nothing of ours stays",
      async (interruption) => {
        const stand = stands.get(interruption.ofDisk ? "disks" : "plain")!;
        const [point, delay] = [1 + draw(points), draw(300)];
        const disk = DISKS[draw(DISKS.length)]!;
        const came = await doRound(stand, { interruption, point, delay, disk });
        expect([...came.wrong, ...came.left], `at ${point} + ${delay} ms, ${disk}`).toEqual([]);
      },
      400_000,
    );
  },
);
