import { UnreachableError } from "../errors.ts";
import { KeptOutput } from "./kept.ts";
import { killText } from "./loop.ts";
import { countResumes, patience } from "./patience.ts";
import { Shell, type ShellOptions, token } from "./shell.ts";
import type { Output } from "./transport.ts";

/**
 * A longer answer is refused, as it would have to be kept in memory; of stderr
 * only the end is kept.
 */
const MAX_ANSWER = 64 * 1024 * 1024;
const KEPT_STDERR = 1024 * 1024;
const SILENCE_MS = 60_000;
const KILL_LIMIT_MS = 5000;

export interface Question {
  program: string;
  /** Bytes for the program's stdin. It must read them all, whatever befalls it. */
  feed?: AsyncIterable<Buffer> | undefined;
  onStdout?: ((chunk: Buffer) => void) | undefined;
  /**
   * It runs in the shell itself, so that what it sets is there for later programs;
   * it must not end that shell.
   */
  keep?: boolean | undefined;
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** How far the answer to a question has come. */
interface Progress {
  /** Its end has come on one of the two streams. */
  oneEnded: boolean;
  /** When the last of it came, signs of life not counted. */
  last: number;
}

/** One shell on the host that stays, and answers one program after another. */
export class Wire {
  readonly #options: ShellOptions;
  readonly #shell: Shell;
  #turn: Promise<unknown>;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#shell = new Shell(options);
    this.#turn = this.#shell.start();
    this.#turn.catch(() => undefined);
  }

  /** Why it can no longer be used. */
  get failure(): UnreachableError | undefined {
    return this.#shell.failure;
  }

