import type { AnyAuthMethod } from "ssh2";
import type { LoginAttempt } from "./auth.ts";

/** A walk through the ways to log in, in order, without those that the host does not take. */
export interface AttemptWalk {
  readonly tried: readonly string[];
  /** What the host takes, once it has said so. */
  readonly offered: readonly string[];
  /** Why some ways could not be gone. */
  readonly notes: readonly string[];
  note(message: string): void;
  /**
   * What the host answered to the last way: what it takes now, and whether that way
   * was a part of what it wants.
   */
  hear(left: readonly string[], isPart: boolean): void;
  /** The host is not to be trusted with a password. */
  withoutPasswords(): void;
  next(left: readonly string[] | null, isPart: boolean | null): Promise<AnyAuthMethod>;
}

// ssh2 takes false for "no more", which its types leave out.
const NO_MORE = false as unknown as AnyAuthMethod;

export function walkAttempts(attempts: readonly LoginAttempt[]): AttemptWalk {
  return new Walk(attempts);
}

class Walk implements AttemptWalk {
  tried: string[] = [];
  offered: readonly string[] = [];
  notes: string[] = [];
  readonly #attempts: readonly LoginAttempt[];
  #waiting: LoginAttempt[];
  #last: LoginAttempt | undefined;
  readonly #used = new Set<LoginAttempt>();
  #left: readonly string[] | undefined;
  #isPart = false;
  #isPasswordSpent = false;

  constructor(attempts: readonly LoginAttempt[]) {
    this.#attempts = attempts;
    this.#waiting = [...attempts];
  }

  note(message: string): void {
    if (!this.notes.includes(message)) this.notes.push(message);
  }

  hear(left: readonly string[], isPart: boolean): void {
    this.#left = left;
    this.#isPart ||= isPart;
  }

  withoutPasswords(): void {
    this.#isPasswordSpent = true;
  }

  async next(left: readonly string[] | null, isPart: boolean | null): Promise<AnyAuthMethod> {
    if (this.#left === undefined && left) this.hear(left, isPart ?? false);
    this.offered = this.#left ?? [];
    if (this.#last?.hasToldPassword?.()) this.#isPasswordSpent = true;
    if (this.#isPart) this.#startOver();
    for (let attempt = this.#waiting.shift(); attempt; attempt = this.#waiting.shift()) {
      if (this.#left && !this.#left.includes(attempt.type)) continue;
      const isPassword = attempt.type !== "publickey";
      if (isPassword && this.#isPasswordSpent) continue;
      const method = await attempt.make();
      if (!method) continue;
      this.#last = attempt;
      this.tried.push(attempt.label);
      return method;
    }
    return NO_MORE;
  }

  // A part of what the host wants is done: all that was not used for it may be what it wants next.
  #startOver(): void {
    this.#isPart = false;
    this.#isPasswordSpent = false;
    if (this.#last) this.#used.add(this.#last);
    this.#waiting = this.#attempts.filter((attempt) => !this.#used.has(attempt));
  }
}
