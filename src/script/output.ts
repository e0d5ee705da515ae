import { Unknown } from "../value.ts";

/** What a step printed. */
export interface StepOutput {
  code: number;
  stdout: string;
  stderr: string;
  /**
   * When it began and ended by the host's clock, as NOW prints it; only of steps that are timed.
   */
  times?: readonly [begin: string, end: string];
}

/**
 * Shell: a word for this moment, SECONDS.NANOSECONDS_DATE_TIME, in the host's time zone. Without
 * nanoseconds where date has none.
 */
export const NOW = "$(date +%s.%N_%F_%T)";

/**
 * Ansible's keys for when something ran: texts such as "2026-01-31 12:00:00.000001", and the time
 * between, such as "0:00:00.002310".
 */
export interface Times {
  start: string;
  end: string;
  delta: string;
}

// When it ran, where that is known.
export function timesIn({ times }: StepOutput): object {
  const unknown: unknown = times; // so it is where nothing may depend on it
  if (unknown instanceof Unknown) return { start: unknown, end: unknown, delta: unknown };
  return times ? timesOf(times) : {};
}

// What begin and end say in Ansible's words.
export function timesOf([begin, end]: readonly [string, string]): Times {
  const [from, to] = [readMoment(begin), readMoment(end)];
  return { start: from.text, end: to.text, delta: showSpan(to.micros - from.micros) };
}

// One word of NOW: microseconds since 1970, and the time as a text.
function readMoment(word: string): { micros: number; text: string } {
  const [, seconds = "0", nanos = "", date = "", time = ""] =
    /^(\d+)\.(\d*)\D*?_([^_]*)_(.*)$/.exec(word) ?? [];
  const fraction = nanos.padEnd(6, "0").slice(0, 6);
  return { micros: Number(seconds) * 1e6 + Number(fraction), text: `${date} ${time}.${fraction}` };
}

// A time span as Python writes it.
function showSpan(micros: number): string {
  const [seconds, rest] = [Math.floor(micros / 1e6), micros % 1e6];
  const [days, of] = [Math.floor(seconds / 86_400), seconds % 86_400];
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = `${Math.floor(of / 3600)}:${two(Math.floor(of / 60) % 60)}:${two(of % 60)}`;
  return `${days === 0 ? "" : `${days} day${days === 1 ? "" : "s"}, `}${clock}${rest === 0 ? "" : `.${String(rest).padStart(6, "0")}`}`;
}
