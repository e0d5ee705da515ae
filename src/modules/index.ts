import type { Json } from "../value.ts";
import type { Module } from "./module.ts";

/** Any module, whatever its arguments and state are. */
export type AnyModule = Module<unknown, Record<string, Json>>;

const MODULES = new Map<string, AnyModule>();

// Finds a module by the name that a task gives it: short, or with its collection in front.
export function findModule(name: string): AnyModule | undefined {
  return MODULES.get(name);
}

// Every name that a task may use.
export function moduleNames(): string[] {
  return [...MODULES.keys()];
}
