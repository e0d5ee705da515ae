import { filter, type Table } from "../../core/builtin.ts";
import { wantInt, wantList, wantText } from "../../core/convert.ts";
import { Fault } from "../../core/fault.ts";
import { isInt } from "../../core/number.ts";
import { toText } from "../../core/text.ts";
import { isTruthy, typeName } from "../../core/value.ts";
import {
  addressText,
  cidrOf,
  firstOf,
  isWithin,
  lastOf,
  makeNet,
  mergeNets,
  netText,
  parseNet,
  sizeOf,
  spanNets,
  widthOf,
  type Net,
} from "../../python/netaddr.ts";
import { askAddress, nth, numberText, read, stepped, usable } from "./address-queries.ts";

// ipaddr, ipv4, ipv6.
function addressFilter(name: string, version?: 4 | 6): Table[string] {
  return filter([["query", ""]], (value, [query]) => {
    if (
      version === undefined &&
      typeof value !== "string" &&
      !Array.isArray(value) &&
      !isInt(value)
    )
      throw new Fault(`Unrecognized type <${typeName(value)}> for ipaddr filter <value>`);
    return askAddress(value, toText(query), version, name);
  });
}

// ipwrap: IPv6 addresses in brackets; all else as it is.
function wrap(value: unknown, [query]: unknown[]): unknown {
  if (Array.isArray(value)) return value.map((each) => wrap(each, [query]));
  const found = askAddress(value, toText(query), undefined, "ipwrap");
  return isTruthy(found) ? askAddress(found, "wrap", undefined, "ipwrap") : value;
}

// The network of an address, or the address alone.
function subnetOf(value: unknown): Net | undefined {
  const given = read(value, undefined);
  return given && cidrOf(given.net);
}

// ipsubnet(size, index): the number of subnets of a size, one of them, the network around an
// address, or the number of a subnet.
function ipSubnet(value: unknown, [query, index]: unknown[]): unknown {
  const one = isTruthy(value) ? subnetOf(value) : undefined;
  if (!one) return false;
  const wanted = toText(query);
  if (wanted === "") return netText(one);
  if (!/^\d+$/.test(wanted)) return placeIn(one, wanted);
  const size = Number(wanted);
  if (size > widthOf(one.version)) return false;
  return sizeOf(one) === 1n ? supernet(one, size, index) : subnet(one, size, index);
}

// The network of a size around an address; with an index the next smaller ones.
function supernet(one: Net, size: number, index: unknown): unknown {
  const width = widthOf(one.version);
  const at = index === null || index === undefined ? 0 : wantInt(index);
  if (index !== null && index !== undefined && (at > width + 1 - at || at < size - width))
    return false;
  const prefix = at < 0 ? width + at : size + at;
  if (prefix < size || prefix >= width) throw new Fault("ipsubnet: list index out of range");
  return netText(cidrOf({ ...one, prefix }));
}

// How many networks of a size a network has, or one of them. Of a wider size there is only that
// around the first address.
function subnet(one: Net, size: number, index: unknown): unknown {
  const isWider = size < one.prefix;
  const count = isWider ? 1n : 2n ** BigInt(size - one.prefix);
  if (index === null || index === undefined) {
    if (isWider) throw new Fault(`Requested subnet size of ${size} is invalid`);
    return String(count);
  }
  const at = BigInt(wantInt(index));
  const place = at < 0n && !isWider ? at + count : at;
  if (place < 0n || place >= count) return false;
  const value = one.value + (place << BigInt(widthOf(one.version) - size));
  return `${numberText(value)}/${size}`;
}

// Which of a network's parts another one is, counted from 1.
function placeIn(one: Net, around: string): string {
  const whole = subnetOf(around);
  if (!whole) throw new Fault(`You must pass a valid subnet or IP address; ${around} is invalid`);
  if (!isWithin(one, whole))
    throw new Fault(`${netText(one)} is not in the subnet ${netText(whole)}`);
  return String(((one.value - whole.value) >> BigInt(widthOf(one.version) - one.prefix)) + 1n);
}

// nthhost(number)
function nthHost(value: unknown, [number]: unknown[]): unknown {
  const [one, text] = [isTruthy(value) ? subnetOf(value) : undefined, toText(number)];
  if (!one || !/^\s*[+-]?\d+\s*$/.test(text)) return false;
  const found = nth(one, text);
  if (found !== undefined) return addressText(one.version, found);
  if (text.includes("-")) throw new Fault("nthhost: index out range for address range size!");
  return false;
}

