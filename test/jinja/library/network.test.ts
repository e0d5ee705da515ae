import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { python } from "../oracle.ts";
import { renderOwn } from "../templar.ts";

const folder = tmpdir();

// What an expression comes to; an error is told as such.
function valueOf(expression: string): unknown {
  const outcome = renderOwn({ value: JSON.stringify(`{{ [${expression}] }}`), vars: "" }, folder);
  return outcome.error === undefined ? (outcome.value as unknown[])[0] : { error: outcome.error };
}

/** Expressions, and what ansible.utils makes of them. */
const CASES: readonly (readonly [string, unknown])[] = [
  ["'10.0.0.1' | ipaddr", "10.0.0.1"],
  ["'10.0.0.1/24' | ansible.utils.ipaddr", "10.0.0.1/24"],
  ["'nothing' | ansible.netcommon.ipaddr", false],
  ["['10.0.0.1', 'x', '8.8.8.8', 'fe80::1'] | ipaddr('private')", ["10.0.0.1", "fe80::1"]],
  ["['10.0.0.1', '8.8.8.8'] | ipaddr('public')", ["8.8.8.8"]],
  ["['10.0.0.1', '::1'] | ipv4", ["10.0.0.1"]],
  ["['10.0.0.1', '::1'] | ipv6", ["::1"]],
  ["'10.0.0.5/24' | ipaddr('network')", "10.0.0.0"],
  ["'10.0.0.5/255.255.252.0' | ipaddr('prefix')", 22],
  ["'10.0.0.0/24' | ipaddr('address')", null],
  ["'10.0.0.0/24' | ipaddr('1')", "10.0.0.1/24"],
  ["'10.0.0.0/24' | ipaddr(-2) | ipaddr('address')", "10.0.0.254"],
  ["'10.0.0.7' | ipaddr('10.0.0.0/8')", "10.0.0.7"],
  ["'11.0.0.7' | ipaddr('10.0.0.0/8')", null],
  ["'10.0.0.0/24' | ipaddr('range_usable')", "10.0.0.1-10.0.0.254"],
  ["'2001:DB8::1/64' | ipaddr('subnet')", "2001:db8::/64"],
  ["'fe80::1' | ipwrap", "[fe80::1]"],
  ["['host', '::1/64', '10.0.0.1'] | ipwrap", ["host", "[::1]/64", "10.0.0.1"]],
  ["'10.0.0.0/16' | ipsubnet(24, 2)", "10.0.2.0/24"],
  ["'10.0.0.0/16' | ipsubnet(24)", "256"],
  ["'10.0.0.0/24' | nthhost(5)", "10.0.0.5"],
  ["'10.0.0.5' | ipmath(3)", "10.0.0.8"],
  ["'10.0.0.0/24' | network_in_network('10.0.0.128/25')", true],
  ["'10.0.0.0/24' | network_in_usable('10.0.0.255')", false],
  ["['10.0.0.1', '11.0.0.1'] | reduce_on_network('10.0.0.0/8')", ["10.0.0.1"]],
  ["['10.0.0.0/25', '10.0.0.128/25', '10.0.2.1'] | cidr_merge", ["10.0.0.0/24", "10.0.2.1/32"]],
  ["['10.0.0.1', '10.0.0.9'] | cidr_merge('span')", "10.0.0.0/28"],
  ["'192.168.1.5' | ip4_hex(':')", "c0:a8:01:05"],
  [
    "'10.0.0.1' | ipaddr('nope')",
    { error: expect.stringContaining("ipaddr: unknown filter type: nope") },
  ],
  ["'10.0.0.1' | ipaddr('first_usable')", { error: expect.stringContaining("Not a network") }],
];

test.each(CASES)("%s", (expression, wanted) => {
  expect(valueOf(expression)).toEqual(wanted);
});

