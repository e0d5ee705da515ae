import type { Node } from "./ast.ts";
import { Fault } from "../core/fault.ts";
import type { TokenStream } from "./tokens.ts";

// "with context", "without context"
function parseContext(tokens: TokenStream, fallback: boolean): boolean {
  const word = tokens.current.text;
  if (!tokens.isName("with", "without") || tokens.following.text !== "context") return fallback;
  tokens.next();
  tokens.next();
  return word === "with";
}

// {% include name ignore missing with context %}
export function parseInclude(tokens: TokenStream, at: number): Node {
  const name = tokens.grammar.expression(tokens);
  const ignoreMissing = tokens.isName("ignore") && tokens.following.text === "missing";
  if (ignoreMissing) {
    tokens.next();
    tokens.next();
  }
  return { kind: "include", at, name, ignoreMissing, withContext: parseContext(tokens, true) };
}

// {% import name as x %}
export function parseImport(tokens: TokenStream, at: number): Node {
  const name = tokens.grammar.expression(tokens);
  tokens.expectName("as");
  const target = tokens.expect("name").text;
  return { kind: "import", at, name, target, withContext: parseContext(tokens, false) };
}

// {% from name import a, b as c %}
export function parseFrom(tokens: TokenStream, at: number): Node {
  const name = tokens.grammar.expression(tokens);
  tokens.expectName("import");
  const names: [string, string][] = [];
  while (
    tokens.current.kind === "name" &&
    !(tokens.isName("with", "without") && tokens.following.text === "context")
  ) {
    const { text, at: nameAt } = tokens.next();
    if (text.startsWith("_"))
      throw new Fault("names that start with an underscore cannot be imported", undefined, nameAt);
    names.push([text, tokens.skipName("as") ? tokens.expect("name").text : text]);
    if (!tokens.skipOperator(",")) break;
  }
  if (names.length === 0) throw tokens.unexpected("a name to import");
  return { kind: "from_import", at, name, names, withContext: parseContext(tokens, false) };
}
