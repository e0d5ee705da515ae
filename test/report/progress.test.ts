import { describe, expect, test, vi } from "vitest";
import type { RunEvent } from "../../src/run/event.ts";
import type { HostRun } from "../../src/run/host-run.ts";
import { Phase, showTime } from "../../src/report/phase.ts";
import {
  lineProgress,
  passingProgress,
  terminalProgress,
  type Progress,
} from "../../src/report/progress.ts";
import { visible } from "../../src/report/visible.ts";

const host = (name: string, failed = false): HostRun => ({ host: { name }, failed }) as HostRun;
const a = host("a");
const planned = (run: HostRun): RunEvent => ({ kind: "planned", run });
const done = (run: HostRun): RunEvent => ({ kind: "host-done", run, play: 0 });
const begins = (name: string, task: string): RunEvent =>
  ({ kind: "step", host: name, state: "begin", entry: { task } }) as RunEvent;
const why = (): string => "it broke";

/** A screen that keeps what is said, without colours. */
class Stage {
  readonly isUnicode = true;
  readonly said: string[] = [];
  readonly drawn: string[] = [];
  say(text: string): void {
    this.said.push(text.replaceAll(/[\ue000-\uf8ff]{8}\d+m/g, ""));
  }
  progress(line: string): void {
    this.drawn.push(visible(line));
  }
}

// A terminal's progress that has heard some events.
async function heard(...events: RunEvent[]): Promise<{ progress: Progress; stage: Stage }> {
  const stage = new Stage();
  const progress = await terminalProgress(stage, why);
  for (const event of events) progress.emit(event);
  await progress.end();
  return { progress, stage };
}

describe("in a terminal", () => {
  test("a phase that ends before listr2 has begun it ends all the same", async () => {
    const { stage } = await heard({ kind: "planning", hosts: 1 }, planned(a));
    expect(stage.said).toEqual(["✔ planning: 1/1 host"]);
    expect(stage.drawn.at(-1)).toBe("");
  });
  test("a phase that begins ends the one before, and each is shown once", async () => {
    const { stage } = await heard(
      { kind: "planning", hosts: 1 },
      planned(a),
      { kind: "play", name: "one", hosts: 1 },
      done(a),
      { kind: "play", name: "two", hosts: 1 },
      done(a),
    );
    expect(stage.said).toEqual(["✔ planning: 1/1 host", "✔ one: 1/1 host", "✔ two: 1/1 host"]);
  });
  test("it ends as often as one likes, and goes on afterwards", async () => {
    const { progress, stage } = await heard({ kind: "planning", hosts: 1 }, planned(a));
    await progress.end();
    progress.emit({ kind: "play", name: "one", hosts: 1 });
    await progress.end();
    await progress.end();
    expect(stage.said.map((line) => line.slice(2))).toEqual([
      "planning: 1/1 host",
      "one: 0/1 host",
    ]);
  });
  test("a run of which nothing was heard ends", async () => {
    expect((await heard()).stage.said).toEqual([]);
  });
  test("a failure is told once, when it happens", async () => {
    const bad = host("b", true);
    const { stage } = await heard(
      { kind: "play", name: "one", hosts: 2 },
      { kind: "host-failed", run: bad },
      { kind: "host-failed", run: bad },
      done(a),
      done(bad),
    );
    expect(stage.said).toEqual(["x b: it broke", "✖ one: 2/2 hosts, 1 failed"]);
  });
  test("a failure that a worker reports for each play is told once", async () => {
    const { stage } = await heard(
      { kind: "play", name: "applying", hosts: 1 },
      planned(host("b", true)),
      done(host("b", true)),
      done(host("b", true)),
    );
    expect(stage.said).toEqual(["x b: it broke", "✖ applying: 1/1 host, 1 failed"]);
  });
});

/** Many hosts that fail. */
const bad = (count: number): RunEvent[] =>
  Array.from({ length: count }, (_, i) => done(host(`n${i}`, true)));

