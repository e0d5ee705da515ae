/**
 * The position of a task in the run: play, batch, section, and the index in each list of tasks on
 * the way. All hosts share one order, so it is clear which task comes first.
 */
export type Position = number[];

// Compares two positions: what is inside of a place comes after it, and before the next place.
export function comparePositions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
