import { randomBytes } from "node:crypto";
import { UnreachableError } from "../errors.ts";
import {
  answerOf,
  firstFooting,
  type Footing,
  passwordWanted,
  promptOf,
  refusal,
  shellArgv,
  unasked,
  wrongPassword,
} from "./become.ts";
import {
  type Channel,
  type Closing,
  describeClosing,
  type OpenChannel,
  type Sinks,
} from "./channel.ts";
import { KeptOutput } from "./kept.ts";
import { SignsOfLife } from "./life.ts";
import { ASTRAY, beatMark, NO_HEAD } from "./loop.ts";
import { patience } from "./patience.ts";
import { Scanner } from "./scanner.ts";
import type { Become } from "./transport.ts";

const MAX_NOISE = 1024 * 1024;
const EATEN =
  "programs in the login shell's start-up files (such as ~/.bashrc) may be reading its input: run them only on a terminal";

/** What rbash and its kin say to our way of starting a program. */
const RESTRICTED = /^(-?\w*sh): .*restricted/m;

/** The login shell does not allow program paths; it may be called in another way. */
export class RestrictedShell extends UnreachableError {
  constructor(login: string, said: string) {
    super(
      "protocol",
      `the login shell of ${login} is restricted: ${said}`,
      "give the account a shell such as /bin/sh",
    );
  }
}

/** Whose shell it is, and how it is reached. */
export interface ShellOptions {
  open: OpenChannel;
  become: Become | undefined;
  /** How the become method is started; its usual way unless said. */
  footing?: Footing | undefined;
  /** The login shell is a restricted one. */
  isRestricted?: boolean | undefined;
  /** `user@host`, for messages. */
  login: string;
  /** How long the shell may take to start. */
  timeoutMs: number;
  /** How long it may give no sign of life while it is asked; a minute unless said. */
  silenceMs?: number | undefined;
}

/** The loop, running on the host: its streams, cut at marks, and how it failed once it has. */
export class Shell {
  /** Every header line for the loop begins with it. */
  readonly key = token();
  readonly stdout = new Scanner();
  readonly stderr = new Scanner();
  readonly life = new SignsOfLife(beatMark(this.key));
  /** The loop's process id, once it has said so. */
  pid: number | undefined;
  failure: UnreachableError | undefined;
  readonly #options: ShellOptions;
  readonly #prompt = `[hullwright ${token()}] `;
  readonly #noise = new KeptOutput(MAX_NOISE);
  #prompts = 0;
  #channel: Promise<Channel> | undefined;
  #ready: Promise<unknown> | undefined;

  constructor(options: ShellOptions) {
    this.#options = options;
  }

