import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { accountName } from "../../transport/account.ts";
import { basename } from "node:path";
import type { JournalHead } from "../../modules/journal/entry.ts";
import { KEEP_JOURNALS, type JournalOptions } from "../../run/program/lock.ts";
import { commandText } from "../command-text.ts";
import { hideSecretText } from "../../secrets.ts";
import type { Mask } from "../../vault/mask.ts";
import type { RunFlags } from "../settings/options.ts";

/** Those who read journals refuse what a newer version wrote. */
const JOURNAL_VERSION = 1;

// What the journals on the hosts say of a run as a whole.
function journalHead(
  run: string,
  playbooks: readonly string[],
  { words = [], rollback }: Pick<RunFlags, "words" | "rollback">,
): JournalHead {
  const head: JournalHead = {
    version: JOURNAL_VERSION,
    run,
    by: accountName(),
    from: hostname(),
    begun: new Date().toISOString(),
    command: commandText(words.map((word) => hideSecretText(word))),
    playbooks: playbooks.map((playbook) => basename(playbook)),
  };
  if (rollback !== undefined) head.undoes = rollback;
  return head;
}

// What journals say of a run, how long they stay, and what is hidden of it.
export function journalOptions(
  run: string,
  playbooks: readonly string[],
  flags: RunFlags,
  mask: Mask,
): JournalOptions {
  const { journalDays: days = KEEP_JOURNALS.days, journalMb: megabytes = KEEP_JOURNALS.megabytes } =
    flags;
  return {
    head: JSON.stringify(mask.hideIn(journalHead(run, playbooks, flags))),
    keep: { days, megabytes },
    hide: (value) => mask.hideIn(value),
  };
}

// A name for this run whose order is that of time.
export function runName(): string {
  return `${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "")}-${randomBytes(3).toString("hex")}`;
}
