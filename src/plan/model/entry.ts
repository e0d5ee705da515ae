import type { Place, ErrorDescription } from "../../errors.ts";
import type {
  Change,
  Diff,
  LocalFile,
  RunAction,
  StepOutput,
} from "../../modules/contract/module.ts";
import type { Decided } from "./signals.ts";
import type { Probe } from "../../probes/probe.ts";
import type { Become } from "../../transport/transport.ts";
import type { Json, Unknown } from "../../value.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { defined } from "../../defined.ts";

/**
 * The result of planning a task on one host, as far as it is known: each status with its own data.
 */
export type Verdict =
  /** It is already so. `shows`: lines that it prints for people (debug). */
  | { readonly status: "ok"; readonly shows?: string }
  /** There is something to do. `retry`: it ran, and runs again, as its `until` does not hold. */
  | { readonly status: "changed"; readonly retry?: Retry }
  /** It is not done. `why`: the condition that is false. */
  | { readonly status: "skipped"; readonly why?: string; readonly shows?: string }
  | FailedVerdict
  /**
   * It is known after apply. `decides`: what hangs on it though it changes nothing.
   * `wouldFail`: why it fails if it is done at all.
   */
  | {
      readonly status: "deferred";
      readonly why: string;
      readonly unknown: Unknown;
      readonly decides?: Decided;
      readonly wouldFail?: string;
    }
  /** The host or the controller must be asked first. */
  | { readonly status: "waiting"; readonly why: string; readonly unknown: Unknown };

export type EntryStatus = Verdict["status"];

/** A task that failed. */
export interface FailedVerdict {
  readonly status: "failed";
  readonly failure: ErrorDescription;
  readonly scope: FailureScope;
  /** It wants what is not here: no failure that a rescue could take care of. */
  readonly unsupported: boolean;
}

/**
 * What a failure ends. `ignored`: nothing, the play continues (ignore_errors); `rescued`: nothing,
 * a rescue handled it; `host`: the rest of this host; `all`: the run for all hosts
 * (any_errors_fatal, run_once).
 */
export type FailureScope = "ignored" | "rescued" | "host" | "all";

/** When a task runs again, and what `register` sees until then. */
export interface Retry {
  /** In seconds. */
  readonly after: number;
  readonly unknown: Unknown;
}

/** Whom a task's steps and questions run as. */
export interface Identity {
  /** The user that the steps run as. */
  user: string;
  /** Set where that is another user than the one who logged in. */
  become?: Become;
  /** The id of the login, where that is not the host's usual one. */
  login?: string;
}

/** A probe with its states before and after a change; the same twice where it was only asked. */
export type ProbedState = readonly [probe: Probe<unknown>, before: Json, after: Json];

/** A change as part of a host's plan. */
export interface PlannedChange extends Change<Record<string, Json>> {
  /** The files that its steps use, each once. */
  files: readonly LocalFile[];
  /**
   * A command that depends on no answer from the host, and whose only result is its exit code:
   * another such command may follow in the same program.
   */
  standsAlone?: true;
}

/**
 * One task (or one item of its loop) on one host: a line of the plan. Only
 * entry/write-entry.ts writes it.
 */
