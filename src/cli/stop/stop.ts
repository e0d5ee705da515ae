import { setMaxListeners } from "node:events";
import { Interrupted, STOP_SIGNALS, type StopSignal } from "../../errors.ts";
import { timerMs } from "../../timer.ts";

/** How a run is told to stop. Both signals have an Interrupted as their reason. */
export interface Stop {
  /** Nothing new should start; what is running is waited for. */
  readonly soon: AbortSignal;
  /** Nothing is waited for any more: someone insisted, or it took too long. */
  readonly now: AbortSignal;
}

/** For how long a run that is stopped waits for what is running. */
export const PATIENCE_SECONDS = 30;

/** A stop that has not come yet, and how it comes. */
export interface Stopping {
  stop: Stop;
  /** Hears of a signal: the first stops softly, a second one (or too long a wait) at once. */
  hear(signal: StopSignal): void;
  /** Nothing is waited for any more. */
  end(): void;
}

// Makes a stop that signals bring about.
export function stopping(patience = PATIENCE_SECONDS): Stopping {
  const [soon, now] = [new AbortController(), new AbortController()];
  // Every host that is at work listens.
  setMaxListeners(0, soon.signal, now.signal);
  let timer: NodeJS.Timeout | undefined;
  return {
    stop: { soon: soon.signal, now: now.signal },
    hear(signal) {
      if (soon.signal.aborted) return now.abort(soon.signal.reason);
      soon.abort(new Interrupted(signal));
      if (Number.isFinite(patience))
        timer = setTimeout(() => now.abort(soon.signal.reason), timerMs(patience));
    },
    end: () => clearTimeout(timer),
  };
}

// Does something that Ctrl-C, SIGTERM and SIGHUP stop.
export async function stoppable<T>(
  work: (stop: Stop) => Promise<T>,
  patience = PATIENCE_SECONDS,
): Promise<T> {
  const { stop, hear, end } = stopping(patience);
  const names = Object.keys(STOP_SIGNALS) as StopSignal[];
  for (const name of names) process.on(name, hear);
  try {
    return await work(stop);
  } finally {
    end();
    for (const name of names) process.off(name, hear);
  }
}

// Waits for something unless a signal comes first: then it throws the signal's reason, and does
// not touch what was started.
export async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  stopped.catch(() => undefined);
  return Promise.race([work, stopped]);
}
