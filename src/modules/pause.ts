import { sh } from "../script/sh.ts";
import type { Module } from "./module.ts";

interface PauseArgs {
  seconds?: number;
  minutes?: number;
  prompt?: string;
  echo: boolean;
}

/** Waits at apply. Each host waits for itself, all at the same time; a plan does not wait. */
export const pause: Module<PauseArgs, Record<never, never>> = {
  name: "pause",
  schema: {
    description: "Waits for a time before the play goes on. It asks nobody: a run needs no one at the keyboard.",
    arguments: {
      seconds: { type: "float", description: "How many seconds, at least one." },
      minutes: { type: "float", description: "How many minutes." },
      echo: { type: "bool", default: true, description: "Has no meaning, as nobody is asked to type." },
      prompt: { type: "str", description: "What is said to people." },
    },
    mutuallyExclusive: [["seconds", "minutes"]],
    requiredOneOf: [["seconds", "minutes"]],
  },
  observe: () => ({}),
  plan: (args) => ({ after: {}, steps: [{ run: sh`date '+%F %T.%6N'; hw_sleep ${duration(args)}; date '+%F %T.%6N'` }], silent: true }),
  result(args, _state, outputs) {
    const [start, stop] = outputs?.[0]?.stdout.split("\n") ?? [];
    const said = args.minutes === undefined ? `${duration(args)} seconds` : `${duration(args) / 60} minutes`;
    return { rc: 0, stdout: `Paused for ${said}`, stderr: "", start: start ?? null, stop: stop ?? null, delta: duration(args), echo: args.echo, user_input: "", prompt: args.prompt ?? "" };
  },
  shows: ({ prompt }) => (prompt === "" ? undefined : prompt),
};

// Whole seconds, at least one, as Ansible counts them.
function duration({ seconds, minutes }: PauseArgs): number {
  return Math.max(1, Math.trunc(minutes === undefined ? (seconds ?? 1) : Math.trunc(minutes) * 60));
}
