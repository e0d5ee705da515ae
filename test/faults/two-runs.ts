// Two runs change one host at once, many times: `npm run two-runs`. Each writes its own text into the same files and
// runs a command between them. Both must succeed, one after the other, so that all files have one text at the end.
//   --rounds N   --seed N
import { parseArgs } from "node:util";
import { startFleet } from "../e2e/fleet.ts";
import { pause } from "../lab/command.ts";
import { numbersOf } from "../numbers.ts";

const FILES = 6;
/** How much later than the first one the second run begins at most, in milliseconds. */
const LATEST = 2500;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
  },
});
const draw = numbersOf(Number(values.seed));
const fleet = await startFleet(["host"]);
process.env["HOME"] = process.env["XDG_STATE_HOME"] = fleet.desk.folder;
const host = fleet.host("host");

// A playbook of a run that writes its text everywhere.
function playbook(text: string): string {
  const write = (at: number): object => ({
    copy: { content: `${text}\n`, dest: `/srv/two-runs/${at}` },
  });
  const tasks = [
    { file: { path: "/srv/two-runs", state: "directory" } },
    ...Array.from({ length: FILES / 2 }, (_, at) => write(at)),
    { command: "sleep 0.3" },
    ...Array.from({ length: FILES / 2 }, (_, at) => write(at + FILES / 2)),
  ];
  const play = { hosts: "all", gather_facts: false, tasks };
  return fleet.desk.file(`${text}.yml`, JSON.stringify([play]));
}

// Whether both runs of a round succeeded, and left files of one run; else why not.
async function round(): Promise<string | undefined> {
  await host.must("rm -rf /srv/two-runs");
  const apply = async (text: string, after: number): Promise<string | undefined> => {
    const file = playbook(text);
    await pause(after);
    const { code, stdout, stderr } = await fleet.desk.call([
      "apply",
      file,
      "-i",
      fleet.inventory,
      "-y",
    ]);
    return code === 0 ? undefined : `${text} ended with ${code}: ${stdout}${stderr}`;
  };
  const failed = await Promise.all([apply("one", 0), apply("two", draw(LATEST))]);
  const { stdout } = await host.run("cat /srv/two-runs/* | sort | uniq -c");
  const kinds = stdout.trim().split("\n");
  if (kinds.length !== 1) failed.push(`the files are of both runs: ${stdout}`);
  const why = failed.filter((one) => one !== undefined);
  return why.length === 0 ? undefined : why.join("\n");
}

process.stdout.write(`seed ${values.seed}\n`);
let bad = 0;
try {
  for (let at = 1; at <= Number(values.rounds); at++) {
    const why = await round();
    if (why !== undefined) bad++;
    process.stdout.write(`${why === undefined ? "ok " : "BAD"} ${at}\n${why ?? ""}`);
  }
} finally {
  await fleet.down();
}
process.stdout.write(`${bad} of ${values.rounds} rounds were not as they should be\n`);
process.exitCode = bad === 0 ? 0 : 1;
