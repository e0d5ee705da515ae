import { ArgumentError, InputError, UnsupportedError } from "../../errors.ts";
import type { AnyModule } from "../../modules/index.ts";
import { mapGet, type MapNode } from "../../yaml/node.ts";
import { parameterNames } from "../keywords/arguments.ts";
import { isLoopWord, KEYWORDS } from "../keywords/keywords.ts";
import { keywordBool } from "../nodes.ts";

// Whether a task says itself that it may fail. Then a mistake in its parameters fails it when its
// turn comes, as in Ansible.
export function takesFailure(map: MapNode): boolean {
  return (
    keywordBool(mapGet(map, "ignore_errors")) === true || mapGet(map, "failed_when") !== undefined
  );
}

// A template that cannot be read is a mistake of the parameter that it stands in.
export function asParameters(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof InputError) || error instanceof UnsupportedError) throw error;
    throw new ArgumentError(error.message, error.place, error.hint, error.missing);
  }
}

// With two loops, nobody knows which one is meant.
export function refuseSecondLoop({ entries }: MapNode): void {
  const [first, second] = entries.filter(
    ({ key }) => key.value === "loop" || isLoopWord(key.value),
  );
  if (first && second)
    throw new InputError(
      `this task has two loops, "${String(first.key.value)}" and "${String(second.key.value)}"`,
      second.key.place,
      "remove one of them; for every pair of two lists, loop over {{ a | product(b) | list }}",
    );
}

// A parameter of the task's module among the keywords is in the wrong column.
export function refuseParameters(keywords: MapNode, { schema, name }: AnyModule): void {
  const names = parameterNames(schema.arguments);
  const found = keywords.entries.find(
    ({ key }) => !Object.hasOwn(KEYWORDS.task, String(key.value)) && names.has(String(key.value)),
  );
  if (found)
    throw new InputError(
      `"${String(found.key.value)}" is not a keyword of a task, but a parameter of "${name}"`,
      found.key.place,
      `indent it below "${name}"`,
    );
}
