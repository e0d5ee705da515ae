import { join } from "node:path";
import type { Entry } from "../../plan/model/entry.ts";
import type { LockState } from "../../probes/journal/lock.ts";
import { visible } from "../../report/visible.ts";
import { screen } from "../../report/screen.ts";
import type { HostRun } from "../../run/host-run.ts";
import { stateFolder } from "../../script/state-folder.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import { confirm } from "../ask.ts";
import { SHIPPED } from "../playbook-path.ts";
import { describeHolder } from "../prepare/holder.ts";
import { planUnlessStopped } from "../stop/interruption.ts";
import type { JournalFlags } from "../settings/journal-options.ts";
import { withRun } from "../run/with-run.ts";
import { withJournal } from "./runs.ts";

/** A host that a run has locked, and what is known of that run. */
interface Held {
  run: HostRun;
  entry: Entry;
  lock: Omit<LockState, "isHeld">;
}

// `hullwright unlock PATTERN`: ends what has locked a host without being controlled by anybody.
// Exit codes: 0 nothing is locked there now, 1 it still is, 4 unreachable.
export async function unlockCommand(pattern: string, flags: JournalFlags): Promise<number> {
  const asked = withJournal(flags, { journal_hosts: pattern });
  return withRun([join(SHIPPED, "own", "unlock.yml")], asked, "unlock", async (doing) => {
    const { prepared, print, telling, stop } = doing;
    await planUnlessStopped(doing);
    const report = telling.report("unlock", prepared);
    for (const [name, { failed }] of Object.entries(report.hosts))
      if (failed) screen.warn(`${name}: ${failed.message}`);
    const held = prepared.runs.flatMap(heldBy);
    const stuck = held.filter(({ lock }) => lock.by === "");
    print(
      held.length === 0
        ? ["no host is locked"]
        : held.map((one) => `${nameOf(one)}: ${describeLock(one)}`),
    );
    if (stuck.length > 0 && !flags.yes) {
      const names = stuck.map(nameOf).join(", ");
      const isSure = await confirm(
        `\nEnd these runs on ${names}, with all that they still do there? Only "yes" is accepted: `,
        stop.soon,
      );
      if (!isSure) {
        print(["nothing was done"]);
        return 1;
      }
    }
    const ended = await Promise.all(stuck.map(end));
    print(
      stuck.map((one, index) =>
        ended[index]
          ? `${nameOf(one)}: unlocked`
          : `${nameOf(one)}: that run has ended by itself; another one may have locked the host since`,
      ),
    );
    if (report.totals.unreachable > 0) return 4;
    return report.totals.failed > 0 || stuck.length < held.length ? 1 : 0;
  });
}

// The lock of a host, where a run has it.
function heldBy(run: HostRun): Held[] {
  const entry = run.walk?.entries.find(({ module }) => module === "lock_info");
  if (entry?.result["held"] !== true) return [];
  return [{ run, entry, lock: entry.result as unknown as Held["lock"] }];
}

function nameOf({ run }: Held): string {
  return run.host.name;
}

// Who has locked a host, for people.
function describeLock({ lock: { owner, run, by } }: Held): string {
  const who = visible(`${describeHolder(owner)} (${run})`);
  return by === ""
    ? `locked by ${who}, and nobody controls that run any more`
    : `locked by ${who}, which is alive (${visible(by)}): wait until it ends, or end it where it runs`;
}

// Ends all that runs in the session of the shell that has the lock; false: it has it no more.
async function end({ run, entry, lock }: Held): Promise<boolean> {
  const session = await run.asking.session(undefined, entry.identity.login);
  const isRoot = entry.identity.user === "root";
  const program = lines([stateFolder(isRoot), endSession(lock.pid)]);
  return (await session.run(program.sh, { become: entry.identity.become })).code === 0;
}

// Politely, and within some seconds surely. A session that was not made for the shell (its leader
// is neither that nor the sudo above it) is let be, but for the shell itself.
export function endSession(pid: number): Script {
  return sh`[ /proc/${pid}/fd/9 -ef "$HW_STATE_DIR/lock" ] || exit 3
read -r hw_l < /proc/${pid}/stat || exit 3
set -- \${hw_l##*) }; hw_g=$4
[ "$hw_g" = ${pid} ] || [ "$hw_g" = "$2" ] || { kill -KILL ${pid}; exit 0; }
for hw_x in TERM 0 0 0 0 0 0 0 0 KILL; do
  hw_f=
  for hw_q in /proc/[0-9]*/stat; do
    { read -r hw_l < "$hw_q"; } 2>/dev/null || continue
    hw_m=\${hw_l%% *}; set -- \${hw_l##*) }
    [ "$4" = "$hw_g" ] && [ "$1" != Z ] || continue
    kill -"$hw_x" "$hw_m" 2>/dev/null && hw_f=yes
  done
  [ "$hw_f" ] || exit 0; sleep 0.5
done`;
}
