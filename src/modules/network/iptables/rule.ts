import { TaskFailure } from "../../../errors.ts";
import type { IptablesArgs } from "./schema.ts";

// An option with its value; a ! in front of the value is moved in front of the option.
function option(flag: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  return value.startsWith("!") ? ["!", flag, value.slice(1)] : [flag, value];
}

function joined(flag: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [flag, values.join(",")];
}

// Loads an extension for an option, unless the task does so itself.
function loaded(name: string, match: readonly string[], words: readonly string[]): string[] {
  if (words.length === 0) return [];
  return match.includes(name) ? [...words] : ["-m", name, ...words];
}

function tcpFlags({ tcp_flags: flags }: IptablesArgs): string[] {
  const { flags: looked, flags_set: set } = flags ?? {};
  return looked && set ? ["--tcp-flags", looked.join(","), set.join(",")] : [];
}

// The state of the connection, by the extension that the task loads.
function connectionState({ match, ctstate }: IptablesArgs): string[] {
  if (match.includes("conntrack")) return joined("--ctstate", ctstate);
  if (match.includes("state")) return joined("--state", ctstate);
  return ctstate.length === 0 ? [] : ["-m", "conntrack", ...joined("--ctstate", ctstate)];
}

function synFlag({ syn }: IptablesArgs): string[] {
  if (syn === "match") return ["--syn"];
  return syn === "negate" ? ["!", "--syn"] : [];
}

function ownedBy(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : ["-m", "owner", ...option(flag, value)];
}

function targetOf({
  jump,
  log_prefix: prefix,
  log_level: level,
}: IptablesArgs): string | undefined {
  if (prefix === undefined && level === undefined) return jump;
  if (jump !== undefined && jump !== "LOG")
    throw new TaskFailure("Logging options can only be used with the LOG jump target.");
  return "LOG";
}

// The words of a rule, in the order in which Ansible gives them.
export function ruleWords(args: IptablesArgs): string[] {
  const { match } = args;
  const jump = targetOf(args);
  const setFlags = args.match_set_flags === undefined ? [] : [args.match_set_flags];
  return [
    ...option("-p", args.protocol),
    ...option("-s", args.source),
    ...option("-d", args.destination),
    ...match.flatMap((one) => option("-m", one)),
    ...tcpFlags(args),
    ...option("-j", jump),
    ...(jump?.toLowerCase() === "tee" ? option("--gateway", args.gateway) : []),
    ...option("--log-prefix", args.log_prefix),
    ...option("--log-level", args.log_level),
    ...option("--to-destination", args.to_destination),
    ...(args.destination_ports.length > 0 ? ["-m", "multiport"] : []),
    ...joined("--dports", args.destination_ports),
    ...option("--to-source", args.to_source),
    ...option("-g", args.goto),
    ...option("-i", args.in_interface),
    ...option("-o", args.out_interface),
    ...option("-f", args.fragment),
    ...option("-c", args.set_counters),
    ...option("--source-port", args.source_port),
    ...option("--destination-port", args.destination_port),
    ...option("--to-ports", args.to_ports),
    ...option("--set-dscp", args.set_dscp_mark),
    ...option("--set-dscp-class", args.set_dscp_mark_class),
    ...synFlag(args),
    ...connectionState(args),
    ...loaded("iprange", match, [
      ...option("--src-range", args.src_range),
      ...option("--dst-range", args.dst_range),
    ]),
    ...loaded("set", match, [...option("--match-set", args.match_set), ...setFlags]),
    ...((args.limit ?? args.limit_burst) === undefined ? [] : ["-m", "limit"]),
    ...option("--limit", args.limit),
    ...option("--limit-burst", args.limit_burst),
    ...ownedBy("--uid-owner", args.uid_owner),
    ...ownedBy("--gid-owner", args.gid_owner),
    ...(args.reject_with !== undefined && jump === undefined ? ["-j", "REJECT"] : []),
    ...option("--reject-with", args.reject_with),
    ...option(args.ip_version === "ipv6" ? "--icmpv6-type" : "--icmp-type", args.icmp_type),
    ...(args.comment === undefined ? [] : ["-m", "comment"]),
    ...option("--comment", args.comment),
  ];
}
