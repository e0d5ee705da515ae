import type { MacroDef, Node } from "./ast.ts";
import { Fault } from "../core/fault.ts";
import { parseBody } from "./parse-body.ts";
import type { TokenStream } from "./tokens.ts";

// {% macro name(a, b=1) %}...{% endmacro %}
export function parseMacro(tokens: TokenStream, at: number): MacroDef {
  const name = tokens.expect("name").text;
  return finishMacro(tokens, name, "macro", at, () => parseParams(tokens));
}

// Parameters, body and end of a macro or a call block.
function finishMacro(
  tokens: TokenStream,
  name: string,
  word: string,
  at: number,
  head: () => MacroDef["params"],
): MacroDef {
  const params = head();
  const outer = tokens.namesSeen;
  tokens.namesSeen = new Set();
  const body = parseBody(tokens, word, at);
  const seen = tokens.namesSeen;
  tokens.namesSeen = new Set([...outer, ...seen]);
  const uses = {
    varargs: seen.has("varargs"),
    kwargs: seen.has("kwargs"),
    caller: seen.has("caller"),
  };
  return { name, at, params, body, uses };
}

// (a, b=1)
function parseParams(tokens: TokenStream): MacroDef["params"] {
  const params: MacroDef["params"] = [];
  tokens.expectOperator("(");
  while (!tokens.skipOperator(")")) {
    if (params.length > 0) tokens.expectOperator(",");
    const { text: name, at } = tokens.expect("name");
    const fallback = tokens.skipOperator("=") ? tokens.grammar.expression(tokens) : undefined;
    if (!fallback && params.at(-1)?.fallback)
      throw new Fault(
        `the parameter "${name}" needs a default, as the one before it has one`,
        undefined,
        at,
      );
    params.push({ name, fallback });
  }
  return params;
}

// {% call(x) macro() %}...{% endcall %}
export function parseCall(tokens: TokenStream, at: number): Node {
  const params = tokens.isOperator("(") ? parseParams(tokens) : [];
  const call = tokens.grammar.expression(tokens);
  if (call.kind !== "call")
    throw new Fault("{% call %} needs a call of a macro", undefined, call.at);
  return {
    kind: "call_block",
    at,
    call,
    caller: finishMacro(tokens, "caller", "call", at, () => params),
  };
}
