import { floatText } from "../../jinja/core/number.ts";
import { sh } from "../../script/sh.ts";
import { UnsupportedError } from "../../errors.ts";
import type { Controller, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Waits for some time before the play continues. Without a time, Ansible waits for a person, or continues at once if there is no terminal; only the latter is supported here.",
  example: `name: Give the service time to start
pause: {seconds: 5}`,
  reachesNoHost: true,
  returns: ["start, stop, delta: when it started and ended, and the seconds in between"],
  arguments: {
    seconds: { type: "float", description: "How many seconds, at least one." },
    minutes: { type: "float", description: "How many minutes." },
    echo: {
      type: "bool",
      default: true,
      description: "Has no effect, as there is no prompt.",
    },
    prompt: { type: "str", description: "The text to show." },
  },
  mutuallyExclusive: [["seconds", "minutes"]],
} as const satisfies Schema;

type PauseArgs = ArgsOf<typeof schema>;

/** Waits at apply. Each host waits for itself, all at the same time; a plan does not wait. */
export const pause: Module<PauseArgs, Record<never, never>> = {
  name: "pause",
  schema,
  observe: () => ({}),
  plan(args, _before, controller) {
    if (args.seconds === undefined && args.minutes === undefined) return withoutTime(controller);
    return {
      after: {},
      steps: [{ run: sh`date '+%F %T.%6N'; hw_sleep ${duration(args)}; date '+%F %T.%6N'` }],
      diff: [],
      silent: true,
      opaque: "wait",
    };
  },
  result(args, _state, outputs) {
    if (args.seconds === undefined && args.minutes === undefined)
      return {
        rc: 0,
        stdout: "Paused for 0.0 minutes",
        stderr: "",
        start: null,
        stop: null,
        delta: 0,
        echo: args.echo,
        user_input: "",
        prompt: args.prompt ?? "",
      };
    const [start, stop] = outputs?.[0]?.stdout.split("\n") ?? [];
    const delta = Math.min(duration(args), elapsed(start, stop) ?? Infinity);
    return {
      rc: 0,
      stdout: `Paused for ${said(args, delta)}`,
      stderr: "",
      start: start ?? null,
      stop: stop ?? null,
      delta,
      echo: args.echo,
      user_input: "",
      prompt: args.prompt ?? "",
    };
  },
  onController: {
    kind: "message",
    text: ({ prompt }) => (prompt === "" ? undefined : prompt),
  },
};

// Ansible waits for Enter; without anybody at a terminal, it continues at once.
function withoutTime({ isInteractive }: Controller): null {
  if (isInteractive)
    throw new UnsupportedError(
      "pause without a time waits for a person, which is not supported",
      undefined,
      "set seconds or minutes; apply asks for confirmation before it starts",
    );
  return null;
}

// How long it took as Python writes it, rounded to two digits.
function said(args: PauseArgs, delta: number): string {
  const [unit, size] = args.minutes === undefined ? ["seconds", 1] : ["minutes", 60];
  return `${floatText(Math.round((100 * delta) / size) / 100)} ${unit}`;
}

// Whole seconds, at least one, as Ansible counts them.
function duration({ seconds, minutes }: PauseArgs): number {
  return Math.max(1, Math.trunc(minutes === undefined ? (seconds ?? 1) : Math.trunc(minutes) * 60));
}

// The whole seconds from start to stop: fewer than asked for where the run was stopped meanwhile.
function elapsed(start = "", stop = ""): number | undefined {
  const seconds = (Date.parse(stop) - Date.parse(start)) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.floor(Math.max(0, seconds));
}
