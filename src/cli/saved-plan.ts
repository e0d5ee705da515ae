import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync, statSync } from "node:fs";
import { InputError } from "../errors.ts";
import type { PromisedHost } from "../plan/saved.ts";
import type { RunFlags } from "./options.ts";

/** A plan in a file: what was reviewed, and what it was made from. */
export interface SavedPlan {
  hullwright: "plan";
  version: 1;
  created: string;
  playbook: string;
  /** The folder in which it was planned; relative paths of the flags start there. */
  folder: string;
  flags: PlannedFlags;
  /** Digest of the variables of -e, which may be secret and are therefore not kept. */
  extraVars: string;
  hosts: { [name: string]: PromisedHost };
}

/** The flags that decide what is planned. Passwords are not among them. */
export type PlannedFlags = Pick<RunFlags, "inventory" | "limit" | "tags" | "skipTags" | "become" | "becomeUser" | "user" | "privateKey">;

const PLANNED: readonly (keyof PlannedFlags)[] = ["inventory", "limit", "tags", "skipTags", "become", "becomeUser", "user", "privateKey"];

// Writes a plan, readable by its owner alone.
export function writePlan(file: string, playbook: string, flags: RunFlags, hosts: SavedPlan["hosts"]): void {
  const kept = Object.fromEntries(PLANNED.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]])) as PlannedFlags;
  const plan: SavedPlan = { hullwright: "plan", version: 1, created: new Date().toISOString(), playbook, folder: process.cwd(), flags: kept, extraVars: digestOf(flags), hosts };
  try {
    writeFileSync(file, `${JSON.stringify(plan, null, 1)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new InputError(`the plan cannot be kept in ${file}: ${(error as Error).message}`, undefined, "name a file in a folder that is there, and that you may write");
  }
}

// The flags that a saved plan is applied with. Variables of -e must be given again, and be the same.
export function flagsOfPlan(file: string, plan: SavedPlan, flags: RunFlags): RunFlags {
  if (digestOf(flags) !== plan.extraVars) {
    throw new InputError(`${file} was planned with other variables than these`, undefined, "give the same -e as for plan; they are not kept in the file, as they may be secret");
  }
  return { ...flags, ...plan.flags, yes: true };
}

function digestOf({ extraVars = [] }: RunFlags): string {
  return createHash("sha256").update(JSON.stringify(extraVars)).digest("hex");
}

// Reads a saved plan; undefined: the file is no plan (a playbook, most likely).
export function readPlan(file: string): SavedPlan | undefined {
  if (!existsSync(file) || statSync(file).isDirectory()) return undefined;
  const text = readFileSync(file, "utf8");
  if (!/^\s*\{\s*"hullwright"/.test(text)) return undefined;
  try {
    const plan = JSON.parse(text) as SavedPlan;
    if (plan.hullwright === "plan" && plan.version === 1) return plan;
  } catch {
    // Falls through to the one message for files that cannot be used.
  }
  throw new InputError(`${file} is not a plan that this version can read`, undefined, "plan again with: hullwright plan PLAYBOOK -o FILE");
}
