import { didYouMean } from "../../suggest.ts";
import { Fault, ForeignFault } from "./fault.ts";

export type PluginKind = "filter" | "test" | "lookup";

/**
 * Ansible's filters, tests and lookups that are not here, by their short names; those of
 * collections have dots in their names.
 */
export const FOREIGN: { readonly [kind in PluginKind]: readonly string[] } = {
  filter: [
    "comp_type5",
    "from_csv",
    "hash_salt",
    "hwaddr",
    "jc",
    "json_query",
    "k8s_config_resource_name",
    "macaddr",
    "parse_cli",
    "parse_cli_textfsm",
    "parse_xml",
    "random_mac",
    "slaac",
    "type5_pw",
    "version_sort",
    "vlan_parser",
  ],
  test: ["timedout", "vault_encrypted"],
  lookup: [
    "aws_secret",
    "aws_ssm",
    "config",
    "consul_kv",
    "dig",
    "dnstxt",
    "etcd",
    "etcd3",
    "filetree",
    "hashi_vault",
    "hiera",
    "k8s",
    "keyring",
    "lastpass",
    "nios",
    "onepassword",
    "passwordstore",
    "rabbitmq",
    "redis",
    "shelvefile",
  ],
};

// The message for an unknown name: that Ansible has it, or what was probably meant.
export function missing(
  kind: PluginKind,
  name: string,
  names: Iterable<string>,
  at?: number,
): Fault {
  const message = `there is no ${kind} "${name}"`;
  const isForeign =
    /^(?!ansible\.(builtin|legacy)\.)\w+\.\w+\.\w+/.test(name) || FOREIGN[kind].includes(name);
  return isForeign
    ? new ForeignFault(message, "Ansible has it, Hullwright does not", at)
    : new Fault(message, didYouMean(name, names), at);
}
