import { InputError } from "../../errors.ts";
import type { Task } from "../../playbook/play.ts";
import { Unknown } from "../../value.ts";
import type { Entry } from "../model/entry.ts";
import { showValue } from "../model/show-value.ts";
import type { Invocation } from "../model/invocation.ts";
import type { Walk } from "../model/state.ts";
import { isHidden } from "./together.ts";
import type { Variables } from "../model/variables.ts";

/** What is so of every entry before its task is planned. */
export const NOTHING_PLANNED = {
  barrier: false,
  throttle: Infinity,
  args: undefined,
  probes: [],
  verdict: { status: "ok" },
  diff: [],
  showsDiff: false,
  wouldNotify: [],
  notifies: [],
  crossesOff: [],
  variables: new Map<string, never>(),
  result: {},
} as const;

// An entry with what is known of every task before it is planned. Its members are written out, as
// V8 gives an object that is made by spreading another one a slower form: with thousands of entries
// that was a third of a run's time.
export function newEntry(walk: Walk, { task, id, item, variables, around }: Invocation): Entry {
  const name = task.name ? textOrSource(variables, task) : task.action;
  const entry: Entry = {
    id,
    play: walk.play,
    at: [...walk.at],
    task: name,
    title: name,
    module: task.module.name,
    place: task.place,
    noLog: isHidden({ around, variables }),
    readOnly: task.module.readOnly ?? false,
    barrier: NOTHING_PLANNED.barrier,
    throttle: NOTHING_PLANNED.throttle,
    identity: { user: walk.host.login },
    args: NOTHING_PLANNED.args,
    probes: NOTHING_PLANNED.probes,
    verdict: NOTHING_PLANNED.verdict,
    diff: NOTHING_PLANNED.diff,
    showsDiff: NOTHING_PLANNED.showsDiff,
    wouldNotify: NOTHING_PLANNED.wouldNotify,
    notifies: NOTHING_PLANNED.notifies,
    crossesOff: NOTHING_PLANNED.crossesOff,
    variables: NOTHING_PLANNED.variables,
    result: NOTHING_PLANNED.result,
  };
  return item === undefined ? entry : Object.assign(entry, { item: showValue(item) });
}

// A task's name with its templates rendered; a name that cannot be rendered is shown as written.
function textOrSource(variables: Variables, task: Task): string {
  try {
    const text = variables.render(task.name!);
    if (!(text instanceof Unknown)) return String(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  return String(task.name!.value);
}
