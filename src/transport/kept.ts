/**
 * Incoming bytes, of which at most about `limit` are kept: the latest, because
 * they show how it ended.
 */
export class KeptOutput {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #kept = 0;
  /** All that came, kept or not. */
  size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#kept += chunk.length;
    this.size += chunk.length;
    if (this.#kept > 2 * this.#limit) this.#forget();
  }

  bytes(): Buffer {
    if (this.#kept > this.#limit) this.#forget();
    return this.#chunks.length === 1 && this.#chunks[0]
      ? this.#chunks[0]
      : Buffer.concat(this.#chunks);
  }

  text(): string {
    return this.bytes().toString("utf8");
  }

  // Joins what is kept and drops its oldest part. Waiting for twice the limit keeps this rare.
  #forget(): void {
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all.subarray(all.length - this.#limit)];
    this.#kept = this.#limit;
  }
}
