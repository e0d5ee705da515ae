import { setTimeout as sleep } from "node:timers/promises";
import { defectOf, NoUserError, TaskFailure, describeError, UnreachableError } from "../errors.ts";
import { defined } from "../defined.ts";
import { eachLimited } from "../limit.ts";
import type { Playbook } from "../playbook/play.ts";
import { mayWrite, ProbeError, type Probe } from "../probes/probe.ts";
import { askLastRun } from "../probes/journal/last-run.ts";
import { answers, question, questionValidator, runsOf } from "../script/question.ts";
import { hasStatus, type Identity } from "../plan/model/entry.ts";
import type { Fleet, Member } from "../plan/model/fleet.ts";
import { walkAgain, walkingToFiles, type Walking } from "../plan/walk/pass.ts";
import { forgetMark } from "../plan/model/marks.ts";
import type { Walk, Pass } from "../plan/model/state.ts";
import { whoOf } from "../plan/scope/login.ts";
import type { HostQuestions } from "../plan/model/session.ts";
import {
  keepAnswer,
  breakOff,
  loseContact,
  forgetSilence,
  fallSilent,
  type HostKnowledge,
  type Missing,
} from "../plan/model/host.ts";
import { canonical } from "../canonical.ts";
import { timerMs } from "../timer.ts";
import { lastRunSeen } from "./learn.ts";

/** After this many turns that settled no further task, the questions would never end. */
const MOST_VAIN_TURNS = 300;

/** The hosts that are planned together, and how many are asked at once. */
export interface Together {
  fleet: Fleet;
  playbook: Playbook;
  hosts: readonly string[];
  forks: number;
}

/**
 * Plans hosts: walks the playbook, asks what the walk could not do without, walks again, until
 * nothing is missing. Each turn is one question to a host, so the turns are as many as answers
 * depend on answers. With `stopsAtOpaque` only as far as hosts can go on before a change that makes
 * all answers void. `first` is the first pass, where it was done before. A host that cannot be
 * reached is a result, not an error.
 */
export async function planFleet(
  { fleet, playbook, hosts, forks }: Together,
  first?: Pass,
  stopsAtOpaque = false,
): Promise<Pass> {
  const walk = (before?: Pass): Pass => walkAgain(before, fleet, playbook, hosts, stopsAtOpaque);
  const circling = new Set<string>();
  let [settled, vainTurns] = [0, 0];
  for (let pass = first ?? walk(); ; pass = walk(pass)) {
    if (giveUpSilent(pass)) continue;
    const open = [...pass.walks.values()].filter(
      (walk) => wantsMore(walk) && !circling.has(walk.host.name),
    );
    if (open.length === 0) return pass;
    const now = settledIn(pass);
    const moves = now > settled || open.some(({ retry }) => retry.size > 0);
    vainTurns = moves ? 0 : vainTurns + 1;
    settled = Math.max(now, settled);
    if (vainTurns > MOST_VAIN_TURNS) {
      for (const one of open) {
        circling.add(one.host.name);
        if (!one.known.broken) breakOff(one.known, circle(one));
      }
      vainTurns = 0;
      continue;
    }
    await forgetVain(open);
    // files of the controller come first: with them the walk gets further, and the
    // hosts are asked more at once
    const wanted = open.flatMap((walk) => [...walk.wanted.values()]);
    if (wanted.length > 0) await open[0]!.host.files.load(wanted);
    else
      await eachLimited(open, forks, async (walk) =>
        askAll(pass.view.member(walk.host.name), walk),
      );
  }
}

/**
 * Walks until all is read that the walks want of this machine's disk, so that what is wrong
 * with it is seen before any host is asked. What fails by facts as an earlier run saw them is
 * walked again without those. `walk` does the walking; undefined: it does not matter any more
 * what these hosts come to.
 */
export async function readFleet(
  { fleet, playbook, hosts }: Together,
  walk: (begin: () => Walking) => Promise<Pass | undefined>,
): Promise<Pass | undefined> {
  for (let pass: Pass | undefined; ;) {
    const before = pass;
    pass = await walk(() => walkingToFiles(before, fleet, playbook, hosts));
    if (!pass) return undefined;
    const walks = [...pass.walks.values()];
    const wanted = walks
      .flatMap((walk) => [...walk.wanted.values()])
      .filter(({ kind }) => kind !== "download");
    const misled = walks.filter(({ failed, guessed }) => failed && guessed);
    if (wanted.length === 0 && misled.length === 0) return pass;
    if (wanted.length > 0) await walks[0]!.host.files.load(wanted);
    for (const { known } of misled) known.guesses = new Map();
    if (misled.length > 0) forgetMark(pass);
  }
}

