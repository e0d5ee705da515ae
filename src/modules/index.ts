import type { Json } from "../value.ts";
import { add_host } from "./play/add_host.ts";
import { alternatives } from "./system/alternatives.ts";
import { apt } from "./packages/apt.ts";
import { apt_key } from "./packages/apt_key.ts";
import { apt_repository } from "./packages/apt_repository.ts";
import { assemble } from "./files/assemble.ts";
import { archive } from "./files/archive.ts";
import { assert } from "./play/assert.ts";
import { blockinfile } from "./files/blockinfile.ts";
import { command, shell } from "./commands/command.ts";
import { containerd_absent } from "./containerd/containerd_absent.ts";
import { containerd_config } from "./containerd/containerd_config.ts";
import { containerd_preflight } from "./containerd/containerd_preflight.ts";
import { containerd_ready } from "./containerd/containerd_ready.ts";
import { containerd_registries } from "./containerd/containerd_registries.ts";
import { containerd_registry } from "./containerd/containerd_registry.ts";
import { containerd_variables } from "./containerd/containerd_variables.ts";
import { copy } from "./files/copy.ts";
import { ctr_container } from "./containerd/ctr_container.ts";
import { ctr_exec } from "./containerd/ctr_exec.ts";
import { ctr_image } from "./containerd/ctr_image.ts";
import { ctr_image_export } from "./containerd/ctr_image_export.ts";
import { ctr_image_mount } from "./containerd/ctr_image_mount.ts";
import { ctr_image_push } from "./containerd/ctr_image_push.ts";
import { ctr_info } from "./containerd/ctr_info.ts";
import { ctr_namespace } from "./containerd/ctr_namespace.ts";
import { ctr_task } from "./containerd/ctr_task.ts";
import { deb822_repository } from "./packages/deb822_repository.ts";
import { debug } from "./play/debug.ts";
import { dnf } from "./packages/dnf.ts";
import { fail } from "./play/fail.ts";
import { fetch } from "./files/fetch.ts";
import { file } from "./files/file.ts";
import { find } from "./files/find.ts";
import { get_url } from "./files/get_url.ts";
import { getent } from "./system/getent.ts";
import { git } from "./files/git.ts";
import { group } from "./system/group.ts";
import { group_by } from "./play/group_by.ts";
import { hostname } from "./system/hostname.ts";
import { include_vars } from "./files/include_vars.ts";
import { journal_check } from "./journal/journal_check.ts";
import { journal_info } from "./journal/journal_info.ts";
import { journal_undo } from "./journal/journal_undo.ts";
import { lineinfile } from "./files/lineinfile.ts";
import { lock_info } from "./journal/lock_info.ts";
import { meta } from "./play/meta.ts";
import { kernel_blacklist } from "./system/kernel_blacklist.ts";
import { modprobe } from "./system/modprobe.ts";
import type { Module } from "./contract/module.ts";
import { EMPTY_SCHEMA } from "./contract/schema.ts";
import { mount } from "./files/mount.ts";
import { packageModule } from "./packages/package.ts";
import { package_facts } from "./packages/package_facts.ts";
import { pam_limits } from "./system/pam_limits.ts";
import { pip } from "./packages/pip.ts";
import { pause } from "./play/pause.ts";
import { ping } from "./network/ping.ts";
import { raw } from "./commands/raw.ts";
import { reboot } from "./system/reboot.ts";
import { replace } from "./files/replace.ts";
import { rollback } from "./play/rollback.ts";
import { script } from "./commands/script.ts";
import { seboolean } from "./system/seboolean.ts";
import { selinux } from "./system/selinux.ts";
import { service } from "./system/service.ts";
import { service_facts } from "./system/service_facts.ts";
import { setFact } from "./play/set_fact.ts";
import { setup } from "./system/setup.ts";
import { slurp } from "./files/slurp.ts";
import { stat } from "./files/stat.ts";
import { sysctl } from "./system/sysctl.ts";
import { systemdService } from "./system/systemd_service.ts";
import { tempfile } from "./files/tempfile.ts";
import { template } from "./files/template.ts";
import { unarchive } from "./files/unarchive.ts";
import { uri } from "./network/uri.ts";
import { user } from "./system/user.ts";
import { validate_argument_spec } from "./play/validate_argument_spec.ts";
import { authorized_key } from "./system/authorized_key.ts";
import { cron } from "./system/cron.ts";
import { dpkg_selections } from "./packages/dpkg_selections.ts";
import { ini_file } from "./files/ini_file.ts";
import { iptables } from "./network/iptables.ts";
import { known_hosts } from "./network/known_hosts.ts";
import { timezone } from "./system/timezone.ts";
import { yum_repository } from "./packages/yum_repository.ts";
import { wait_for } from "./network/wait_for.ts";
import { wait_for_connection } from "./network/wait_for_connection.ts";

