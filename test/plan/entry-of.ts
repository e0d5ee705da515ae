import type { Entry } from "../../src/plan/model/entry.ts";
import { NOTHING_PLANNED } from "../../src/plan/entry/new-entry.ts";

// A change of a task, as planning makes it.
export function entryOf(name: string, more: Partial<Entry>): Entry {
  return {
    ...NOTHING_PLANNED,
    id: name,
    play: 0,
    at: [],
    task: name,
    title: name,
    module: "copy",
    place: { file: "", line: 1, column: 1 },
    verdict: { status: "changed" },
    identity: { user: "me" },
    noLog: false,
    readOnly: false,
    ...more,
  };
}
