/**
 * Time limits for waiting for a host. While this process is stopped (Ctrl-Z) the clock does not
 * run: when it resumes, what the host has sent meanwhile is read first, and the time starts again.
 */

/** How often this process went on after it was stopped. */
let resumes = 0;
let isHeard = false;

// How often this process went on after it was stopped, from the first call on.
export function countResumes(): number {
  if (!isHeard) process.on("SIGCONT", () => resumes++);
  isHeard = true;
  return resumes;
}

/** A limit that was set. */
export interface Patience {
  /** What was waited for has come. */
  end(): void;
}

// Calls `late` after the given number of milliseconds, not counting any that passed before
// this process was stopped.
export function patience(milliseconds: number, late: () => void): Patience {
  let seen = countResumes();
  const check = (): void => {
    if (seen === countResumes()) return late();
    seen = countResumes();
    timer = setTimeout(check, milliseconds);
  };
  let timer = setTimeout(check, milliseconds);
  return { end: () => clearTimeout(timer) };
}
