import { iptables } from "../../../src/modules/network/iptables.ts";
import type { Case } from "../case.ts";

// Chain and rule as the host tells them.
const state = (rule: object, isAboutRule = true): object =>
  isAboutRule ? { chain: { ...rule, rule: false }, rule } : { chain: rule };
const there = { chain: true, rule: true, policy: "ACCEPT", rules: 1 };
const not = { ...there, rule: false };
const base = { chain: "INPUT", protocol: "tcp", destination_port: "22", jump: "ACCEPT" };
const RULE = "-p tcp -j ACCEPT --destination-port 22";

// The words that a rule's parameters become, as they are appended.
const words = (name: string, args: object, rule: string): Omit<Case, "module"> => ({
  name,
  args: { chain: "INPUT", ...args },
  before: state(not),
  expect: { steps: [`iptables -w -t filter -A INPUT ${rule}`] },
});

const table: Omit<Case, "module">[] = [
  {
    name: "a rule",
    args: base,
    before: state(not),
    expect: { steps: [`iptables -w -t filter -A INPUT ${RULE}`] },
  },
  { name: "it is there", args: base, before: state(there), expect: { unchanged: true } },
  {
    name: "at a place",
    args: { ...base, action: "insert", rule_num: "3" },
    before: state(not),
    expect: { steps: [`iptables -w -t filter -I INPUT 3 ${RULE}`] },
  },
  {
    name: "a rule goes",
    args: { ...base, state: "absent" },
    before: state(there),
    expect: {
      steps: [
        `iptables -w -t filter -D INPUT ${RULE} && while iptables -w -t filter -C INPUT ${RULE} >/dev/null 2>&1; do iptables -w -t filter -D INPUT ${RULE} || break; done`,
      ],
    },
  },
  {
    name: "it is gone",
    args: { ...base, state: "absent" },
    before: state(not),
    expect: { unchanged: true },
  },
  {
    name: "for a time, in IPv6, in a table",
    args: { ...base, wait: "5", ip_version: "ipv6", table: "nat" },
    before: state(not),
    expect: { steps: [`ip6tables -w 5 -t nat -A INPUT ${RULE}`] },
  },
  {
    name: "a chain with it",
    args: { ...base, chain: "OURS", chain_management: true },
    before: state({ ...not, chain: false, policy: null, rules: 0 }),
    expect: { steps: ["iptables -w -t filter -N OURS", `iptables -w -t filter -A OURS ${RULE}`] },
  },
  {
    name: "no chain",
    args: { ...base, chain: "OURS" },
    before: state({ ...not, chain: false }),
    expect: { failure: /no chain OURS/ },
  },
  {
    name: "a chain alone",
    args: { chain: "OURS", chain_management: true },
    before: state({ ...not, chain: false, policy: null }, false),
    expect: { steps: ["iptables -w -t filter -N OURS"] },
  },
  {
    name: "a chain goes",
    args: { chain: "OURS", chain_management: true, state: "absent" },
    before: state({ ...not, policy: null }, false),
    expect: { steps: ["iptables -w -t filter -X OURS"] },
  },
  {
    name: "a policy",
    args: { chain: "INPUT", policy: "DROP" },
    before: state(not, false),
    expect: { steps: ["iptables -w -t filter -P INPUT DROP"] },
  },
  {
    name: "the policy it has",
    args: { chain: "INPUT", policy: "ACCEPT" },
    before: state(not, false),
    expect: { unchanged: true },
  },
  {
    name: "a chain without a policy",
    args: { chain: "OURS", policy: "ACCEPT" },
    before: state({ ...not, policy: null }, false),
    expect: { failure: /current policy/ },
  },
  {
    name: "flush",
    args: { chain: "INPUT", flush: true },
    before: state(there, false),
    expect: { steps: ["iptables -w -t filter -F INPUT"] },
  },
  {
    name: "flush of nothing",
    args: { chain: "INPUT", flush: true },
    before: state({ ...not, rules: 0 }, false),
    expect: { unchanged: true },
  },
  words("negated", { source: "!10.0.0.0/8", syn: "negate" }, "'!' -s 10.0.0.0/8 '!' --syn"),
  words("states", { ctstate: ["NEW", "ESTABLISHED"] }, "-m conntrack --ctstate 'NEW,ESTABLISHED'"),
  words("states of old", { match: ["state"], ctstate: ["NEW"] }, "-m state --state NEW"),
  words(
    "ports",
    { protocol: "tcp", destination_ports: ["80", "8000:8099"] },
    "-p tcp -m multiport --dports '80,8000:8099'",
  ),
  words("a comment", { comment: "for us", jump: "DROP" }, "-j DROP -m comment --comment 'for us'"),
  words(
    "a log",
    { log_prefix: "in: ", log_level: "info" },
    "-j LOG --log-prefix 'in: ' --log-level info",
  ),
  words(
    "a refusal",
    { reject_with: "tcp-reset", protocol: "tcp" },
    "-p tcp -j REJECT --reject-with tcp-reset",
  ),
  words("a limit", { limit: "3/min", limit_burst: "5" }, "-m limit --limit 3/min --limit-burst 5"),
  words(
    "flags",
    { protocol: "tcp", tcp_flags: { flags: ["SYN", "ACK"], flags_set: ["SYN"] } },
    "-p tcp --tcp-flags 'SYN,ACK' SYN",
  ),
  words("a range", { src_range: "10.0.0.1-10.0.0.9" }, "-m iprange --src-range 10.0.0.1-10.0.0.9"),
  words("a set", { match_set: "ours", match_set_flags: "src" }, "-m set --match-set ours src"),
  words("an owner", { uid_owner: "!0" }, "-m owner '!' --uid-owner 0"),
  {
    name: "log and drop",
    args: { chain: "INPUT", log_prefix: "x", jump: "DROP" },
    before: {},
    expect: { failure: /LOG jump target/ },
  },
  {
    name: "no chain named",
    args: { jump: "DROP" },
    before: {},
    expect: { failure: /Either chain or flush/ },
  },
  { name: "a whole table", args: { flush: true }, before: {}, expect: { failure: /whole table/ } },
  { name: "no program", args: base, before: {}, expect: { failure: /no iptables/ } },
];

export const cases = table.map((one) => ({ ...one, module: iptables }));
