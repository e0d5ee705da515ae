/**
 * The one file that writes what ends the part of a host, a batch, a play or the whole
 * run before its last task.
 */
import type { Pass, Walk } from "./state.ts";

// The host's part of the play is over (meta: end_host), or begins.
export function setEnded(walk: Walk, ended: boolean): void {
  walk.ended = ended;
}

// The batch or the play is over for all hosts (meta); undefined: one begins.
export function setEnds(pass: Pass, ends: Pass["ends"]): void {
  pass.ends = ends;
}

// Nothing more is done on any host.
export function endRun(pass: Pass, why: string): void {
  pass.over = why;
}

// Whether no host can go on before it has made a change that may alter anything.
export function setHeld(pass: Pass, isHeld: boolean): void {
  pass.isHeld = isHeld;
}
