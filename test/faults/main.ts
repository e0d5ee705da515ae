// Does something to a run of containerd.yml at every point of it, and tells what came of it: `npm run faults`.
//   --job bare|upgrade   --fault WORD   --every N   --seed N   --rounds N (so many, drawn by lot)   --minutes N (no round of a
//   job is begun later)   --done FILE (what was printed before, perhaps by several runs: those rounds are left out)
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { numbersOf } from "../numbers.ts";
import { startFleet } from "../e2e/fleet.ts";
import { INTERRUPTIONS } from "./interruptions.ts";
import { countPoints, doRound, type Came, type Round } from "./round.ts";
import { DISK, DISKS, jobsOf, Stand, type Job } from "./scenario.ts";
import { tableOf } from "./table.ts";

const { values } = parseArgs({
  options: {
    job: { type: "string" },
    fault: { type: "string", default: "" },
    every: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    rounds: { type: "string" },
    minutes: { type: "string" },
    done: { type: "string" },
  },
});
const [seed, every] = [Number(values.seed), Number(values.every)];
const draw = numbersOf(seed);

// Which rounds are in what was printed before: job, fault and point of each.
const done = new Set(
  (values.done === undefined ? "" : readFileSync(values.done, "utf8"))
    .split("\n")
    .flatMap((line) => {
      const found = /^(?:ok |BAD) (\w+), ([\w -]+?)(?: of \/\S+)? at (\d+) /.exec(line);
      return found ? [found.slice(1).join(" ")] : [];
    }),
);

// All rounds of a job that were not done before; with --rounds some of them, drawn by lot.
function roundsOf(job: Job, points: number): Round[] {
  const all: Round[] = [];
  for (const interruption of INTERRUPTIONS.filter(({ name }) => name.includes(values.fault)))
    for (let point = 1 + draw(every); point <= points; point += every) {
      const round = { interruption, point, delay: draw(300), disk: DISKS[draw(DISKS.length)]! };
      if (!done.has(`${job.name} ${interruption.name} ${point}`)) all.push(round);
    }
  if (values.rounds === undefined) return all;
  return Array.from({ length: Math.min(Number(values.rounds), all.length) }, () =>
    all.splice(draw(all.length), 1),
  ).flat();
}

const fleet = await startFleet(["plain", "disks"], {
  disks: (host) => (host === "disks" ? Object.fromEntries(DISKS.map((path) => [path, DISK])) : {}),
});
// what is kept of runs on this machine goes with the fleet's own files
process.env["HOME"] = process.env["XDG_STATE_HOME"] = fleet.desk.folder;
process.stdout.write(`seed ${seed}\n`);
try {
  const came = new Map<Job, Came[]>();
  for (const job of jobsOf(fleet).filter(({ name }) => (values.job ?? name) === name)) {
    came.set(job, []);
    const stands = new Map<string, Stand>();
    const standOn = async (name: string): Promise<Stand> => {
      const stand = stands.get(name) ?? new Stand(fleet, fleet.host(name), job);
      if (!stands.has(name)) await stand.prepare();
      stands.set(name, stand);
      return stand;
    };
    const points = await countPoints(await standOn("plain"));
    const rounds = roundsOf(job, points);
    process.stdout.write(`${job.name}: ${points} points, ${rounds.length} rounds\n`);
    const begun = performance.now();
    for (const round of rounds) {
      if (performance.now() - begun > Number(values.minutes ?? "Infinity") * 60_000) break;
      const stand = await standOn(round.interruption.ofDisk ? "disks" : "plain");
      const one = await doRound(stand, round);
      came.get(job)!.push(one);
      const what = [...one.wrong, ...one.left.map((path) => `left behind: ${path}`)];
      const where = round.interruption.ofDisk ? ` of ${round.disk}` : "";
      process.stdout.write(
        `${what.length === 0 ? "ok " : "BAD"} ${job.name}, ${round.interruption.name}${where} at ${round.point} + ${round.delay} ms${one.late ? " (not come to)" : ""}${one.felt ? "" : " (not felt)"}\n${what.map((line) => `    ${line.replaceAll("\n", "\n    ")}\n`).join("")}`,
      );
      if (one.wrong.length > 0) process.exitCode = 1;
    }
  }
  process.stdout.write(`\n${tableOf(came)}\n`);
} finally {
  await fleet.down();
}
