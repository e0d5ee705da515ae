import { dirname, join } from "node:path/posix";
import ts from "typescript";

/** One import (or re-export) of a file. */
export interface Import {
  /** "src/..." for our own files, else the package or node: module. */
  to: string;
  /** Gone when the program runs. */
  typeOnly: boolean;
  names: string[];
}

/** What the rules look at in a file. */
export interface Source {
  path: string;
  /** Its folder below src; "root" for the files beside the folders, "main" for those that start the program. */
  part: string;
  lines: number;
  /** The numbers of the lines of comments that are wider than code may be, which Prettier leaves alone. */
  wideComments: number[];
  imports: Import[];
  /** Free names that it uses, with the member where one is taken: "process.exit", "Date.now", "new Date()". */
  uses: Set<string>;
  /** The types, interfaces and classes that it exports. */
  types: string[];
  /** Words of style: "default export", "enum", "any", "re-export", "hand-written arguments". */
  style: Set<string>;
  /** The texts of each list, the keys of each object, the cases of each switch that has two or more. */
  lists: string[][];
  /** It has statements of its own, not re-exports alone. */
  hasOwn: boolean;
}

// Reads one file's text.
export function readSource(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const source: Source = {
    path,
    part: partOf(path),
    lines: text.split("\n").length - 1,
    wideComments: wideComments(text),
    imports: [],
    uses: new Set(),
    style: new Set(),
    types: [],
    lists: [],
    hasOwn: file.statements.some((one) => !ts.isExportDeclaration(one)),
  };
  const visit = (node: ts.Node): void => {
    noteImport(source, node);
    noteUse(source, node);
    noteStyle(source, node);
    noteType(source, node);
    noteList(source, node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return source;
}

// The lines of comments that are wider than Prettier lets code be.
function wideComments(text: string): number[] {
  return text
    .split("\n")
    .flatMap((line, at) =>
      /^\s*(\/\/|\/\*\*|\*) /.test(line) && line.length > 100 ? [at + 1] : [],
    );
}

// The part of the house that a file belongs to.
export function partOf(path: string): string {
  const [, folder = "", inner] = path.split("/");
  if (inner === undefined) return ["main.ts", "launch.ts"].includes(folder) ? "main" : "root";
  return folder;
}

function noteImport(source: Source, node: ts.Node): void {
  const add = (specifier: ts.Node | undefined, typeOnly: boolean, names: string[] = []): void => {
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    const to = specifier.text.startsWith(".")
      ? join(dirname(source.path), specifier.text)
      : specifier.text;
    source.imports.push({ to, typeOnly, names });
  };
  if (ts.isImportDeclaration(node))
    add(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false, importedNames(node));
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    source.style.add("re-export");
    add(node.moduleSpecifier, node.isTypeOnly);
  }
  if (
    ts.isCallExpression(node) &&
    (node.expression.kind === ts.SyntaxKind.ImportKeyword ||
      node.expression.getText() === "require")
  )
    add(node.arguments[0], false);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    add(node.argument.literal, true);
}

function importedNames(node: ts.ImportDeclaration): string[] {
  const bindings = node.importClause?.namedBindings;
  if (!bindings) return [];
  return ts.isNamedImports(bindings)
    ? bindings.elements.map((one) => (one.propertyName ?? one.name).text)
    : ["*"];
}

// Notes names that come from nowhere in the file: globals. Names of properties and declarations are none.
function noteUse(source: Source, node: ts.Node): void {
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && !node.arguments?.length)
    source.uses.add(`new ${node.expression.text}()`);
  if (!ts.isIdentifier(node)) return;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return;
  if ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node)
    return;
  source.uses.add(node.text);
  if (ts.isPropertyAccessExpression(parent)) source.uses.add(`${node.text}.${parent.name.text}`);
}

function noteType(source: Source, node: ts.Node): void {
  const isType =
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isClassDeclaration(node);
  const isExported =
    isType && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (isExported && node.name) source.types.push(node.name.text);
}

function noteList(source: Source, node: ts.Node): void {
  let texts: (string | undefined)[] = [];
  if (ts.isArrayLiteralExpression(node)) texts = node.elements.map(textOf);
  if (ts.isObjectLiteralExpression(node)) texts = node.properties.map(({ name }) => textOf(name));
  if (ts.isCaseBlock(node))
    texts = node.clauses.filter(ts.isCaseClause).map(({ expression }) => textOf(expression));
  if (texts.length > 1) source.lists.push(texts.map((text) => text ?? ""));
}

// A text, or a name that stands for itself.
function textOf(node: ts.Node | undefined): string | undefined {
  return node && (ts.isStringLiteral(node) || ts.isIdentifier(node)) ? node.text : undefined;
}

// Tells whether a type of arguments is written by hand.
function isArguments(node: ts.Node): boolean {
  if (ts.isInterfaceDeclaration(node)) return node.name.text.endsWith("Args");
  if (!ts.isTypeAliasDeclaration(node)) return false;
  return node.name.text.endsWith("Args") && ts.isTypeLiteralNode(node.type);
}

function noteStyle(source: Source, node: ts.Node): void {
  if (ts.isExportAssignment(node)) source.style.add("default export");
  if (
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  )
    source.style.add("default export");
  if (ts.isEnumDeclaration(node)) source.style.add("enum");
  if (node.kind === ts.SyntaxKind.AnyKeyword) source.style.add("any");
  if (isArguments(node)) source.style.add("hand-written arguments");
}
