import ts from "typescript";

/** What is counted by looking at one file after the other. */
export interface SyntaxCounts {
  nestedTernaries: number;
  conditionalSpreads: number;
  /** How many files export a type, interface or class of a name. */
  exportedTypes: Map<string, number>;
}

// Counts in all files.
export function countSyntax(sources: readonly ts.SourceFile[]): SyntaxCounts {
  const counts: SyntaxCounts = {
    nestedTernaries: 0,
    conditionalSpreads: 0,
    exportedTypes: new Map(),
  };
  const visit = (node: ts.Node): void => {
    if (isNestedTernary(node)) counts.nestedTernaries++;
    if (isConditionalSpread(node)) counts.conditionalSpreads++;
    const name = exportedType(node);
    if (name !== undefined)
      counts.exportedTypes.set(name, (counts.exportedTypes.get(name) ?? 0) + 1);
    ts.forEachChild(node, visit);
  };
  sources.forEach(visit);
  return counts;
}

// The lengths of all functions with a body, sorted.
export function functionLengths(sources: readonly ts.SourceFile[]): number[] {
  const lengths: number[] = [];
  for (const source of sources) {
    const line = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
    const visit = (node: ts.Node): void => {
      const isNamed =
        ts.isFunctionDeclaration(node) ||
        ts.isMethodDeclaration(node) ||
        ts.isConstructorDeclaration(node);
      if (isNamed && node.body) lengths.push(line(node.getEnd()) - line(node.getStart(source)) + 1);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return lengths.sort((a, b) => a - b);
}

function isNestedTernary(node: ts.Node): boolean {
  if (!ts.isConditionalExpression(node)) return false;
  const parent = ts.isParenthesizedExpression(node.parent) ? node.parent.parent : node.parent;
  return ts.isConditionalExpression(parent);
}

// `...(condition ? { key } : {})`
function isConditionalSpread(node: ts.Node): boolean {
  if (!ts.isSpreadAssignment(node)) return false;
  const inner = ts.isParenthesizedExpression(node.expression)
    ? node.expression.expression
    : node.expression;
  return ts.isConditionalExpression(inner);
}

function exportedType(node: ts.Node): string | undefined {
  if (
    !ts.isInterfaceDeclaration(node) &&
    !ts.isTypeAliasDeclaration(node) &&
    !ts.isClassDeclaration(node)
  )
    return undefined;
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    ? node.name?.text
    : undefined;
}
