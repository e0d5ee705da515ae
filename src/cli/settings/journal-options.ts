import { Command, Option } from "commander";
import { runFlags, type RunFlags } from "./options.ts";
import { wholeNumber } from "./option-values.ts";

/** What commands take that read the journals of earlier runs. */
export interface JournalFlags extends Omit<RunFlags, "become"> {
  /** false: as the user who logs in, whose own journals are looked at. */
  become?: boolean;
  /** Only shows what would be undone. */
  plan?: true;
}

/** The flags of plan and apply for selecting hosts, logging in to them, and reporting. */
const SHARED =
  /^--(inventory|limit|extra-vars|forks|vault-|ask-|become-pass|conn|user$|private-key|key-file|ssh-|timeout|accept-new|verbose|json)/;

// Adds the flags of commands that read the journals of earlier runs.
export function journalCommandFlags(command: Command): Command {
  for (const option of runFlags(new Command()).options)
    if (SHARED.test(option.long ?? "")) command.addOption(option);
  return command
    .option("--become-user <user>", "whose runs: those that ran as this user (root)")
    .option("--no-become", "the runs of the user who logs in");
}

// Adds the flags that say how long what was replaced stays on the hosts, for
// runs to be rolled back.
export function journalFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--journal-days <days>", "how long a run can be rolled back (90)")
        .env("HULLWRIGHT_JOURNAL_DAYS")
        .argParser(wholeNumber),
    )
    .addOption(
      new Option("--journal-mb <size>", "how much space that may use on a host, in MiB (1024)")
        .env("HULLWRIGHT_JOURNAL_MB")
        .argParser(wholeNumber),
    );
}
