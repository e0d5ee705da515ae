import type { Interrupted } from "../../errors.ts";
import { InputError, UnplacedError, STOP_SIGNALS } from "../../errors.ts";
import { VERSION } from "../version.ts";
import { openBroker, type Broker } from "../../queue/broker.ts";
import { packDirectory } from "../../queue/bundle.ts";
import {
  distribute,
  wantKeyFile,
  type WorkersAnswer,
  type QueuedRun,
} from "../../queue/coordinator.ts";
import { sharesOf, type SharePhase, type WorkerEvent } from "../../queue/protocol.ts";
import { readKey } from "../../queue/seal.ts";
import { screen } from "../../report/screen.ts";
import type { ToldHost } from "../../run/event.ts";
import { partOf } from "../run/open-plan.ts";
import { applyCommand, planCommand, type Reach } from "../commands/run.ts";
import type { Applied, HostWork, Planned } from "../run/flow.ts";
import type { Doing } from "../run/doing.ts";
import { warnOnce } from "../run/telling.ts";
import { portablePath, type RecordedFile } from "../prepare/read-files.ts";
import type { RunFlags } from "../settings/options.ts";
import { plannedOf, promisesOf, reportOf, showingOf } from "./answer.ts";
import type { ShareTask } from "./task.ts";
import { defined } from "../../defined.ts";
import { packKeys } from "../run/tell-hosts.ts";

/** How many hosts a share has at most, unless said. */
const SHARE_SIZE = 50;

// `plan --queue`: the same as plan, but workers look at the hosts.
export async function planQueued(names: readonly string[], flags: RunFlags): Promise<number> {
  return planCommand(names, flags, byWorkers);
}

// `apply --queue`: the same as apply, but workers do the hosts.
export async function applyQueued(names: readonly string[], flags: RunFlags): Promise<number> {
  return applyCommand(names, flags, byWorkers);
}

// Workers do the hosts.
const byWorkers: Reach = (doing, saved, work) =>
  withQueue(doing, (queue) => work(new QueuedHosts(doing, queue, saved?.plan)));

/** The hosts of a run, done by workers. */
class QueuedHosts implements HostWork {
  readonly plansItself = true;
  private readonly doing: Doing;
  private readonly queue: Connected;
  /** What was promised or shown; nothing else is done. */
  private promised: ShareTask["plan"];

  constructor(doing: Doing, queue: Connected, promised: ShareTask["plan"]) {
    this.doing = doing;
    this.queue = queue;
    this.promised = promised;
  }

  async plan(command: "plan" | "apply"): Promise<Planned> {
    const { doing } = this;
    const { soon } = doing.stop;
    const gathered = await this.queue.phase("plan");
    if (soon.aborted) throw soon.reason as Interrupted;
    if (command === "apply") this.promised = promisesOf(doing, gathered);
    return plannedOf(doing, command, gathered);
  }

  async apply(): Promise<Applied> {
    const { doing } = this;
    const { flags, print, stop } = doing;
    const gathered = await this.queue.phase("apply", this.promised);
    const report = reportOf(doing, "apply", gathered);
    const done = { report, showing: showingOf(doing, gathered, false) };
    if (!stop.soon.aborted) return done;
    const { signal } = stop.soon.reason as Interrupted;
    return {
      ...done,
      stopped(tell) {
        tell({ ...report, interrupted: { signal } });
        if (!flags.json)
          print([`The run was stopped (${signal}): no change was begun after that.`]);
        return STOP_SIGNALS[signal];
      },
    };
  }
}

/** A run that is connected to its workers. */
interface Connected {
  phase(phase: SharePhase, plan?: ShareTask["plan"]): Promise<WorkersAnswer>;
}

