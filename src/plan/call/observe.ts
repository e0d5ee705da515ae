import { TaskFailure } from "../../errors.ts";
import { questionsOf, stateOf, type AnyProbes, type Probe } from "../../probes/probe.ts";
import { Unknown, type Json } from "../../value.ts";
import { setProbes } from "../entry/write-entry.ts";
import type { Entry } from "../model/entry.ts";
import { mayComeLater, vainUser } from "./accounts.ts";
import { NotKnown } from "../model/signals.ts";
import type { Walk } from "../model/state.ts";
import { vainLogin, whoOf } from "../scope/login.ts";

// Looks up states in the host view; what was not asked yet is noted. undefined:
// something is missing.
export function observe(
  walk: Walk,
  entry: Entry,
  probes: AnyProbes,
  questions = questionsOf(probes),
): Record<string, Json> | undefined {
  const answers: [Probe<unknown>, Json][] = [];
  let missing = false;
  if (questions.length > 0) mustHaveUser(walk, entry);
  for (const { probe } of questions) {
    const state = walk.view.get(probe, whoOf(entry.identity));
    if (state instanceof Unknown) throw new NotKnown(state);
    if (state === undefined) {
      noteMissing(walk, probe, entry);
      missing = true;
    } else answers.push([probe, state]);
  }
  if (missing) return undefined;
  setProbes(entry, answers, walk.view.doubtedBy);
  const known = new Map(answers);
  return stateOf(probes, (probe) => known.get(probe)!);
}

// Asks what is wanted beside a task's own questions, where that is not known.
export function wantToo(walk: Walk, probe: Probe<unknown>, entry: Entry): void {
  if (walk.view.get(probe, whoOf(entry.identity)) === undefined) noteMissing(walk, probe, entry);
}

// Stops a task that would run as a user whom nobody can become, or with a login that is not
// possible: an earlier task may create that user; otherwise it is a failure.
export function mustHaveUser(walk: Walk, { identity }: Entry): void {
  const impossible = vainLogin(walk, identity.login);
  if (impossible) throw new NotKnown(impossible);
  const error = vainUser(walk, identity);
  if (!error) return;
  const { user } = identity;
  if (mayComeLater(walk, user, error))
    throw new NotKnown(new Unknown(`the user ${user}, who does not exist on the host yet`));
  throw new TaskFailure(error.message, error.hint);
}

// Notes what the host must be asked for a probe.
function noteMissing(
  { view, missing }: Walk,
  probe: Probe<unknown>,
  { identity, noLog, id, on }: Entry,
): void {
  const who = whoOf(identity);
  for (const wanted of view.wants(probe, who)) {
    const key = `${who} ${wanted.key}`;
    const before = missing.get(key);
    const by = before?.by ?? new Set();
    if (on === undefined) by.add(id);
    missing.set(key, { probe: wanted, identity, noLog: noLog || before?.noLog === true, by });
  }
}
