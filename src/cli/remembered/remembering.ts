import type { Readings } from "../../disk/reading.ts";
import { hasSteps } from "../../plan/model/entry.ts";
import type { HostRun } from "../../run/host-run.ts";
import { sessionThrough } from "../../run/session-through.ts";
import type { HostReport, JsonReport } from "../../report/summary.ts";
import { nonceOf } from "../../script/question.ts";
import { canonical } from "../../canonical.ts";
import { sha256Hex } from "../../sha256.ts";
import type {
  Become,
  Connection,
  ExecuteOptions,
  Output,
  Session,
  Transport,
} from "../../transport/transport.ts";
import { asksNothing } from "../prepare/playbook/prompts-and-start.ts";
import type { Prepared } from "../prepare/prepared.ts";
import { blankAnswer, blankQuestion, blur } from "./blank.ts";
import { isSettled, type RecordedHost, type RecordedQuestion, type RunRecord } from "./record.ts";

/** A host that was asked the question of an earlier run before anything else. */
export interface AskedHost {
  connection: Connection;
  session: Promise<Session>;
  /** What it answered, as far as that is kept; each is taken once. */
  answers: {
    question: string;
    become: Become | undefined;
    output: Output;
    nonce: string;
  }[];
}

/** Hosts that were asked before a run, and how their logins end. */
export interface AskedHosts {
  readonly asked: readonly AskedHost[];
  close(): Promise<void>;
}

/** What a host was sent in this run. */
interface Sent {
  connection: Connection;
  logins: number;
  questions: RecordedQuestion[];
  /** Something else than questions. */
  isMore: boolean;
}

/** How a run that has been shown is looked at once more. */
export interface ShownRun {
  prepared: Prepared;
  /** What was reported. */
  report: JsonReport;
  /** What is planned by now. */
  planned(): JsonReport;
  words(host: string): readonly string[];
  /** How many hosts were asked at once. */
  forks: number;
}

/**
 * Takes note of what hosts are sent, so that a run that finds nothing to do can be remembered; and
 * has ready what they answered when they were asked what an earlier run had asked.
 */
export class Remembering {
  private readonly readings: Readings;
  private readonly save: (record: RunRecord) => void;
  private readonly begun = Date.now();
  private readonly asked: Map<string, AskedHost>;
  private readonly before: AskedHosts | undefined;
  private readonly sent = new Map<string, Sent>();
  /** Questions by their texts: many hosts are asked the same, and it is kept once. */
  private readonly questions = new Map<string, Pick<RecordedQuestion, "question" | "validator">>();
  private readonly plays: { name: string; hosts: number }[] = [];
  /** What worker processes have noted, each of its hosts. */
  private readonly parts: RunRecord[] = [];

  constructor(readings: Readings, save: (record: RunRecord) => void, before?: AskedHosts) {
    this.readings = readings;
    this.save = save;
    this.before = before;
    this.asked = new Map(before?.asked.map((one) => [one.connection.name, one]));
  }

  // Notes that a play begins.
  begins(name: string, hosts: number): void {
    this.plays.push({ name, hosts });
  }

  // Takes what a worker process has noted.
  joins(part: RunRecord): void {
    this.parts.push(part);
  }

  // The way to hosts, with what was asked before the run taken for its own.
  over(transport: Transport): Transport {
    return {
      open: async (connection) => {
        const sent = this.sentTo(connection);
        const asked = this.takeAsked(connection);
        const session = await (asked?.session ?? transport.open(connection));
        const through = sessionThrough(session, async (program, options) => {
          const question = blankQuestion(program);
          const nonce = nonceOf(program);
          // what a task with no_log asks may hold what nobody may keep
          const isHidden = options?.traceText !== undefined;
          if (question === undefined || nonce === undefined || isHidden) {
            sent.isMore = true;
            return session.run(program, options);
          }
          const known = takeAnswer(asked, question, options?.become, nonce);
          const output = known ?? (await session.run(program, options));
          sent.questions.push({
            ...this.kept(question, options?.validator),
            become: options?.become,
            answer: answerDigest(output, nonce),
            validated: undefined,
          });
          return output;
        });
        return {
          ...through,
          put: (...args) => ((sent.isMore = true), session.put(...args)),
          aside: (...args) => ((sent.isMore = true), session.aside(...args)),
          get rounds() {
            return session.rounds;
          },
        };
      },
      close: async () => {
        await this.before?.close();
        await transport.close();
      },
    };
  }

  // Remembers the run if it found nothing to do, and another one like it must come to the same.
  keep(shown: ShownRun): void {
    const { prepared } = shown;
    const { unrepeatable, paths } = this.readings;
    const isPlain =
      unrepeatable === undefined &&
      !prepared.mask.hidesAnything &&
      prepared.read.areLasting &&
      prepared.playbook.plays.every(asksNothing) &&
      !prepared.runs.some(hasDoneAnything);
    if (!isPlain || !isSettled(this.readings, this.begun)) return;
    const { report } = shown;
    const common = { forks: shown.forks, plays: this.plays, report: { ...report, hosts: {} } };
    if (prepared.parts.length > 1) {
      const joined = joinParts(this.parts, prepared, paths);
      if (joined) this.save({ ...common, ...joined });
      return;
    }
    const hosts = this.recorded(report, shown.words);
    if (hosts && isSameBlurred(shown)) this.save({ ...common, hosts, readings: [...paths] });
  }

