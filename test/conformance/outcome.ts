import { defined } from "../../src/defined.ts"; /** What one task (or one item of its loop) came to on one host, in the words of both programs. */
export interface Outcome {
  task: string;
  status: "ok" | "changed" | "skipped" | "failed" | "ignored" | "unreachable" | "deferred";
  /** What a debug task printed. */
  shown?: unknown;
  /** Why it was skipped, in Ansible's words, where the program says so. */
  reason?: unknown;
}

/** What one run came to on one host. */
export interface HostRan {
  outcomes: Outcome[];
  /** The host ended the run as failed or out of reach. */
  failed: boolean;
  unreachable: boolean;
}

/** What one run of a case came to. */
export interface Ran {
  /** By the host's name. */
  hosts: Map<string, HostRan>;
  /** Why the run was refused before anything was done. */
  refused?: string;
  /** What a plan made before the run promised otherwise than the run did, or what broke the run. */
  broken?: string;
}

type Result = { readonly [key: string]: unknown };

/** Keys that are about the task and not what it prints. */
const ABOUT = new Set([
  "changed",
  "failed",
  "skipped",
  "skip_reason",
  "skipped_reason",
  "false_condition",
  "action",
  "ansible_loop_var",
  "ansible_index_var",
  "ansible_loop",
  "deferred",
  "failed_when_result",
  "attempts",
  "retries",
  "item",
]);

// Reads a result as both programs have it.
export function outcomeOf(task: string, module: string, result: Result, ignored: boolean): Outcome {
  const status = statusOf(result, ignored);
  const reason =
    status === "skipped" ? (result["skip_reason"] ?? result["skipped_reason"]) : undefined;
  const plain = { task: task.replace(/^\S+ : /, ""), status, ...defined({ reason }) };
  if (!/(^|\.)debug$/.test(module) || (status !== "ok" && status !== "changed")) return plain;
  const own = new Set([result["ansible_loop_var"], result["ansible_index_var"]]);
  const shown = Object.entries(result).filter(
    ([key]) => !ABOUT.has(key) && !key.startsWith("_ansible") && !own.has(key),
  );
  return { ...plain, shown: textual(Object.fromEntries(shown)) };
}

function statusOf(result: Result, ignored: boolean): Outcome["status"] {
  for (const status of ["unreachable", "deferred"] as const)
    if (result[status] === true) return status;
  if (result["failed"] === true) return ignored ? "ignored" : "failed";
  if (result["skipped"] === true) return "skipped";
  return result["changed"] === true ? "changed" : "ok";
}

// Writes numbers and booleans as text: what types values keep differs between the releases of Ansible.
function textual(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textual);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, textual(part)]));
  if (typeof value === "boolean") return value ? "True" : "False";
  return value === null ? "None" : String(value);
}

/** Tasks that one of the two does not list: what brings tasks, what acts on the run, and the facts. */
const UNLISTED =
  /(^|\.)(include_tasks|import_tasks|include_role|import_role|include|meta|setup|gather_facts)$/;

// Tells whether a task of this module is compared.
export function isListed(module: string): boolean {
  return !UNLISTED.test(module);
}
