import type { ArgsOf, Schema } from "../../contract/schema.ts";

const text = (description: string) => ({ type: "str", description }) as const;
const list = (description: string) =>
  ({ type: "list", elements: "str", default: [], description }) as const;

export const iptablesSchema = {
  description: "Adds or removes a rule in a chain of iptables.",
  example: `name: Nodes reach the API server
iptables: {chain: INPUT, protocol: tcp, destination_port: "6443", source: 192.0.2.0/24, jump: ACCEPT}`,
  returns: [
    "rule: the words of the rule",
    "chain, table, ip_version, state, flush, chain_management: as given",
  ],
  arguments: {
    table: {
      type: "str",
      choices: ["filter", "nat", "mangle", "raw", "security"],
      default: "filter",
      description: "The table.",
    },
    chain: text("The chain."),
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether the rule should exist.",
    },
    action: {
      type: "str",
      choices: ["append", "insert"],
      default: "append",
      description: "Whether a new rule goes to the end of the chain or to its beginning.",
    },
    rule_num: text("The number at which a rule is inserted."),
    ip_version: {
      type: "str",
      choices: ["ipv4", "ipv6"],
      default: "ipv4",
      description: "Whether it is iptables or ip6tables.",
    },
    chain_management: {
      type: "bool",
      default: false,
      description: "Creates a missing chain; without a rule, removes it.",
    },
    flush: { type: "bool", default: false, description: "Removes all rules of the chain." },
    policy: {
      type: "str",
      choices: ["ACCEPT", "DROP", "QUEUE", "RETURN"],
      description: "What becomes of packets that no rule is for.",
    },
    wait: text("Seconds to wait for others that change rules; without end if absent."),
    protocol: text("The protocol; as in all of these, ! in front means any other."),
    source: text("The address or network that a packet comes from."),
    destination: text("The address or network that it goes to."),
    match: list("Extensions that are loaded (-m)."),
    tcp_flags: {
      type: "dict",
      options: {
        flags: { type: "list", elements: "str", description: "Flags that are examined." },
        flags_set: { type: "list", elements: "str", description: "Those of them that are set." },
      },
      description: "Flags of TCP.",
    },
    jump: text("The target."),
    gateway: text("Where TEE sends a copy."),
    log_prefix: text("What LOG writes in front."),
    log_level: {
      type: "str",
      choices: [
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "emerg",
        "alert",
        "crit",
        "error",
        "warning",
        "notice",
        "info",
        "debug",
      ],
      description: "How grave LOG calls it.",
    },
    goto: text("The chain that processing continues in."),
    in_interface: text("The interface by which a packet comes."),
    out_interface: text("The interface by which it goes."),
    fragment: text("Only further fragments."),
    set_counters: text("Where the rule's counters begin."),
    source_port: text("The port, or range, that it comes from."),
    destination_port: text("The port, or range, that it goes to."),
    destination_ports: list("Several ports that it goes to."),
    to_ports: text("The port to which it is sent (REDIRECT)."),
    to_destination: text("The address to which it is sent (DNAT)."),
    to_source: text("The address that it comes from then (SNAT)."),
    set_dscp_mark: text("The mark of DSCP."),
    set_dscp_mark_class: text("The class of DSCP."),
    comment: text("What people read."),
    ctstate: list("States of the connection."),
    src_range: text("A range of addresses that it comes from."),
    dst_range: text("A range of addresses that it goes to."),
    match_set: text("A set of ipset."),
    match_set_flags: {
      type: "str",
      choices: ["src", "dst", "src,dst", "dst,src"],
      description: "What is looked for in the set.",
    },
    limit: text("How often it may match."),
    limit_burst: text("How often at once."),
    uid_owner: text("The user whose packets they are."),
    gid_owner: text("The group whose packets they are."),
    reject_with: text("What REJECT answers; a rule without jump rejects then."),
    icmp_type: text("The kind of ICMP."),
    syn: {
      type: "str",
      choices: ["ignore", "match", "negate"],
      default: "ignore",
      description: "Whether it begins a connection.",
    },
  },
  mutuallyExclusive: [
    ["set_dscp_mark", "set_dscp_mark_class"],
    ["flush", "policy"],
  ],
  requiredIf: [
    { if: "jump", is: "TEE", then: ["gateway"] },
    { if: "jump", is: "tee", then: ["gateway"] },
  ],
} as const satisfies Schema;

export type IptablesArgs = ArgsOf<typeof iptablesSchema>;
