import { InputError, type Place } from "../../errors.ts";
import { nodesOf } from "../../playbook/nodes.ts";
import type { Play } from "../../playbook/play.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { Variables } from "./variables.ts";

// Splits hosts as `serial` says: a number, a percentage, or a list of them whose last goes on.
export function batchesOf<T>(play: Play, hosts: readonly T[], variables: Variables): T[][] {
  const sizes = nodesOf(play.keywords.get("serial")).flatMap((node) => {
    const value = variables.render(node);
    return (Array.isArray(value) ? value : [value]).map((size) =>
      batchSize(typeof size === "object" ? "" : String(size), hosts.length, node.place),
    );
  });
  if (sizes.length === 0) return hosts.length > 0 ? [[...hosts]] : [];
  const batches: T[][] = [];
  for (let from = 0; from < hosts.length;) {
    const size = sizes[Math.min(batches.length, sizes.length - 1)]!;
    batches.push(hosts.slice(from, from + size));
    from += size;
  }
  return batches;
}

// How many hosts a word of `serial` means; 0 means all, and a percentage is at least one host.
function batchSize(text: string, hosts: number, place: Place): number {
  const match = /^(\d+)(%?)$/.exec(text);
  if (!match)
    throw new InputError(
      "serial takes a number, a percentage, or a list of them",
      place,
      'such as 2, "30%" or [1, 5, "50%"]',
    );
  const size = match[2] ? Math.floor((hosts * Number(match[1])) / 100) : Number(match[1]);
  return size === 0 && !match[2] ? hosts : Math.max(1, size);
}

// How many percent of a batch may fail before all stop, as `max_fail_percentage` says; 100 where it says nothing.
export function allowedFailures(node: YamlNode | undefined, variables: Variables): number {
  const value = node && variables.render(node);
  if (value === undefined || value === null || value === "") return 100;
  const percentage = Number(String(value).replace(/%$/, ""));
  if (Number.isFinite(percentage)) return percentage;
  throw new InputError("max_fail_percentage takes a number", node!.place, "such as 0 or 30");
}
