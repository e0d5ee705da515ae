import { TaskFailure } from "../../errors.ts";
import { askInstalled, type PackageFact } from "../../probes/system/listing.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Gathers which packages are installed: ansible_facts.packages, a list for each name.",
  example: `name: See what is installed
package_facts:`,
  returns: ["ansible_facts.packages: by name, lists of version, arch and source"],
  arguments: {
    manager: {
      type: "list",
      elements: "str",
      choices: ["auto", "apt", "rpm"],
      foreignChoices: [
        "portage",
        "pkg",
        "pacman",
        "apk",
        "pkg_info",
        "openbsd_pkg",
        "pkg5",
        "dnf",
        "dnf5",
        "yum",
        "zypper",
      ],
      default: ["auto"],
      description: "Which package manager to ask; auto uses those that the host has.",
    },
    strategy: {
      type: "str",
      choices: ["first", "all"],
      default: "first",
      description: "If there are several: the first that has packages, or all.",
    },
  },
} as const satisfies Schema;

type PackageFactsArgs = ArgsOf<typeof schema>;

/** The installed packages of the host as facts. */
export const package_facts: Module<
  PackageFactsArgs,
  { packages: { [name: string]: PackageFact[] } | null }
> = {
  name: "package_facts",
  readOnly: true,
  onController: { kind: "facts", names: ["packages"] },
  schema,
  observe: () => ({ packages: askInstalled() }),
  plan({ manager }, { packages }) {
    const wanted = sources({ manager });
    if (
      !packages ||
      Object.values(packages)
        .flat()
        .every(({ source }) => !wanted.includes(source))
    )
      throw new TaskFailure(
        "Could not detect a supported package manager",
        "dpkg or rpm is needed",
      );
    return null;
  },
  result: (args, { packages }) =>
    packages ? { ansible_facts: { packages: chosen(args, packages) } } : {},
};

// The records in the order in which they count.
function sources({ manager }: Pick<PackageFactsArgs, "manager">): PackageFact["source"][] {
  return manager.includes("auto") ? ["rpm", "apt"] : (manager as PackageFact["source"][]);
}

function chosen(
  { manager, strategy }: PackageFactsArgs,
  packages: { [name: string]: PackageFact[] },
): { [name: string]: PackageFact[] } {
  const there = sources({ manager }).filter((source) =>
    Object.values(packages)
      .flat()
      .some((fact) => fact.source === source),
  );
  const wanted = strategy === "first" ? there.slice(0, 1) : there;
  const kept = Object.entries(packages).map(
    ([name, facts]) => [name, facts.filter(({ source }) => wanted.includes(source))] as const,
  );
  return Object.fromEntries(kept.filter(([, facts]) => facts.length > 0));
}