// Asks the hosts of a pass for everything that it misses, unless something else must come first;
// undefined: there is nothing to ask, or a mistake.
export function askAhead({ walks, view }: Pass, forks: number): Promise<void> | undefined {
  const all = [...walks.values()];
  const open = all.filter(wantsMore);
  if (open.length === 0 || all.some(({ failed, wanted }) => failed || wanted.size > 0))
    return undefined;
  return eachLimited(open, forks, async (walk) => askAll(view.member(walk.host.name), walk));
}

// How many tasks are decided, on all hosts together.
function settledIn({ walks }: Pass): number {
  const entries = [...walks.values()].flatMap((walk) => walk.entries);
  return entries.filter((entry) => !hasStatus(entry, "waiting")).length;
}

// Why a host is given up whose plan asks for something else each time: the first task that
// waits, and what it asks for.
function circle({ entries, missing, wanted }: Walk): NonNullable<HostKnowledge["broken"]> {
  const entry = entries.find((one) => hasStatus(one, "waiting"));
  const asked = [...missing.values()].map(({ probe, noLog }) =>
    noLog ? "something hidden because no_log is set" : `${probe.kind.name} ${canonical(probe.arg)}`,
  );
  const [what = [...wanted.keys()][0] ?? "an answer"] = asked;
  return {
    task: entry?.title ?? "",
    message: `it asks for something different each time it is planned, now for ${what}`,
    hint: "its arguments must stay the same from one evaluation to the next: do they depend on random values or on the time?",
    ...defined({ place: entry?.place }),
  };
}

// A host that does not answer can still be planned if its first task is to wait for
// it; otherwise it is lost.
function giveUpSilent({ walks }: Pass): boolean {
  const lost = [...walks.values()].filter(
    ({ known, entries, mustAnswer, host: { elsewhereOf } }) => {
      const first = entries.find(
        (entry) =>
          !known.completed.has(entry.id) &&
          (entry.change !== undefined || !["ok", "skipped"].includes(entry.verdict.status)),
      );
      if (known.notAnswering === undefined || first?.change?.runner?.kind === "reconnect")
        return false;
      return elsewhereOf === undefined || mustAnswer;
    },
  );
  for (const { known } of lost) {
    if (known.notAnswering) loseContact(known, known.notAnswering);
    forgetSilence(known);
  }
  return lost.length > 0;
}

// Whether a walk could not do without something that can be had.
function wantsMore({ missing, wanted, retry: again, known }: Walk): boolean {
  if (known.unreachable ?? known.broken) return wanted.size > 0;
  return isAsked(missing) || wanted.size > 0 || (again.size > 0 && known.applying);
}

// Whether something is missing for which the host must be asked.
function isAsked(missing: Walk["missing"]): boolean {
  return [...missing.values()].some(({ isOptional }) => isOptional !== true);
}

// Waits, and forgets the answers whose `until` does not hold, so that they are asked for again.
async function forgetVain(walks: readonly Walk[]): Promise<void> {
  const vain = walks
    .filter(({ known }) => known.applying)
    .flatMap(({ known, retry: again }) =>
      [...again].map(([key, what]) => ({ known, key, ...what })),
    );
  if (vain.length === 0) return;
  await sleep(timerMs(Math.max(...vain.map(({ seconds }) => seconds))));
  for (const { known, key, id } of vain) {
    known.answers.delete(key);
    known.tries.set(id, (known.tries.get(id) ?? 0) + 1);
  }
}

// Asks a host all that its walk missed. What goes wrong is kept as what is known of the host.
async function askAll({ known, asking }: Member, { missing, host }: Walk): Promise<void> {
  try {
    for (const part of inTurns([...missing.values()]))
      await Promise.all(
        groupByUser(part).map((group) => askAsUser(host.name, known, asking, group)),
      );
  } catch (error) {
    if (error instanceof UnreachableError && error.kind !== "protocol") fallSilent(known, error);
    else if (error instanceof UnreachableError) loseContact(known, error);
    else if (error instanceof TaskFailure) breakOff(known, { task: "", ...describeError(error) });
    else breakOff(known, defectOf(error));
  }
  const hasWritten = [...missing.values()].some(({ probe }) => mayWrite(probe));
  if (host.isLocal && hasWritten) host.files.forget();
}