  /**
   * Starts it. If sudo may ask for a password, this waits until the loop runs; otherwise it does
   * not, so that the first program is sent right away.
   */
  async start(): Promise<void> {
    const ready = this.#expectReady();
    const limit = patience(this.#options.timeoutMs, () => this.fail(this.#neverReady()));
    const settled = ready.finally(() => limit.end());
    settled.catch(() => undefined);
    this.#ready = settled;
    this.#channel = this.#open();
    // a host that never opens the channel is given up like one whose shell never runs
    const given = settled.then(() => this.#channel);
    given.catch(() => undefined);
    await Promise.race([this.#channel, given]);
    const { become } = this.#options;
    if (!become || promptOf(become, this.#prompt, this.#footing) === undefined) return;
    await settled;
    const other = unasked(become, this.#footing, this.#prompts);
    if (!other) return;
    this.fail(other);
    throw other;
  }

  /** Waits until the loop runs, for what must not be sent in vain. */
  async ready(): Promise<void> {
    await this.#ready;
  }

  async write(bytes: Buffer): Promise<void> {
    const channel = await this.#channel;
    await channel?.write(bytes);
  }

  /** The shell is of no more use: whoever waits for it hears why, and it is closed. */
  fail(error: UnreachableError): void {
    this.failure ??= error;
    this.stdout.fail(this.failure);
    this.stderr.fail(this.failure);
    this.#channel?.then(
      (channel) => channel.close(),
      () => undefined,
    );
  }

  get #footing(): Footing {
    const { footing, become } = this.#options;
    return footing ?? firstFooting(become);
  }

  async #open(): Promise<Channel> {
    const { open, become, isRestricted } = this.#options;
    const sinks: Sinks = {
      stdout: (bytes) => this.stdout.feed(bytes),
      stderr: (bytes) => this.stderr.feed(this.life.take(bytes)),
    };
    try {
      const argv = shellArgv(this.key, become, this.#prompt, this.#footing);
      const channel = await open(argv, sinks, isRestricted);
      void channel.closed.then((closing) => this.fail(this.#whyClosed(closing)));
      return channel;
    } catch (error) {
      if (error instanceof UnreachableError) this.fail(error);
      throw error;
    }
  }

  // Waits for the loop's first line on both streams. What comes before is noise, or sudo's prompt.
  #expectReady(): Promise<unknown> {
    const hear = (bytes: Buffer): void => this.#hear(bytes);
    const pid = this.stdout.expect(`${this.key} `, hear).then((tail) => {
      this.pid = Number(tail);
    });
    return Promise.all([pid, this.stderr.expect(`${this.key} `, hear)]);
  }

  // The first prompt of the become method gets the password; a second one means that it was wrong.
  #hear(bytes: Buffer): void {
    this.#noise.add(bytes);
    if (this.#noise.size > MAX_NOISE) return this.fail(this.#neverReady());
    const { become } = this.#options;
    const prompt = promptOf(become, this.#prompt, this.#footing);
    if (!become || prompt === undefined) return;
    const prompts = this.#noise.text().split(prompt).length - 1;
    if (prompts === this.#prompts) return;
    this.#prompts = prompts;
    if (become.password === undefined) this.fail(passwordWanted(become));
    else if (prompts > 1) this.fail(wrongPassword(become));
    else void this.write(answerOf(become));
  }

  // Why the channel closed: with the connection, after the loop had run, or before it could.
  #whyClosed(closing: Closing): UnreachableError {
    const { login, become } = this.#options;
    if (closing.refusal && this.pid === undefined) return closing.refusal;
    if (closing.lost !== undefined)
      return new UnreachableError("lost", `the connection to ${login} was lost: ${closing.lost}`);
    const how = describeClosing(closing);
    if (this.pid !== undefined && closing.code === ASTRAY)
      return new UnreachableError(
        "lost",
        `the shell of ${login} received data that is not one of our programs`,
        EATEN,
      );
    if (this.pid !== undefined)
      return new UnreachableError("lost", `the shell of ${login} ended before it answered: ${how}`);
    if (closing.code === NO_HEAD)
      return new UnreachableError(
        "protocol",
        `there is no head on the host ${login}`,
        "install coreutils there",
      );
    const said = this.#noise.text().replaceAll(this.#prompt, "");
    if (!this.#options.isRestricted && RESTRICTED.test(said))
      return new RestrictedShell(login, lastLine(said) ?? "");
    if (become) return refusal(become, said, closing, this.#footing);
    const hint =
      "log in by hand: the account needs a login shell that runs commands, and must have no forced command";
    return new UnreachableError(
      "protocol",
      `the login of ${login} did not start /bin/sh: ${lastLine(said) ?? how}`,
      hint,
    );
  }

  // There is output, or silence, but no loop.
  #neverReady(): UnreachableError {
    const { login, become } = this.#options;
    const said = lastLine(this.#noise.text().replaceAll(this.#prompt, ""));
    const heard = said === undefined ? "it printed nothing" : `it printed: ${said}`;
    if (become)
      return new UnreachableError(
        "become",
        `${become.method ?? "sudo"} did not start a shell as ${become.user} on ${login}: ${heard}`,
      );
    const hint =
      "log in by hand: look for a forced command, or for programs that the login shell's profile starts";
    return new UnreachableError(
      "protocol",
      `the login of ${login} never started /bin/sh: ${heard}`,
      hint,
    );
  }
}

// Random letters that nobody can guess.
export function token(): string {
  return randomBytes(16).toString("hex");
}

/** What sshd says of an account without a home, at any time, whatever else is wrong. */
const NO_HOME = /^Could not chdir to home directory /;

// The last line that says something, short enough for a message.
function lastLine(text: string): string | undefined {
  const lines = text.trimEnd().split("\n");
  const line = lines.findLast((one) => !NO_HOME.test(one)) ?? lines.at(-1);
  return line?.trim().slice(-300) || undefined;
}
