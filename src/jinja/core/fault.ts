import { InputError, UndefinedUseError, UnsupportedError, type Place } from "../../errors.ts";
import type { Unknown } from "../../value.ts";

/** A template fails; whoever knows where the expression is adds the position. */
export class Fault extends Error {
  readonly hint: string | undefined;
  /** Offset into the source, where it is known better than "the whole expression". */
  readonly offset: number | undefined;
  /** Files that were looked for. */
  readonly missing: readonly string[] | undefined;

  constructor(message: string, hint?: string, offset?: number, missing?: readonly string[]) {
    super(message);
    this.hint = hint;
    this.offset = offset;
    this.missing = missing;
  }
}

/** Something is used that is not there. */
export class MissingFault extends Fault {}

/** A filter, test or lookup of Ansible that is not supported: an error only where it is reached. */
export class ForeignFault extends Fault {}

/** Ends the rendering of a whole text: what it does next depends on something Unknown. */
export class StoppedByUnknown extends Error {
  readonly unknown: Unknown;

  constructor(unknown: Unknown) {
    super(unknown.why);
    this.unknown = unknown;
  }
}

/** Where the text of a template comes from: maps an offset of it to a place in the user's file. */
export interface Origin {
  at(offset: number): Place;
}

// The origin of a text that is a whole file, or that begins at the start of a file.
export function plainOrigin(file: string, text: string): Origin {
  return { at: (offset) => placeIn(file, text, offset) };
}

// Counts line and column of an offset.
function placeIn(file: string, text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { file, line, column: offset - (before.lastIndexOf("\n") + 1) + 1, text };
}

// Runs something that may throw a Fault, and gives the fault its place.
export function located<T>(origin: Origin, offset: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw placed(error, origin, offset);
  }
}

// A Fault as an InputError with its place; anything else as it is.
export function placed(error: unknown, origin: Origin, offset: number): unknown {
  if (!(error instanceof Fault)) return error;
  const Kind = kindOf(error);
  return new Kind(error.message, origin.at(error.offset ?? offset), error.hint, error.missing);
}

function kindOf(error: Fault): typeof InputError {
  if (error instanceof ForeignFault) return UnsupportedError;
  return error instanceof MissingFault ? UndefinedUseError : InputError;
}
