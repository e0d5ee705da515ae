/**
 * An address with the network that it is in: all of the address's bits, and how many
 * of them are the network's.
 */
export interface Net {
  version: 4 | 6;
  value: bigint;
  prefix: number;
}

/** The highest IPv4 address. */
export const HIGHEST_4 = 2n ** 32n - 1n;
const HIGHEST_6 = 2n ** 128n - 1n;

// How many bits an address has.
export function widthOf(version: Net["version"]): number {
  return version === 4 ? 32 : 128;
}

// The bits that distinguish the addresses of a network.
export function hostMask({ version, prefix }: Pick<Net, "version" | "prefix">): bigint {
  return 2n ** BigInt(widthOf(version) - prefix) - 1n;
}

// The bits that the addresses of a network share.
export function netMask(net: Net): bigint {
  return hostMask({ version: net.version, prefix: 0 }) ^ hostMask(net);
}

// The first address of a network, which is its own.
export function firstOf(net: Net): bigint {
  return net.value & netMask(net);
}

// The last address of a network.
export function lastOf(net: Net): bigint {
  return net.value | hostMask(net);
}

// How many addresses a network has.
export function sizeOf(net: Net): bigint {
  return hostMask(net) + 1n;
}

// The network itself, without the bits of one of its addresses.
export function cidrOf(net: Net): Net {
  return { ...net, value: firstOf(net) };
}

// A network by numbers; undefined: there is none.
export function makeNet(version: Net["version"], value: bigint, prefix: number): Net | undefined {
  const isRight =
    value >= 0n &&
    value <= (version === 4 ? HIGHEST_4 : HIGHEST_6) &&
    prefix >= 0 &&
    prefix <= widthOf(version);
  return isRight ? { version, value, prefix } : undefined;
}

// Reads an address, with or without a network (10.0.0.1, 10.0.0.1/24, 10.0.0.1/255.255.255.0,
// 10.1/16, fe80::1/64), as netaddr does.
export function parseNet(text: string): Net | undefined {
  const [, written = "", mask] = /^\s*([^/\s]+)(?:\/\s*([^/\s]+))?\s*$/.exec(text) ?? [];
  const version = written.includes(":") ? 6 : 4;
  const value = version === 6 ? parse6(written) : (parse4(written) ?? partial4(written));
  if (value === undefined) return undefined;
  const prefix = mask === undefined ? widthOf(version) : prefixOf(mask, version);
  return prefix === undefined ? undefined : makeNet(version, value, prefix);
}

// An IPv4 address of four decimal numbers.
function parse4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  return joined4(parts);
}

// The beginning of an IPv4 address: the rest is 0.
function partial4(text: string): bigint | undefined {
  const parts = text.replace(/\.$/, "").split(".");
  return parts.length > 3 ? undefined : joined4([...parts, "0", "0", "0"].slice(0, 4));
}

function joined4(parts: readonly string[]): bigint | undefined {
  if (!parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

// An IPv6 address; its last four bytes may be written as an IPv4 address.
function parse6(text: string): bigint | undefined {
  const end = text.slice(text.lastIndexOf(":") + 1);
  const low = end.includes(".") ? parse4(end) : undefined;
  if (end.includes(".") && low === undefined) return undefined;
  const plain =
    low === undefined
      ? text
      : `${text.slice(0, -end.length)}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  const halves = plain.split("::");
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - left!.length - (right?.length ?? 0);
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const words = [...left!, ...Array.from({ length: missing }, () => "0"), ...(right ?? [])];
  if (!words.every((word) => /^[\da-f]{1,4}$/i.test(word))) return undefined;
  return words.reduce((sum, word) => sum * 65536n + BigInt(`0x${word}`), 0n);
}

// The length of a prefix that is written as a number, or as a mask of network or host.
function prefixOf(text: string, version: Net["version"]): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const mask = text.includes(":") === (version === 6) ? parseNet(text) : undefined;
  if (mask === undefined || text.includes("/")) return undefined;
  const all = hostMask({ version, prefix: 0 });
  const [asNet, asHost] = [all ^ mask.value, mask.value];
  const bits = isPower(asNet + 1n) ? asNet : isPower(asHost + 1n) && asHost;
  if (bits === false) return undefined;
  return widthOf(version) - (bits === 0n ? 0 : bits.toString(2).length);
}

// Whether a number is a power of two.
export function isPower(value: bigint): boolean {
  return (value & (value - 1n)) === 0n;
}

// An address as people write it.
export function addressText(version: Net["version"], value: bigint): string {
  if (version === 4)
    return [24n, 16n, 8n, 0n].map((bits) => String((value >> bits) & 255n)).join(".");
  const words = Array.from({ length: 8 }, (_, at) =>
    Number((value >> BigInt(16 * (7 - at))) & 0xffffn),
  );
  const { at, length } = longestZeros(words);
  if (at === 0 && (length === 6 || (length === 5 && words[5] === 0xffff)))
    return `::${length === 5 ? "ffff:" : ""}${addressText(4, value & HIGHEST_4)}`;
  const hex = words.map((word) => word.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, at).join(":")}::${hex.slice(at + length).join(":")}`;
}

// The first of the longest runs of zeros.
function longestZeros(words: readonly number[]): { at: number; length: number } {
  let best = { at: -1, length: 0 };
  for (let at = 0; at < words.length; at++) {
    let length = 0;
    while (words[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  return best;
}

// An address with its network: 10.0.0.1/24.
export function netText(net: Net): string {
  return `${addressText(net.version, net.value)}/${net.prefix}`;
}

// Whether all addresses of one network are addresses of another.
export function isWithin(net: Net, around: Net): boolean {
  return (
    net.version === around.version &&
    firstOf(net) >= firstOf(around) &&
    lastOf(net) <= lastOf(around)
  );
}

// The smallest list of networks that has exactly the addresses of those given.
export function mergeNets(nets: readonly Net[]): Net[] {
  return ([4, 6] as const).flatMap((version) => {
    const ranges: { first: bigint; last: bigint }[] = [];
    const sorted = nets
      .filter((net) => net.version === version)
      .map((net) => ({ first: firstOf(net), last: lastOf(net) }))
      .toSorted((a, b) => Number(a.first > b.first) - Number(a.first < b.first));
    for (const range of sorted) {
      const before = ranges.at(-1);
      if (before === undefined || range.first > before.last + 1n) ranges.push({ ...range });
      else if (range.last > before.last) before.last = range.last;
    }
    return ranges.flatMap(({ first, last }) => netsBetween(version, first, last));
  });
}

// The largest networks that fill a range.
function netsBetween(version: Net["version"], first: bigint, last: bigint): Net[] {
  const found: Net[] = [];
  for (let value = first; value <= last;) {
    let prefix = widthOf(version);
    while (prefix > 0) {
      const wider = { version, value, prefix: prefix - 1 };
      if (firstOf(wider) !== value || lastOf(wider) > last) break;
      prefix--;
    }
    found.push({ version, value, prefix });
    value += sizeOf({ version, value, prefix });
  }
  return found;
}

// The smallest network that has the addresses of all those given, which are of one version.
export function spanNets(nets: readonly Net[]): Net | undefined {
  const [first] = nets;
  if (first === undefined || nets.some(({ version }) => version !== first.version))
    return undefined;
  for (let prefix = first.prefix; prefix >= 0; prefix--) {
    const span = cidrOf({ ...first, prefix });
    if (nets.every((net) => isWithin(net, span))) return span;
  }
  return undefined;
}
