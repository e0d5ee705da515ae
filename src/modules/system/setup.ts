import { TaskFailure } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import {
  askFacts,
  FACT_SUBSETS,
  prefixed,
  type Facts,
  type FactSubset,
} from "../../probes/system/facts.ts";
import { askLocalFacts, LOCAL_FACTS } from "../../probes/system/facts/local.ts";
import { globPattern } from "../../glob.ts";
import type { Module } from "../contract/module.ts";
import { hostPath } from "../shared/files/ownership.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { fromKeys } from "../../records.ts";

/** Ansible's small subsets, each with our part that contains it; all others are in the minimum. */
const SMALL_SETS: { readonly [name: string]: FactSubset | "min" } = {
  ...toMinimum(
    "apparmor",
    "architecture",
    "chroot",
    "cmdline",
    "date_time",
    "distribution",
    "distribution_major_version",
    "distribution_release",
    "distribution_version",
    "dns",
    "env",
    "facter",
    "fips",
    "is_chroot",
    "kernel",
    "kernel_version",
    "loadavg",
    "local",
    "lsb",
    "machine",
    "machine_id",
    "ohai",
    "os_family",
    "pkg_mgr",
    "platform",
    "python",
    "python_version",
    "selinux",
    "service_mgr",
    "ssh_pub_keys",
    "system",
    "user",
    "user_dir",
    "user_gid",
    "user_id",
    "user_shell",
    "user_uid",
  ),
  interfaces: "network",
  default_ipv4: "network",
  default_ipv6: "network",
  all_ipv4_addresses: "network",
  all_ipv6_addresses: "network",
  devices: "hardware",
  mounts: "hardware",
  processor: "hardware",
  processor_cores: "hardware",
  processor_count: "hardware",
  memory: "hardware",
  virtualization_type: "virtual",
  virtualization_role: "virtual",
  virtualization_tech_guest: "virtual",
  virtualization_tech_host: "virtual",
};

function toMinimum(...names: readonly string[]): { [name: string]: "min" } {
  return fromKeys(names, () => "min");
}

const schema = {
  description: "Gathers facts about the host.",
  example: `name: Gather what is known of the network
setup: {gather_subset: network}`,
  returns: ["ansible_facts: the facts"],
  arguments: {
    gather_subset: {
      null: "default",
      type: "list",
      elements: "str",
      default: ["all"],
      description:
        "Which facts to gather in addition to the minimum: all, hardware, network, virtual, or a smaller set; `!name` leaves one out.",
    },
    gather_timeout: {
      null: "default",
      type: "int",
      default: 10,
      description: "Has no effect: facts are read without waiting for anything.",
    },
    fact_path: {
      null: "default",
      type: "path",
      default: LOCAL_FACTS,
      description:
        "The directory of the host's local facts (*.fact): JSON or INI, or programs that print either.",
    },
    filter: {
      type: "list",
      elements: "str",
      default: [],
      description: "Shell patterns; only facts with a matching name are returned.",
    },
  },
} as const satisfies Schema;

type SetupArgs = ArgsOf<typeof schema>;

/** Facts of a host, as a play that gathers them sees them. */
export const setup: Module<SetupArgs, { facts: Facts; local: Facts }> = {
  name: "setup",
  onController: { kind: "facts", names: [] },
  readOnly: true,
  schema,
  observe: (args) => ({
    facts: askFacts(wantedSubsets(args.gather_subset)),
    local: askLocalFacts(hostPath(args.fact_path)),
  }),
  plan: () => null,
  result: (args, { facts, local }) => ({
    ansible_facts: filterFacts(prefixed({ ...facts, ...local }), args.filter),
  }),
};

// Which parts the names of gather_subset select; names that only exclude leave the rest. A small
// subset cannot be excluded from its part.
export function wantedSubsets(names: readonly string[]): FactSubset[] {
  const removed = names.filter((name) => name.startsWith("!")).map((name) => name.slice(1));
  const added = names.filter((name) => !name.startsWith("!"));
  removed.forEach(subsetsOf);
  const wanted = new Set(added.length > 0 ? added.flatMap(subsetsOf) : FACT_SUBSETS);
  return FACT_SUBSETS.filter(
    (subset) => wanted.has(subset) && !removed.includes(subset) && !removed.includes("all"),
  );
}

// The parts that one name selects.
function subsetsOf(name: string): FactSubset[] {
  if (name === "all") return [...FACT_SUBSETS];
  if (name === "min") return [];
  const subset =
    FACT_SUBSETS.find((known) => known === name) ??
    (Object.hasOwn(SMALL_SETS, name) ? SMALL_SETS[name] : undefined);
  if (subset === undefined) {
    const known = ["all", "min", ...FACT_SUBSETS, ...Object.keys(SMALL_SETS)];
    throw new TaskFailure(
      `gather_subset: there is no set of facts named "${name}"`,
      didYouMean(name, known),
    );
  }
  return subset === "min" ? [] : [subset];
}

// Keeps the facts whose name matches a pattern; a pattern may leave out the prefix.
function filterFacts(facts: Facts, filter: readonly string[]): Facts {
  const patterns = filter.filter((text) => text !== "" && text !== "*");
  if (patterns.length < filter.length || patterns.length === 0) return facts;
  const matches = patterns.map(globPattern);
  const fits = (name: string): boolean =>
    matches.some((match) => match.test(name) || match.test(name.slice("ansible_".length)));
  return Object.fromEntries(Object.entries(facts).filter(([name]) => fits(name)));
}
