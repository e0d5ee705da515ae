import { shownMessage, type InputError } from "../errors.ts";
import { SCHEMA_VERSION } from "./summary.ts";

/** The document that --json prints where a mistake was found before anything was done. */
export interface JsonMistake {
  schema_version: number;
  command: string;
  error: { message: string; file?: string; line?: number; column?: number; hint?: string };
}

// A mistake as a document.
export function jsonMistake(command: string, mistake: InputError): JsonMistake {
  const { place, hint } = mistake;
  const error: JsonMistake["error"] = { message: shownMessage(mistake) };
  if (place) {
    const { file, line, column } = place.written ?? place;
    Object.assign(error, { file, line, column });
  }
  if (hint !== undefined) error.hint = hint;
  return { schema_version: SCHEMA_VERSION, command, error };
}
