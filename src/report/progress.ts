import type { ListrRenderer } from "listr2";
import type { ToldEvent, ToldHost } from "../run/event.ts";
import { withoutWords } from "./groups.ts";
import { Phase } from "./phase.ts";
import { colours } from "./visible.ts";

/**
 * Shows the progress of a run. One instance serves a whole run: after `end` it is silent
 * until the next phase begins.
 */
export interface Progress {
  emit(event: ToldEvent): void;
  /** Ends the phase that is shown, if any; what is printed afterwards appears below it. */
  end(): Promise<void>;
}

/** What progress is shown on. */
export interface Stage {
  /** Its letters go beyond ASCII. */
  readonly isUnicode: boolean;
  say(text: string): void;
  progress(line: string): void;
}

/** Says why a host failed, in one line without its name. */
export type WhyFailed = (run: ToldHost) => string;

const FRAME_MS = 100;

/** How often a run without a terminal reports that it is still going. */
const STILL_MS = 60_000;

// On a terminal: one line with counters for the present phase, because a line per host would
// cost more than the work itself. listr2 watches the phases: a phase that ended before listr2
// looks has ended all the same.
export async function terminalProgress(stage: Stage, why: WhyFailed): Promise<Progress> {
  const { Listr } = await import("listr2");
  const look = stage.isUnicode ? UNICODE : ASCII;
  let current: { phase: Phase; shown: Promise<void> } | undefined;
  const end = async (): Promise<void> => {
    current?.phase.end();
    await current?.shown;
  };
  const show = async (phase: Phase, before: Promise<void>): Promise<void> => {
    await before;
    await new Listr([{ title: phase.title, task: () => phase.ended }], {
      renderer: rendererOf(phase, stage, look),
      registerSignalListeners: false,
    }).run();
  };
  const { hear, rest } = failures((line) => stage.say(line), why);
  return {
    emit(event) {
      const phase = phaseOf(event);
      if (phase) rest();
      if (phase) current = { phase, shown: show(phase, end()) };
      else current?.phase.count(event);
      hear(event);
    },
    async end() {
      rest();
      await end();
    },
  };
}

// For what is reported as a whole: on a terminal a line with counters while it runs, which
// then goes; elsewhere nothing.
export function passingProgress(stage: Stage | undefined, title: string): Progress {
  const { frames } = stage?.isUnicode ? UNICODE : ASCII;
  let phase: Phase | undefined;
  let timer: NodeJS.Timeout | undefined;
  let frame = 0;
  const draw = (): void => {
    if (phase) stage?.progress(`${frames[frame++ % frames.length]} ${phase.describe()}`);
  };
  return {
    emit(event) {
      const begun = phaseOf(event);
      if (begun) phase = new Phase(title, begun.total);
      else phase?.count(event);
      if (stage) timer ??= setInterval(draw, FRAME_MS).unref();
    },
    async end() {
      clearInterval(timer);
      timer = undefined;
      phase = undefined;
      stage?.progress("");
    },
  };
}

/** What a phase is drawn with. */
interface Look {
  frames: readonly string[];
  done: string;
  failed: string;
}
const UNICODE: Look = { frames: [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"], done: "✔", failed: "✖" };
const ASCII: Look = { frames: [..."|/-\\"], done: "+", failed: "x" };

// Draws one phase: as the progress line while it runs, and then as a line that stays.
function rendererOf(
  phase: Phase,
  stage: Stage,
  { frames, done, failed }: Look,
): typeof ListrRenderer {
  return class implements ListrRenderer {
    // whether there is a terminal is for the stage to know
    static readonly nonTTY = true;
    static readonly rendererOptions = {};
    static readonly rendererTaskOptions = {};
    private timer: NodeJS.Timeout | undefined;
    private frame = 0;

    render(): void {
      const draw = (): void =>
        stage.progress(`${frames[this.frame++ % frames.length]} ${phase.describe()}`);
      draw();
      this.timer = setInterval(draw, FRAME_MS).unref();
    }

    end(): void {
      clearInterval(this.timer);
      stage.progress("");
      stage.say(
        `${phase.isFine ? colours.green(done) : colours.red(failed)} ${oneLine(phase.describe())}`,
      );
    }
  };
}

// Without a terminal: a line when a phase begins, failures immediately, and now and then that it is
// still going; with -v also what each host is doing.
export function lineProgress(
  print: (line: string) => void,
  why: WhyFailed,
  isVerbose: boolean,
): Progress {
  let phase: Phase | undefined;
  let timer: NodeJS.Timeout | undefined;
  const { hear, rest } = failures(print, why);
  const begin = (next: Phase): void => {
    phase = next;
    clearInterval(timer);
    timer = setInterval(() => print(`still running: ${next.describe()}`), STILL_MS).unref();
    print(`${oneLine(next.title)}: ${next.total} ${next.total === 1 ? "host" : "hosts"}`);
  };
  return {
    emit(event) {
      const next = phaseOf(event);
      if (next) rest();
      if (next) begin(next);
      else phase?.count(event);
      hear(event);
      if (isVerbose) verboseLines(event).forEach(print);
    },
    async end() {
      rest();
      clearInterval(timer);
    },
  };
}

// The phase that begins with an event.
function phaseOf(event: ToldEvent): Phase | undefined {
  if (event.kind === "planning") return new Phase("planning", event.hosts);
  return event.kind === "play" ? new Phase(event.name, event.hosts) : undefined;
}

// What -v prints for an event: the task that begins on a host, or the host that is done.
function verboseLines(event: ToldEvent): string[] {
  if (event.kind === "host-done" && !event.run.failed) return [`${event.run.host.name}: done`];
  if (event.kind !== "step" || event.state !== "begin" || event.entry.change?.silent) return [];
  return [
    oneLine(
      `${event.host}: ${event.entry.task}${event.entry.item === undefined ? "" : ` [${event.entry.item}]`}`,
    ),
  ];
}

/** How many hosts that fail for the same reason are shown one by one; the others are counted. */
const TOLD_EACH = 5;

/** Tells which hosts fail. */
interface Failures {
  hear(event: ToldEvent): void;
  /** Prints how many hosts failed besides those that were shown. */
  rest(): void;
}

// Listens to events, and shows each failed host once, when it fails; of those with the same
// reason only the first few.
function failures(print: (line: string) => void, why: WhyFailed): Failures {
  const told = new Set<string>();
  const reasons = new Map<string, { example: string; hosts: number; left: number }>();
  return {
    hear(event) {
      if (!("run" in event) || !event.run.failed || told.has(event.run.host.name)) return;
      told.add(event.run.host.name);
      const words = oneLine(why(event.run));
      const key = withoutHost(words, event.run);
      const reason = reasons.get(key) ?? { example: words, hosts: 0, left: 0 };
      reasons.set(key, reason);
      reason.hosts++;
      if (reason.hosts > TOLD_EACH) reason.left++;
      else print(`${colours.red("x")} ${oneLine(event.run.host.name)}: ${words}`);
    },
    rest() {
      for (const reason of reasons.values()) {
        if (reason.left > 0)
          print(
            `${colours.red("x")} and ${reason.left} more ${reason.left === 1 ? "host" : "hosts"}, same reason: ${reason.example}`,
          );
        reason.left = 0;
      }
    },
  };
}

// A reason with signs in place of the host's name and address.
function withoutHost(words: string, { host }: ToldHost): string {
  const address = host.connection?.values?.get("ansible_host");
  return withoutWords(words, [host.name, ...(typeof address === "string" ? [address] : [])]);
}

// Names are chosen by users; none may look like a line of ours.
function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}
