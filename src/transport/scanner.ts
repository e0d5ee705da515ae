import type { UnreachableError } from "../errors.ts";

const EMPTY = Buffer.alloc(0);
/** No line after a mark is longer: a number. */
const LONGEST_TAIL = 64;

interface Expected {
  mark: Buffer;
  onBody(bytes: Buffer): void;
  resolve(tail: string): void;
  reject(error: UnreachableError): void;
}

/**
 * Cuts a byte stream at markers, which may arrive in pieces. A marker ends with a
 * space; what follows it up to the end of its line is its tail. Bytes that arrive while
 * nothing is expected are dropped.
 */
export class Scanner {
  #expected: Expected[] = [];
  #held: Buffer = EMPTY;
  #failure: UnreachableError | undefined;

  /** Answers the mark's tail; the bytes before the mark go to `onBody` as they come. */
  expect(mark: string, onBody: (bytes: Buffer) => void): Promise<string> {
    const failure = this.#failure;
    if (failure) return Promise.reject(failure);
    return new Promise((resolve, reject) => {
      this.#expected.push({ mark: Buffer.from(mark), onBody, resolve, reject });
    });
  }

  /** Takes the next bytes of the stream. */
  feed(chunk: Buffer): void {
    let bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = EMPTY;
    for (let next = this.#expected[0]; next && bytes.length > 0; next = this.#expected[0]) {
      const rest = this.#cut(next, bytes);
      if (!rest) return;
      bytes = rest;
    }
  }

  /** The stream is over: nothing that is expected will come. */
  fail(error: UnreachableError): void {
    this.#failure ??= error;
    for (const { reject } of this.#expected.splice(0)) reject(error);
  }

  // Looks for the first expected marker; returns what comes after its line, or holds
  // back what may be its start.
  #cut(next: Expected, bytes: Buffer): Buffer | undefined {
    const at = bytes.indexOf(next.mark);
    const end = at < 0 ? -1 : bytes.indexOf("\n", at + next.mark.length);
    const cut = at < 0 ? bytes.length - startedMark(bytes, next.mark) : at;
    if (cut > 0) next.onBody(bytes.subarray(0, cut));
    const unfinished = at >= 0 && end < 0 && bytes.length - at < next.mark.length + LONGEST_TAIL;
    if (at < 0 || unfinished) {
      this.#held = bytes.subarray(cut);
      return undefined;
    }
    this.#expected.shift();
    next.resolve(bytes.toString("latin1", at + next.mark.length, end < 0 ? bytes.length : end));
    return end < 0 ? EMPTY : bytes.subarray(end + 1);
  }
}

// The length of the longest beginning of the mark that the bytes end with.
export function startedMark(bytes: Buffer, mark: Buffer): number {
  for (let length = Math.min(mark.length - 1, bytes.length); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(mark.subarray(0, length))) return length;
  }
  return 0;
}
