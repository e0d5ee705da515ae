import type { Node } from "../syntax/ast.ts";
import type { TemplateBlock, Context } from "./frame.ts";

// All blocks of a template, also those inside other statements.
export function blocksIn(nodes: readonly Node[]): TemplateBlock["node"][] {
  return nodes.flatMap((node) => {
    const inside = blocksIn(bodies(node).flat());
    return node.kind === "block" ? [node, ...inside] : inside;
  });
}

// Puts the blocks of a template after those of the templates that extend it.
export function addBlocks(nodes: readonly Node[], context: Context): void {
  for (const node of blocksIn(nodes)) {
    const known = context.blocks.get(node.name) ?? [];
    context.blocks.set(node.name, [...known, { node, context }]);
  }
}

// The statements inside a statement.
export function bodies(node: Node): Node[][] {
  switch (node.kind) {
    case "if":
      return [...node.branches.map(({ body }) => body), node.otherwise];
    case "for":
      return [node.body, node.otherwise];
    case "set_block":
    case "with":
    case "filter_block":
    case "block":
    case "scope":
      return [node.body];
    case "macro":
      return [node.macro.body];
    case "call_block":
      return [node.caller.body];
    default:
      return [];
  }
}
