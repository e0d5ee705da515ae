import type { Json } from "../value.ts";
import { add_host } from "./add_host.ts";
import { apt } from "./apt.ts";
import { apt_repository } from "./apt_repository.ts";
import { assert } from "./assert.ts";
import { blockinfile } from "./blockinfile.ts";
import { command, shell } from "./command.ts";
import { containerd_config } from "./containerd_config.ts";
import { containerd_preflight } from "./containerd_preflight.ts";
import { containerd_ready } from "./containerd_ready.ts";
import { containerd_registries } from "./containerd_registries.ts";
import { containerd_registry } from "./containerd_registry.ts";
import { containerd_variables } from "./containerd_variables.ts";
import { copy } from "./copy.ts";
import { ctr_image } from "./ctr_image.ts";
import { deb822_repository } from "./deb822_repository.ts";
import { debug } from "./debug.ts";
import { dnf } from "./dnf.ts";
import { fail } from "./fail.ts";
import { fetch } from "./fetch.ts";
import { file } from "./file.ts";
import { find } from "./find.ts";
import { get_url } from "./get_url.ts";
import { getent } from "./getent.ts";
import { group } from "./group.ts";
import { group_by } from "./group_by.ts";
import { hostname } from "./hostname.ts";
import { include_vars } from "./include_vars.ts";
import { lineinfile } from "./lineinfile.ts";
import { meta } from "./meta.ts";
import { modprobe } from "./modprobe.ts";
import type { Module } from "./module.ts";
import { mount } from "./mount.ts";
import { packageModule } from "./package.ts";
import { package_facts } from "./package_facts.ts";
import { pause } from "./pause.ts";
import { ping } from "./ping.ts";
import { raw } from "./raw.ts";
import { reboot } from "./reboot.ts";
import { replace } from "./replace.ts";
import { script } from "./script.ts";
import { service } from "./service.ts";
import { service_facts } from "./service_facts.ts";
import { setFact } from "./set_fact.ts";
import { setup } from "./setup.ts";
import { slurp } from "./slurp.ts";
import { stat } from "./stat.ts";
import { sysctl } from "./sysctl.ts";
import { systemdService } from "./systemd_service.ts";
import { tempfile } from "./tempfile.ts";
import { template } from "./template.ts";
import { unarchive } from "./unarchive.ts";
import { uri } from "./uri.ts";
import { user } from "./user.ts";
import { validate_argument_spec } from "./validate_argument_spec.ts";
import { wait_for } from "./wait_for.ts";
import { wait_for_connection } from "./wait_for_connection.ts";

/** Any module, whatever its arguments and state are. */
export type AnyModule = Module<unknown, Record<string, Json>>;

/** All modules there are. Their types are checked where they are written; the planner treats them alike. */
const ALL = [
  add_host, apt, apt_repository, assert, blockinfile, command, containerd_config, containerd_preflight, containerd_ready, containerd_registries, containerd_registry, containerd_variables, copy,
  ctr_image, deb822_repository, debug, dnf, fail, fetch, file, find, get_url, getent, group, group_by, hostname, include_vars, lineinfile, meta, modprobe, mount, package_facts,
  packageModule, pause, ping, raw, reboot, replace, script, service, service_facts, setFact, setup, shell, slurp, stat, sysctl,
  systemdService, tempfile, template, unarchive, uri, user, validate_argument_spec, wait_for, wait_for_connection,
] as unknown as readonly AnyModule[];

/** Second names of modules. */
const ALIASES: Record<string, string> = { systemd: "systemd_service", yum: "dnf", gather_facts: "setup" };

const MODULES = new Map<string, AnyModule>(ALL.flatMap((module) => {
  const names = [module.name, ...Object.keys(ALIASES).filter((alias) => ALIASES[alias] === module.name)];
  return names.flatMap((name) => allNames(name, module.collection).map((known) => [known, module] as const));
}));

// The short name of a module, and those with a collection in front; Ansible's own modules are in two.
export function allNames(name: string, collection?: string): string[] {
  return [name, ...(collection === undefined ? ["ansible.builtin", "ansible.legacy"] : [collection]).map((prefix) => `${prefix}.${name}`)];
}

// Finds a module by the name that a task gives it: short, or with its collection in front.
export function findModule(name: string): AnyModule | undefined {
  return MODULES.get(name);
}

// The short names that a task may use.
export function moduleNames(): string[] {
  return [...MODULES.keys()].filter((name) => !name.includes("."));
}

// The collections that our modules belong to.
export function collectionNames(): string[] {
  return [...new Set(["ansible.builtin", "ansible.legacy", ...ALL.flatMap(({ collection }) => collection ?? [])])];
}
