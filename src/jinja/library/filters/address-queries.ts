import { Fault } from "../../core/fault.ts";
import { int } from "../../core/number.ts";
import { toText } from "../../core/text.ts";
import { isTruthy } from "../../core/value.ts";
import {
  addressText,
  cidrOf,
  firstOf,
  HIGHEST_4,
  hostMask,
  isPower,
  isWithin,
  lastOf,
  makeNet,
  netMask,
  netText,
  parseNet,
  sizeOf,
  widthOf,
  type Net,
} from "../../python/netaddr.ts";

/**
 * What `ipaddr` looks at: the address, how it was written, and whether a
 * network was written with it.
 */
interface Given {
  net: Net;
  value: unknown;
  isNetwork: boolean;
}

type Query = (given: Given) => unknown;

const net = (text: string): Net => parseNet(text)!;
const LINK_LOCAL = [net("169.254.0.0/16"), net("fe80::/10")];
const PRIVATE = [
  ...["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16"].map(net),
  ...["198.18.0.0/15", "239.0.0.0/8", "fc00::/7", "fec0::/10"].map(net),
  ...LINK_LOCAL,
];
const MULTICAST = [net("224.0.0.0/4"), net("ff00::/8")];
const LOOPBACK = [net("127.0.0.0/8"), net("::1/128")];

const isAnyOf = (one: Net, all: readonly Net[]): boolean => all.some((each) => isWithin(one, each));
const alone = (one: Net): Net => ({ ...one, prefix: widthOf(one.version) });
const ipText = ({ version, value }: Net): string => addressText(version, value);
const isFirst = (one: Net): boolean => one.value === firstOf(one);

// An address by its number alone: what fits into an IPv4 address is one.
export function numberText(value: bigint): string | null {
  if (value < 0n || value >= 2n ** 128n) return null;
  return addressText(value <= HIGHEST_4 ? 4 : 6, value);
}

// The addresses of a network that hosts may have.
export function usable(one: Net): { first: bigint; last: bigint } {
  const edge = sizeOf(one) === 2n ? 0n : 1n;
  return { first: firstOf(one) + edge, last: lastOf(one) - edge };
}

// An address that may be on the internet.
function isPublic(one: Net): boolean {
  const address = alone(one);
  const all = hostMask({ version: one.version, prefix: 0 });
  return (
    !isAnyOf(address, [...MULTICAST, ...PRIVATE, ...LOOPBACK]) &&
    !isPower((one.value ^ all) + 1n) &&
    !isPower(one.value + 1n)
  );
}

// The address, unless it is that of an IPv4 network.
function addressOf(given: Given): string | null {
  return given.net.version === 6 ? ipText(given.net) : hostOf(given);
}

// The address of a host, where one is written.
function hostOf({ net: one }: Given): string | null {
  const last = lastOf(one);
  const hasBroadcast = one.version === 6 ? last > 0n : sizeOf(one) > 2n;
  const isHost = sizeOf(one) === 1n || !isFirst(one) || !hasBroadcast;
  return isHost ? ipText(one) : null;
}

// The address with its prefix, unless it is that of the network or its broadcast.
function addressPrefix({ net: one }: Given): string | false {
  const isEdge = sizeOf(one) > 2n && (isFirst(one) || one.value === lastOf(one));
  return isEdge ? false : netText(one);
}

// Something about a network's usable addresses; an address without a network has none.
function inNetwork(tell: (one: Net) => unknown): Query {
  return ({ net: one, isNetwork }) => {
    if (!isNetwork) throw new Fault("Not a network address");
    return sizeOf(one) > 1n ? tell(one) : null;
  };
}

// The address some steps away, if a host may have it.
export function stepped(one: Net, offset: bigint): string | null {
  const { first, last } = usable(one);
  const value = one.value + offset;
  if (numberText(value) === null)
    throw new Fault(`failed to detect a valid IP address from ${value}`);
  return value >= first && value <= last ? numberText(value) : null;
}

// The other end of a link.
function peer({ net: one, isNetwork }: Given): string | null {
  if (!isNetwork) throw new Fault("Not a network address");
  if (sizeOf(one) === 2n) return numberText(one.value ^ 1n);
  if (sizeOf(one) !== 4n) throw new Fault("Not a point-to-point network");
  if (one.value % 4n === 0n) throw new Fault("Network address of /30 has no peer");
  if (one.value % 4n === 3n) throw new Fault("Broadcast address of /30 has no peer");
  return numberText(one.value ^ 3n);
}

