import { createHash } from "node:crypto";
import { Fault } from "./fault.ts";
import { isInt } from "./number.ts";

const SIZE = 624;
const SHIFT = 397;

/** A source of numbers from 0 up to, but not including, a limit. */
export interface Dice {
  below(limit: number): number;
}

/** The Mersenne Twister as Python seeds it, so that a seed gives the choice that Ansible makes. */
export class PythonRandom implements Dice {
  private readonly state = new Uint32Array(SIZE);
  private at = SIZE;

  constructor(seed: unknown) {
    this.seed(seedWords(seed));
  }

  // Python's _randbelow.
  below(limit: number): number {
    const bits = limit.toString(2).length;
    for (;;) {
      const value = this.bits(bits);
      if (value < limit) return value;
    }
  }

  // A number of that many bits, at most 53.
  private bits(count: number): number {
    if (count <= 32) return this.next() >>> (32 - count);
    const low = this.next();
    return (this.next() >>> (64 - count)) * 2 ** 32 + low;
  }

  // Spreads the words of a seed over the state.
  private seed(words: number[]): void {
    const { state } = this;
    state[0] = 19650218;
    for (let i = 1; i < SIZE; i++)
      state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
    let i = 1;
    const step = (): void => {
      if (++i < SIZE) return;
      state[0] = state[SIZE - 1]!;
      i = 1;
    };
    for (let k = 0; k < Math.max(SIZE, words.length); k++) {
      const j = k % words.length;
      state[i] =
        (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), 1664525)) + words[j]! + j;
      step();
    }
    for (let k = 0; k < SIZE - 1; k++) {
      state[i] = (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), 1566083941)) - i;
      step();
    }
    state[0] = 0x80000000;
  }

  // The next 32 bits.
  private next(): number {
    if (this.at >= SIZE) this.twist();
    let y = this.state[this.at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  // Makes the next 624 words.
  private twist(): void {
    const { state } = this;
    for (let i = 0; i < SIZE; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
      state[i] = state[(i + SHIFT) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.at = 0;
  }
}

// The words of a seed, the lowest first: of an int its size, of a text its bytes and their SHA-512.
function seedWords(seed: unknown): number[] {
  let rest: bigint;
  if (isInt(seed)) rest = BigInt(seed) < 0n ? -BigInt(seed) : BigInt(seed);
  else if (typeof seed === "string") {
    const bytes = Buffer.from(seed, "utf8");
    rest = BigInt(`0x${bytes.toString("hex")}${createHash("sha512").update(bytes).digest("hex")}`);
  } else throw new Fault("a seed must be a text or an integer");
  const words: number[] = [];
  for (; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words.length > 0 ? words : [0];
}
