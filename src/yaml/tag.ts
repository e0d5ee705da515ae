import type { MappingEvent, ScalarEvent, SequenceEvent } from "js-yaml";
import { EVENT_ID } from "js-yaml";
import { InputError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import type { YamlSource } from "./source.ts";

const SCALAR_TAGS = [
  "!",
  "!!str",
  "!!int",
  "!!float",
  "!!bool",
  "!!null",
  "!!timestamp",
  "!!merge",
  "!vault",
  "!unsafe",
];
const PREFIX = "tag:yaml.org,2002:";

// The tag written before a scalar, in its short form; undefined where there is none.
export function scalarTag(source: YamlSource, event: ScalarEvent): string | undefined {
  return readTag(source, event, SCALAR_TAGS);
}

// The tag written before a mapping or a list.
export function collectionTag(
  source: YamlSource,
  event: SequenceEvent | MappingEvent,
): string | undefined {
  return readTag(source, event, [
    "!",
    "!unsafe",
    event.type === EVENT_ID.SEQUENCE ? "!!seq" : "!!map",
  ]);
}

function readTag(
  source: YamlSource,
  event: { tagStart: number; tagEnd: number },
  known: string[],
): string | undefined {
  if (event.tagStart < 0) return undefined;
  const written = source.text.slice(event.tagStart, event.tagEnd);
  const verbatim = /^!<(.*)>$/.exec(written)?.[1];
  const tag = verbatim === undefined ? written : shortTag(verbatim);
  if (tag === "!vault-encrypted" && known.includes("!vault")) return "!vault";
  if (known.includes(tag)) return tag;
  const hint =
    didYouMean(tag, known) ??
    `if text that begins with ! is meant, quote it; known here: ${known.slice(1).join(", ")}`;
  throw new InputError(`the tag ${tag} is not known here`, source.place(event.tagStart), hint);
}

// The short form of a tag that is written out, where it has one.
function shortTag(verbatim: string): string {
  return verbatim.startsWith(PREFIX) ? `!!${verbatim.slice(PREFIX.length)}` : verbatim;
}
