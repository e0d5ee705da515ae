import type { Place, ErrorDescription } from "../../errors.ts";
import type { Change, Diff, RunAction, StepOutput } from "../../modules/contract/module.ts";
import type { Probe } from "../../probes/probe.ts";
import type { Become } from "../../transport/transport.ts";
import type { Json, Unknown } from "../../value.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { defined } from "../../defined.ts";

/**
 * What a task comes to on one host.
 * `ok`: already so; `changed`: there is something to do; `skipped`: its `when` is false;
 * `deferred`: known after apply; `waiting`: the host or the controller must be asked first.
 */
export type EntryStatus = "ok" | "changed" | "skipped" | "failed" | "deferred" | "waiting";

/** Whom a task's steps and questions run as. */
export interface Identity {
  /** The user that the steps run as. */
  user: string;
  /** Set where that is another user than the one who logged in. */
  become?: Become;
  /** The id of the login, where that is not the host's usual one. */
  login?: string;
}

/** One task (or one item of its loop) on one host: a line of the plan. */
export interface Entry {
  /** Task id, loop index, flush: the same in every pass and every run. */
  id: string;
  play: number;
  /** Where the task stands in the run. */
  at: readonly number[];
  /** All hosts must have come as far before it is done, and go on only after it. */
  barrier: boolean;
  /** How many hosts may be at it at once (throttle). */
  throttle?: number;
  /** The host on which it is done, where that is another (delegate_to). */
  on?: string;
  task: string;
  /** What people call a task without a name, by what it is about. */
  about?: string;
  module: string;
  place: Place;
  /** What the loop's item is called, for people. */
  item?: string;
  status: EntryStatus;
  identity: Identity;
  /** What must be done. A silent change is done at apply, but reported as ok. */
  change?: Change<Record<string, Json>>;
  /** The probes whose states the change was planned against. */
  probes?: [probe: Probe<unknown>, before: Json, after: Json][];
  diff: Diff[];
  noLog: boolean;
  /** The module's arguments, for its result after apply. */
  args?: unknown;
  /** Topics of `notify`, told when the entry is a change. */
  wouldNotify: string[];
  /** Handlers to be noted on the host before the steps. */
  notifies: string[];
  /** The note of a handler that this entry answers. */
  answersNotice?: string;
  /**
   * A command that no answer of the host decides on, and of which its exit code alone tells what came of it: another such one may
   * follow in the same program.
   */
  standsAlone?: true;
  /** It ran, and runs again after so many seconds, as its `until` does not hold. */
  retryAfter?: number;
  /** Why it is skipped, deferred or waiting. */
  why?: string;
  failure?: ErrorDescription;
  /** A failure that the play goes on after (ignore_errors). */
  ignored?: boolean;
  /** It wants what is not here: no failure that a rescue could take care of. */
  unsupported?: boolean;
  /** A failure that ends the run for all hosts (any_errors_fatal, run_once). */
  fatal?: boolean;
  /** What it does to the run itself, and to no host: no line of the change list. */
  action?: RunAction;
  /** A failure that a rescue took care of. */
  rescued?: boolean;
  /** It only looks, so waiting for it makes the plan inexact only where its failure decides what else is done. */
  readOnly: boolean;
  /** A look that is not known before apply: a failure of it would end the host's part, or bring a rescue. */
  failureDecides?: "host" | "rescue";
  /** Set while the result is not known: what `register` sees instead of it. */
  unknown?: Unknown;
  /** What `register` sees. */
  result: { [key: string]: unknown };
  /** Variables that it read on the controller. */
  variables?: ReadonlyMap<string, YamlNode>;
  /** Lines that the task prints for people (debug). */
  shows?: string;
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

// What may be told of an entry's failure.
export function shownFailure({ failure, noLog }: Entry): ErrorDescription | undefined {
  return failure && noLog
    ? {
        ...defined({ place: failure.place ? failure.place : undefined }),
        message: "the message is hidden because no_log is set",
      }
    : failure;
}

// Tells whether the entry is a line of the change list.
export function isChange(entry: Entry): boolean {
  return entry.status === "changed" && !entry.change?.silent && !entry.action;
}

// Tells whether it is still to be found out what the entry comes to.
export function isUnknown({ status }: Entry): boolean {
  return status === "deferred" || status === "waiting";
}

// Tells whether the entry has steps that must run.
export function hasSteps(entry: Entry): boolean {
  return (
    entry.change !== undefined || (entry.answersNotice !== undefined && entry.status !== "failed")
  );
}

/** How far a host is with a task. */
export type StepState = "begin" | "done" | "failed";

/** What stands on the host of a handler that an earlier run notified and did not come to run. */
export interface Notice {
  name: string;
  /** The task that notified it. */
  task: string;
  /** The run, by its journal's name; "": an older version noted it. */
  run: string;
}
