import { describeInputError, InputError, UnplacedError, Interrupted } from "../../errors.ts";
import type { Share } from "../../queue/protocol.ts";
import type { ShareMessage } from "../../queue/share-program.ts";
import type { Progress } from "../../report/progress.ts";
import type { HostRun } from "../../run/host-run.ts";
import type { ToldEvent } from "../../run/event.ts";
import type { Vault } from "../../vault/vault.ts";
import { holdTo } from "../run/open-plan.ts";
import { refuseMistaken } from "../run/here.ts";
import { withRun } from "../run/with-run.ts";
import { applyUnlessStopped, planUnlessStopped } from "../stop/interruption.ts";
import type { Doing } from "../run/doing.ts";
import { foundPath } from "../prepare/read-files.ts";
import { KeptSources } from "../prepare/sources.ts";
import { ShareLine } from "./share-line.ts";
import type { ShareTask } from "./task.ts";
import { defined } from "../../defined.ts";
import { unpackVault, failureOf, resultOf } from "../run/tell-hosts.ts";

type Tell = (message: ShareMessage) => void;

// `hullwright share`: does shares of one phase of a run for a worker, one after another, and
// reports to it what happens. What the run is made from is read once. Exit code 0: the
// worker has received everything.
export async function shareCommand(): Promise<number> {
  if (!process.send)
    throw new UnplacedError("share is called by a worker", "start one: hullwright worker");
  const line = new ShareLine();
  const kept = new KeptSources();
  let vault: Vault | undefined;
  for (let share = await line.next(); share; share = await line.next()) {
    vault ??= vaultOf(share);
    try {
      await doShare(share, line, { kept, vault });
    } catch (error) {
      if (error instanceof Interrupted) line.tell({ kind: "ended", interrupted: true });
      else if (error instanceof InputError)
        line.tell({ kind: "ended", error: { message: describeInputError(error) } });
      else throw error;
    }
  }
  await kept.save(() => undefined);
  return 0;
}

// The vault that came with a share. What it decrypts it masks, for all shares of the run.
function vaultOf({ task }: Share): Vault {
  return unpackVault((task as ShareTask).vault);
}

// Does what a share is for. Throws InputError, Interrupted.
async function doShare(
  share: Share,
  line: ShareLine,
  { kept, vault }: { kept: KeptSources; vault: Vault },
): Promise<void> {
  const { playbooks, flags, passwords, plan } = share.task as ShareTask;
  const events = new Events((message) => line.tell(message), share.phase);
  await withRun(
    playbooks.map((path) => foundPath(path, process.cwd())),
    { ...flags, hosts: share.hosts },
    share.phase,
    async (doing) => {
      events.doing = doing;
      await planUnlessStopped(doing);
      refuseOthers(doing);
      if (share.phase === "apply") await applyShare(doing, plan);
      for (const message of doing.telling.warnOfResults(doing.prepared))
        line.tell({ kind: "warning", message });
      await events.finish(share);
      return 0;
    },
    {
      vault,
      kept,
      passwords: { connection: passwords.connection, become: passwords.become },
      progress: events,
      stop: line.stop,
      warned: (message) => line.tell({ kind: "warning", message }),
    },
  );
}

// Makes the hosts what the playbook says; where a plan was shown, that and nothing else.
async function applyShare(doing: Doing, plan: ShareTask["plan"]): Promise<void> {
  if (plan) holdTo(doing.prepared, { plan });
  await doing.guard(() => refuseMistaken(doing.prepared));
  await applyUnlessStopped(doing);
}

// A task that looks at hosts of other shares would see them as they were, and
// not as the run makes them.
function refuseOthers({ prepared }: Doing): void {
  if (prepared.run.looksElsewhere)
    throw new UnplacedError(
      "a task looks at hosts of another worker, which became clear only while planning",
      "have one worker do them all: --queue-share with the number of hosts, or leave --queue out",
    );
}

// Reports to the worker what happens, and each host's result as soon as it is final.
class Events implements Progress {
  doing: Doing | undefined;
  private readonly tell: Tell;
  private readonly phase: Share["phase"];
  private readonly told = new Set<string>();

  constructor(tell: Tell, phase: Share["phase"]) {
    this.tell = tell;
    this.phase = phase;
  }

  emit(event: ToldEvent): void {
    if (event.kind === "step") this.tellStep(event);
    if (event.kind === "planned" || event.kind === "host-done") this.tellHost(event);
  }

  private tellStep({ host, state, entry }: Extract<ToldEvent, { kind: "step" }>): void {
    const { task, item } = entry;
    this.tell({ kind: "step", host, task, state, ...defined({ item }) });
  }

  // A share is one phase to whoever watches: a host counts when its last play is over, or when it
  // fails.
  private tellHost(event: Extract<ToldEvent, { kind: "planned" | "host-done" }>): void {
    const doing = this.doing!;
    const run = event.run as HostRun;
    const host = run.host.name;
    const failure = failureOf(run, doing);
    const isLast = event.kind === "host-done" && event.play === lastPlay(doing, host);
    if (failure !== undefined || isLast || this.phase === "plan")
      this.tell({ kind: event.kind, host, ...defined({ failure }) });
    if (isLast) this.tellResult(run, "apply");
  }

  // The worker hears of the end by `finish`; nothing is drawn here.
  async end(): Promise<void> {}

  // What has no result yet has one now; the files say what the share was made from.
  async finish(share: Share): Promise<void> {
    const { prepared, stop } = this.doing!;
    for (const run of prepared.runs)
      if (!this.told.has(run.host.name)) this.tellResult(run, share.phase);
    const files = share.phase === "plan" ? await prepared.read.recorded(process.cwd()) : undefined;
    this.tell({
      kind: "ended",
      ...defined({ files, interrupted: stop.soon.aborted ? true : undefined }),
    });
  }

  private tellResult(run: HostRun, phase: Share["phase"]): void {
    const { name } = run.host;
    this.told.add(name);
    const ways = { onlyDone: phase === "apply", promises: phase === "plan" };
    this.tell({ kind: "result", host: name, result: resultOf(run, this.doing!, ways) });
  }
}

// The number of the last play that is for a host.
function lastPlay({ prepared }: Doing, host: string): number {
  return prepared.playbook.plays.findLastIndex((play) => prepared.hostsOf(play).includes(host));
}