const VALUES = [
  ...["10.0.0.1", "10.0.0.0/24", "10.0.0.1/24", "10.0.0.255/24", "10.0.0.0/31", "10.0.0.1/31"],
  ...["10.0.0.1/30", "10.0.0.2/30", "10.0.0.9/32", "127.0.0.1", "127.5.0.0/16", "169.254.3.4"],
  ...["224.0.0.5", "239.1.2.3", "8.8.8.8", "8.8.8.8/16", "255.255.255.0", "0.0.0.255", "0.0.0.0"],
  ...["0.0.0.0/0", "100.64.1.1", "192.0.2.1", "198.19.0.1", "172.32.0.1", "10.1", "10.1/16"],
  ...["10.0.0.1/255.255.255.0", "10.0.0.1/0.0.0.255", "10.0.0.1/255.0.255.0", "10.0.0.1/33"],
  ...["256.1.1.1", "1.2.3", "1.2.3.4.5", "", "host", "a.b/c", "10.0.0.1/", "/8", "010.0.0.1"],
  ...["::1", "::", "::/0", "fe80::1/64", "fe80::/64", "fc00::1", "ff02::1", "2001:db8::1"],
  ...["2001:db8::/127", "2001:db8::1/128", "2001:db8:0:0:1:0:0:1", "1:2:3:4:5:6:7:8", "1::2::3"],
  ...[
    "::ffff:1.2.3.4",
    "::1.2.3.4",
    "2002:a00:1::/48",
    "2002:a00:1::1/48",
    "::1/ffff::",
    "fe80::1%eth0",
  ],
  ...["167772161", "167772161/24", "4294967296", "42540766411282592856903984951653826561"],
];
const QUERIES = [
  ...[
    "",
    "address",
    "ip",
    "bool",
    "broadcast",
    "cidr",
    "first_usable",
    "last_usable",
    "next_usable",
  ],
  ...[
    "previous_usable",
    "range_usable",
    "host",
    "hostmask",
    "netmask",
    "int",
    "ip/prefix",
    "gateway",
  ],
  ...[
    "ip_netmask",
    "ipv4",
    "ipv6",
    "link-local",
    "lo",
    "multicast",
    "unicast",
    "private",
    "public",
  ],
  ...["net", "network", "network_netmask", "network_wildcard", "peer", "prefix", "revdns", "size"],
  ...[
    "size_usable",
    "subnet",
    "type",
    "version",
    "wrap",
    "6to4",
    "0",
    "1",
    "-1",
    "300",
    "-300",
    "1.5",
  ],
  ...["10.0.0.0/8", "10.0.0.1", "fe80::/10", "0.0.0.0/0", "nope"],
];
const OTHERS = [
  ..."0 24 32 64 130".split(" ").map((size) => `ipsubnet('${size}')`),
  ..."0 1 -1 300".split(" ").map((index) => `ipsubnet(26, ${index})`),
  ..."10.0.0.0/8 fe80::/10 nope".split(" ").map((around) => `ipsubnet('${around}')`),
  ..."0 1 -1 5 300".split(" ").map((number) => `nthhost(${number})`),
  ..."1 0 -1 300".split(" ").flatMap((n) => [`next_nth_usable(${n})`, `previous_nth_usable(${n})`]),
  ..."10.0.0.0/25 10.0.0.0 fe80::/10 ::1"
    .split(" ")
    .flatMap((test) => [`network_in_network('${test}')`, `network_in_usable('${test}')`]),
  "ipv4",
  "ipv6",
  "ipwrap",
];

// An IPv6 address among the subnets of an IPv4 network: ansible.utils answers with a number, here it is an error.
function isMixed(expression: string): boolean {
  return (
    /^'.*' \| ansible.utils.ipsubnet\('10.0.0.0/.test(expression) &&
    /^'(.*:|4294967296)/.test(expression)
  );
}

/** Asks netaddr and ansible.utils themselves, where both are there: a list of values, null where they fail. */
const ORACLE = `
import json, sys
sys.path.insert(0, sys.argv[1])
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder
_AnsibleCollectionFinder(paths=[sys.argv[1]])._install()
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
templar = Templar(loader=DataLoader(), variables={})
def ask(expression):
    try:
        return {"value": templar.template("{{ [" + expression + "] | to_json }}", convert_data=False)}
    except Exception as error:
        return {"error": str(error)[:200]}
json.dump([ask(one) for one in json.load(sys.stdin)], sys.stdout)
`;
const collections = process.env["UTILS_COLLECTIONS"];

describe.skipIf(python === undefined || collections === undefined)(
  "all of it as ansible.utils has it (UTILS_COLLECTIONS names the directory of its collections)",
  () => {
    const expressions = VALUES.flatMap((value) => [
      ...QUERIES.map((query) => `'${value}' | ansible.utils.ipaddr('${query}')`),
      ...OTHERS.map((call) => `'${value}' | ansible.utils.${call}`),
    ]);
    test("each value with each query", () => {
      const { stdout, stderr } = spawnSync(python!, ["-c", ORACLE, collections!], {
        input: JSON.stringify(expressions),
        maxBuffer: 1 << 28,
        encoding: "utf8",
      });
      expect(stdout, stderr).not.toBe("");
      const answers = JSON.parse(stdout) as { value?: string; error?: string }[];
      const wrong = expressions.flatMap((expression, at) => {
        const { value, error } = answers[at]!;
        const found = renderOwn(
          { value: JSON.stringify(`{{ [${expression}] | to_json }}`), vars: "" },
          folder,
        );
        const theirs = value === undefined ? "error" : JSON.stringify(value);
        const ours = found.error === undefined ? JSON.stringify(found.value) : "error";
        return theirs === ours || isMixed(expression)
          ? []
          : [`${expression}: ${ours}, not ${theirs} ${error ?? ""} ${found.error ?? ""}`];
      });
      expect(wrong).toEqual([]);
    });
  },
);
