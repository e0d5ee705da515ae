import { sha256Hex } from "../../sha256.ts";
import { defined } from "../../defined.ts";
import type { StepOutput } from "../../modules/contract/module.ts";
import { isFalseCondition } from "../../playbook/nodes.ts";
import { mayWrite, type Probe } from "../../probes/probe.ts";
import { Unknown } from "../../value.ts";
import { markReadOnly, setBehind, setResult } from "../entry/write-entry.ts";
import type { Entry } from "../model/entry.ts";
import type { Invocation } from "../model/invocation.ts";
import { NotAsked, NotKnown } from "../model/signals.ts";
import { noteOnMachine } from "../model/pass-walks.ts";
import { keyword, localDirectory, type Walk } from "../model/state.ts";
import { isSetAfterAll } from "../scope/flags.ts";
import { whoOf } from "../scope/login.ts";
import { answerKey } from "../view/host-view.ts";
import { controllerFor } from "./controller.ts";
import { askedInEnvironment } from "./environment.ts";
import { expectAnyFile } from "./overlay.ts";
import { observe } from "./observe.ts";
import { commandFailure, decideStatus } from "./status.ts";
import { overtime } from "./time-limit.ts";
import { askAgain, triesKey } from "./until.ts";

// `changed_when: false` says that a command only looks.
export function isReadOnly({ around }: Invocation): boolean {
  return isFalseCondition(keyword(around, "changed_when"));
}

// A read-only command is a question, unless a change comes before it.
export function planQuestion(
  walk: Walk,
  on: Walk,
  item: Invocation,
  entry: Entry,
  probe: Probe<StepOutput>,
): void {
  markReadOnly(entry);
  if (walk.guessed || on.guessed) throw new NotAsked("the host");
  if (walk.hasPendingChange || on.hasPendingChange) {
    if (mayWrite(probe)) {
      noteOnMachine(on, (view) => view.expectAny(entry.task));
      if (on.host.isLocal) expectAnyFile(on, entry);
    }
    throw notKnownYet(walk, item);
  }
  const question = askedInEnvironment(item, probe, localDirectory(walk, on));
  const asked = on.view.here(question);
  const output = observe(on, entry, { output: question })?.["output"] as unknown as
    StepOutput | undefined;
  const tries = triesKey(walk, item);
  if (mayWrite(question)) noteWriting(on, entry, asked, tries);
  if (!output) {
    if (mayWrite(question) && on.host.isLocal) expectAnyFile(on, entry);
    throw new NotAsked("the host");
  }
  const controller = controllerFor(walk, item.task, item.variables, entry.identity.user);
  const late = output.code === 0 ? undefined : overtime(item, output);
  if (late) throw late;
  const result = item.task.module.result(entry.args, {}, [output], controller);
  const { attempts, isOver } = askAgain(on, tries, item, entry, asked, {
    changed: false,
    failed: output.code !== 0,
    ...result,
  });
  if (item.task.keywords.has("until")) result["attempts"] = attempts;
  decideStatus(item, entry, {
    result,
    changed: false,
    ...defined({
      failure: output.code === 0 ? undefined : commandFailure(output),
    }),
  });
  if (isOver) setResult(entry, { ...entry.result, failed: true });
}

// What tasks behind a question that may change the host see is asked after it: after its last try.
function noteWriting(on: Walk, entry: Entry, asked: Probe<unknown>, tries: string): void {
  const question = answerKey(asked, whoOf(entry.identity));
  const behind = sha256Hex(`${question}\n${on.known.tries.get(tries) ?? 0}`).slice(0, 16);
  on.view.goBehind(behind);
  setBehind(entry, behind);
}

// A question that waits for the changes before it; its failure may decide what else is done.
function notKnownYet(walk: Walk, item: Invocation): NotKnown {
  const isHarmless =
    isFalseCondition(keyword(item.around, "failed_when")) || isSetAfterAll(item, "ignore_errors");
  const decides = walk.rescueDepth > 0 ? "rescue" : "host";
  return new NotKnown(new Unknown("the tasks before it"), isHarmless ? undefined : decides);
}
