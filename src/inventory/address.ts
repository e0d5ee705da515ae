import { isIPv6 } from "node:net";
import { InputError } from "../errors.ts";
import type { Place } from "../errors.ts";

const RANGE = String.raw`\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]`;
const LABEL = String.raw`(?:[\p{L}\p{N}_]|${RANGE})(?:[\p{L}\p{N}_-]|${RANGE})*(?<![_-])`;
const HOST_NAME = String.raw`^${LABEL}(?:\.${LABEL})*$`;
/** What most hosts are called. To compile the pattern of all names takes milliseconds. */
const USUAL_NAME = /^[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*$/;
const IPV6_RANGE = /\[[0-9a-f]+:[0-9a-f]+(?::[0-9]+)?\]/gi;
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** A range that is longer is a slip of the keyboard; Ansible takes any, until memory is used up. */
const MAX_HOSTS = 1_000_000;

export interface Address {
  host: string;
  port?: number;
}

// Reads a host's name or address, possibly with ranges and a port (`[::1]:22`, `node[1:3]:2222`);
// undefined where the text is neither.
export function parseAddress(text: string): Address | undefined {
  const ported =
    /^\[(.+)\]:([0-9]+)$/.exec(text) ?? /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/.exec(text);
  const host = ported?.[1] ?? text;
  if (!isHostName(host) && !isIPv6(host.replace(IPV6_RANGE, "0"))) return undefined;
  return ported ? { host, port: Number(ported[2]) } : { host };
}

let hostName: RegExp | undefined;

// Whether a text can be the name of a host, or of several through ranges.
function isHostName(text: string): boolean {
  return USUAL_NAME.test(text) || (hostName ??= new RegExp(HOST_NAME, "iu")).test(text);
}

// Reads what an inventory names a host by: one name or, through ranges, many;
// and the port they share.
export function expandHosts(
  text: string,
  place: Place,
): { names: string[]; port?: number | undefined } {
  const address = parseAddress(text) ?? { host: text };
  if (address.port === undefined && text.endsWith(":") && !isIPv6(text)) {
    throw new InputError(
      `the host "${text}" ends with a colon but no port follows`,
      place,
      "write host:port, or remove the colon",
    );
  }
  const names = expandRanges(address.host, place);
  return { names, port: address.port };
}

// Replaces every range in a name ([1:3], [01:10:2], [a:f]) by its members, the first range slowest.
function expandRanges(name: string, place: Place): string[] {
  let names = [""];
  let rest = name;
  for (let open = rest.indexOf("["); open >= 0; open = rest.indexOf("[")) {
    const close = rest.indexOf("]", open);
    if (close < 0) throw badRange(name, 'a "[" is not closed', place);
    const members = rangeMembers(rest.slice(open + 1, close), name, place);
    if (names.length * members.length > MAX_HOSTS)
      throw badRange(
        name,
        `it expands to more than ${MAX_HOSTS.toLocaleString("en")} hosts`,
        place,
      );
    const head = rest.slice(0, open);
    names = names.flatMap((start) => members.map((member) => start + head + member));
    rest = rest.slice(close + 1);
  }
  return names.map((start) => start + rest);
}

function rangeMembers(range: string, name: string, place: Place): string[] {
  const [first = "", last = "", by = "1", ...more] = range.split(":");
  const begin = first || "0";
  const step = Number(by);
  if (!range.includes(":") || more.length > 0)
    throw badRange(name, `"[${range}]" is not [begin:end] or [begin:end:step]`, place);
  if (!last) throw badRange(name, `"[${range}]" has no end`, place);
  if (!/^[0-9]+$/.test(by) || step < 1)
    throw badRange(name, `the step "${by}" is not a number of 1 or more`, place);
  if (/^[a-zA-Z]$/.test(begin) && /^[a-zA-Z]$/.test(last)) {
    return spread(LETTERS.indexOf(begin), LETTERS.indexOf(last), step, name, place).map(
      (index) => LETTERS[index]!,
    );
  }
  if (!/^[0-9]+$/.test(begin) || !/^[0-9]+$/.test(last))
    throw badRange(name, `"[${range}]" runs neither over numbers nor over single letters`, place);
  const width = /^0./.test(begin) ? begin.length : 0;
  if (width > 0 && last.length !== width)
    throw badRange(
      name,
      `the start and the end of "[${range}]" must have the same number of digits`,
      place,
    );
  return spread(Number(begin), Number(last), step, name, place).map((number) =>
    String(number).padStart(width, "0"),
  );
}

function spread(begin: number, end: number, step: number, name: string, place: Place): number[] {
  if (begin > end) throw badRange(name, "its start is after its end", place);
  const length = Math.floor((end - begin) / step) + 1;
  if (length > MAX_HOSTS)
    throw badRange(name, `it expands to more than ${MAX_HOSTS.toLocaleString("en")} hosts`, place);
  return Array.from({ length }, (_, index) => begin + index * step);
}

function badRange(name: string, why: string, place: Place): InputError {
  return new InputError(
    `bad range in "${name}": ${why}`,
    place,
    "write node[1:20], node[01:20], rack[a:f] or node[1:10:2]",
  );
}
