import type { Printed } from "../../inventory/program.ts";
import type { NewFact } from "./fact-memory.ts";
import type { HostRun } from "../../run/host-run.ts";
import type { Run } from "../../run/run.ts";
import type { Variables } from "../../plan/model/variables.ts";
import type { Play, Playbook } from "../../playbook/play.ts";
import type { Mask } from "../../vault/mask.ts";
import type { ReadFiles } from "./read-files.ts";

/** A run that is ready to plan: everything is read and checked, no host has been touched. */
export interface Prepared {
  /** The run's name; it is that of no other run, and their order is that of time. */
  name: string;
  playbook: Playbook;
  /** The hosts of all plays, in the order of the plays. */
  names: readonly string[];
  /**
   * The hosts of each process that is to do some. Where there are several, only the first host is
   * open here.
   */
  parts: readonly (readonly string[])[];
  /** What programs for inventories printed. */
  printed: Printed;
  readonly run: Run;
  /** All hosts that have a part in the run by now. */
  readonly runs: HostRun[];
  /** Opens all hosts here, where other processes were to do them. */
  openAll(): Promise<void>;
  /** Takes note of facts that other processes have learned. */
  remember(news: readonly NewFact[]): void;
  /** The hosts of a play, as far as they are known before it runs. */
  hostsOf(play: Play): readonly string[];
  /** What is known of a play's variables before it runs, for its title and its tags. */
  variablesOf(play: Play): Variables;
  /** The files of this machine that were read. */
  read: ReadFiles;
  /** Plays that have no host by now, where tasks might have added some. */
  emptyPlays(): readonly Play[];
  /** Takes what was decrypted out of whatever is shown or kept. */
  mask: Mask;
  /** Questions and programs that a host was sent after login. */
  rounds(host: string): number;
  /** How many seconds logging in to a host took; undefined: nobody has logged in. */
  connecting(host: string): number | undefined;
  /** Where a host is reached. */
  addressOf(host: string): string;
  close(): Promise<void>;
}
