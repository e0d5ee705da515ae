import { InputError, UnplacedError } from "../errors.ts";
import { globPattern } from "../glob.ts";
import { didYouMean } from "../suggest.ts";
import { parseAddress } from "./address.ts";
import { groupHosts, localName } from "./model.ts";
import type { Inventory, WarnOfInventory } from "./model.ts";

// The names of the hosts that a pattern matches, in the order in which the pattern and the
// groups name them; a limit is a second pattern that they must match too. Warns about each
// part that matches nothing.
export function matchHosts(
  inventory: Inventory,
  pattern: string | string[],
  limit?: string,
  warn: WarnOfInventory = () => {},
): string[] {
  const hosts = evaluate(inventory, splitPattern(pattern), warn);
  if (limit === undefined) return hosts;
  const allowed = new Set(evaluate(inventory, splitPattern(limit), warn));
  return hosts.filter((host) => allowed.has(host));
}

// Divides at commas or, where there is none, at colons, which addresses and ranges hold too.
export function splitPattern(pattern: string | string[]): string[] {
  if (Array.isArray(pattern)) return pattern.flatMap(splitPattern);
  const parts = isWhole(pattern) ? [pattern] : atColons(pattern);
  return (pattern.includes(",") ? pattern.split(",") : parts)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Eight groups of an IPv6 address, or fewer with a gap. Wildcards may follow: `2001:db8::*`. */
const IPV6_START =
  /^(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::|^(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}/i;

// Whether the colons of a pattern are those of one address, as Ansible sees it.
function isWhole(pattern: string): boolean {
  return parseAddress(pattern) !== undefined || IPV6_START.test(pattern);
}

function atColons(pattern: string): string[] {
  return pattern.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? [];
}

// First the hosts to add, then those to intersect with (&), then those to remove (!), in
// whatever order they are written.
function evaluate(inventory: Inventory, parts: string[], warn: WarnOfInventory): string[] {
  const wanted = parts.filter((part) => !/^[!&]/.test(part));
  const hosts = new Set(
    (wanted.length > 0 ? wanted : ["all"]).flatMap((part) => matchPart(inventory, part, warn)),
  );
  const matches = (mark: string) =>
    parts
      .filter((part) => part.startsWith(mark))
      .map((part) => new Set(matchPart(inventory, part.slice(1), warn)));
  const needed = matches("&");
  const excluded = matches("!");
  return [...hosts].filter(
    (host) => needed.every((set) => set.has(host)) && !excluded.some((set) => set.has(host)),
  );
}

function matchPart(inventory: Inventory, part: string, warn: WarnOfInventory): string[] {
  if (inventory.hosts.has(part)) return [part];
  const subscripted = part.startsWith("~")
    ? null
    : /^(.+)\[(?:(-?[0-9]+)|([0-9]+)[:-]([0-9]*))\]$/.exec(part);
  if (!subscripted) return matchNames(inventory, part, warn);
  const [, expression = "", index, first = "", last] = subscripted;
  const hosts = matchNames(inventory, expression, warn);
  if (hosts.length === 0) return hosts;
  if (index === undefined) return hosts.slice(Number(first), last ? Number(last) + 1 : undefined);
  const host = hosts.at(Number(index));
  if (host === undefined)
    throw new UnplacedError(
      `"${part}" asks for host ${index}, but "${expression}" has ${hosts.length}`,
      "hosts count from 0; -1 is the last one",
    );
  return [host];
}

// A name, glob or ~regex is matched against the groups, and against the hosts unless
// it is a plain group name.
function matchNames(inventory: Inventory, expression: string, warn: WarnOfInventory): string[] {
  const test = matcher(expression);
  const groups = [...inventory.groups.keys()].filter((name) => test.test(name));
  const hosts = groups.flatMap((name) => groupHosts(inventory, name));
  if (groups.length === 0 || /^~|[.?*[]/.test(expression))
    hosts.push(...[...inventory.hosts.keys()].filter((name) => test.test(name)));
  const local = hosts.length === 0 ? localName(inventory, expression) : undefined;
  if (local !== undefined) return [local];
  if (hosts.length === 0 && groups.length === 0) warn(mismatch(inventory, expression));
  return hosts;
}

function mismatch(inventory: Inventory, expression: string): string {
  const hint = /^~|[?*[]/.test(expression)
    ? undefined
    : didYouMean(expression, [...inventory.groups.keys(), ...inventory.hosts.keys()]);
  return `no host or group matches "${expression}"${hint ? `; ${hint}` : ""}`;
}

function matcher(expression: string): RegExp {
  try {
    return expression.startsWith("~") ? pythonRegex(expression.slice(1)) : globPattern(expression);
  } catch {
    throw new InputError(`the pattern "${expression}" is not a regular expression`);
  }
}

// Python matches from the beginning, not to the end; its leading flags and named
// groups are written otherwise.
function pythonRegex(source: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(source);
  const body = source
    .slice(flags?.[0].length ?? 0)
    .replaceAll("(?P<", "(?<")
    .replaceAll("\\Z", "$");
  return new RegExp(`^(?:${body})`, flags?.[1] ?? "");
}