// Checks that workers can do the run, connects to their queue, and lets go of it in any case.
async function withQueue(
  doing: Doing,
  work: (queue: Connected) => Promise<number>,
): Promise<number> {
  const { flags, prepared, telling } = doing;
  refuseOutside(await prepared.read.recorded(process.cwd()));
  refusePrompts(doing);
  const key = readKey(wantKeyFile(flags.queueKey));
  const warn = (message: string): void => screen.warn(`warning: ${telling.warn(message)}`);
  const bundle = await packDirectory(process.cwd());
  const broker: Broker = await openBroker(flags.queue!, key);
  const run: QueuedRun = {
    broker,
    key,
    name: prepared.name,
    version: VERSION,
    bundle,
    hear: (event) => hear(doing, event),
    warn,
  };
  const hosts = prepared.names;
  const why = whyTogether(doing, hosts);
  if (why !== undefined && hosts.length > 1) warn(`one worker does all hosts, as ${why}`);
  const shares = sharesOf(
    hosts,
    why === undefined ? (flags.queueShare ?? SHARE_SIZE) : hosts.length,
  );
  try {
    return await work({
      async phase(phase, plan) {
        const begins =
          phase === "plan"
            ? ({ kind: "planning" } as const)
            : ({ kind: "play", name: "applying" } as const);
        doing.progress.emit({ ...begins, hosts: hosts.length });
        const tasks = shares.map((mine) => ({ hosts: mine, task: shareTask(doing, mine, plan) }));
        const gathered = await distribute(run, phase, tasks, doing.stop);
        await doing.progress.end();
        return gathered;
      },
    });
  } finally {
    await broker.close();
  }
}

// What a worker has to know to do some hosts.
function shareTask(doing: Doing, hosts: readonly string[], plan: ShareTask["plan"]): ShareTask {
  return {
    playbooks: doing.prepared.playbook.files.map((path) => portablePath(path, process.cwd())),
    flags: flagsForWorkers(doing),
    passwords: defined(doing.passwords),
    vault: packKeys(doing.vault),
    ...defined({ plan: plan && partOf(plan, hosts) }),
  };
}

// What a worker's program is called with; what is between a person and the coordinator is not for
// it. The words of the call are: the hosts' journals keep them.
function flagsForWorkers({ flags }: Doing): ShareTask["flags"] {
  const {
    queue: _queue,
    queueKey: _key,
    queueShare: _share,
    out: _out,
    json: _json,
    askPass: _askPass,
    askBecomePass: _askBecomePass,
    askVaultPass: _askVaultPass,
    askVaultPassword: _askVaultPassword,
    vaultId: _vaultId,
    vaultPasswordFile: _vaultFile,
    vaultPassFile: _vaultPassFile,
    becomePasswordFile: _becomeFile,
    connectionPasswordFile: _connectionFile,
    ...rest
  } = flags;
  return { ...rest, yes: true, verbose: 0 };
}

// Workers have the current directory, and nothing else of this machine.
function refuseOutside(files: readonly RecordedFile[]): void {
  const outside = files.filter(
    ({ path, shipped }) => !shipped && (path.startsWith("/") || path.split("/")[0] === ".."),
  );
  if (outside.length === 0) return;
  const [first] = outside;
  throw new UnplacedError(
    `${first!.path} is not in the current directory, so workers do not have it${outside.length > 1 ? `, and ${outside.length - 1} more files` : ""}`,
    `call hullwright in a directory that holds all that the run reads; this is ${process.cwd()}`,
  );
}

// A worker has nobody to ask.
function refusePrompts({ prepared, flags }: Doing): void {
  const prompt = prepared.playbook.plays.flatMap((play) => play.prompts)[0];
  if (prompt && !(flags.extraVars ?? []).some((given) => given.includes(prompt.name)))
    throw new InputError(
      `workers cannot ask for "${prompt.name}"`,
      prompt.place,
      `give it: -e ${prompt.name}=VALUE`,
    );
}

// Why the hosts of a run cannot be done apart; undefined: they can.
function whyTogether({ prepared }: Doing, hosts: readonly string[]): string | undefined {
  if (prepared.run.isTogether) return "a task looks at other hosts, or the play has batches";
  const differs = prepared.playbook.plays.some(
    (play) => prepared.hostsOf(play).length !== hosts.length,
  );
  return differs ? "its plays are for different hosts" : undefined;
}

// Shows what happens on workers as if it happened here.
function hear({ progress, telling }: Doing, event: WorkerEvent): void {
  if (event.kind === "warning") warnOnce(telling, event.message);
  if (event.kind === "planned") progress.emit({ kind: "planned", run: toldHost(event) });
  if (event.kind === "host-done")
    progress.emit({ kind: "host-done", run: toldHost(event), play: 0 });
  if (event.kind === "step") {
    const { host, task, item, state } = event;
    progress.emit({
      kind: "step",
      host,
      entry: { task, title: task, ...defined({ item }) },
      state,
    });
  }
}

// A host as a worker tells of it.
function toldHost({ host, failure }: { host: string; failure?: string }): ToldHost {
  return { host: { name: host }, failed: failure !== undefined, ...defined({ why: failure }) };
}