// The IPv4 address that an IPv6 address holds.
function asVersion4({ net: one, value }: Given): unknown {
  if (one.version === 4) return value;
  const mapped = one.value - 0xffff00000000n;
  const low = one.value <= HIGHEST_4 ? one.value : mapped;
  const found = low > HIGHEST_4 || low < 0n ? undefined : makeNet(4, low, one.prefix - 96);
  return found ? netText(found) : false;
}

// The IPv6 address that holds an IPv4 address.
function asVersion6({ net: one, value }: Given): unknown {
  if (one.version === 6) return value;
  return netText({ version: 6, value: 0xffff00000000n + one.value, prefix: one.prefix + 96 });
}

// The network that 6to4 gives an address.
function as6to4({ net: one, value, isNetwork }: Given): unknown {
  const tunnel = net("2002::/16");
  if (one.version === 6)
    return isWithin(alone(one), tunnel) && (!isNetwork || !isFirst(one)) ? value : false;
  if ((sizeOf(one) > 1n && isFirst(one)) || !(isPublic(one) || isAnyOf(alone(one), PRIVATE)))
    return false;
  const hex = one.value.toString(16).padStart(8, "0");
  return `2002:${hex.slice(0, 4)}:${hex.slice(4)}::1/48`;
}

// The name by which DNS finds the name of an address.
function reverseName({ net: { version, value } }: Given): string {
  if (version === 4) return `${addressText(4, value).split(".").reverse().join(".")}.in-addr.arpa.`;
  return `${[...value.toString(16).padStart(32, "0")].reverse().join(".")}.ip6.arpa.`;
}

// Tells whether what is written is an address or a network.
function kindOf({ net: one }: Given): "address" | "network" {
  return sizeOf(one) === 1n || !isFirst(one) ? "address" : "network";
}

// The value itself, if something holds.
function valueIf(holds: (one: Net) => boolean): Query {
  return ({ net: one, value }) => (holds(one) ? value : null);
}

/** What `ipaddr` may be asked, by the names that it has for it. */
const QUERIES: { readonly [query: string]: Query } = {
  "": ({ net: one, isNetwork }) => (isNetwork ? netText(one) : ipText(one)),
  "6to4": as6to4,
  bool: () => true,
  address: addressOf,
  ip: addressOf,
  broadcast: ({ net: one }) => (sizeOf(one) > 2n ? addressText(one.version, lastOf(one)) : null),
  cidr: ({ net: one }) => netText(one),
  first_usable: inNetwork((one) => numberText(usable(one).first)),
  last_usable: inNetwork((one) => numberText(usable(one).last)),
  next_usable: inNetwork((one) => stepped(one, 1n)),
  previous_usable: inNetwork((one) => stepped(one, -1n)),
  range_usable: inNetwork((one) =>
    [usable(one).first, usable(one).last].map((value) => numberText(value)).join("-"),
  ),
  host: (given) => (hostOf(given) === null ? null : netText(given.net)),
  hostmask: ({ net: one }) => addressText(one.version, hostMask(one)),
  netmask: ({ net: one }) => addressText(one.version, netMask(one)),
  int: ({ net: one, isNetwork }) => (isNetwork ? `${one.value}/${one.prefix}` : int(one.value)),
  "ip/prefix": (given) => ofLink(given, netText),
  ip_netmask: (given) =>
    ofLink(given, (one) => `${ipText(one)} ${addressText(one.version, netMask(one))}`),
  ipv4: asVersion4,
  ipv6: asVersion6,
  "link-local": valueIf((one) => isAnyOf(alone(one), LINK_LOCAL)),
  loopback: valueIf((one) => isAnyOf(alone(one), LOOPBACK)),
  multicast: valueIf((one) => isAnyOf(one, MULTICAST)),
  unicast: valueIf((one) => !isAnyOf(one, MULTICAST)),
  private: valueIf((one) => isAnyOf(one, PRIVATE)),
  public: valueIf(isPublic),
  net: ({ net: one }) => (sizeOf(one) > 1n && isFirst(one) ? netText(one) : null),
  network: ({ net: one }) => ipText(cidrOf(one)),
  network_netmask: ({ net: one }) =>
    `${ipText(cidrOf(one))} ${addressText(one.version, netMask(one))}`,
  network_wildcard: ({ net: one }) =>
    `${ipText(cidrOf(one))} ${addressText(one.version, hostMask(one))}`,
  peer,
  prefix: ({ net: one }) => one.prefix,
  revdns: reverseName,
  size: ({ net: one }) => int(sizeOf(one)),
  size_usable: ({ net: one }) =>
    int(sizeOf(one) <= 2n ? (sizeOf(one) - 1n) * 2n : sizeOf(one) - 2n),
  subnet: ({ net: one }) => netText(cidrOf(one)),
  type: kindOf,
  version: ({ net: one }) => one.version,
  wrap: ({ net: one, value, isNetwork }) => {
    if (one.version === 4) return value;
    return `[${ipText(one)}]${isNetwork ? `/${one.prefix}` : ""}`;
  },
  "address/prefix": addressPrefix,
};

