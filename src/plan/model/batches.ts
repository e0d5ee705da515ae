import { isOmitted } from "./omit.ts";
import { InputError } from "../../errors.ts";
import { nodesOf } from "../../playbook/nodes.ts";
import type { Play } from "../../playbook/play.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { blamed } from "./variable-behind.ts";
import type { Variables } from "./variables.ts";

// Splits hosts into batches by `serial`: a number, a percentage, or a list of them
// whose last element repeats.
export function batchesOf<T>(
  play: Play,
  hosts: readonly T[],
  variables: Variables,
): (readonly T[])[] {
  const sizes = nodesOf(play.keywords.get("serial")).flatMap((node) => {
    const value = variables.render(node);
    return (Array.isArray(value) ? value : [value])
      .filter((size) => !isOmitted(size))
      .map((size) => batchSize(size, hosts.length, () => blamed("serial", node, variables)));
  });
  if (sizes.length === 0) return hosts.length > 0 ? [hosts] : [];
  const batches: (readonly T[])[] = [];
  for (let from = 0; from < hosts.length;) {
    const size = sizes[Math.min(batches.length, sizes.length - 1)]!;
    batches.push(hosts.slice(from, from + size));
    from += size;
  }
  return batches;
}

// How many hosts a word of `serial` means; 0 means all, and a percentage is at least one host.
function batchSize(size: unknown, hosts: number, blame: () => ReturnType<typeof blamed>): number {
  const match = typeof size === "object" ? null : /^(\d+)(%?)$/.exec(String(size));
  if (!match) {
    const { name, place } = blame();
    throw new InputError(
      `${name} takes a number, a percentage, or a list of them, but this is ${JSON.stringify(size)}`,
      place,
      'such as 2, "30%" or [1, 5, "50%"]',
    );
  }
  const count = match[2] ? Math.floor((hosts * Number(match[1])) / 100) : Number(match[1]);
  return count === 0 && !match[2] ? hosts : Math.max(1, count);
}

// How many percent of a batch may fail before all stop, as `max_fail_percentage` says;
// 100 where it says nothing.
export function allowedFailures(node: YamlNode | undefined, variables: Variables): number {
  const value = node && variables.render(node);
  if (value === undefined || value === null || value === "") return 100;
  if (isOmitted(value)) return 100;
  const percentage = typeof value === "object" ? NaN : Number(String(value).replace(/%$/, ""));
  if (percentage >= 0 && percentage <= 100) return percentage;
  const { name, place } = blamed("max_fail_percentage", node!, variables);
  throw new InputError(
    `${name} takes a percentage from 0 to 100, but this is ${JSON.stringify(value)}`,
    place,
    "such as 0 or 30",
  );
}
