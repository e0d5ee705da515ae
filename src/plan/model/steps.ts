import type { Position } from "./position.ts";

/** Whatever has a place in the playbook: a walk. */
interface Placed {
  readonly at: Position;
}

/**
 * The place of the task that comes next, and how to go on from there. It may be
 * gone on from more than once.
 */
export interface NextTask {
  readonly at: Position;
  readonly go: Rest;
}

/** What remains to be done: it ends at the next task, with more that remains, or at the end. */
export type Rest = () => Onward;
export type Onward = NextTask | Rest | undefined;

/**
 * A part of a walk that pauses before each task, so that others can get equally far first. It is
 * given what comes after it, and returns that instead of calling it, so that a list of any length
 * needs no deeper stack. All that it remembers between two tasks is constant: whoever restores the
 * walk's state can resume from the same stop again.
 */
export type Steps = (then: Rest) => Onward;

// Goes on up to the next task.
export function nextStop(rest: Rest): NextTask | undefined {
  let next: Onward = rest;
  while (typeof next === "function") next = next();
  return next;
}

/** No steps at all. */
export const nothing: Steps = (then) => then;

// Does something between tasks.
export function act(work: () => void): Steps {
  return (then) => {
    work();
    return then;
  };
}

// Steps that are created when they are reached.
export function later(make: () => Steps): Steps {
  return (then) => make()(then);
}

// Steps one after another.
export function chain(...all: readonly Steps[]): Steps {
  return each(all, (steps) => steps);
}

// The steps of each item, one after another, until it is over.
export function each<T>(
  items: readonly T[],
  steps: (item: T, index: number) => Steps,
  isOver: () => boolean = () => false,
): Steps {
  const from = (index: number, then: Rest): Onward =>
    index === items.length || isOver()
      ? then
      : steps(items[index]!, index)(() => from(index + 1, then));
  return (then) => from(0, then);
}

// Pauses before the task that the walk has reached.
export function stopAt(walk: Placed): Steps {
  return (then) => ({ at: [...walk.at], go: then });
}

// Walks the element at one index of a list.
export function inside(walk: Placed, index: number, steps: Steps): Steps {
  return chain(
    act(() => walk.at.push(index)),
    steps,
    act(() => walk.at.pop()),
  );
}
