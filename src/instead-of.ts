/** A class of errors. */
type ErrorClass = abstract new (...parameters: never[]) => Error;

/** What `run` gives, or `value` instead of an error of these classes; all others are thrown on. */
export function insteadOf<T, U>(classes: readonly ErrorClass[], value: U, run: () => T): T | U {
  try {
    return run();
  } catch (error) {
    if (classes.some((one) => error instanceof one)) return value;
    throw error;
  }
}
