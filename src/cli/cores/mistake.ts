import { defined } from "../../defined.ts";
import { InputError } from "../../errors.ts";
import type { Mistake } from "./messages.ts";

// A mistake of the user as it travels between processes.
export function toldMistake({ message, place, hint }: InputError): Mistake {
  return { message, ...defined({ place, hint }) };
}

// The same as an error again.
export function mistakeError({ message, place, hint }: Mistake): InputError {
  return new InputError(message, place, hint);
}
