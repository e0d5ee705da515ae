import type { Progress } from "../../report/progress.ts";
import type { Vault } from "../../vault/vault.ts";
import type { Passwords } from "../connection/passwords.ts";
import type { Prepared } from "../prepare/prepared.ts";
import type { Remembering } from "../remembered/remembering.ts";
import type { RunFlags } from "../settings/options.ts";
import type { Stop } from "../stop/stop.ts";
import type { Telling } from "./telling.ts";

/** Writes lines for people; with --json they go to stderr, so that stdout holds one document. */
export type Print = (lines: readonly string[]) => void;

/** A run in progress, and how it is shown and stopped. */
export interface Doing {
  prepared: Prepared;
  flags: RunFlags;
  print: Print;
  progress: Progress;
  telling: Telling;
  stop: Stop;
  passwords: Passwords;
  /** Takes note of the run, so that it can be remembered. */
  remembering?: Remembering | undefined;
  vault: Vault;
  /** Does work whose errors may contain decrypted values. */
  guard(work: () => void | Promise<void>): Promise<void>;
}
