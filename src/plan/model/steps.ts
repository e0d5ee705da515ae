import type { Position } from "./position.ts";
import type { Walk } from "./state.ts";

/** A walk that stops before each task, and says where that stands, so that others can come as far first. */
export type Steps = Generator<Position, void, void>;

// Walks what stands at one place of a list.
export function* inside(walk: Walk, index: number, steps: Steps): Steps {
  walk.at.push(index);
  yield* steps;
  walk.at.pop();
}
