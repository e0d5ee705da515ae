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
import type { Output, Session, Transport } from "../../transport/transport.ts";
import { askPassphrase } from "../connection/passphrase.ts";
import { keepHeapSmall } from "../prepare/small-heap.ts";
import { optimizeLate } from "../late-optimization.ts";
import { keepUndone } from "../run/retry.ts";
import { tellApplied, tellPlan } from "../run/tell.ts";
import type { RunFlags } from "../settings/options.ts";
import { stoppable, unlessStopped } from "../stop/stop.ts";
import { withoutValidated, withValidator } from "../../script/validator.ts";
import { NONCE } from "./blank.ts";
import { answerDigest, endLogin, Remembering, type AskedHost } from "./remembering.ts";
import {
  loadRecord,
  recordFile,
  saveRecord,
  touchRecord,
  type RecordedHost,
  type RecordedQuestion,
  type RunRecord,
} from "./record.ts";
import { canVouch, validatedDigest } from "./validated.ts";

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
  if (asking.hosts.some((host, i) => host !== record.hosts[i]))
    saveRecord(file, { ...record, hosts: asking.hosts });
  else touchRecord(file);
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
  /** The hosts with what their validators have come to. */
  readonly hosts: RecordedHost[];
  private readonly record: RunRecord;
  private readonly transport: Transport;
  private readonly different = new AbortController();

  constructor(record: RunRecord, transport: Transport) {
    this.record = record;
    this.hosts = [...record.hosts];
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
      [...hosts.entries()],
      forks,
      async ([at, host]) => {
        if (!(await this.ask(at, mayStay).catch(() => false))) this.different.abort();
        emit({ kind: "planned", run: { host: host.connection, failed: false } });
      },
      this.different.signal,
    );
  }

  // Asks one host; whether it answers the same. Of more hosts than are at work at once, none stays
  // logged in.
  private async ask(at: number, mayStay: boolean): Promise<boolean> {
    const host = this.record.hosts[at]!;
    const { connection } = host;
    const session = this.transport.open(connection);
    const one: AskedHost = { connection, session, answers: [] };
    if (mayStay) this.asked.push(one);
    const login = await session;
    try {
      const questions: RecordedQuestion[] = [];
      for (const question of host.questions) {
        const found = await askAgain(login, question, mayStay ? one.answers : undefined);
        if (!found) return false;
        questions.push(found);
      }
      if (questions.some((found, i) => found !== host.questions[i]))
        this.hosts[at] = { ...host, questions };
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

// Puts a question once more, where its validator does not vouch for the answer; undefined: the
// answer is another one. What is answered in full is kept in `answers`, if it can be.
async function askAgain(
  login: Session,
  asked: RecordedQuestion,
  answers: AskedHost["answers"] | undefined,
): Promise<RecordedQuestion | undefined> {
  const { question, become, validator, validated } = asked;
  const nonce = randomBytes(9).toString("hex");
  const run = async (program: string): Promise<Output> =>
    login.run(program.replaceAll(NONCE, nonce), { become });
  if (validator !== undefined && validated?.isSteady) {
    const output = await run(withoutValidated(question, validator));
    if (validatedDigest(output, nonce) === validated.digest) return asked;
  }
  const output = await run(validator === undefined ? question : withValidator(question, validator));
  answers?.push({ question, become, output, nonce });
  if (answerDigest(output, nonce) !== asked.answer) return undefined;
  const digest = canVouch(output, nonce) ? validatedDigest(output, nonce) : undefined;
  if (digest === validated?.digest && validated?.isSteady !== false) return asked;
  const isSteady = validated === undefined || validated.digest === digest;
  return { ...asked, validated: digest === undefined ? undefined : { digest, isSteady } };
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
