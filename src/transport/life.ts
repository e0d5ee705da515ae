import { startedMark } from "./scanner.ts";

/** Takes the signs of life out of a stream, and remembers when the last one came. */
export class SignsOfLife {
  /** When the last one came, in milliseconds of `performance.now()`; 0: never. */
  last = 0;
  readonly #mark: Buffer;
  #held: Buffer = Buffer.alloc(0);

  constructor(mark: string) {
    this.#mark = Buffer.from(mark);
  }

  // Answers the bytes without the signs. What may be the beginning of one is
  // kept back until more comes.
  take(chunk: Buffer): Buffer {
    let bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    for (let at = bytes.indexOf(this.#mark); at >= 0; at = bytes.indexOf(this.#mark)) {
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + this.#mark.length)]);
      this.last = performance.now();
    }
    const begun = startedMark(bytes, this.#mark);
    this.#held = bytes.subarray(bytes.length - begun);
    return bytes.subarray(0, bytes.length - begun);
  }
}
