/**
 * The value of a plain scalar; `float` marks numbers that were written with a point, `big` whole
 * numbers that no double can hold, as their digits.
 */
export interface Resolved {
  value: null | boolean | number | string;
  float?: true;
  big?: true;
}

// The patterns of YAML 1.1 as PyYAML's SafeLoader reads it, which is what Ansible does: no y and n,
// no 0o17, an exponent needs its sign and a point.
const NULL = /^(?:~|null|Null|NULL|)$/;
const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const INT =
  /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:(Z)|([-+])(\d\d?)(?::(\d\d))?))?$/;

// Finds the value of a plain scalar. Throws a RangeError for a date that does not exist.
export function resolvePlain(text: string): Resolved {
  if (NULL.test(text)) return { value: null };
  if (text === "=") throw new RangeError('"=" alone has a meaning of its own in YAML');
  if (BOOL.test(text)) return { value: boolOf(text) };
  if (FLOAT.test(text)) return { value: floatOf(text), float: true };
  if (INT.test(text)) return intOf(text);
  if (DATE.test(text)) return { value: checkedDate(text) };
  const stamp = TIMESTAMP.exec(text);
  return { value: stamp ? timestampOf(stamp) : text };
}

// Reads text under an explicit tag (`!!int "5"`). Throws a RangeError where the
// text does not fit the tag.
export function resolveTagged(tag: string, text: string): Resolved {
  if (tag === "!!null") return { value: null };
  if (tag === "!!bool" && BOOL.test(text)) return { value: boolOf(text) };
  if (tag === "!!int" && (INT.test(text) || /^[-+]?\d+(?::\d+)+$/.test(text))) return intOf(text);
  if (
    tag === "!!float" &&
    (FLOAT.test(text) || INT.test(text) || /^[-+]?[0-9.]+[eE][0-9]+$/.test(text))
  )
    return { value: floatOf(text), float: true };
  if (tag === "!!timestamp" && (DATE.test(text) || TIMESTAMP.test(text))) return resolvePlain(text);
  throw new RangeError(`"${text}" is not a value of ${tag}`);
}

function boolOf(text: string): boolean {
  return ["yes", "true", "on"].includes(text.toLowerCase());
}

// Reads decimal, 0x, 0b, octal (a leading 0) and base 60 (1:30).
function intOf(text: string): Resolved {
  const negative = text.startsWith("-");
  const digits = text.replace(/^[-+]/, "").replaceAll("_", "");
  if (/^0[xb]?$/.test(digits)) return { value: digits === "0" ? 0 : text };
  const magnitude = magnitudeOf(digits);
  const exact = negative ? -magnitude : magnitude;
  return magnitude <= Number.MAX_SAFE_INTEGER
    ? { value: Number(exact) }
    : { value: exact.toString(), big: true };
}

function magnitudeOf(digits: string): bigint {
  if (/^0[xb]/.test(digits)) return BigInt(digits);
  if (digits.startsWith("0")) return BigInt(`0o${digits.slice(1)}`);
  return digits.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n);
}

function floatOf(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.replace(/^[-+]/, "").replaceAll("_", "").toLowerCase();
  if (digits === ".inf") return sign * Infinity;
  if (digits === ".nan") return NaN;
  return sign * digits.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

// Dates stay text, in the form in which a template prints them.
function checkedDate(text: string): string {
  const date = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text))
    throw new RangeError(`${text} is not a date of the calendar`);
  return text;
}

// Prints a time as a template does: a space between date and time, six digits
// of a fraction, the zone.
function timestampOf([
  ,
  year,
  month,
  day,
  hour,
  minute,
  second,
  fraction,
  utc,
  sign,
  zoneHour,
  zoneMinute,
]: RegExpExecArray): string {
  const date = checkedDate(`${year}-${two(month)}-${two(day)}`);
  const time = `${two(hour)}:${minute}:${second}`;
  if (time > "23:59:59" || minute! > "59" || second! > "59")
    throw new RangeError(`${time} is not a time of the day`);
  const micros = (fraction ?? "").slice(0, 6).padEnd(6, "0");
  const offset = sign ? `${sign}${two(zoneHour)}:${zoneMinute ?? "00"}` : "";
  const zone = utc ? "+00:00" : offset;
  return `${date} ${time}${micros === "000000" ? "" : `.${micros}`}${zone.replace("-00:00", "+00:00")}`;
}

function two(digits: string | undefined): string {
  return (digits ?? "").padStart(2, "0");
}
