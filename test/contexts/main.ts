// Tries every module in every context by both programs, and compares: `npm run contexts`.
//   --context rel,til   --module copy,file   --lab NAME (one that is up, with two hosts that have Python)   --write (into docs/contexts.md)
//   --keep DIR: what Ansible came to is kept there, and a later run with the same tasks takes it from there
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { noAnsible } from "../conformance/ansible.ts";
import { CONTEXTS } from "./contexts.ts";
import { runContexts, type Judged } from "./run.ts";
import { SUBJECTS } from "./subjects.ts";
import { rowOf, unexpected, withRows } from "./table.ts";

if (noAnsible !== undefined) throw new Error(noAnsible);
const { values } = parseArgs({
  options: {
    context: { type: "string" },
    module: { type: "string" },
    lab: { type: "string" },
    keep: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const PAGE = `${process.cwd()}/docs/contexts.md`;
const [ids, modules] = [values.context?.split(","), values.module?.split(",")];
const contexts = CONTEXTS.filter(({ id }) => ids?.includes(id) ?? true);
const subjects = SUBJECTS.map((one) => ((modules?.includes(one.module) ?? true) ? one : undefined));

// Prints what a context came to, and notes it in the page.
function tell(judged: readonly Judged[]): void {
  process.stdout.write(`${judged[0]!.cell.context.id} ${rowOf(judged)}\n`);
  for (const { cell, lines } of unexpected(judged))
    process.stdout.write(
      `${cell.id} ${cell.subject.name}\n${lines.map((line) => `    ${line}\n`).join("")}`,
    );
  if (values.write) writeFileSync(PAGE, withRows(readFileSync(PAGE, "utf8"), [rowOf(judged)]));
}

const judged = await runContexts(contexts, subjects, values, tell);
process.stdout.write(`${judged.length} tasks, ${unexpected(judged).length} not as expected\n`);
process.exitCode = unexpected(judged).length > 0 ? 1 : 0;