// The questions of one user are one program, which keeps their order. Those of several users are
// asked at once, but for what may change the host: that has its turn between the others.
function inTurns(missing: readonly Missing[]): Missing[][] {
  const users = new Set(missing.map(({ identity }) => whoOf(identity)));
  return users.size > 1 ? runsOf(missing, ({ probe }) => probe) : [[...missing]];
}

// Asks as one user. If nobody can become that user, its tasks fail, as in Ansible; an earlier task
// may create a user who does not exist yet: the tasks find out. Without facts nothing can be
// planned, so then the host fails.
async function askAsUser(
  name: string,
  known: HostKnowledge,
  asking: HostQuestions,
  group: Group,
): Promise<void> {
  try {
    await askHost(name, known, asking, group);
  } catch (error) {
    const { user, login } = group.identity;
    if (isNoUser(error, group)) known.noUsers.set(user, error);
    else if (isVain(error) && login !== undefined) known.noLogins.set(login, error);
    else throw error;
  }
}

// Whether it is just the user who cannot be had.
function isNoUser(error: unknown, { probes }: Group): error is UnreachableError {
  if (error instanceof NoUserError) return true;
  return error instanceof UnreachableError && error.kind === "become" && !probes.some(asksFacts);
}

function asksFacts({ kind }: Probe<unknown>): boolean {
  return kind.name === "facts" || kind.name === "basics";
}

// Whether a login could not be had; an answer that cannot be read is something else.
function isVain(error: unknown): error is UnreachableError {
  return error instanceof UnreachableError && error.kind !== "protocol";
}

interface Group {
  identity: Identity;
  probes: Probe<unknown>[];
  /** Those of them that no task with no_log asks. */
  open: Probe<unknown>[];
  /** The ids of the entries that ask. */
  by: Set<string>;
}

// Each user asks its own questions, in one program. What is optional goes along with one of them.
function groupByUser(missing: readonly Missing[]): Group[] {
  const groups = new Map<string, Group>();
  const needed = missing.filter(({ isOptional }) => !isOptional);
  const asker = needed.find(({ identity: { user, become } }) => !become || user === "root");
  const keys = new Set(needed.map(({ probe }) => probe.key));
  const along = missing
    .filter(({ isOptional, probe }) => isOptional && !keys.has(probe.key))
    .map((one) => ({ ...one, identity: asker?.identity ?? one.identity }));
  for (const { probe, identity, noLog, by } of [...needed, ...along]) {
    const group = groups.get(whoOf(identity)) ?? { identity, probes: [], open: [], by: new Set() };
    group.probes.push(probe);
    if (!noLog) group.open.push(probe);
    for (const id of by ?? []) group.by.add(id);
    groups.set(whoOf(identity), group);
  }
  return [...groups.values()];
}

// Puts one program of questions to the host and keeps the answers.
async function askHost(
  name: string,
  known: HostKnowledge,
  { session, nonce, asksLastRun = false }: HostQuestions,
  { identity, by, ...group }: Group,
): Promise<void> {
  const mark = nonce();
  const first = asksLastRun && lastRunSeen(known, identity) === undefined ? [askLastRun()] : [];
  const probes = [...first, ...group.probes];
  const open = [...first, ...group.open];
  const isRoot = identity.user === "root";
  const programOf = (asked: readonly Probe<unknown>[]): string =>
    question(asked, { nonce: mark, isRoot }).sh;
  const shown = open.length < probes.length ? () => programOf(open) : undefined;
  const login = await session(undefined, identity.login);
  const begun = performance.now();
  const output = await login.run(programOf(probes), {
    become: identity.become,
    traceText: shown,
    validator: () => questionValidator(probes, isRoot),
  });
  const seconds = (performance.now() - begun) / 1000;
  known.questions.push({ seconds, by, facts: probes.some(asksFacts) });
  try {
    const byKey = new Map(probes.map((probe) => [probe.key, probe]));
    for (const [key, state] of answers(output.stdout.toString("utf8"), probes, mark))
      keepAnswer(known, byKey.get(key)!, whoOf(identity), state);
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    if (error.hint !== undefined) throw new UnreachableError("protocol", error.message, error.hint);
    throw new UnreachableError(
      "protocol",
      `${name} sent an answer that cannot be parsed: ${error.message}`,
      "check whether the start-up files of its login shell print something or exit",
    );
  }
}
