import { InputError } from "../../errors.ts";
import type { Task } from "../../playbook/play.ts";
import { Unknown } from "../../value.ts";
import type { Entry } from "../model/entry.ts";
import { showValue } from "../model/show-value.ts";
import type { Invocation } from "../model/invocation.ts";
import type { Walk } from "../model/state.ts";
import { isHidden } from "./together.ts";
import type { Variables } from "../model/variables.ts";

// An entry with what is known of every task before it is planned.
export function newEntry(walk: Walk, { task, id, item, variables, around }: Invocation): Entry {
  const name = task.name ? textOrSource(variables, task) : task.action;
  const entry: Entry = {
    id,
    play: walk.play,
    at: [...walk.at],
    barrier: false,
    task: name,
    module: task.module.name,
    place: task.place,
    status: "ok",
    identity: { user: walk.host.login },
    diff: [],
    noLog: isHidden({ around, variables }),
    wouldNotify: [],
    notifies: [],
    readOnly: task.module.readOnly ?? false,
    result: {},
  };
  if (item !== undefined) entry.item = showValue(item);
  return entry;
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
