import type { Place, StopSignal } from "../../errors.ts";
import type { PromisedHost } from "../../plan/saved.ts";
import type { HostResult } from "../../queue/protocol.ts";
import type { MachineState } from "../../run/machine.ts";
import type { PlayCount } from "../../run/other-parts.ts";
import type { StepState } from "../../plan/model/entry.ts";
import type { PlannedHosts } from "../run/open-plan.ts";
import type { NewFact } from "../prepare/fact-memory.ts";
import type { RecordedFile } from "../prepare/read-files.ts";
import type { RunFlags } from "../settings/options.ts";
import type { CutOff } from "../stop/cut-off.ts";

/**
 * The hosts of a run that one worker process does, and all that it needs to know. It travels over
 * the channel between the two.
 */
export interface PartTask {
  playbooks: readonly string[];
  command: "plan" | "apply";
  hosts: readonly string[];
  flags: RunFlags;
  /** The run's name. */
  run: string;
  passwords: { connection?: string; become?: string };
  /** Passwords of ansible-vault, in base64. */
  vault: readonly { id: string; password: string }[];
  /** What programs for inventories printed. */
  printed: readonly (readonly [command: string, text: string])[];
  /** The only things that may be done, if they were saved. */
  plan?: PlannedHosts;
  /** Somebody wants to see the plan. */
  showsPlan: boolean;
  /** What hosts are sent is noted, so that the run can be remembered. */
  remembers: boolean;
}

/** What a worker process is told. */
export type ToPart =
  | { kind: "task"; task: PartTask }
  | { kind: "answer"; id: number; answer: unknown }
  | { kind: "apply"; agreed: boolean }
  | { kind: "stop"; signal: StopSignal; times: 1 | 2 }
  /** Nothing more is wanted of it. */
  | { kind: "end" };

/** What a worker process tells. */
export type FromPart =
  | ({ kind: "ask"; id: number } & PartQuestion)
  | { kind: "leave"; machine: string; state: MachineState }
  | PartEvent
  | { kind: "tell"; to: "stdout" | "stderr"; text: string }
  | { kind: "warning"; text: string }
  | { kind: "result"; host: string; result: HostResult & { promise?: PromisedHost } }
  | { kind: "facts"; news: readonly NewFact[] }
  | { kind: "remembered"; record: string }
  | { kind: "mistake"; mistake: Mistake; host?: string }
  | ({ kind: "phase" } & PhaseEnd);

/** What happens on hosts. */
export type PartEvent =
  | {
      kind: "planned" | "host-failed" | "host-done";
      host: string;
      address?: string;
      failure?: string;
      play?: number;
    }
  | {
      kind: "step";
      host: string;
      state: StepState;
      entry: { task: string; title: string; item?: string; change?: { silent?: boolean } };
    };

/** What the worker processes of a run must agree on: each waits until all have come to the same. */
export type Meeting =
  /** All hosts have been walked for the first time. */
  | { what: "read"; together: boolean }
  /** All hosts are planned. The answer is the play with which the run ends, or -1. */
  | { what: "planned"; together: boolean; plays: readonly PlayCount[] }
  /** The plans of so many hosts show mistakes. */
  | { what: "mistakes"; wrong: number; first?: Mistake }
  | { what: "begins"; play: number; hosts: number }
  /** The answer is whether the run ends with the play. */
  | { what: "ends"; play: number; count: PlayCount };

/** What a worker process wants to know. */
export type PartQuestion =
  Meeting | { what: "turn"; machine: string } | { what: "passphrase"; prompt: string };

/** What is said of a mistake of the user. */
export interface Mistake {
  message: string;
  place?: Place;
  hint?: string;
}

/** The end of planning, or of apply. */
export interface PhaseEnd {
  /** The files that the plan was made from. */
  files?: readonly RecordedFile[];
  /** A host is not any more what the saved plan says. */
  isBroken?: boolean;
  /** Where the hosts were when the run was stopped. */
  cut?: CutOff;
}
