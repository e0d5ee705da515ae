import ts from "typescript";

/** The types whose fields should each be written in one place. */
const OWNED = ["Entry", "Walk", "Pass", "HostKnowledge", "Known", "Outcome"];

/** The types that should have few optional members. */
const COUNTED = ["Entry", "Module", "ProbeKind", "Change"];

// Fields of the types above that two files or more write.
export function writtenElsewhere(program: ts.Program): string[] {
  const checker = program.getTypeChecker();
  const writers = new Map<string, Set<string>>();
  for (const source of program.getSourceFiles()) {
    if (source.isDeclarationFile) continue;
    const visit = (node: ts.Node): void => {
      const field = writtenField(node);
      const owner = field && ownerOf(checker.getSymbolAtLocation(field.name));
      if (field && owner !== undefined) {
        const key = `${owner}.${field.name.text}`;
        writers.set(key, (writers.get(key) ?? new Set()).add(source.fileName));
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return [...writers].filter(([, files]) => files.size > 1).map(([field]) => field);
}

// How many optional members the counted types have.
export function membersOf(sources: readonly ts.SourceFile[]): { name: string; optional: number }[] {
  return COUNTED.map((name) => {
    const members =
      sources
        .flatMap((source) => source.statements)
        .filter(ts.isInterfaceDeclaration)
        .find((one) => one.name.text === name)?.members ?? [];
    return {
      name,
      optional: members.filter(({ questionToken }) => questionToken !== undefined).length,
    };
  });
}

// `entry.failure = ...`, `walk.version++`
function writtenField(
  node: ts.Node,
): (ts.PropertyAccessExpression & { name: ts.Identifier }) | undefined {
  const target = writeTarget(node);
  return target && ts.isPropertyAccessExpression(target) && ts.isIdentifier(target.name)
    ? (target as ts.PropertyAccessExpression & { name: ts.Identifier })
    : undefined;
}

function writeTarget(node: ts.Node): ts.Expression | undefined {
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  )
    return node.left;
  if (ts.isPostfixUnaryExpression(node)) return node.operand;
  return ts.isDeleteExpression(node) ? node.expression : undefined;
}

function ownerOf(symbol: ts.Symbol | undefined): string | undefined {
  const parent = symbol?.declarations?.[0]?.parent;
  const name = parent && ts.isInterfaceDeclaration(parent) ? parent.name.text : undefined;
  return name !== undefined && OWNED.includes(name) ? name : undefined;
}
