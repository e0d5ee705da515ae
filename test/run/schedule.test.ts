import { Unknown } from "../../src/value.ts";
import { expect, test } from "vitest";
import type { Entry } from "../../src/plan/model/entry.ts";
import type { HostRun } from "../../src/run/host-run.ts";
import { nextWave } from "../../src/run/schedule.ts";

/** A change on a host, at a position: play, batch, task. */
type Task = [id: string, at: number[], more?: Partial<Entry>];

// A host with changes that are to be made, of which some are done with.
function host(name: string, tasks: readonly Task[], done: readonly string[] = []): HostRun {
  const entries = tasks.map(([id, at, more]) => ({
    id,
    at,
    play: at[0],
    verdict: { status: "changed" },
    change: { after: {}, steps: [] },
    barrier: false,
    throttle: Infinity,
    identity: { user: "root" },
    result: {},
    ...more,
  }));
  const completed = new Map(done.map((id) => [id, {}]));
  return { host: { name }, known: { completed }, walk: { entries } } as unknown as HostRun;
}

const BARRIER = { barrier: true };
const TRIED_AGAIN: Partial<Entry> = {
  verdict: { status: "changed", retry: { after: 1, unknown: new Unknown("it") } },
};
const AFTER_COMMAND = { change: { after: {}, steps: [], files: [], diff: [], opaque: true } };

/** Hosts with what they are to do, how many may be at work, and what each of them does next. */
const cases: [name: string, hosts: HostRun[], ready: string[], limit: number][] = [
  [
    "all changes of all hosts, where nobody waits for anybody",
    [
      host("a", [
        ["one", [0, 0, 1]],
        ["two", [0, 0, 2]],
      ]),
      host("b", [["one", [0, 0, 1]]]),
    ],
    ["one two", "one"],
    9,
  ],
  [
    "only what is before the barrier, which nobody passes alone",
    [
      host("a", [
        ["one", [0, 0, 1]],
        ["all", [0, 0, 2], BARRIER],
        ["two", [0, 0, 3]],
      ]),
      host("b", [["all", [0, 0, 2], BARRIER]]),
    ],
    ["one", ""],
    9,
  ],
  [
    "the barrier, once nothing is left before it, and nothing behind it",
    [
      host(
        "a",
        [
          ["one", [0, 0, 1]],
          ["all", [0, 0, 2], BARRIER],
          ["two", [0, 0, 3]],
        ],
        ["one"],
      ),
      host("b", [
        ["all", [0, 0, 2], BARRIER],
        ["two", [0, 0, 3]],
      ]),
    ],
    ["all", "all"],
    9,
  ],
  [
    "a barrier by as few hosts at once as throttle says",
    [
      host("a", [["all", [0, 0, 2], { ...BARRIER, throttle: 1 }]]),
      host("b", [["all", [0, 0, 2], { ...BARRIER, throttle: 1 }]]),
    ],
    ["all", "all"],
    1,
  ],
  [
    "nothing of a later batch before the earlier one is done",
    [host("a", [["one", [0, 0, 1]]]), host("b", [["one", [0, 1, 1]]])],
    ["one", ""],
    9,
  ],
  [
    "the later batch once the earlier one is done",
    [host("a", [["one", [0, 0, 1]]], ["one"]), host("b", [["one", [0, 1, 1]]])],
    ["", "one"],
    9,
  ],
  [
    "again what is to be tried again",
    [host("a", [["one", [0, 0, 1], TRIED_AGAIN]], ["one"])],
    ["one"],
    9,
  ],
  [
    "nothing behind a change that may alter anything",
    [
      host("a", [
        ["one", [0, 0, 1], AFTER_COMMAND],
        ["two", [0, 0, 2]],
      ]),
    ],
    ["one"],
    9,
  ],
];

test.each(cases)("hosts do %s", (_name, hosts, ready, limit) => {
  const wave = nextWave(hosts, 0, 9);
  expect(wave.parts.map((part) => part.ready.map(({ id }) => id).join(" "))).toEqual(ready);
  expect(wave.limit).toBe(limit);
});
