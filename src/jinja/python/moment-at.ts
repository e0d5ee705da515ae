import { Moment } from "./datetime.ts";
import { calendar } from "./time.ts";

// The moment of milliseconds since 1970, as a clock shows it: one of UTC, or of this machine.
export function momentAt(epoch: number, isUtc = false): Moment {
  const { offset } = calendar(Math.floor(epoch), isUtc);
  return new Moment(BigInt(Math.round(epoch * 1000)) + BigInt(offset) * 60_000_000n);
}
