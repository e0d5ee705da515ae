/** The longest time that Node's timers take (24 days); of a longer one they make 1 ms. */
const LONGEST_MS = 2 ** 31 - 1;

// What to set a timer to for a number of seconds of any size: 24 days come to the same as more.
export function timerMs(seconds: number): number {
  return Math.min(seconds * 1000, LONGEST_MS);
}
