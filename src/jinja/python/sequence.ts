import { Fault } from "../core/fault.ts";
import { parseInteger } from "../library/filters/basic.ts";
import { percentFormat } from "./printf.ts";
import { toText } from "../core/text.ts";

type Options = Map<string, unknown>;

/** As Ansible has it: what is no number in it is refused by name. */
const SHORTCUT = /^(?:(0?x?[\da-f]+)-)?(0?x?[\da-f]+)(?:\/(0?x?[\da-f]+))?(?::(.+))?$/i;

/** A word of key=value pairs; what is in quotes belongs together. */
const WORD = /(?:"[^"]*"|'[^']*'|[^\s"'])+/g;
const OPTIONS: readonly string[] = ["start", "end", "count", "stride", "format"];

// lookup("sequence"): "1-10/2:host%02d", or start=1 end=10.
export function sequence(terms: unknown[], options: Options): unknown[] {
  const specs =
    terms.length === 0 && options.size > 0
      ? [options]
      : terms.map((term) => sequenceOptions(toText(term)));
  return specs.flatMap((spec) => {
    const number = (name: string): number | undefined =>
      spec.has(name)
        ? Number(parseInteger(toText(spec.get(name)), 0) ?? badNumber(name, spec))
        : undefined;
    const [start = 1, stride = 1, count, end] = [
      number("start"),
      number("stride"),
      number("count"),
      number("end"),
    ];
    refuseOthers(spec);
    const last = end ?? (count === undefined ? undefined : start + stride * (count - 1));
    if (last === undefined) throw new Fault("must specify count or end in sequence");
    if (count !== undefined && end !== undefined)
      throw new Fault("can't specify both count and end in sequence");
    if (count === 0 || stride === 0) return [];
    if (stride > 0 ? last < start : last > start)
      throw new Fault(
        `to count from ${start} to ${last}, make the stride ${stride > 0 ? "negative" : "positive"}`,
      );
    const format = toText(spec.get("format") ?? "%d");
    if (format.split("%").length !== 2) throw new Fault(`bad formatting string: ${format}`);
    const size = Math.floor((last - start) / stride) + 1;
    return Array.from({ length: size }, (_, index) =>
      percentFormat(format, start + index * stride),
    );
  });
}

// The options inside the text of a sequence.
function sequenceOptions(term: string): Options {
  const short = SHORTCUT.exec(term);
  if (!short)
    return new Map(
      [...term.matchAll(WORD)].map(([word]) => {
        const [, name = "_raw_params", value = word] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
        return [name, value.replace(/^(["'])(.*)\1$/s, "$2")];
      }),
    );
  const parts: [string, string | undefined][] = [
    ["start", short[1]],
    ["end", short[2]],
    ["stride", short[3]],
    ["format", short[4]],
  ];
  return new Map(parts.filter(([, part]) => part !== undefined));
}

// Refuses options that a sequence does not have.
function refuseOthers(spec: Options): void {
  const others = [...spec.keys()].filter((name) => !OPTIONS.includes(name));
  if (others.length > 0)
    throw new Fault(
      `unrecognized arguments to with_sequence: [${others.map((name) => `'${name}'`).join(", ")}]`,
    );
}

// The error for an option that is no number.
function badNumber(name: string, spec: Options): never {
  throw new Fault(`can't parse ${name}=${toText(spec.get(name))} as integer`);
}