/** Any module, whatever its arguments and state are. */
export type AnyModule = Module<unknown, Record<string, Json>>;

// A module that does nothing on a host: what runs a task that only includes others,
// or one that always fails.
export function moduleWithoutWork(name: string): AnyModule {
  return {
    name,
    schema: EMPTY_SCHEMA,
    observe: () => ({}),
    plan: () => null,
    result: () => ({}),
  };
}

/**
 * All modules there are. Their types are checked where they are written; the
 * planner treats them alike.
 */
const ALL = [
  add_host,
  alternatives,
  apt,
  apt_key,
  apt_repository,
  assemble,
  archive,
  assert,
  blockinfile,
  command,
  containerd_absent,
  containerd_config,
  containerd_preflight,
  containerd_ready,
  containerd_registries,
  containerd_registry,
  containerd_variables,
  copy,
  ctr_container,
  ctr_exec,
  ctr_image,
  ctr_image_export,
  ctr_image_mount,
  ctr_image_push,
  ctr_info,
  ctr_namespace,
  ctr_task,
  deb822_repository,
  debug,
  dnf,
  fail,
  fetch,
  file,
  find,
  get_url,
  getent,
  git,
  group,
  group_by,
  hostname,
  include_vars,
  journal_check,
  journal_info,
  journal_undo,
  lineinfile,
  lock_info,
  meta,
  kernel_blacklist,
  modprobe,
  mount,
  package_facts,
  packageModule,
  pam_limits,
  pause,
  ping,
  pip,
  raw,
  reboot,
  replace,
  rollback,
  script,
  seboolean,
  selinux,
  service,
  service_facts,
  setFact,
  setup,
  shell,
  slurp,
  stat,
  sysctl,
  systemdService,
  tempfile,
  template,
  unarchive,
  uri,
  user,
  validate_argument_spec,
  wait_for,
  wait_for_connection,
  authorized_key,
  cron,
  dpkg_selections,
  ini_file,
  iptables,
  known_hosts,
  timezone,
  yum_repository,
] as unknown as readonly AnyModule[];

/** Second names of modules. */
const ALIASES: Record<string, string> = {
  systemd: "systemd_service",
  yum: "dnf",
  gather_facts: "setup",
};

const MODULES = new Map<string, AnyModule>(
  ALL.flatMap((module) => {
    const names = [
      module.name,
      ...Object.keys(ALIASES).filter((alias) => ALIASES[alias] === module.name),
    ];
    return names.flatMap((name) =>
      allNames(name, module.schema.collection).map((known) => [known, module] as const),
    );
  }),
);

// The short name of a module, and those with a collection in front. Ansible's own modules are in
// two, where it also finds those that it has given to other collections.
export function allNames(name: string, collection?: string): string[] {
  const own = collection === undefined || !collection.startsWith("hullwright.");
  return [
    name,
    ...[
      ...(own ? ["ansible.builtin", "ansible.legacy"] : []),
      ...(collection === undefined ? [] : [collection]),
    ].map((prefix) => `${prefix}.${name}`),
  ];
}

// Finds a module by the name that a task gives it: short, or with its collection in front.
export function findModule(name: string): AnyModule | undefined {
  return MODULES.get(name);
}

// The short names that a task may use.
export function moduleNames(): readonly string[] {
  return (shortNames ??= [...MODULES.keys()].filter((name) => !name.includes(".")));
}

let shortNames: readonly string[] | undefined;

// The collections that our modules belong to.
export function collectionNames(): string[] {
  return [
    ...new Set([
      "ansible.builtin",
      "ansible.legacy",
      ...ALL.flatMap(({ schema }) => schema.collection ?? []),
    ]),
  ];
}
