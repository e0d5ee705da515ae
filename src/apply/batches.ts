import { InputError } from "../errors.ts";
import { nodesOf } from "../playbook/nodes.ts";
import type { Play } from "../playbook/play.ts";

// Splits hosts as `serial` says: a number, a percentage, or a list of them whose last goes on.
export function batchesOf<T>(play: Play, hosts: readonly T[]): T[][] {
  const sizes = nodesOf(play.keywords.get("serial")).map((node) => {
    const text = node.kind === "scalar" ? String(node.value) : "";
    const match = /^(\d+)(%?)$/.exec(text);
    if (!match) throw new InputError("serial takes a number, a percentage, or a list of them", node.place);
    const size = match[2] ? Math.floor((hosts.length * Number(match[1])) / 100) : Number(match[1]);
    return size === 0 && !match[2] ? hosts.length : Math.max(1, size);
  });
  if (sizes.length === 0) return hosts.length > 0 ? [[...hosts]] : [];
  const batches: T[][] = [];
  for (let from = 0; from < hosts.length; ) {
    const size = sizes[Math.min(batches.length, sizes.length - 1)]!;
    batches.push(hosts.slice(from, from + size));
    from += size;
  }
  return batches;
}
