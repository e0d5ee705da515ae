import type { Entry, StepState } from "../plan/model/entry.ts";
import type { HostRun } from "./host-run.ts";

/**
 * A host as those see it who only show a run: it may be at work in this process, or on a worker.
 */
export interface ToldHost {
  readonly host: {
    readonly name: string;
    readonly connection?: { readonly values?: { get(name: string): unknown } };
  };
  readonly failed: boolean;
  /** Why it failed, in one line, if that is reported too (by a worker). */
  readonly why?: string;
}

/** A task on a host as they see it. */
export type ToldEntry = Pick<Entry, "task" | "title" | "item"> & {
  change?: { silent?: boolean | undefined } | undefined;
};

/** Everything that can happen in a run, for those who show it. */
export type RunEvent<Host = HostRun, Task = Entry> =
  | { kind: "planning"; hosts: number }
  | { kind: "planned"; run: Host }
  | { kind: "play"; name: string; hosts: number }
  | { kind: "step"; host: string; entry: Task; state: StepState }
  | { kind: "host-failed"; run: Host }
  | { kind: "host-done"; run: Host; play: number };

/** An event as it is shown. */
export type ToldEvent = RunEvent<ToldHost, ToldEntry>;

export type Emit = (event: RunEvent) => void;
