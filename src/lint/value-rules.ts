import type { Place } from "../errors.ts";
import type { Playbook } from "../playbook/play.ts";
import type { ScalarNode, YamlNode } from "../yaml/node.ts";
import type { Tell } from "./finding.ts";
import { tasksOf } from "../playbook/visit.ts";

/** The name of the rule below. */
export const VERSION_RULE = "unquoted-version";

// YAML reads an unquoted version as a number, which loses zeros: 1.10 becomes 1.1. Looks at
// all variables and arguments.
export function checkNumbers({ plays }: Playbook, tell: Tell): void {
  const roots = plays.flatMap((play) => [
    ...play.vars,
    ...play.roles.flatMap((role) => [...role.defaults, ...role.vars]),
    ...tasksOf(play).flatMap(({ task }) => [
      ...task.vars,
      ...task.args.entries.map(({ key, value }) => [String(key.value), value] as const),
    ]),
  ]);
  for (const [key, node] of roots) checkNumber(key, node, tell);
}

function checkNumber(key: string, node: YamlNode, tell: Tell): void {
  if (node.kind === "seq") node.items.forEach((item) => checkNumber(key, item, tell));
  else if (node.kind === "map")
    for (const entry of node.entries) checkNumber(String(entry.key.value), entry.value, tell);
  else {
    const written = asWritten(node);
    if (
      written === undefined ||
      !((/0$/.test(written) && !/\.0$/.test(written)) || /version|release/i.test(key))
    )
      return;
    tell(
      `YAML reads ${written} as a number${String(node.value) === written ? "" : `, which is ${String(node.value)}`}`,
      node.place,
      `if it is a version, quote it: "${written}"`,
    );
  }
}

// The digits of a plain decimal number, as written in the file.
function asWritten({ value, style, place }: ScalarNode): string | undefined {
  if (typeof value !== "number" || style !== "plain") return undefined;
  return /^\d+\.\d+(?![\w.])/.exec(lineOf(place).slice(place.column - 1))?.[0];
}

function lineOf({ text = "", line }: Place): string {
  return text.split("\n")[line - 1] ?? "";
}
