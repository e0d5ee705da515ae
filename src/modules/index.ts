import type { Json } from "../value.ts";
import { assert } from "./assert.ts";
import { command, shell } from "./command.ts";
import { containerd_config } from "./containerd_config.ts";
import { containerd_preflight } from "./containerd_preflight.ts";
import { containerd_ready } from "./containerd_ready.ts";
import { containerd_registry } from "./containerd_registry.ts";
import { copy } from "./copy.ts";
import { ctr_image } from "./ctr_image.ts";
import { debug } from "./debug.ts";
import { fail } from "./fail.ts";
import { file } from "./file.ts";
import { get_url } from "./get_url.ts";
import { meta } from "./meta.ts";
import { modprobe } from "./modprobe.ts";
import type { Module } from "./module.ts";
import { setFact } from "./set_fact.ts";
import { setup } from "./setup.ts";
import { stat } from "./stat.ts";
import { systemdService } from "./systemd_service.ts";
import { template } from "./template.ts";
import { unarchive } from "./unarchive.ts";

/** Any module, whatever its arguments and state are. */
export type AnyModule = Module<unknown, Record<string, Json>>;

/** All modules there are. Their types are checked where they are written; the planner treats them alike. */
const ALL = [
  assert, command, containerd_config, containerd_preflight, containerd_ready, containerd_registry, copy, ctr_image, debug, fail, file, get_url, meta, modprobe, setFact, setup, shell,
  stat, systemdService, template, unarchive,
] as unknown as readonly AnyModule[];

/** Second names of modules. */
const ALIASES: Record<string, string> = { systemd: "systemd_service" };

const MODULES = new Map<string, AnyModule>(ALL.flatMap((module) => {
  const names = [module.name, ...Object.keys(ALIASES).filter((alias) => ALIASES[alias] === module.name)];
  return names.flatMap((name) => [[name, module], [`${module.collection ?? "ansible.builtin"}.${name}`, module]] as const);
}));

// Finds a module by the name that a task gives it: short, or with its collection in front.
export function findModule(name: string): AnyModule | undefined {
  return MODULES.get(name);
}

// The short names that a task may use.
export function moduleNames(): string[] {
  return [...MODULES.keys()].filter((name) => !name.includes("."));
}
