import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { cacheFolder } from "../../controller/download.ts";
import { watchReadings } from "../../disk/reading.ts";
import { eachLimited } from "../../limit.ts";
import { passingProgress } from "../../report/progress.ts";
import { screen } from "../../report/screen.ts";
import { jsonReport } from "../../report/summary.ts";
import { colours } from "../../report/visible.ts";
import { createTransport } from "../../transport/connect.ts";
import { SshConfigs } from "../../transport/ssh/config/config.ts";
import { KeptAnswers } from "../../transport/ssh/config/kept-answers.ts";
import type { Transport } from "../../transport/transport.ts";
import { askPassphrase } from "../connection/passphrase.ts";
import { keepHeapSmall } from "../prepare/small-heap.ts";
import { optimizeLate } from "../late-optimization.ts";
import { keepUndone } from "../run/retry.ts";
import { tellApplied, tellPlan } from "../run/tell.ts";
import type { RunFlags } from "../settings/options.ts";
import { stoppable, unlessStopped } from "../stop/stop.ts";
import { NONCE } from "./blank.ts";
import { answerDigest, endLogin, Remembering, type AskedHost } from "./remembering.ts";
import {
  loadRecord,
  recordFile,
  saveRecord,
  touchRecord,
  type RecordedHost,
  type RunRecord,
} from "./record.ts";

/** A run that was recalled: it is done, with its exit code, or it must be planned. */
export type Recalled = { code: number } | { remembering: Remembering | undefined };

/**
 * Does a run that has found nothing to do before, and that nothing of this machine has changed
 * since: asks each host the same question. Where all answer the same, the run comes to the same,
 * and is reported so. Otherwise it is planned as ever, from the answers at hand.
 */
export async function recall(
  command: "plan" | "apply",
  names: readonly string[],
  flags: RunFlags,
): Promise<Recalled> {
  if (!canBeRemembered(flags)) return { remembering: undefined };
  const file = recordFile(command, flags.words ?? names);
  const record = loadRecord(file);
  const save = (run: RunRecord): void => saveRecord(file, run);
  if (!record) return { remembering: new Remembering(watchReadings(), save) };
  optimizeLate();
  const begun = performance.now();
  const configs = SshConfigs.ofUser(new KeptAnswers(join(cacheFolder(), "ssh-config")));
  const transport = createTransport(configs, {
    ask: askPassphrase,
    warn: (message) => screen.warn(`warning: ${message}`),
  });
  const asking = new Asking(record, transport);
  const progress = passingProgress(screen.isLive ? screen : undefined, command);
  progress.emit({ kind: "planning", hosts: record.hosts.length });
  try {
    await stoppable((stop) => unlessStopped(stop.soon, asking.askAll(progress.emit)));
  } finally {
    await progress.end();
  }
  if (!asking.isSame) return { remembering: new Remembering(watchReadings(), save, asking) };
  await asking.close();
  touchRecord(file);
  tell(command, record, flags, performance.now() - begun);
  return { code: 0 };
}

// Whether nothing is asked of a run that a report alone cannot give.
function canBeRemembered(flags: RunFlags): boolean {
  const { json, verbose, out, queue, syntaxCheck, listHosts, listTasks, listTags } = flags;
  const { askPass, askBecomePass, rollback, promised, hosts, ignoreFailures } = flags;
  const others = [json, out, queue, syntaxCheck, listHosts, listTasks, listTags];
  const secrets = [askPass, askBecomePass, flags.becomePasswordFile, flags.becomePassFile];
  const more = [flags.connectionPasswordFile, flags.connPassFile, rollback, promised, hosts];
  return (
    verbose === 0 &&
    ignoreFailures !== true &&
    [...others, ...secrets, ...more].every((flag) => flag === undefined)
  );
}

/** Asks the hosts of a record what they were asked then. */
class Asking {
  readonly asked: AskedHost[] = [];
  private readonly record: RunRecord;
  private readonly transport: Transport;
  private readonly different = new AbortController();

  constructor(record: RunRecord, transport: Transport) {
    this.record = record;
    this.transport = transport;
  }

  /** All of them have answered what they answered then. */
  get isSame(): boolean {
    return !this.different.signal.aborted;
  }

  // Asks all hosts; once one answers otherwise no further one is begun.
  async askAll(emit: (event: { kind: "planned"; run: ToldRun }) => void): Promise<void> {
    const { hosts, forks } = this.record;
    const mayStay = hosts.length <= forks;
    if (!mayStay) keepHeapSmall();
    await eachLimited(
      hosts,
      forks,
      async (host) => {
        if (!(await this.ask(host, mayStay).catch(() => false))) this.different.abort();
        emit({ kind: "planned", run: { host: host.connection, failed: false } });
      },
      this.different.signal,
    );
  }

  // Asks one host; whether it answers the same. Of more hosts than are at work at once, none stays
  // logged in.
  private async ask(host: RecordedHost, mayStay: boolean): Promise<boolean> {
    const { connection, questions } = host;
    const session = this.transport.open(connection);
    const one: AskedHost = { connection, session, answers: [] };
    if (mayStay) this.asked.push(one);
    const login = await session;
    try {
      for (const { question, become, answer } of questions) {
        const nonce = randomBytes(9).toString("hex");
        const output = await login.run(question.replaceAll(NONCE, nonce), { become });
        if (mayStay) one.answers.push({ question, become, output, nonce });
        if (answerDigest(output, nonce) !== answer) return false;
      }
      return true;
    } finally {
      if (!mayStay) await login.close();
    }
  }

  // Ends all logins.
  async close(): Promise<void> {
    await Promise.all(this.asked.map(endLogin));
    await this.transport.close();
  }
}

/** A host as progress knows it. */
interface ToldRun {
  host: { readonly name: string };
  failed: boolean;
}

// Reports a run as it was reported before.
function tell(command: string, record: RunRecord, flags: RunFlags, milliseconds: number): void {
  const hosts = record.hosts.map(({ connection, report }) => [connection.name, report] as const);
  const report = jsonReport(record.report, new Map(hosts));
  const words = new Map(record.hosts.map((host) => [host.connection.name, host.words]));
  const { diff, diffFull, verbose } = flags;
  const short = command === "plan" || diff ? "short" : "none";
  const showing = {
    colours,
    diffs: diffFull ? "full" : short,
    verbose,
    words: (host: string) => words.get(host) ?? [host],
  } as const;
  const print = (lines: readonly string[]): void => screen.tell("stdout", `${lines.join("\n")}\n`);
  for (const warning of report.warnings) screen.warn(`warning: ${warning}`);
  if (!screen.isLive) print(phases(command, record));
  if (command === "plan") return void tellPlan(report, showing, flags, print);
  keepUndone(report, (message) => screen.warn(`warning: ${message}`));
  tellApplied(report, showing, { milliseconds, next: undefined }, print);
}

// The lines that a run without a terminal prints as its phases begin.
function phases(command: string, { hosts, plays }: RunRecord): string[] {
  const count = (some: number): string => `${some} ${some === 1 ? "host" : "hosts"}`;
  const planning = `planning: ${count(hosts.length)}`;
  return command === "plan"
    ? [planning]
    : [planning, ...plays.map(({ name, hosts: some }) => `${name}: ${count(some)}`)];
}
