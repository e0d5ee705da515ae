import { dirname, join } from "node:path";
import ts from "typescript";

// Groups of files that import each other by whatever way, imports of types counted.
export function circles(sources: readonly ts.SourceFile[]): string[][] {
  const next = new Map(sources.map((source) => [source.fileName, importsOf(source)]));
  const reach = new Map([...next.keys()].map((file) => [file, reachable(file, next)]));
  const groups: string[][] = [];
  const done = new Set<string>();
  for (const file of next.keys()) {
    if (done.has(file) || !reach.get(file)!.has(file)) continue;
    const group = [...reach.get(file)!].filter((other) => reach.get(other)?.has(file));
    for (const member of group) done.add(member);
    groups.push(group);
  }
  return groups;
}

// All files that a file comes to by its imports.
function reachable(start: string, next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set<string>();
  const queue = [...(next.get(start) ?? [])];
  for (const file of queue) {
    if (seen.has(file)) continue;
    seen.add(file);
    queue.push(...(next.get(file) ?? []));
  }
  return seen;
}

function importsOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier?.startsWith(".")) found.push(join(dirname(source.fileName), specifier));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
    return textOf(node.moduleSpecifier);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return textOf(node.arguments[0]);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return textOf(node.argument.literal);
  return undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteral(node) ? node.text : undefined;
}