export interface Entry {
  /** Task id, loop index, flush: the same in every pass and every run. */
  readonly id: string;
  readonly play: number;
  /** The position of the task in the run. */
  readonly at: readonly number[];
  readonly task: string;
  /** What people call it: by its name, or what it is about. */
  readonly title: string;
  readonly module: string;
  readonly place: Place;
  /** What the loop's item is called, for people. */
  readonly item?: string;
  readonly noLog: boolean;
  /**
   * It only looks, so waiting for it makes the plan inexact only where its failure
   * decides what else is done.
   */
  readonly readOnly: boolean;
  /** All hosts must have come as far before it is done, and go on only after it. */
  readonly barrier: boolean;
  /** How many hosts may be at it at once; Infinity: as many as the run allows. */
  readonly throttle: number;
  /** The host on which it is done, where that is another (delegate_to). */
  readonly on?: string;
  readonly identity: Identity;
  /** The module's arguments, for its result after apply; undefined: they are not known. */
  readonly args: unknown;
  /**
   * The questions before it that may have changed the host, itself included; undefined: it is
   * not on a host.
   */
  readonly behind?: string;
  /** What was asked for it: the states that its change was planned against. */
  readonly probes: readonly ProbedState[];
  /**
   * The task that was planned before the host was looked at for this one, and
   * may change what was found.
   */
  readonly doubt?: string;
  readonly verdict: Verdict;
  /** What must be done. A silent change is done at apply, but reported as ok. */
  readonly change?: PlannedChange;
  readonly diff: readonly Diff[];
  /** The task has `diff: true`: its diff is shown by a run that shows none, too. */
  readonly showsDiff: boolean;
  /** Topics of `notify`, notified if the entry is a change. */
  readonly wouldNotify: readonly string[];
  /** Handlers to be noted on the host before the steps. */
  readonly notifies: readonly string[];
  /** Those whose notes are crossed off once this entry is done. */
  readonly crossesOff: readonly string[];
  /** What it does to the run itself, and to no host: no line of the change list. */
  readonly action?: RunAction;
  /** Variables that it read on the controller. */
  readonly variables: ReadonlyMap<string, YamlNode>;
  /** The value for `register`, if nothing in it is unknown. */
  readonly result: { readonly [key: string]: unknown };
}

/** An entry with a particular status. */
export type EntryOf<S extends EntryStatus> = Entry & {
  readonly verdict: Extract<Verdict, { readonly status: S }>;
};

/** An entry that failed. */
export type FailedEntry = EntryOf<"failed">;

// Whether an entry has a particular status.
export function hasStatus<S extends EntryStatus>(entry: Entry, status: S): entry is EntryOf<S> {
  return entry.verdict.status === status;
}

/** What became of an entry that ran. */
export interface Outcome {
  /** `already`: somebody had made it so by the time. */
  status: "done" | "already" | "failed";
  outputs: StepOutput[];
  /** Its number in the journal of the run on its host. */
  number?: number;
  /** Set on failure: what went wrong, in one message. */
  message?: string;
  hint?: string;
}

// The parts of a failure that may be shown.
export function shownFailure({
  verdict: { failure },
  noLog,
}: Pick<FailedEntry, "verdict" | "noLog">): ErrorDescription {
  return noLog
    ? {
        ...defined({ place: failure.place }),
        message: "the message is hidden because no_log is set",
      }
    : failure;
}

// What `register` sees instead of a result, while that is not known.
export function unknownOf({ verdict }: Entry): Unknown | undefined {
  switch (verdict.status) {
    case "deferred":
    case "waiting":
      return verdict.unknown;
    case "changed":
      return verdict.retry?.unknown;
    case "ok":
    case "skipped":
    case "failed":
      return undefined;
  }
}

// What an entry that ran waits for before it runs again.
export function retryOf({ verdict }: Entry): Retry | undefined {
  return verdict.status === "changed" ? verdict.retry : undefined;
}

// Why an entry failed, if it did.
export function failureIn({ verdict }: Entry): ErrorDescription | undefined {
  return verdict.status === "failed" ? verdict.failure : undefined;
}

// The lines that a task prints for people.
export function shownLines({ verdict }: Entry): string | undefined {
  return verdict.status === "ok" || verdict.status === "skipped" ? verdict.shows : undefined;
}

// Whether an entry failed and the play does not go on after it.
export function endsPart(entry: Entry): entry is FailedEntry {
  return hasStatus(entry, "failed") && entry.verdict.scope !== "ignored";
}

// Whether the entry is a line of the change list.
export function isChange(entry: Entry): boolean {
  return hasStatus(entry, "changed") && !entry.change?.silent && !entry.action;
}

// Whether the result of the entry is still to be found out.
export function isUnknown(entry: Entry): entry is EntryOf<"deferred" | "waiting"> {
  return hasStatus(entry, "deferred") || hasStatus(entry, "waiting");
}

// Whether the entry has steps that must run.
export function hasSteps(entry: Entry): boolean {
  return entry.change !== undefined || (entry.crossesOff.length > 0 && !hasStatus(entry, "failed"));
}

/** How far a host is with a task. */
export type StepState = "begin" | "done" | "failed";

/** The notice on the host of a handler that an earlier run notified but did not run. */
export interface Notice {
  name: string;
  /** The task that notified it. */
  task: string;
  /** The run, by its journal's name; "": an older version noted it. */
  run: string;
}