// next_nth_usable and previous_nth_usable.
function nthUsable(direction: 1n | -1n): Table[string] {
  return filter(["offset"], (value, [offset]) => {
    const one = isTruthy(value) ? read(value, undefined)?.net : undefined;
    if (!one) return false;
    const steps = direction * BigInt(wantInt(offset, "an integer"));
    return sizeOf(one) > 1n ? stepped(one, steps) : null;
  });
}

// ipmath(amount)
function ipMath(value: unknown, [amount]: unknown[]): string {
  const text = wantText(value);
  const one = parseNet(text);
  if (!one) throw new Fault(`You must pass a valid IP address; ${text} is invalid`);
  const moved = makeNet(one.version, one.value + BigInt(wantInt(amount)), one.prefix);
  if (!moved) throw new Fault("ipmath: the result is outside of the addresses that there are");
  return addressText(moved.version, moved.value);
}

// Whether all addresses of one are among those of another; what is no address has none but 0.
function isIn(
  test: unknown,
  value: unknown,
  part: (one: Net) => { first: bigint; last: bigint },
): boolean {
  const none = { first: 0n, last: 0n };
  const [around, one] = [value, test].map((each) => subnetOf(each));
  const range = around ? part(around) : none;
  const asked = one ? whole(one) : none;
  return asked.first >= range.first && asked.last <= range.last;
}

const whole = (one: Net): { first: bigint; last: bigint } => ({
  first: firstOf(one),
  last: lastOf(one),
});

// cidr_merge: the fewest networks, or the one that spans them all.
function cidrMerge(value: unknown, [action]: unknown[]): unknown {
  const nets = wantList(value).map((each) => {
    const one = parseNet(toText(each));
    if (!one) throw new Fault(`cidr_merge: invalid IPNetwork ${toText(each)}`);
    return one;
  });
  if (action === "merge") return mergeNets(nets).map(netText);
  if (action !== "span") throw new Fault(`cidr_merge: invalid action '${toText(action)}'`);
  if (nets.length === 0) return null;
  if (nets.length === 1) return netText(nets[0]!);
  const span = spanNets(nets);
  if (!span) throw new Fault("cidr_merge: IPv4 and IPv6 addresses have no network in common");
  return netText(span);
}

// ip4_hex(delimiter)
function ip4Hex(value: unknown, [delimiter]: unknown[]): string {
  const one = parseNet(wantText(value));
  if (one?.version !== 4) throw new Fault(`ip4_hex: "${wantText(value)}" is no IPv4 address`);
  const bytes = one.value.toString(16).padStart(8, "0").match(/../g)!;
  return bytes.join(toText(delimiter));
}

/** The filters of ansible.utils on addresses and networks. */
const FILTERS: Table = {
  ipaddr: addressFilter("ipaddr"),
  ipv4: addressFilter("ipv4", 4),
  ipv6: addressFilter("ipv6", 6),
  ipwrap: filter([["query", ""]], wrap),
  ipsubnet: filter(
    [
      ["query", ""],
      ["index", null],
    ],
    ipSubnet,
  ),
  nthhost: filter([["query", ""]], nthHost),
  next_nth_usable: nthUsable(1n),
  previous_nth_usable: nthUsable(-1n),
  ipmath: filter(["amount"], ipMath),
  network_in_network: filter(["test"], (value, [test]) => isIn(test, value, whole)),
  network_in_usable: filter(["test"], (value, [test]) =>
    isIn(test, value, (one) => (sizeOf(one) === 1n ? whole(one) : usable(one))),
  ),
  reduce_on_network: filter(["network"], (value, [network]) =>
    wantList(value).filter((each) => isIn(each, network, whole)),
  ),
  cidr_merge: filter([["action", "merge"]], cidrMerge),
  ip4_hex: filter([["delimiter", ""]], ip4Hex),
};

/**
 * The same by all their names: short, and with their collection in front, of which there were two.
 */
export const networkFilters: Table = Object.fromEntries(
  Object.entries(FILTERS).flatMap(([name, definition]) =>
    ["", "ansible.utils.", "ansible.netcommon."].map((prefix) => [`${prefix}${name}`, definition]),
  ),
);
