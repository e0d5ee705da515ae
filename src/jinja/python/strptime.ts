import { momentOf, type Moment } from "./datetime.ts";
import { Fault } from "../core/fault.ts";
import { quoteText } from "../core/text.ts";
import { DAYS, MONTHS } from "./time.ts";

const names = (list: readonly string[], size?: number): string =>
  list
    .map((name) => name.slice(0, size))
    .toSorted((a, b) => b.length - a.length)
    .join("|");
/** What each code of a format matches. */
const PATTERNS: { readonly [code: string]: string } = {
  Y: "\\d{4}",
  y: "\\d\\d",
  m: "1[0-2]|0[1-9]|[1-9]",
  d: "3[01]|[12]\\d|0[1-9]|[1-9]| [1-9]",
  H: "2[0-3]|[01]\\d|\\d",
  I: "1[0-2]|0[1-9]|[1-9]",
  M: "[0-5]\\d|\\d",
  S: "6[01]|[0-5]\\d|\\d",
  f: "\\d{1,6}",
  j: "36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]",
  p: "am|pm",
  z: "[+-]\\d\\d:?[0-5]\\d|Z",
  Z: "utc|gmt",
  a: names(DAYS, 3),
  A: names(DAYS),
  b: names(MONTHS, 3),
  B: names(MONTHS),
  w: "[0-6]",
  u: "[1-7]",
};
const WHOLE: { readonly [code: string]: string } = {
  c: "%a %b %d %H:%M:%S %Y",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};

// Reads a date and time by a format, as Python's strptime does.
export function parseTime(text: string, format: string): Moment {
  const match = new RegExp(`^${pattern(format)}$`, "i").exec(text);
  if (!match)
    throw new Fault(`time data ${quoteText(text)} does not match format ${quoteText(format)}`);
  const found = match.groups ?? {};
  const number = (code: string, fallback: number): number =>
    found[code] === undefined ? fallback : Number(found[code]);
  const year = yearOf(found);
  const dayOfYear =
    found["j"] === undefined ? undefined : new Date(Date.UTC(year, 0, number("j", 1)));
  const [month, day] = dayOfYear
    ? [dayOfYear.getUTCMonth() + 1, dayOfYear.getUTCDate()]
    : [monthOf(found) ?? number("m", 1), number("d", 1)];
  const half = found["p"]?.toLowerCase();
  const hour =
    found["I"] === undefined ? number("H", 0) : (number("I", 0) % 12) + (half === "pm" ? 12 : 0);
  const parts = {
    year,
    month,
    day,
    hour,
    minute: number("M", 0),
    second: number("S", 0),
    microsecond: Number((found["f"] ?? "").padEnd(6, "0")),
  };
  return momentOf(parts, offsetOf(found["z"]));
}

// The year: with four digits, or with two, of which 69 and later are of the
// last century; else 1900.
function yearOf(found: { [code: string]: string | undefined }): number {
  if (found["Y"] !== undefined) return Number(found["Y"]);
  const short = found["y"] === undefined ? NaN : Number(found["y"]);
  if (Number.isNaN(short)) return 1900;
  return short + (short < 69 ? 2000 : 1900);
}

// A format as a regular expression.
function pattern(format: string): string {
  const seen = new Set<string>();
  return format.replace(/%([^]?)|\s+|[.*+?^${}()|[\]\\/-]/g, (token, code?: string) => {
    if (code === undefined) return /^\s/.test(token) ? "\\s+" : `\\${token}`;
    if (code === "%") return "%";
    if (Object.hasOwn(WHOLE, code)) return pattern(WHOLE[code]!);
    if (!Object.hasOwn(PATTERNS, code))
      throw new Fault(`'${code}' is a bad directive in format ${quoteText(format)}`);
    if (seen.has(code)) throw new Fault(`%${code} occurs twice in format ${quoteText(format)}`);
    seen.add(code);
    return `(?<${code}>${PATTERNS[code]!})`;
  });
}

// The number of the month that is named.
function monthOf(found: { readonly [code: string]: string | undefined }): number | undefined {
  const name = (found["B"] ?? found["b"])?.toLowerCase();
  return name === undefined
    ? undefined
    : MONTHS.findIndex((month) => month.toLowerCase().startsWith(name)) + 1;
}

// Minutes east of Greenwich.
function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
