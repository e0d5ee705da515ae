import { Interrupted, type Place } from "../../errors.ts";
import type { HostRun } from "../../run/host-run.ts";
import {
  lineProgress,
  passingProgress,
  terminalProgress,
  type Progress,
  type WhyFailed,
} from "../../report/progress.ts";
import { screen } from "../../report/screen.ts";
import { colours } from "../../report/visible.ts";
import { reportHost } from "../../report/summary.ts";
import type { Mask } from "../../vault/mask.ts";
import type { Vault } from "../../vault/vault.ts";
import { syntaxCheck } from "../commands/lint.ts";
import { passwords, type Passwords } from "../connection/passwords.ts";
import { playbookPath } from "../playbook-path.ts";
import { isListing, listing } from "../prepare/playbook/list.ts";
import type { PlaybookText } from "../../playbook/load/load.ts";
import { prepare } from "../prepare/prepare.ts";
import type { RunPart, RunRequest } from "../prepare/run-request.ts";
import { readAnsibleConfig } from "../settings/ansible-cfg.ts";
import type { RunFlags } from "../settings/options.ts";
import { settledFlags } from "../settings/settled-flags.ts";
import type { Doing, Print } from "./doing.ts";
import { stoppable, type Stop } from "../stop/stop.ts";
import type { Remembering } from "../remembered/remembering.ts";
import { guarded, openVault } from "../vault/access.ts";
import { Telling } from "./telling.ts";

/**
 * What a run may have from elsewhere than its flags: a part of a run has it from its coordinator.
 */
export interface GivenRun {
  vault?: Vault;
  book?: PlaybookText;
  passwords?: Passwords;
  progress?: Progress;
  /** All is reported at the end, so that progress need not stay on the screen. */
  isBrief?: boolean;
  /** No host is asked before all is read and checked. */
  holdsBack?: boolean;
  /** How many processes so many hosts are worth. */
  workers?: RunRequest["workers"];
  part?: RunPart;
  kept?: RunRequest["kept"];
  /** Remembers it, where it finds nothing to do. */
  remembering?: Remembering | undefined;
  /** How a part is stopped, which signals are not for. */
  stop?: Stop;
  /** Hears of warnings, in the place of the terminal. */
  warned?: (text: string) => void;
}

// Prepares a run, does something with it, and closes all logins in any case.
export async function withRun(
  names: readonly string[],
  given: RunFlags,
  command: string,
  work: (doing: Doing) => Promise<number>,
  from: GivenRun = {},
): Promise<number> {
  const vault = from.vault ?? (await openVault(given));
  const { mask } = vault;
  // what settles the flags may warn, so that what tells of warnings is made before: it holds them
  const flags = { ...given };
  const print: Print = (lines) =>
    screen.tell(flags.json ? "stderr" : "stdout", `${mask.hide(lines.join("\n"))}\n`);
  const telling = new Telling(mask, flags);
  const warned = from.warned ?? ((text: string): void => screen.warn(`warning: ${text}`));
  const warn = (message: string, place?: Place): void => warned(telling.warn(message, place));
  if (flags.syntaxCheck) return syntaxCheck(names, flags);
  const settings = readAnsibleConfig(warn);
  const settled = settledFlags(given, settings);
  Object.assign(flags, settled);
  const asked = from.passwords ?? (await passwords(flags));
  flags.connectionPassword = asked.connection;
  const prepared = await guarded(vault, () =>
    prepare({
      books: from.book ? [from.book.file] : names.map(playbookPath),
      flags,
      settings,
      becomePassword: asked.become,
      vault,
      warn,
      book: from.book,
      isEager: !from.holdsBack && flags.queue === undefined,
      workers: from.workers,
      part: from.part,
      kept: from.kept,
      remembering: from.remembering,
    }),
  );
  if (isListing(flags)) {
    print(listing(prepared, flags));
    return 0;
  }
  telling.warnOfResults(prepared).forEach(warned);
  const progress =
    from.progress ??
    (from.isBrief && flags.verbose === 0
      ? passingProgress(!flags.json && screen.isLive ? screen : undefined, command)
      : await makeProgress(flags, print, (run) => run.why ?? whyFailed(run as HostRun, mask)));
  try {
    const code = await stoppableBy(from.stop, (stop) =>
      work({
        prepared,
        flags,
        print,
        progress: from.remembering ? hearingPlays(progress, from.remembering) : progress,
        telling,
        stop,
        passwords: asked,
        remembering: from.remembering,
        vault,
        guard: (risky) => guarded(vault, risky),
      }),
    );
    if (code === 0)
      from.remembering?.keep({
        prepared,
        report: telling.report(command, prepared, command === "apply"),
        planned: () => telling.report(command, prepared),
        words: telling.showing(prepared, colours, false).words,
        forks: settled.forks,
      });
    return code;
  } catch (error) {
    await progress.end();
    if (flags.json && error instanceof Interrupted)
      screen.json({
        ...telling.empty(command, names.map(playbookPath)),
        interrupted: { signal: error.signal },
      });
    throw error;
  } finally {
    await progress.end();
    await prepared.close();
  }
}

// Does work that signals stop, unless something else does.
async function stoppableBy(
  given: Stop | undefined,
  work: (stop: Stop) => Promise<number>,
): Promise<number> {
  return given ? work(given) : stoppable(work);
}

// Progress that also notes which plays begin.
function hearingPlays(progress: Progress, remembering: Remembering): Progress {
  return {
    emit(event) {
      if (event.kind === "play") remembering.begins(event.name, event.hosts);
      progress.emit(event);
    },
    end: () => progress.end(),
  };
}

// Why a host failed, in one line.
export function whyFailed(run: HostRun, mask: Mask): string {
  const { task = "", message = "failed" } =
    mask.hideIn(reportHost(run, { rounds: 0 }, true)).failed ?? {};
  const [first = "", second = ""] = message.split("\n");
  const words = first.endsWith(":") ? `${first} ${second.trim()}` : first;
  return `${task === "" ? "" : `${task}: `}${words}`;
}

// On a terminal a line with counters, else a line for what happens; with --json nothing, unless
// -v wants lines on stderr.
async function makeProgress(flags: RunFlags, print: Print, why: WhyFailed): Promise<Progress> {
  const isVerbose = flags.verbose > 0;
  if (flags.json && !isVerbose) return { emit: () => {}, end: async () => {} };
  return !flags.json && screen.isLive
    ? terminalProgress(screen, why)
    : lineProgress((line) => print([line]), why, isVerbose);
}
