import { InputError } from "../errors.ts";
import type { YamlNode } from "./node.ts";

const MAX_NODES = 1_000_000;
const MAX_DEPTH = 200;

/** The size of a node once every alias in it is expanded. */
interface Extent {
  nodes: number;
  depth: number;
}

// Refuses a document whose aliases would unfold to more than anybody writes: such a
// file is an attack on memory.
export function checkSize(root: YamlNode): void {
  measure(root, 0, new Map());
}

function measure(node: YamlNode, level: number, known: Map<YamlNode, Extent>): Extent {
  if (node.kind === "scalar") return { nodes: 1, depth: 1 };
  const found = known.get(node);
  if (level + (found?.depth ?? 1) > MAX_DEPTH)
    throw new InputError(`aliases nest deeper than ${MAX_DEPTH} levels here`, node.place);
  if (found) return found;
  const extent = { nodes: 1, depth: 1 };
  for (const child of node.kind === "seq" ? node.items : node.entries.map((entry) => entry.value)) {
    const inner = measure(child, level + 1, known);
    extent.nodes += inner.nodes;
    extent.depth = Math.max(extent.depth, inner.depth + 1);
  }
  if (extent.nodes > MAX_NODES)
    throw new InputError(`aliases unfold to more than ${MAX_NODES} values here`, node.place);
  known.set(node, extent);
  return extent;
}
