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

// What `run` gives; undefined instead of any error. For looks that may find nothing.
export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

// Whether `run` throws no error.
export function succeeds(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
