import { TaskFailure } from "../../errors.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { OUR_TITLE } from "../../probes/containerd/registries.ts";
import { lines, sh } from "../../script/sh.ts";
import { isTable, type Toml, type TomlTable } from "../../toml/value.ts";
import { hostsTree, refusePort } from "../shared/containerd/hosts_tree.ts";
import { FILE_ARGUMENTS, fileResult } from "../shared/containerd/place.ts";
import { textFile } from "../files/copy/source.ts";
import { planToml, tomlText, type WantedToml } from "../shared/containerd/toml_file.ts";
import type { Change, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { removeDirectory, restoring } from "../../script/undo.ts";
import { fieldDiff } from "../contract/diff.ts";

/** The directory is only looked at if the file should exist. */
type State = { file: PathState; folder?: PathState };

/** What is said of one host of a registry. */
export const HOST = {
  url: {
    type: "str",
    required: true,
    description: "The URL: http:// or https://, host, port, path.",
  },
  capabilities: {
    type: "list",
    elements: "str",
    default: ["pull", "resolve"],
    choices: ["pull", "resolve", "push", "referrers"],
    description: "What it is used for.",
  },
  skip_verify: { type: "bool", description: "Accepts any TLS certificate." },
  ca: {
    type: "list",
    elements: "path",
    description: "Certificates to trust; paths are relative to the directory of hosts.toml.",
  },
  client: {
    type: "raw",
    description:
      "Client certificates: a file with certificate and key, or a list of such files or of [certificate, key].",
  },
  override_path: {
    type: "bool",
    description: "The path of the url is complete: /v2 is not added.",
  },
  header: { type: "dict", description: "Headers to send: text or a list of texts each." },
  dial_timeout: {
    type: "str",
    description: "How long connecting may take, such as 1s (containerd 2.1 on).",
  },
} as const satisfies Schema["arguments"];

/** What is said of a registry, and of all of them alike. */
export const SET_ARGUMENTS = {
  version: {
    type: "str",
    description: "containerd's version, to refuse what it does not know.",
  },
  config_path: {
    type: "path",
    default: "/etc/containerd/certs.d",
    description: "The directory of all registries.",
  },
} as const satisfies Schema["arguments"];

const schema = {
  collection: "hullwright.containerd",
  description: "Configures where containerd gets the images of one registry. No restart is needed.",
  example: `name: Use a mirror for docker.io
containerd_registry:
  name: docker.io
  hosts: [{url: "https://mirror.example.org"}]`,
  returns: [
    "dest: the file",
    "state, mode, owner, group, uid, gid, size: of the file as it is now",
  ],
  arguments: {
    name: {
      type: "str",
      required: true,
      description:
        "The registry as in image names, with its port if it has one: docker.io, registry.k8s.io, 10.0.0.5:5000; _default is for all others.",
    },
    state: {
      type: "str",
      default: "present",
      choices: ["present", "absent"],
      description: "Whether its hosts.toml should exist.",
    },
    server: {
      type: "str",
      description:
        "The registry itself, asked if no host answers; by default it follows from the name.",
    },
    hosts: {
      type: "list",
      elements: "dict",
      options: HOST,
      default: [],
      description: "Where to ask for its images, in this order.",
    },
    ...SET_ARGUMENTS,
    ...FILE_ARGUMENTS,
    mode: {
      type: "mode",
      description: "The file's mode; by default 0644, or 0600 if it contains a header or a login.",
    },
  },
} as const satisfies Schema;

type RegistryArgs = ArgsOf<typeof schema>;

/**
 * A registry's hosts.toml: mirrors, plain HTTP, own certificates. containerd
 * reads it for every pull.
 */
export const containerd_registry: Module<RegistryArgs, State> = {
  name: "containerd_registry",
  schema,
  observe(args) {
    const folder = folderOf(args);
    if (args.state === "absent") return { file: statPath(`${folder}/hosts.toml`) };
    const unless = textFile(tomlText(wantedFile(args))).sha256;
    return {
      file: statPath(`${folder}/hosts.toml`, { unless }),
      folder: statPath(folder),
    };
  },
  plan: (args, before) =>
    args.state === "absent" ? planAbsent(args, before) : planPresent(args, before),
  result: (args, { file }) => fileResult(`${folderOf(args)}/hosts.toml`, file),
};

function folderOf({ name, config_path }: RegistryArgs): string {
  return registryDirectory(name, config_path);
}

// The registry's directory; containerd finds it by the name.
export function registryDirectory(name: string, config_path: string): string {
  if (name === "*")
    throw new TaskFailure('"*" is not the name of a registry', "name all others _default");
  if (name === "registry-1.docker.io" || name === "index.docker.io") {
    throw new TaskFailure(
      `no image name contains ${name}, so containerd would never look here`,
      "images of Docker Hub have docker.io in their names: write name: docker.io",
    );
  }
  if (/^[a-z]+:\/\//i.test(name))
    throw new TaskFailure(
      `the registry "${name}" is a URL`,
      `write it as in image names: ${name.replace(/^[a-z]+:\/\//i, "").replace(/\/.*/, "")}`,
    );
  if (
    name !== "_default" &&
    !/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d+)?$|^\[[0-9a-f:]+\](:\d+)?$/.test(name)
  ) {
    throw new TaskFailure(
      `"${name}" is not the name of a registry`,
      "write it as in image names: docker.io, or 10.0.0.5:5000",
    );
  }
  refusePort(name, `the registry "${name}"`);
  return `${config_path.replace(/\/+$/, "")}/${name}`;
}

// The file as it shall be.
function wantedFile(args: RegistryArgs): WantedToml {
  const { owner, group, backup } = args;
  const tree = hostsTree(args);
  const mode = args.mode ?? (hasLogin(args) ? "0600" : "0644");
  return {
    path: `${folderOf(args)}/hosts.toml`,
    title: OUR_TITLE,
    tree,
    mode,
    owner,
    group,
    backup,
    alike: (text, old) => readsAlike(text, old, tree),
  };
}

// Headers are used for logins, and only containerd, as root, has to read those.
function hasLogin({ hosts }: RegistryArgs): boolean {
  return hosts.some(({ header }) => header !== undefined);
}

function planPresent(args: RegistryArgs, before: State): Change<State> | null {
  const placing = planToml(wantedFile(args), before.file);
  if (!placing) return null;
  const folder = folderOf(args);
  const make = before.folder
    ? []
    : [{ run: sh`hw_mkdirs ${folder}`, undo: removeDirectory(folder) }];
  const after: State = {
    file: placing.after,
    folder: before.folder ?? { type: "directory", mode: 0o755 },
  };
  return { after, steps: [...make, ...placing.steps], diff: placing.diff };
}

// Removes the file, and its directory if that is empty: an empty one would hide `_default`.
function planAbsent(args: RegistryArgs, before: State): Change<State> | null {
  if (!before.file) return null;
  const folder = folderOf(args);
  const file = `${folder}/hosts.toml`;
  const run = lines([sh`hw_remove ${file} || exit 1`, removeDirectory(folder)]);
  return {
    after: { file: null },
    steps: [{ run, undo: restoring(sh`hw_mkdirs ${folder} && hw_restore ${file}`) }],
    diff: [fieldDiff(file, "file", null)],
  };
}

// Hosts are tried in the order in which they are written, and 2.x finds them only
// by their literal headers.
function readsAlike(text: string, old: TomlTable, tree: TomlTable): boolean {
  const urls = hostUrls(tree);
  return (
    hostUrls(old).join("\n") === urls.join("\n") &&
    urls.every((url) => text.includes(`[host."${url}"]`) || text.includes(`[host.'${url}']`))
  );
}

function hostUrls(tree: TomlTable): string[] {
  const hosts: Toml | undefined = tree["host"];
  return isTable(hosts) ? Object.keys(hosts) : [];
}
