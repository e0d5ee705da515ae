import { expect, test } from "vitest";
import { faultOf, raceOf, runRace } from "./races.ts";

/** The seeds, each for two lists of tasks; more by RACES=FROM-TO in the environment, as `npm run races` does. */
const [from, to] = (process.env["RACES"] ?? "1-8").split("-").map(Number) as [number, number];

/** Seeds by which an archive is unpacked over what somebody else writes. */
const UNPACKED = [33, 84, 144];

test("what somebody else writes between a look and its rename is never lost, and told of", async () => {
  const faults: string[] = [];
  const counts = { struck: 0, there: 0, "kept and named": 0, nowhere: 0 };
  const seeds = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const races = [
    ...(process.env["RACES"] === undefined ? UNPACKED : []).map((seed) => [seed, false] as const),
    ...seeds.flatMap((seed) => [[seed, false] as const, [seed, true] as const]),
  ];
  for (const [seed, hasMoreTasks] of races) {
    const race = raceOf(seed, hasMoreTasks);
    const ended = await runRace(race);
    if (ended.struck) {
      counts.struck++;
      if (race.deed !== "removes") counts[ended.where]++;
    }
    const fault = faultOf(race, ended);
    if (fault !== "") faults.push(`seed ${seed}: ${JSON.stringify(race)}: ${fault}`);
  }
  if (process.env["RACES"]) console.log(JSON.stringify(counts));
  expect(faults.join("\n\n")).toBe("");
}, 900_000);