/** Further names of queries. */
const SAME: { readonly [query: string]: string } = {
  gateway: "address/prefix",
  gw: "address/prefix",
  "host/prefix": "address/prefix",
  hostnet: "address/prefix",
  router: "address/prefix",
  lo: "loopback",
  network_id: "network",
  "network/prefix": "subnet",
  v4: "ipv4",
  v6: "ipv6",
  wildcard: "hostmask",
};

// Something about an address in a network: nothing of the network itself,
// unless that is a link of two.
function ofLink({ net: one }: Given, tell: (one: Net) => string): string | null {
  const isTold = sizeOf(one) === 2n || (sizeOf(one) > 1n && !isFirst(one));
  return isTold ? tell(one) : null;
}

// Reads an address or a number; undefined: it is neither.
export function read(value: unknown, version: 4 | 6 | undefined): Given | undefined {
  const text = toText(value);
  if (/^\d+$/.test(text)) {
    const [four, six] = [makeNet(4, BigInt(text), 32), makeNet(6, BigInt(text), 128)];
    const found = version === 6 ? six : (four ?? six);
    return found && { net: found, value: netText(found), isNetwork: false };
  }
  const found = typeof value === "string" ? parseNet(value) : undefined;
  if (found) return { net: found, value, isNetwork: text.includes("/") };
  const [, number, prefix] = /^\s*(\d+)\s*\/\s*(\d+)\s*$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  const [address, length] = [BigInt(number), Number(prefix)];
  const built = makeNet(4, address, length) ?? makeNet(6, address, length);
  return built && { net: built, value: netText(built), isNetwork: true };
}

// What ipaddr says of a value: itself or what is asked about it, null or false where it is not of
// that kind. Of a list, those of which it says something.
export function askAddress(
  value: unknown,
  query: string,
  version: 4 | 6 | undefined,
  alias: string,
): unknown {
  if (Array.isArray(value))
    return value
      .map((each: unknown) => askAddress(each, query, version, "ipaddr"))
      .filter((each) => isTruthy(each));
  if (!isTruthy(value) || value === true) return false;
  const given = read(value, version);
  if (!given || (version !== undefined && given.net.version !== version)) return false;
  const name = Object.hasOwn(SAME, query) ? SAME[query]! : query;
  if (Object.hasOwn(QUERIES, name)) return QUERIES[name]!(given);
  const around = /^\d+$/.test(query) ? undefined : read(query, undefined);
  if (around) return isWithin(given.net, around.net) ? given.value : null;
  return member(given, query, alias);
}

// An address of a network by its number; -1 is the last one.
function member({ net: one, isNetwork }: Given, query: string, alias: string): unknown {
  if (query.trim() === "" || Number.isNaN(Number(query)))
    throw new Fault(`${alias}: unknown filter type: ${query}`);
  if (sizeOf(one) === 1n) return isNetwork ? netText(one) : ipText(one);
  const value = nth(one, query);
  return value === undefined ? false : netText({ ...one, value });
}

// An address of a network by its number.
export function nth(one: Net, number: string): bigint | undefined {
  if (!/^\s*[+-]?\d+\s*$/.test(number)) return undefined;
  const index = BigInt(number.trim().replace(/^\+/, ""));
  const value = index < 0n ? lastOf(one) + 1n + index : firstOf(one) + index;
  return value >= firstOf(one) && value <= lastOf(one) ? value : undefined;
}