test("of hosts that fail for the same reason the first are told, the others counted", async () => {
  const { stage } = await heard({ kind: "play", name: "one", hosts: 8 }, ...bad(8));
  expect(stage.said).toEqual([
    ...[0, 1, 2, 3, 4].map((i) => `x n${i}: it broke`),
    "x and 3 more hosts, same reason: it broke",
    "✖ one: 8/8 hosts, 8 failed",
  ]);
  const said: string[] = [];
  const progress = lineProgress((line) => said.push(visible(line)), why, false);
  for (const event of bad(6)) progress.emit(event);
  await progress.end();
  await progress.end();
  expect(said.slice(5)).toHaveLength(1);
  expect(said[5]).toContain("and 1 more host, same reason: it broke");
});

describe("without a terminal", () => {
  const lines = (isVerbose: boolean, ...events: RunEvent[]): string[] => {
    const stage = new Stage();
    const progress = lineProgress((line) => stage.say(line), why, isVerbose);
    for (const event of events) progress.emit(event);
    void progress.end();
    return stage.said;
  };
  const bad = host("b", true);
  const events: RunEvent[] = [
    { kind: "planning", hosts: 2 },
    planned(a),
    { kind: "play", name: "one", hosts: 2 },
    begins("a", "t\nx"),
    { kind: "host-failed", run: bad },
    done(a),
    done(bad),
  ];

  test("each phase and each failure is a line at once", () => {
    expect(lines(false, ...events)).toEqual(["planning: 2 hosts", "one: 2 hosts", "x b: it broke"]);
  });
  test("with -v also what each host is at", () => {
    expect(lines(true, ...events)).toEqual([
      "planning: 2 hosts",
      "one: 2 hosts",
      "a: t x",
      "x b: it broke",
      "a: done",
    ]);
  });
});

describe("a phase", () => {
  const TIMES: [milliseconds: number, shown: string][] = [
    [999, ""],
    [1000, "1 s"],
    [59_999, "59 s"],
    [60_000, "1 min 0 s"],
    [3_600_000, "1 h 0 min"],
    [7_830_000, "2 h 10 min"],
  ];
  test.each(TIMES)("%i ms: %j", (milliseconds, shown) =>
    expect(showTime(milliseconds)).toBe(shown),
  );

  test("says how far it is, for how long, and one host that is at work", () => {
    let now = 0;
    const phase = new Phase("one", 3, () => now);
    phase.count(begins("a", "t"));
    phase.count(begins("b", "u"));
    now = 12_000;
    expect(phase.describe()).toBe("one: 0/3 hosts, 12 s; a: t (and 1 more)");
    phase.count({ ...begins("a", "t"), state: "done" } as RunEvent);
    phase.count(done(a));
    expect(phase.describe()).toBe("one: 1/3 hosts, 1 change, 12 s; b: u");
    phase.end();
    expect(phase.describe()).toBe("one: 1/3 hosts, 1 change, 12 s");
  });

  test("counts a host once, however often workers report it", () => {
    const phase = new Phase("one", 2, () => 0);
    for (const run of [a, { ...a }, host("b"), host("b", true), host("b", true)])
      phase.count(done(run as HostRun));
    expect(phase.describe()).toBe("one: 2/2 hosts, 1 failed");
    expect(phase.isFine).toBe(false);
  });
});

describe("a command that reports at the end", () => {
  test("has one line while it runs, which goes and leaves nothing", async () => {
    vi.useFakeTimers();
    const stage = new Stage();
    const progress = passingProgress(stage, "run");
    progress.emit({ kind: "planning", hosts: 2 });
    progress.emit(planned(a));
    vi.advanceTimersByTime(200);
    await progress.end();
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    expect(stage.drawn[0]).toContain("run: 1/2 hosts");
    expect(stage.drawn.at(-1)).toBe("");
    expect(stage.said).toEqual([]);
  });
});
