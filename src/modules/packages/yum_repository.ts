import { defined } from "../../defined.ts";
import { TaskFailure } from "../../errors.ts";
import { sh } from "../../script/sh.ts";
import type { Change, Controller, Module } from "../contract/module.ts";
import type { Argument, ArgsOf, Schema } from "../contract/schema.ts";
import { ATTRIBUTE_ARGUMENTS, directoryOf } from "../shared/files/attributes.ts";
import { askText, planEdit, presentContent, type EditState } from "../shared/edit/edit.ts";
import { fromBytes, toBytes } from "../shared/edit/pattern.ts";
import {
  dumpRepoFile,
  readRepoFile,
  writeRepoFile,
  type RepoFile,
} from "../shared/edit/repo-file.ts";
import { restore } from "../../script/undo.ts";

const option = { type: "str", description: "The option of the same name in yum.conf(5)." } as const;
const flag = { type: "bool", description: "The option of the same name in yum.conf(5)." } as const;
const listOption = {
  type: "list",
  elements: "str",
  description: "The option of the same name in yum.conf(5).",
} as const;

const OPTIONS = {
  async: flag,
  bandwidth: option,
  baseurl: listOption,
  cost: option,
  deltarpm_metadata_percentage: option,
  deltarpm_percentage: option,
  enabled: flag,
  enablegroups: flag,
  exclude: listOption,
  failovermethod: { ...option, choices: ["roundrobin", "priority"] },
  gpgcakey: option,
  gpgcheck: flag,
  gpgkey: listOption,
  http_caching: { ...option, choices: ["all", "packages", "none"] },
  include: option,
  includepkgs: listOption,
  ip_resolve: { ...option, choices: ["4", "6", "IPv4", "IPv6", "whatever"] },
  keepalive: flag,
  keepcache: { ...option, choices: ["0", "1"] },
  metadata_expire: option,
  metadata_expire_filter: {
    ...option,
    choices: ["never", "read-only:past", "read-only:present", "read-only:future"],
  },
  metalink: option,
  mirrorlist: option,
  mirrorlist_expire: option,
  module_hotfixes: flag,
  password: option,
  priority: option,
  protect: flag,
  proxy: option,
  proxy_password: option,
  proxy_username: option,
  repo_gpgcheck: flag,
  retries: option,
  s3_enabled: flag,
  skip_if_unavailable: flag,
  sslcacert: { ...option, aliases: ["ca_cert"] },
  ssl_check_cert_permissions: flag,
  sslclientcert: { ...option, aliases: ["client_cert"] },
  sslclientkey: { ...option, aliases: ["client_key"] },
  sslverify: { ...flag, aliases: ["validate_certs"] },
  throttle: option,
  timeout: option,
  ui_repoid_vars: option,
  username: option,
} as const satisfies { [name: string]: Argument };

const schema = {
  description: "Adds or removes a package repository in a file of yum and dnf.",
  example: `name: Packages come from our mirror
yum_repository:
  name: ours
  description: Our packages
  baseurl: https://mirror.example.org/el9/
  gpgkey: https://mirror.example.org/key.asc`,
  returns: ["repo, state: as given"],
  arguments: {
    name: { type: "str", required: true, description: "The repository's id." },
    description: { type: "str", description: "Its name for people." },
    file: { type: "str", description: "The file's name without .repo; the id if absent." },
    reposdir: {
      type: "path",
      default: "/etc/yum.repos.d",
      description: "The directory of the file.",
    },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether it should exist.",
    },
    ...OPTIONS,
    ...ATTRIBUTE_ARGUMENTS,
  },
} as const satisfies Schema;

type RepositoryArgs = ArgsOf<typeof schema>;

/** A repository of rpm packages, as a section of a file. */
export const yum_repository: Module<RepositoryArgs, EditState> = {
  name: "yum_repository",
  schema,
  observe(args) {
    checkArguments(args);
    return askText(editOf(args));
  },
  plan,
  result: ({ name, state }) => ({ repo: name, state }),
};

function checkArguments(args: RepositoryArgs): void {
  if (args.state === "absent") return;
  if (args.baseurl === undefined && args.metalink === undefined && args.mirrorlist === undefined)
    throw new TaskFailure("Parameter 'baseurl', 'metalink' or 'mirrorlist' is required.");
  if (args.description === undefined) throw new TaskFailure("Parameter 'description' is required.");
}

function editOf(args: RepositoryArgs) {
  const { reposdir, file, name, mode, owner, group } = args;
  return {
    path: `${reposdir}/${file ?? name}.repo`,
    create: true as const,
    backup: false,
    ...defined({ mode, owner, group }),
  };
}

function plan(
  args: RepositoryArgs,
  before: EditState,
  controller: Controller,
): Change<EditState> | null {
  const edit = editOf(args);
  if ((before.above?.[directoryOf(args.reposdir)] ?? null) === null)
    throw new TaskFailure(`Repo directory '${args.reposdir}' does not exist.`);
  const content = presentContent(edit, before);
  const text = fromBytes(content ?? "");
  const [old, made] = [readRepoFile(text), readRepoFile(text)];
  made.delete(args.name);
  if (args.state === "present") made.set(args.name, sectionOf(args));
  if (dumpRepoFile(old) === dumpRepoFile(made))
    return content === undefined ? null : planEdit(edit, before, undefined, controller);
  if (made.size === 0) return planRemoval(edit.path, before, text);
  const change = planEdit(
    edit,
    before,
    { content: toBytes(writeRepoFile(made)), msg: "" },
    controller,
  );
  return change && { ...change, result: {} };
}

// The file goes with its last repository.
function planRemoval(path: string, before: EditState, text: string): Change<EditState> {
  return {
    after: { ...before, file: null, real: null },
    steps: [{ run: sh`hw_remove ${path}`, undo: restore(path) }],
    diff: [{ kind: "text", title: path, before: text, after: "" }],
  };
}

// The options of the repository, by their names in order.
function sectionOf(args: RepositoryArgs): RepoFile extends Map<string, infer S> ? S : never {
  const values = new Map<string, unknown>([
    ...Object.keys(OPTIONS).map((key) => [key, args[key as keyof typeof OPTIONS]] as const),
    ["name", args.description],
  ]);
  return new Map(
    [...values]
      .filter(([, value]) => value !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, textOf(key, value)]),
  );
}

function textOf(key: string, value: unknown): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (Array.isArray(value))
    return value.join(key === "exclude" || key === "includepkgs" ? " " : "\n");
  return String(value);
}