  // Every host with its questions; undefined: the run did more, or one host is not ok.
  private recorded(report: JsonReport, words: ShownRun["words"]): RecordedHost[] | undefined {
    const found: RecordedHost[] = [];
    for (const [name, host] of Object.entries(report.hosts)) {
      const sent = this.sent.get(name);
      if (!sent || sent.questions.length === 0 || sent.isMore || sent.logins > 1) return undefined;
      const { connection, questions } = sent;
      if (hasPassword(sent) || !isIdle(host)) return undefined;
      found.push({ connection, questions, words: words(name), report: host });
    }
    return found.length > 0 && found.length === this.sent.size ? found : undefined;
  }

  // The same texts, which are in memory once however many hosts are asked them.
  private kept(
    question: string,
    validator: ExecuteOptions["validator"],
  ): Pick<RecordedQuestion, "question" | "validator"> {
    const known = this.questions.get(question) ?? { question, validator: validator?.() };
    this.questions.set(known.question, known);
    return known;
  }

  private sentTo(connection: Connection): Sent {
    const sent = this.sent.get(connection.name) ?? {
      connection,
      logins: 0,
      questions: [],
      isMore: false,
    };
    sent.logins++;
    this.sent.set(connection.name, sent);
    return sent;
  }

  // What a host was asked before, once, if it is reached in the same way.
  private takeAsked(connection: Connection): AskedHost | undefined {
    const asked = this.asked.get(connection.name);
    this.asked.delete(connection.name);
    if (!asked || isSame(asked.connection, connection)) return asked;
    void endLogin(asked);
    return undefined;
  }
}

// What all worker processes have noted, in the order of the run; undefined: one of them has not, or
// found something else on the disk.
function joinParts(
  parts: readonly RunRecord[],
  { names, parts: wanted }: Prepared,
  paths: Readings["paths"],
): Pick<RunRecord, "hosts" | "readings"> | undefined {
  const readings = new Map(paths);
  for (const [path, state] of parts.flatMap((part) => part.readings)) {
    if ((readings.get(path) ?? state) !== state) return undefined;
    readings.set(path, state);
  }
  const byName = new Map(
    parts.flatMap(({ hosts }) => hosts.map((host) => [host.connection.name, host])),
  );
  const hosts = names.flatMap((name) => byName.get(name) ?? []);
  const isWhole = parts.length === wanted.length && hosts.length === names.length;
  return isWhole ? { hosts, readings: [...readings] } : undefined;
}

// Ends the login of a host that was asked, if there is one.
export async function endLogin({ session }: AskedHost): Promise<void> {
  await session.then(
    (open) => open.close(),
    () => undefined,
  );
}

// The digest of an answer, with whether the program that gave it ended well.
export function answerDigest({ code, stdout }: Output, nonce: string): string {
  return sha256Hex(`${code} ${blankAnswer(stdout.toString("utf8"), nonce)}`);
}

// A host's own answer from before, to the same question; it is given once.
function takeAnswer(
  asked: AskedHost | undefined,
  question: string,
  become: Become | undefined,
  nonce: string,
): Output | undefined {
  const at = (asked?.answers ?? []).findIndex(
    (one) => one.question === question && isSame(one.become, become),
  );
  const [known] = at < 0 ? [] : asked!.answers.splice(at, 1);
  if (!known) return undefined;
  const stdout = known.output.stdout.toString("latin1").replaceAll(known.nonce, nonce);
  return { ...known.output, stdout: Buffer.from(stdout, "latin1") };
}

// Whether a host was reached, or asked, with a password.
function hasPassword({ connection, questions }: Sent): boolean {
  return [connection, ...questions.map(({ become }) => become)].some(
    (one) => one?.password !== undefined,
  );
}

// Whether two hosts are reached, or asked, in the same way.
function isSame<T>(one: T, other: T): boolean {
  return canonical(one) === canonical(other);
}

// Whether something was done for a host, or would be, also what changes nothing there, such as a
// pause.
function hasDoneAnything({ known, walk }: HostRun): boolean {
  return (
    [...known.completed.values()].some(({ outcome }) => outcome !== undefined) ||
    (walk?.entries ?? []).some(hasSteps)
  );
}

// Whether nothing was, or would be, done on a host.
function isIdle({ status, changes, deferred, cut, behind }: HostReport): boolean {
  return (
    status === "ok" &&
    changes.length + deferred.length === 0 &&
    cut === undefined &&
    behind === undefined
  );
}

// Whether the run comes to the same when what changes by itself in the answers is unknown. What was
// planned is lost.
function isSameBlurred({ prepared: { run }, planned }: ShownRun): boolean {
  const isBlurred = run.hosts.map(({ known }) => blur(known.answers)).some(Boolean);
  if (!isBlurred) return true;
  const before = settledBy(planned());
  for (const { known } of run.hosts) known.completed.clear();
  run.showAnew();
  const after = settledBy(planned());
  return before.size === after.size && [...before].every(([name, one]) => after.get(name) === one);
}

// Digests of what each host comes to, but for how long it took.
function settledBy({ hosts }: JsonReport): Map<string, string> {
  const withoutTimes = (key: string, value: unknown): unknown =>
    key === "seconds" ? undefined : value;
  return new Map(
    Object.entries(hosts).map(([name, host]) => [
      name,
      sha256Hex(JSON.stringify(host, withoutTimes)),
    ]),
  );
}