  /** Asks when all earlier questions are answered. */
  ask(question: Question): Promise<Output> {
    const answer = this.#turn.then(() => this.#askNow(question));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  close(): void {
    this.#shell.fail(
      new UnreachableError("lost", `the session with ${this.#options.login} was closed`),
    );
  }

  // Sends one program and waits for both ends of its answer, or for what interrupts it.
  async #askNow(question: Question): Promise<Output> {
    question.signal?.throwIfAborted();
    const interruption = interrupt(question, this.#options.login);
    try {
      return await Promise.race([this.#exchange(question), interruption.happened]);
    } catch (error) {
      if (interruption.reason !== undefined) await this.#end();
      throw error;
    } finally {
      interruption.stop();
    }
  }

  async #exchange(question: Question): Promise<Output> {
    const nonce = token();
    const stdout = new KeptOutput(MAX_ANSWER);
    const stderr = new KeptOutput(KEPT_STDERR);
    const progress: Progress = { oneEnded: false, last: performance.now() };
    const hear = (tail: KeptOutput, chunk: Buffer): void => {
      progress.last = performance.now();
      tail.add(chunk);
      if (tail.size > MAX_ANSWER) this.#shell.fail(this.#endless());
    };
    const ended = (code: string): string => {
      progress.oneEnded = true;
      progress.last = performance.now();
      return code;
    };
    const ends = Promise.all([
      this.#shell.stdout
        .expect(`${nonce} `, (chunk) => {
          hear(stdout, chunk);
          question.onStdout?.(chunk);
        })
        .then(ended),
      this.#shell.stderr.expect(`${nonce} `, (chunk) => hear(stderr, chunk)).then(ended),
    ]);
    // It is awaited below; until then its failure must not count as unheard.
    ends.catch(() => undefined);
    const listening = this.#listen(progress);
    try {
      await this.#send(nonce, question, ends);
      return { code: this.#code(await ends), stdout: stdout.bytes(), stderr: stderr.text() };
    } finally {
      clearInterval(listening);
    }
  }

  // Gives up on a host that sends no heartbeat while it is asked, whatever else it sends.
  // Once its program has ended, which one stream shows, heartbeats no longer count: the
  // rest of its answer must come.
  #listen(progress: Progress): NodeJS.Timeout {
    const { silenceMs = SILENCE_MS } = this.#options;
    let begin = performance.now();
    let resumes = countResumes();
    return setInterval(
      () => {
        if (resumes !== countResumes()) begin = performance.now();
        resumes = countResumes();
        const { oneEnded, last } = progress;
        const heard = Math.max(begin, oneEnded ? last : this.#shell.life.last);
        if (performance.now() - heard < silenceMs || this.#shell.pid === undefined) return;
        this.#shell.fail(oneEnded ? this.#cut(silenceMs) : this.#silent(silenceMs, last));
      },
      Math.min(1000, silenceMs / 2),
    );
  }

  // `last`: when the last part of the answer came. A host whose loop is gone, or that
  // is none, may go on sending.
  #silent(silenceMs: number, last: number): UnreachableError {
    const { login } = this.#options;
    const seconds = silenceMs / 1000;
    if (performance.now() - last < silenceMs)
      return new UnreachableError(
        "timeout",
        `${login} gave no sign of life for ${seconds} s during a request, though it sent data`,
        "something else than our shell answers there, or the network is too slow",
      );
    return new UnreachableError(
      "timeout",
      `${login} sent nothing for ${seconds} s during a request`,
      "the host hangs, is too busy to answer, or its network is cut",
    );
  }

  #cut(silenceMs: number): UnreachableError {
    const hint =
      "part of what the host sends is lost: check what is in between, such as a jump host or a wrapper of its shell";
    return new UnreachableError(
      "timeout",
      `${this.#options.login} did not finish its answer: its program has ended, and it sent nothing more for ${silenceMs / 1000} s`,
      hint,
    );
  }

  #endless(): UnreachableError {
    const hint = "redirect the output of such a command to a file on the host";
    return new UnreachableError(
      "protocol",
      `${this.#options.login} sent too much: more than ${MAX_ANSWER / 1024 / 1024} MB`,
      hint,
    );
  }

  // Writes the header, the program, and its input.
  async #send(
    nonce: string,
    { program, feed, keep }: Question,
    ends: Promise<unknown>,
  ): Promise<void> {
    const bytes = Buffer.from(program);
    if (bytes.includes(0)) throw new TypeError("a program may not contain NUL");
    const header = `${this.#shell.key} ${bytes.length} ${nonce}${feed ? " feed" : ""}${keep ? " keep" : ""}\n`;
    // What it is fed can be read only once: not before there is somebody to take it.
    if (feed) await this.#shell.ready();
    await this.#shell.write(Buffer.concat([Buffer.from(header), bytes]));
    if (feed) await this.#feed(feed, ends);
  }

  // Feeds the program. When it stops listening, or the source fails, bytes are left over or
  // missing: the shell is given up.
  async #feed(feed: AsyncIterable<Buffer>, ends: Promise<unknown>): Promise<void> {
    let answered = false;
    const note = (): void => {
      answered = true;
    };
    ends.then(note, note);
    const broken = (): void =>
      this.#shell.fail(new UnreachableError("lost", "the transfer was interrupted"));
    try {
      for await (const chunk of feed) {
        if (answered) return broken();
        await this.#shell.write(chunk);
      }
    } catch (error) {
      broken();
      throw error;
    }
  }

  // The exit code, said alike on both streams.
  #code([code, again]: [string, string]): number {
    if (code === again && /^\d{1,3}$/.test(code)) return Number(code);
    const error = new UnreachableError(
      "protocol",
      `${this.#options.login} sent an answer that no shell sends: ${JSON.stringify(code)}`,
    );
    this.#shell.fail(error);
    throw error;
  }

  // Ends the program on the host from a second shell, because the first one is waiting for it. If
  // the host does not answer even there, nothing more is tried.
  async #end(): Promise<void> {
    const pid = this.#shell.pid;
    if (pid !== undefined && !this.failure) {
      const second = new Wire(this.#options);
      const timer = setTimeout(
        () => second.close(),
        Math.min(this.#options.timeoutMs, KILL_LIMIT_MS),
      );
      await second.ask({ program: killText(pid) }).catch(() => undefined);
      clearTimeout(timer);
      second.close();
    }
    this.close();
  }
}

/** What may end a question before its answer: its time, or its signal. */
interface Interruption {
  happened: Promise<never>;
  reason: unknown;
  stop(): void;
}

// Watches the clock and the signal of a question.
function interrupt({ timeoutMs, signal }: Question, login: string): Interruption {
  let happen: (reason: unknown) => void = () => undefined;
  const happened = new Promise<never>((_, reject) => (happen = reject));
  // It is raced against the answer, and may lose.
  happened.catch(() => undefined);
  const interruption: Interruption = { happened, reason: undefined, stop };
  const interruptWith = (reason: unknown): void => {
    interruption.reason = reason;
    happen(reason);
  };
  const aborted = (): void => interruptWith(signal?.reason);
  const late = (): void =>
    interruptWith(
      new UnreachableError(
        "timeout",
        `no answer from ${login} within ${timeoutMs! / 1000} s: the program was ended`,
      ),
    );
  const limit = timeoutMs === undefined ? undefined : patience(timeoutMs, late);
  signal?.addEventListener("abort", aborted, { once: true });
  function stop(): void {
    limit?.end();
    signal?.removeEventListener("abort", aborted);
  }
  return interruption;
}
