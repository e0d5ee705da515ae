import type { Script } from "../../script/sh.ts";

/**
 * The names of runs' journals, as a pattern for the shell: a number of eight digits and the run.
 * Whatever else stands beside them, such as the `lost+found` of a disk of their own, is not ours:
 * it is neither read, nor counted, nor removed.
 */
export const JOURNAL_NAMES: Script = { sh: `${"[0-9]".repeat(8)}-*` };

/** The number that no journal can follow. */
export const LAST_NUMBER = 99999999;
