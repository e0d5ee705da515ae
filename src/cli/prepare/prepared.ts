import type { HostRun } from "../../run/host-run.ts";
import type { Run } from "../../run/run.ts";
import type { Play, Playbook } from "../../playbook/play.ts";
import type { Mask } from "../../vault/mask.ts";
import type { ReadFiles } from "./read-files.ts";

/** A run that is ready to plan: everything is read and checked, no host has been touched. */
export interface Prepared {
  /** The run's name; it is that of no other run, and their order is that of time. */
  name: string;
  playbook: Playbook;
  run: Run;
  /** All hosts that have a part in the run by now. */
  readonly runs: HostRun[];
  /** The hosts of a play, as far as they are known before it runs. */
  hostsOf(play: Play): readonly string[];
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
