import { toText } from "../../core/text.ts";
import { wantInt, wantText } from "../../core/convert.ts";
import { Fault } from "../../core/fault.ts";
import { ownProperty } from "../../core/own-property.ts";

interface Style {
  beginning?: string;
  decoration: string;
  end?: string;
}

const STYLES: { [name: string]: Style } = {
  plain: { decoration: "# " },
  erlang: { decoration: "% " },
  c: { decoration: "// " },
  cblock: { beginning: "/*", decoration: " * ", end: " */" },
  xml: { beginning: "<!--", decoration: " - ", end: "-->" },
};

// comment(style): turns a text into a comment of a language.
export function comment(value: unknown, [style, options]: unknown[]): string {
  const chosen = ownProperty(STYLES, toText(style));
  if (!chosen)
    throw new Fault(
      `there is no comment style "${toText(style)}"`,
      `there are: ${Object.keys(STYLES).join(", ")}`,
    );
  const given = options as Map<string, unknown>;
  const option = (name: string, fallback: string): string =>
    given.has(name) ? toText(given.get(name)) : fallback;
  const count = (name: string): number => (given.has(name) ? wantInt(given.get(name)) : 1);
  const newline = option("newline", "\n");
  const decoration = option("decoration", chosen.decoration);
  const [beginning, end] = [
    option("beginning", chosen.beginning ?? ""),
    option("end", chosen.end ?? ""),
  ];
  const [prefix, postfix] = [
    option("prefix", decoration.trimEnd()),
    option("postfix", decoration.trimEnd()),
  ];
  const body = decoration + wantText(value).replaceAll(newline, newline + decoration);
  return [
    beginning && beginning + newline,
    prefix && (prefix === newline ? newline : prefix + newline).repeat(count("prefix_count")),
    body.replaceAll(decoration + newline, decoration.trimEnd() + newline),
    (newline + postfix).repeat(count("postfix_count")),
    end && newline + end,
  ].join("");
}
