/**
 * Where a task stands in the run: play, batch, section, and the place in each list of tasks on the way. All hosts
 * have the same order, so that the task that comes first can be told.
 */
export type Position = number[];

// Compares two positions: what is inside of a place comes after it, and before the next place.
export function comparePositions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
