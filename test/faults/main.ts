// Does something to a run of containerd.yml at every point of it, and tells what came of it: `npm run faults`.
//   --job bare|upgrade   --fault WORD   --every N   --seed N   --rounds N (so many, drawn by lot)
//   --minutes N (no round of a job is begun later)   --lanes N (so many side by side, each on hosts of
//   its own)   --done FILE (what was printed before, perhaps by several runs: those are left out)
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
    lanes: { type: "string", default: "1" },
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

// What a round came to, in lines.
function wordsOf({ name }: Job, { round, late, felt, wrong, left }: Came): string {
  const what = [...wrong, ...left.map((path) => `left behind: ${path}`)];
  const { interruption, disk, point, delay } = round;
  const where = interruption.ofDisk ? ` of ${disk}` : "";
  const remarks = `${late ? " (not come to)" : ""}${felt ? "" : " (not felt)"}`;
  const more = what.map((line) => `    ${line.replaceAll("\n", "\n    ")}\n`).join("");
  return `${what.length === 0 ? "ok " : "BAD"} ${name}, ${interruption.name}${where} at ${point} + ${delay} ms${remarks}\n${more}`;
}

const lanes = Array.from({ length: Number(values.lanes) }, (_, index) => index + 1);
const fleet = await startFleet(
  lanes.flatMap((lane) => [`plain${lane}`, `disks${lane}`]),
  {
    disks: (host) =>
      host.startsWith("disks") ? Object.fromEntries(DISKS.map((path) => [path, DISK])) : {},
  },
);
// what is kept of runs on this machine goes with the fleet's own files
process.env["HOME"] = process.env["XDG_STATE_HOME"] = fleet.desk.folder;
process.stdout.write(`seed ${seed}\n`);

// A host on which rounds of a job can be done.
async function prepared(name: string, job: Job): Promise<Stand> {
  const stand = new Stand(fleet, fleet.host(name), job);
  await stand.prepare();
  return stand;
}

try {
  const came = new Map<Job, Came[]>();
  for (const job of jobsOf(fleet).filter(({ name }) => (values.job ?? name) === name)) {
    came.set(job, []);
    const stands = new Map<string, Promise<Stand>>();
    const standOn = (name: string): Promise<Stand> => {
      const stand = stands.get(name) ?? prepared(name, job);
      stands.set(name, stand);
      return stand;
    };
    const points = await countPoints(await standOn("plain1"));
    const rounds = roundsOf(job, points);
    process.stdout.write(`${job.name}: ${points} points, ${rounds.length} rounds\n`);
    const begun = performance.now();
    const isLate = (): boolean =>
      performance.now() - begun > Number(values.minutes ?? "Infinity") * 60_000;
    await Promise.all(
      lanes.map(async (lane) => {
        for (let round = rounds.shift(); round && !isLate(); round = rounds.shift()) {
          const kind = round.interruption.ofDisk ? "disks" : "plain";
          const one = await doRound(await standOn(`${kind}${lane}`), round);
          came.get(job)!.push(one);
          process.stdout.write(wordsOf(job, one));
          if (one.wrong.length > 0) process.exitCode = 1;
        }
      }),
    );
  }
  process.stdout.write(`\n${tableOf(came)}\n`);
} finally {
  await fleet.down();
}
