import { Unknown } from "../../../src/value.ts";
import { expect, test } from "vitest";
import type { Entry } from "../../../src/plan/model/entry.ts";
import { pendingFiles } from "../../../src/plan/model/pending-files.ts";
import type { Walk } from "../../../src/plan/model/state.ts";

const FILE = "/made/by/a/task";

// A change that makes these paths.
const makes = (...paths: string[]): Partial<Entry> => ({
  change: {
    after: {},
    steps: [],
    files: [],
    diff: [],
    also: paths.map((subject) => ({ kind: "path", subject, after: null })),
  },
});

const COMMAND: Partial<Entry> = {
  change: { after: {}, steps: [], files: [], diff: [], opaque: true },
};

/** An earlier task, where it is done, what of it is done, and whether it may still make the file. */
const cases: [
  name: string,
  entry: Partial<Entry>,
  isLocal: boolean,
  done: string[],
  is: boolean,
][] = [
  ["a task that makes it", makes(FILE), true, [], true],
  ["a task that makes another file", makes("/another"), true, [], false],
  ["a command, which may make anything", COMMAND, true, [], true],
  ["a command on another machine", COMMAND, false, [], false],
  ["a command that is done with", COMMAND, true, ["task"], false],
  ["a command that only looks", { ...COMMAND, readOnly: true }, true, [], false],
  [
    "a task of which nobody knows what it will do",
    { verdict: { status: "deferred", why: "", unknown: new Unknown("") } },
    true,
    [],
    true,
  ],
  ["a task that does nothing", { verdict: { status: "ok" } }, true, [], false],
];

test.each(cases)("a file that is missing may come from %s", (_name, entry, isLocal, done, is) => {
  const host = { isLocal, playbook: { plays: [] } };
  const known = { completed: new Map(done.map((id) => [id, {}])), applying: false };
  const walk = {
    host,
    known,
    entries: [
      { id: "task", task: "earlier", verdict: { status: "changed" }, probes: [], ...entry },
    ],
  };
  const pass = { walks: new Map([["here", walk]]), partial: false, view: {}, play: 0 };
  const found = pendingFiles({ ...walk, pass } as unknown as Walk, [FILE]);
  expect(found).toBe(is ? 'task "earlier"' : undefined);
});
