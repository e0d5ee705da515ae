/**
 * `npm run bench:scale`: what many tasks, many hosts and large inventories cost the controller. Each is one run of the built
 * program. With `--write` it becomes docs/scale.md; `--offline` leaves out what needs a real host.
 */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { hostvarsSection, listingSection } from "./inventory.ts";
import { commandsSection, tasksSection } from "./walk.ts";

const { values } = parseArgs({
  options: {
    offline: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

const HEAD = [
  "# Many tasks, many hosts",
  "",
  "<!-- Written by `npm run bench:scale -- --write`. -->",
  "",
  `What a run costs the controller, its own start included, on a machine with ${availableParallelism()} cores that does other work besides. Seconds`,
  "depend on the machine; the ratios are of one run. CPU and memory are those of Hullwright's process alone.",
];

const sections = [
  ...(values.offline ? [] : [await commandsSection()]),
  await tasksSection(),
  await listingSection(),
  await hostvarsSection(),
];
const page = [HEAD, ...sections].map((lines) => lines.join("\n")).join("\n\n");
process.stdout.write(`${page}\n`);
if (values.write) writeFileSync("docs/scale.md", `${page}\n`);
