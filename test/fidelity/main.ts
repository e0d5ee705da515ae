// Applies random playbooks of many modules to a real host whose state somebody else has changed, and compares what was done with what
// was planned: `npm run fidelity`.   --rounds N   --seed N (the first round's)
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { changesOf } from "../e2e/cli.ts";
import { startFleet } from "../e2e/fleet.ts";
import { roundOf, SOURCES, type Round } from "./draw.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
  },
});
const [first, rounds] = [Number(values.seed), Number(values.rounds)];

const fleet = await startFleet(1);
process.env["HOME"] = process.env["XDG_STATE_HOME"] = fleet.desk.folder;
const host = fleet.host("h01");
const playbook = join(fleet.desk.folder, "fidelity.yml");

// Does one round; answers what is wrong, and whether its plan said that a task fails.
async function doRound({ drifts, tasks }: Round): Promise<{ wrong: string[]; fails: boolean }> {
  await host.must(`{ ${drifts.map((line) => `${line}\n`).join("")}true; } >/dev/null 2>&1`);
  writeFileSync(playbook, JSON.stringify([{ hosts: "all", gather_facts: false, tasks }]));
  const words = [playbook, "-i", fleet.inventory];
  const plan = await fleet.desk.json(["plan", ...words]);
  const planned = changesOf(plan, "h01");
  const applied = changesOf(await fleet.desk.json(["apply", ...words, "-y"]), "h01");
  const fails = planned.some((line) => line.startsWith("FAILED"));
  // what the plan said is known only by then may come to anything
  const open = new Set(plan.hosts["h01"]!.deferred.map(nameOf));
  if (applied.some((line) => line.startsWith("FAILED") && open.has(nameOf(line))))
    return { wrong: [], fails: true };
  const [wanted, done] = [planned, applied].map((lines) =>
    lines.filter((line) => !open.has(nameOf(line))).join(", "),
  );
  const wrong = !fails && wanted !== done ? [`planned ${wanted}\n  applied ${done}`] : [];
  if (fails || wrong.length > 0) return { wrong, fails };
  const left = changesOf(await fleet.desk.json(["plan", ...words]), "h01");
  return { wrong: left.length > 0 ? [`then planned ${left.join(", ")}`] : [], fails };
}

// The name of the task that a line is about.
function nameOf(line: string): string {
  return /\bt\d+\b/.exec(line)?.[0] ?? line;
}

try {
  await host.must("command -v chattr >/dev/null; touch /etc/fstab");
  // its git is this machine's: both are of the same release
  await host.must(
    "base64 -d > /usr/bin/git; chmod 0755 /usr/bin/git; ln -s git /usr/bin/git-upload-pack",
    readFileSync("/usr/bin/git").toString("base64"),
  );
  await host.must(SOURCES);
  writeFileSync(join(fleet.desk.folder, "fidelity.j2"), "{{ word }} of {{ inventory_hostname }}\n");
  execFileSync("tar", [
    "-cf",
    join(fleet.desk.folder, "fidelity.tar"),
    "-C",
    fleet.desk.folder,
    "inventory.yml",
  ]);
  let [good, failing] = [0, 0];
  for (let seed = first; seed < first + rounds; seed++) {
    const round = roundOf(seed);
    const { wrong, fails } = await doRound(round);
    if (fails) failing++;
    if (wrong.length === 0) good++;
    else {
      process.exitCode = 1;
      process.stdout.write(
        `BAD seed ${seed}: ${wrong.join("\n  ")}\n${[...round.drifts.map((line) => `  # ${line}`), ...round.tasks.map((task) => `  ${JSON.stringify(task)}`)].join("\n")}\n`,
      );
    }
  }
  process.stdout.write(
    `${good} of ${rounds} as planned (${failing} with a task that the plan said fails)\n`,
  );
} finally {
  await fleet.down();
}
