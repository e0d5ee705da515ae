/**
 * `npm run bench`: what runs take beside their floors and peers, on real hosts of a lab; those that are held against each other take
 * turns in one run. Prints the sections; with `--write` they take their places in docs/benchmarks.md, and the others there stay.
 * `--only NAME,...` chooses sections, `--list` names them, `--hosts N` (8), `--names N` (1000), `--rounds N` (5), `--quick` leaves out what takes long.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { renderSection } from "./render.ts";
import { withSections, type Section } from "./section.ts";
import { freshHosts } from "./sections/fresh.ts";
import { behindJump } from "./sections/jump.ts";
import { manyCommands } from "./sections/many-commands.ts";
import { manyNames } from "./sections/many-names.ts";
import { nothingOnMany, nothingOnOne } from "./sections/nothing.ts";
import { queueOnLoopback } from "./sections/queue.ts";
import { roundTrips } from "./sections/round-trips.ts";
import { largeInventory, localTasks } from "./sections/scale.ts";
import { smallChanges } from "./sections/small-changes.ts";
import { largeConfig } from "./sections/ssh-config.ts";

const PAGE = "docs/benchmarks.md";

// With it, Node reads certificates at every start, which takes longer than all the rest of its start.
delete process.env["NODE_EXTRA_CA_CERTS"];

const render: Section = {
  name: "render",
  title: "Templates over all hosts",
  measure: () => renderSection(),
};

const SECTIONS: readonly Section[] = [
  nothingOnMany,
  nothingOnOne,
  freshHosts,
  smallChanges,
  manyCommands,
  manyNames,
  behindJump,
  largeConfig,
  roundTrips,
  largeInventory,
  localTasks,
  queueOnLoopback,
  render,
];

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    list: { type: "boolean", default: false },
    hosts: { type: "string", default: "8" },
    rounds: { type: "string", default: "5" },
    names: { type: "string", default: "1000" },
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

// The sections that the command line asks for.
function chosen(): readonly Section[] {
  if (values.only === undefined) return SECTIONS;
  return values.only.split(",").map((name) => {
    const section = SECTIONS.find((one) => one.name === name);
    if (!section)
      throw new Error(
        `there is no section ${name}, but ${SECTIONS.map((one) => one.name).join(", ")}`,
      );
    return section;
  });
}

if (values.list)
  for (const { name, title } of SECTIONS) process.stdout.write(`${name}: ${title}\n`);
else {
  const options = {
    hosts: Number(values.hosts),
    rounds: Number(values.rounds),
    names: Number(values.names),
    quick: values.quick,
  };
  const date = new Date().toISOString().slice(0, 10);
  const about = `Measured on ${date}, ${availableParallelism()} cores for tools and hosts together, ${loadavg()[1]!.toFixed(0)} processes at work on average.`;
  for (const { name, title, measure } of chosen()) {
    process.stderr.write(`${name}: `);
    const lines = [about, "", ...(await measure(options))];
    process.stdout.write(`## ${title}\n\n${lines.join("\n")}\n\n`);
    if (values.write)
      writeFileSync(PAGE, withSections(readFileSync(PAGE, "utf8"), new Map([[title, lines]])));
  }
}
