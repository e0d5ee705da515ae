import { TaskFailure } from "../../errors.ts";
import { path as pathKind } from "../../probes/files/path.ts";
import {
  askRegistries,
  OUR_TITLE,
  type RegistryDirectory,
} from "../../probes/containerd/registries.ts";
import { sh } from "../../script/sh.ts";
import { hostsTree, type RegistryHost } from "../shared/containerd/hosts_tree.ts";
import { refuseRelative } from "../shared/containerd/paths.ts";
import { HOST, registryDirectory, SET_ARGUMENTS } from "./containerd_registry.ts";
import type { Change, Module } from "../contract/module.ts";
import { defined } from "../../defined.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { restoring } from "../../script/undo.ts";
import { fieldDiff } from "../contract/diff.ts";

interface Described {
  name: string;
  state: "present" | "absent";
  server?: string;
  hosts: RegistryHost[];
  mode?: string;
}

interface State {
  found: RegistryDirectory[];
}

const schema = {
  collection: "hullwright.containerd",
  description:
    "Checks a list of registries as a whole, and removes the hosts.toml of those that are no longer in it. Files that others wrote are not touched; containerd_registry writes each one.",
  example: `name: Remove registries that are no longer in the list
containerd_registries:
  registries:
    - name: docker.io
      hosts: [{url: https://mirror.example.com}]`,
  returns: ["foreign: registries whose hosts.toml others wrote, and that are not in the list"],
  arguments: {
    registries: {
      type: "list",
      elements: "dict",
      required: true,
      description: "All registries.",
      options: {
        name: {
          type: "str",
          required: true,
          description: "The registry as in image names.",
        },
        state: {
          type: "str",
          default: "present",
          choices: ["present", "absent"],
          description: "Whether its hosts.toml should exist.",
        },
        server: { type: "str", description: "The registry itself." },
        hosts: {
          type: "list",
          elements: "dict",
          options: HOST,
          default: [],
          description: "Where to ask for its images, in this order.",
        },
        mode: { type: "mode", description: "The file's mode." },
      },
    },
    ...SET_ARGUMENTS,
    prune: {
      type: "bool",
      default: true,
      description: "Removes files of ours whose registries are not in the list.",
    },
  },
} as const satisfies Schema;

type RegistriesArgs = ArgsOf<typeof schema>;

/**
 * All registries of a host together: mistakes in the list, and registries on the host
 * that are no longer in it.
 */
export const containerd_registries: Module<RegistriesArgs, { found: RegistryDirectory[] }> = {
  name: "containerd_registries",
  schema,
  observe(args) {
    refuseRelative(args, ["config_path"]);
    checkList(args);
    return { found: askRegistries(args.config_path) };
  },
  plan(args, { found }) {
    for (const one of args.registries) refuseHidden(args, one, found);
    if (!args.prune) return null;
    const names = args.registries.map(({ name }) => name);
    const gone = found.filter(({ name, file }) => file === "ours" && !names.includes(name));
    return gone.length === 0 ? null : removal(args, gone, found);
  },
  result: (args, { found }) => ({
    foreign: found
      .filter(
        ({ name, file }) => file === "foreign" && !args.registries.some((one) => one.name === name),
      )
      .map(({ name }) => name),
  }),
};

// What is wrong with the list, before any host is asked.
function checkList({ registries, version, config_path }: RegistriesArgs): void {
  const seen = new Set<string>();
  for (const { name, state, server, hosts } of registries) {
    registryDirectory(name, config_path);
    if (seen.has(name))
      throw new TaskFailure(
        `the registry ${name} is in the list twice`,
        "put all of its hosts into one entry, in the order in which to ask them",
      );
    seen.add(name);
    if (state === "present") hostsTree({ name, hosts, ...defined({ server, version }) });
  }
}

// A new hosts.toml would switch off the certificates that lie beside it.
function refuseHidden(
  { config_path }: RegistriesArgs,
  { name, state, hosts }: Described,
  found: readonly RegistryDirectory[],
): void {
  const beside = found.find((one) => one.name === name);
  if (state === "absent" || !beside || beside.file !== null || beside.certificates.length === 0)
    return;
  if (hosts.some(({ ca, client }) => ca !== undefined || client !== undefined)) return;
  const [first = ""] = beside.certificates;
  const files = beside.certificates.join(", ");
  throw new TaskFailure(
    `${config_path}/${name} has ${files}, which containerd no longer reads once there is a hosts.toml`,
    `name them in it: hosts: [{url: ${hosts[0]?.url ?? `https://${name}`}, ${first.endsWith(".crt") ? `ca: [${first}]` : "client: [[NAME.cert, NAME.key]]"}}]`,
  );
}

// Takes the files away, and their directories if nothing else is in them: an empty
// one would hide `_default`.
function removal(
  { config_path }: RegistriesArgs,
  gone: readonly RegistryDirectory[],
  found: readonly RegistryDirectory[],
): Change<State> {
  const places = gone.map(({ name }) => ({
    directory: `${config_path}/${name}`,
    file: `${config_path}/${name}/hosts.toml`,
  }));
  const steps = places.map(({ directory, file }) => ({
    run: sh`hw_l=; IFS= read -r hw_l < ${file}; case $hw_l in ${`# ${OUR_TITLE}`}*) ;; *) hw_fail ${`${file} is another's by now`}; exit 1 ;; esac
hw_remove ${file} || exit 1
rmdir -- ${directory} 2>/dev/null || :`,
    undo: restoring(sh`hw_mkdirs ${directory} && hw_restore ${file}`),
  }));
  const left = found.flatMap((one) => {
    if (!gone.includes(one)) return [one];
    return one.certificates.length > 0 ? [{ ...one, file: null }] : [];
  });
  return {
    after: { found: left },
    steps,
    also: places.map(({ file }) => ({ kind: pathKind.name, subject: file, after: null })),
    diff: places.map(({ file }) =>
      fieldDiff(file, "written by Hullwright, no longer in the list", null),
    ),
  };
}
