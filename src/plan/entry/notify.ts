import { basename } from "node:path";
import { InputError, describeError } from "../../errors.ts";
import { handlersFor } from "../../playbook/handler-names.ts";
import type { Handler, Play } from "../../playbook/play.ts";
import { ONCE, ask, type ProbeKind } from "../../probes/probe.ts";
import { endsPart, hasStatus, type Entry, type Notice } from "../model/entry.ts";
import { dropChange, fail, setNotifies } from "./write-entry.ts";
import { whereOf, type Acting } from "../scope/become.ts";
import { whoOf } from "../scope/login.ts";
import { taskVariables } from "../scope/task-variables.ts";
import { failHost, handlersOf, type Walk } from "../model/state.ts";
import { NotKnown } from "../model/signals.ts";
import { didYouMean } from "../../suggest.ts";
import { Unknown } from "../../value.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { sha256Hex } from "../../sha256.ts";
import { insteadOf } from "../../instead-of.ts";

/** All of them, as a tab-separated line each. */
const notices: ProbeKind<null, Notice[]> = {
  name: "notices",
  holds: { asked: ONCE },
  subject: () => "",
  script: () => ({
    sh: String.raw`for hw_p in "$HW_STATE_DIR/pending"/*; do
  [ -f "$hw_p" ] || continue
  hw_t=; hw_r=; { IFS= read -r hw_t; IFS= read -r hw_r; } < "$hw_p"; printf '%s\t%s\t%s\n' "@{hw_p##*/}" "$hw_r" "$hw_t"
done; :`.replaceAll("@{", "${"),
  }),
  parse: (output, args) => args.map(() => output.split("\n").filter(Boolean).map(readNotice)),
};

function readNotice(line: string): Notice {
  const [name = "", run = "", ...task] = line.split("\t");
  return { name, run, task: task.join("\t") };
}

// The name under which a handler is noted on the host: the same in every run of the same playbook.
export function noticeName(play: Play, handler: Handler): string {
  const identity = [
    basename(play.book),
    String(play.name?.value ?? play.id),
    String(handler.name?.value ?? handler.id),
  ];
  return sha256Hex(identity.join("\0")).slice(0, 32);
}

// The user and the machine of a play; undefined: facts must be known first.
function whereOfPlay(walk: Walk, play: Play): Acting | undefined {
  return insteadOf([NotKnown], undefined, () => whereOf(walk, [play], taskVariables(walk, [play])));
}

// The handlers of this play that a broken run left behind on the host.
export function pendingNotices(walk: Walk, play: Play): Map<string, Notice> {
  const found = new Map<string, Notice>();
  if (handlersOf(walk, play).length === 0) return found;
  const where = whereOfPlay(walk, play);
  if (!where) return found;
  const { on, identity } = where;
  const { known, view, missing } = on;
  if (known.noUsers.has(identity.user)) return found; // nor has anything been noted as that user
  if (identity.login !== undefined && known.noLogins.has(identity.login)) return found; // its tasks find out what that means
  const probe = ask(notices, null);
  const who = whoOf(identity);
  const answer = view.get(probe, who);
  if (answer === undefined) missing.set(`${who} ${probe.key}`, { probe, identity });
  if (!Array.isArray(answer)) return found;
  for (const handler of handlersOf(walk, play)) {
    const name = noticeName(play, handler);
    const notice = (answer as unknown as Notice[]).find((one) => one.name === name);
    if (notice) found.set(handler.id, notice);
  }
  return found;
}

// A handler's name or topic as rendered; undefined where it cannot be.
function textOf(walk: Walk, play: Play, handler: Handler, node: YamlNode): string | undefined {
  return insteadOf([InputError], undefined, () => {
    const text = taskVariables(walk, [play, ...handler.around, handler]).render(node);
    return text instanceof Unknown ? undefined : String(text);
  });
}

// Marks the handlers that a change notifies; answers their notices, to be noted on
// the host before the change.
export function notify(walk: Walk, play: Play, entry: Entry): string[] {
  const noted: string[] = [];
  for (const topic of entry.wouldNotify) {
    const hit = handlersFor(handlersOf(walk, play), topic, (handler, node) =>
      textOf(walk, play, handler, node),
    );
    if (hit.length === 0)
      throw new InputError(
        `no handler of this play is named "${topic}" or listens to it`,
        entry.place,
        didYouMean(
          topic,
          handlersOf(walk, play).map(({ name }) => String(name?.value)),
        ),
      );
    for (const handler of hit) {
      const notice = noticeName(play, handler);
      walk.notified.set(handler.id, notice);
      walk.leftOver.delete(handler.id);
      noted.push(notice);
    }
  }
  return entry.change ? noted : [];
}

// Notes an entry in the plan, and what it means for the tasks after it.
export function addEntry(walk: Walk, entry: Entry, play: Play): void {
  walk.entries.push(entry);
  try {
    if (hasStatus(entry, "changed")) setNotifies(entry, notify(walk, play, entry));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    dropChange(entry);
    fail(entry, describeError(error));
  }
  if (endsPart(entry)) failHost(walk, entry);
}
