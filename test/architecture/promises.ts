import ts from "typescript";

// Names every promise that nobody waits for: "file:line: ..." An explicit `void` says that it is meant.
export function unawaited(program: ts.Program, isOurs: (path: string) => boolean): string[] {
  const checker = program.getTypeChecker();
  const found: string[] = [];
  for (const file of program.getSourceFiles().filter(({ fileName }) => isOurs(fileName))) {
    const note = (node: ts.Node, what: string): void =>
      void found.push(
        `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${what}`,
      );
    const visit = (node: ts.Node): void => {
      if (
        ts.isExpressionStatement(node) &&
        isPromise(checker, checker.getTypeAtLocation(node.expression)) &&
        !isSettled(node.expression)
      )
        note(node, "a promise that nobody waits for");
      if ((ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && isLost(checker, node))
        note(node, "an async function where nobody waits for its result");
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

// `promise.catch(...)`, `promise.then(f, g)`, and an assignment that keeps the promise for later.
function isSettled(expression: ts.Expression): boolean {
  if (ts.isBinaryExpression(expression))
    return (
      expression.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      expression.operatorToken.kind <= ts.SyntaxKind.LastAssignment
    );
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression))
    return false;
  const { text } = expression.expression.name;
  return text === "catch" || (text === "then" && expression.arguments.length === 2);
}

// A function that answers a promise, given to somebody who expects nothing.
function isLost(checker: ts.TypeChecker, node: ts.ArrowFunction | ts.FunctionExpression): boolean {
  const signature = checker.getSignatureFromDeclaration(node);
  if (!signature || !isPromise(checker, signature.getReturnType())) return false;
  const expected = checker.getContextualType(node)?.getCallSignatures() ?? [];
  return (
    expected.length > 0 &&
    expected.every((one) => (one.getReturnType().flags & ts.TypeFlags.Void) !== 0)
  );
}

function isPromise(checker: ts.TypeChecker, type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => {
    const then = part.getProperty("then");
    return then !== undefined && checker.getTypeOfSymbol(then).getCallSignatures().length > 0;
  });
}
