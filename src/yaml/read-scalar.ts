import { SCALAR_STYLE, getScalarValue } from "js-yaml";
import type { ScalarEvent } from "js-yaml";
import { InputError } from "../errors.ts";
import type { Place } from "../errors.ts";
import type { ScalarNode } from "./node.ts";
import { resolvePlain, resolveTagged } from "./scalar.ts";
import type { Resolved } from "./scalar.ts";
import type { YamlSource } from "./source.ts";
import { scalarTag } from "./tag.ts";
import { traceValue } from "./trace.ts";
import { defined } from "../defined.ts";

/** Half of a character of two parts. */
const LONE = /\p{Surrogate}/u;

const STYLES = {
  [SCALAR_STYLE.PLAIN]: "plain",
  [SCALAR_STYLE.SINGLE_QUOTED]: "single",
  [SCALAR_STYLE.DOUBLE_QUOTED]: "double",
  [SCALAR_STYLE.LITERAL_BLOCK]: "literal",
  [SCALAR_STYLE.FOLDED_BLOCK]: "folded",
} as const;

/** What else decides how a scalar is read: where the node before it ended, and what it is in. */
interface Around {
  end: number;
  unsafe: boolean;
  isJson: boolean;
}

// Reads one scalar: its value, and the position in the text of each of its characters.
export function readScalar(
  source: YamlSource,
  event: ScalarEvent,
  { end, unsafe, isJson }: Around,
): ScalarNode {
  const style = STYLES[event.style];
  const whole = getScalarValue(source.text, event);
  const text =
    style === "literal" || style === "folded" ? withoutAddedBreak(source, event, whole) : whole;
  const start = startOf(source, event, end);
  const place = source.place(start);
  const explicit = scalarTag(source, event);
  const resolved =
    isJson && style === "plain" ? resolveJson(text) : resolve(text, style, explicit, place);
  const tag = explicit ?? (unsafe && typeof resolved.value === "string" ? "!unsafe" : undefined);
  let offsets: number[] | undefined;
  const at = (offset: number) => {
    const quoted = style === "single" || style === "double" ? style : "other";
    offsets ??= traceValue(source.text, Math.max(event.valueStart, start), text, quoted);
    return source.place(offsets[Math.max(0, Math.min(offset, offsets.length - 1))] ?? start);
  };
  return { kind: "scalar", style, place, at, ...resolved, ...defined({ tag }) };
}

function resolve(
  text: string,
  style: ScalarNode["style"],
  tag: string | undefined,
  place: Place,
): Resolved {
  try {
    if (LONE.test(text))
      throw new RangeError("half of a character, as \\ud800 to \\udfff are, is no text");
    if (tag === undefined || (tag === "!" && text !== ""))
      return style === "plain" ? resolvePlain(text) : { value: text };
    return ["!", "!!str", "!!merge", "!vault", "!unsafe"].includes(tag)
      ? { value: text }
      : resolveTagged(tag, text);
  } catch (error) {
    if (error instanceof RangeError)
      throw new InputError(error.message, place, `if text is meant, quote it: "${text}"`);
    throw error;
  }
}

// A block at the end of a file whose last line has no line break does not get one,
// neither here nor in PyYAML.
function withoutAddedBreak({ text }: YamlSource, { valueEnd }: ScalarEvent, value: string): string {
  const last = /[^\r\n]*$/.exec(text)!;
  if (last[0] === "" || valueEnd <= last.index || !value.endsWith("\n")) return value;
  const before = value.slice(0, -1);
  const isLast =
    last[0].trim() === ""
      ? /^\n*$/.test(before) || before.endsWith(" ")
      : before.endsWith(last[0].trimStart());
  return isLast ? before : value;
}

// A number of JSON may have an exponent without a point and a sign.
function resolveJson(text: string): Resolved {
  return /[eE]/.test(text) && /\d/.test(text)
    ? { value: Number(text), float: true }
    : resolvePlain(text);
}

// Where a scalar begins for the reader's eye: at its quote, or at the | or > that opens a block.
function startOf(source: YamlSource, event: ScalarEvent, end: number): number {
  if (event.valueStart < 0) return startOfEmpty(source, event, end);
  if (event.style <= SCALAR_STYLE.DOUBLE_QUOTED)
    return notAfterTab(source, event.valueStart - (event.style === SCALAR_STYLE.PLAIN ? 0 : 1));
  const header = /[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)?$/.exec(
    source.text.slice(end, event.valueStart),
  );
  return header ? end + header.index : event.valueStart;
}

// A tab is allowed after a colon, but not after the dash of a list. Only what stands right before
// the value is looked at: a line may be a whole file.
function notAfterTab(source: YamlSource, offset: number): number {
  const { text } = source;
  let at = offset;
  while (at > 0 && (text[at - 1] === "\t" || text[at - 1] === " ")) at--;
  const isDash = text[at - 1] === "-" && (at === 1 || /[ \r\n-]/.test(text[at - 2]!));
  if (isDash && text.slice(at, offset).includes("\t"))
    throw new InputError(
      "there is a tab after the dash of this item",
      source.place(offset - 1),
      "write a space instead",
    );
  return offset;
}

// An empty value has no text of its own: its place is the colon or dash before it.
function startOfEmpty(source: YamlSource, event: ScalarEvent, end: number): number {
  const properties = Math.max(event.tagEnd, event.anchorEnd);
  if (properties >= 0) return properties;
  const gap = /^["']?(?:\s|#[^\r\n]*)*(?=[:-])/.exec(source.text.slice(end, end + 2000));
  return end + (gap?.[0].length ?? 0);
}
