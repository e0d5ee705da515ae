import type { Entry, StepState } from "../plan/model/entry.ts";
import type { HostRun } from "./host-run.ts";

/** Everything that can happen in a run, for those who show it. */
export type RunEvent =
  | { kind: "planning"; hosts: number }
  | { kind: "planned"; run: HostRun }
  | { kind: "play"; name: string; hosts: number }
  | { kind: "step"; host: string; entry: Entry; state: StepState }
  | { kind: "host-failed"; run: HostRun }
  | { kind: "host-done"; run: HostRun; play: number };

export type Emit = (event: RunEvent) => void;
