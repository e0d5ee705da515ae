import type { Answer, Facts } from "./answer.ts";
import { defined } from "../../../defined.ts";

const TYPES: { readonly [number: string]: string } = {
  1: "ether",
  32: "infiniband",
  512: "ppp",
  772: "loopback",
  65534: "tunnel",
};

// Interfaces and addresses, and which of them leads out.
export function networkFacts(answer: Answer): Facts {
  const interfaces = readInterfaces(answer);
  const all: { ipv4: string[]; ipv6: string[] } = { ipv4: [], ipv6: [] };
  for (const line of answer.ip) {
    const match = /^\d+: ([^\s@]+)\S*\s+(inet6?) (\S+)(.*)$/.exec(line);
    if (!match) continue;
    const device = named(interfaces, match[1]!);
    const [address, prefix] = splitAddress(
      match[3]!,
      match[4]!,
      match[2] === "inet" ? "32" : "128",
    );
    if (match[2] === "inet") addIpv4(device, address, prefix, match[4]!);
    else
      device["ipv6"] = [
        ...((device["ipv6"] as Facts[] | undefined) ?? []),
        { address, prefix, scope: /scope (\S+)/.exec(match[4]!)?.[1] ?? "" },
      ];
    if (match[2] === "inet" && !address.startsWith("127.")) all.ipv4.push(address);
    if (match[2] === "inet6" && address !== "::1") all.ipv6.push(address);
  }
  return {
    ...Object.fromEntries(
      [...interfaces].map(([name, facts]) => [name.replace(/[:-]/g, "_"), facts]),
    ),
    interfaces: [...interfaces.keys()],
    all_ipv4_addresses: all.ipv4,
    all_ipv6_addresses: all.ipv6,
    default_ipv4: defaultRoute("8.8.8.8", answer.ip, interfaces),
    default_ipv6: defaultRoute("2404:6800:400a:800::1012", answer.ip, interfaces),
  };
}

// What /sys/class/net says of each interface.
function readInterfaces({ files }: Answer): Map<string, Facts> {
  const interfaces = new Map<string, Facts>();
  for (const [path, raw] of files) {
    const match = /^\/sys\/class\/net\/([^/]+)\/(.+)$/.exec(path);
    if (!match) continue;
    const facts = named(interfaces, match[1]!);
    const [name, text] = [match[2], raw.trim()];
    if (name === "address" && text && text !== "00:00:00:00:00:00") facts["macaddress"] = text;
    if (name === "mtu") facts["mtu"] = Number(text);
    if (name === "operstate") facts["active"] = text !== "down";
    if (name === "flags") facts["promisc"] = (Number(text) & 0x100) !== 0;
    if (name === "speed" && /^-?\d+$/.test(text)) facts["speed"] = Number(text);
    if (name === "type") facts["type"] ??= TYPES[text] ?? "unknown";
    if (name === "bridge/bridge_id") Object.assign(facts, { type: "bridge", id: text });
    if (name === "bridge/stp_state") facts["stp"] = text === "1";
    const port = /^brif\/(.+)\/port_no$/.exec(name!)?.[1];
    if (port !== undefined)
      facts["interfaces"] = [...((facts["interfaces"] as string[] | undefined) ?? []), port];
    if (name === "bonding/slaves")
      Object.assign(facts, { type: "bonding", slaves: text.split(" ").filter(Boolean) });
  }
  return interfaces;
}

// The facts of one interface, begun where it was not seen before.
function named(interfaces: Map<string, Facts>, device: string): Facts {
  const facts = interfaces.get(device) ?? { device };
  interfaces.set(device, facts);
  return facts;
}

// The address itself and its prefix; with a peer, the prefix comes after the peer.
function splitAddress(text: string, rest: string, longest: string): [string, string] {
  const [address, prefix] = text.split("/") as [string, string | undefined];
  return [address, prefix ?? /peer \S+\/(\d+)/.exec(rest)?.[1] ?? longest];
}

// The first address is the interface's own; the others are its secondaries.
function addIpv4(device: Facts, address: string, prefix: string, rest: string): void {
  const bits = Number(prefix) === 0 ? 0 : (0xffffffff << (32 - Number(prefix))) >>> 0;
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const facts = {
    address,
    prefix,
    broadcast: /brd (\S+)/.exec(rest)?.[1] ?? "",
    netmask: dotted(bits),
    network: dotted((number & bits) >>> 0),
  };
  if (device["ipv4"] === undefined && !/ secondary /.test(rest)) device["ipv4"] = facts;
  else
    device["ipv4_secondaries"] = [
      ...((device["ipv4_secondaries"] as Facts[] | undefined) ?? []),
      facts,
    ];
}

// Writes 32 bits as an address.
function dotted(bits: number): string {
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

// The way to an address far away: `ip route get` answers with gateway,
// interface and our own address.
function defaultRoute(
  target: string,
  lines: string[],
  interfaces: ReadonlyMap<string, Facts>,
): Facts {
  const line = lines.find((text) => text.startsWith(`${target} `));
  const word = (name: string): string | undefined =>
    new RegExp(`\\b${name} (\\S+)`).exec(line ?? "")?.[1];
  const [name, address, gateway] = [word("dev"), word("src"), word("via")];
  if (name === undefined || address === undefined) return {};
  const { ipv4, ipv6, ipv4_secondaries, macaddress, mtu, type } = interfaces.get(name) ?? {};
  const own = [
    ipv4,
    ...((ipv4_secondaries as Facts[] | undefined) ?? []),
    ...((ipv6 as Facts[] | undefined) ?? []),
  ] as (Facts | undefined)[];
  const found = own.find((facts) => facts?.["address"] === address) ?? {};
  const link = {
    ...defined({
      macaddress: macaddress ? macaddress : undefined,
      mtu: mtu ? mtu : undefined,
      type: type ? type : undefined,
    }),
  };
  return {
    interface: name,
    address,
    ...defined({ gateway: gateway ? gateway : undefined }),
    ...found,
    ...link,
    ...defined({ alias: target.includes(":") ? undefined : name }),
  };
}
