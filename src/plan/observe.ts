import { setTimeout as sleep } from "node:timers/promises";
import { UnreachableError } from "../errors.ts";
import { ProbeError, type Probe } from "../probes/probe.ts";
import { answers, question } from "../script/question.ts";
import type { Session } from "../transport/transport.ts";
import type { Identity } from "./entry.ts";
import type { Host, Known, Walk } from "./state.ts";
import { walkHost } from "./walk.ts";
import { answerKey } from "./world.ts";

/** The host's one login, opened when it is first wanted; `anew` gives the old one up. Throws UnreachableError. */
export type OpenSession = (again?: { anew: true; timeoutMs?: number }) => Promise<Session>;

/** What asking needs from outside: a login, and a word that no answer holds. */
export interface Asking {
  session: OpenSession;
  nonce: () => string;
}

/**
 * Plans a host: walks the playbook, asks what the walk could not do without, walks again, until nothing
 * is missing. Each turn is one question to the host, so the turns are as many as answers depend on
 * answers. `first` is the first walk, where it was done before. Throws UnreachableError.
 */
export async function planHost(host: Host, known: Known, asking: Asking, first?: Walk): Promise<Walk> {
  for (let walk = first ?? walkHost(host, known); ; walk = walkHost(host, known)) {
    if (walk.missing.size === 0 && walk.wanted.size === 0 && (walk.again.size === 0 || !known.applying)) return walk;
    await forgetVain(known, walk);
    // files of the controller come first: with them the walk gets further, and the host is asked more at once
    if (walk.wanted.size > 0) {
      await host.files.load([...walk.wanted.values()]);
      continue;
    }
    const questions = groupByUser([...walk.missing.values()]);
    try {
      await Promise.all(questions.map((group) => askHost(host, known, asking, group)));
    } catch (error) {
      const waiting = error instanceof UnreachableError && error.kind !== "protocol" ? walkAway(host, known) : undefined;
      if (!waiting) throw error;
      return waiting;
    }
  }
}

// The plan of a host that does not answer: there is one if the first thing to do is to wait for it.
function walkAway(host: Host, known: Known): Walk | undefined {
  known.away = true;
  const walk = walkHost(host, known);
  const first = walk.entries.find((entry) => !known.settled.has(entry.id) && (entry.change !== undefined || !["ok", "skipped"].includes(entry.status)));
  if (first?.change?.runner?.kind === "reconnect") return walk;
  known.away = false;
  return undefined;
}

// Waits, and forgets the answers whose `until` does not hold, so that they are asked for again.
async function forgetVain(known: Known, walk: Walk): Promise<void> {
  if (!known.applying || walk.again.size === 0) return;
  await sleep(Math.max(...[...walk.again.values()].map(({ seconds }) => seconds)) * 1000);
  for (const [key, { id }] of walk.again) {
    known.answers.delete(key);
    known.tries.set(id, (known.tries.get(id) ?? 0) + 1);
  }
}

interface Group {
  identity: Identity;
  probes: Probe<unknown>[];
}

// Each user asks its own questions, in one program.
function groupByUser(missing: readonly { probe: Probe<unknown>; identity: Identity }[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { probe, identity } of missing) {
    const group = groups.get(identity.user) ?? { identity, probes: [] };
    group.probes.push(probe);
    groups.set(identity.user, group);
  }
  return [...groups.values()];
}

// Puts one program of questions to the host and keeps the answers.
async function askHost(host: Host, known: Known, { session, nonce }: Asking, { identity, probes }: Group): Promise<void> {
  const mark = nonce();
  const program = question(probes, { nonce: mark, isRoot: identity.user === "root" });
  const output = await (await session()).run(program.sh, { become: identity.become });
  try {
    for (const [key, state] of answers(output.stdout.toString("utf8"), probes, mark)) {
      known.answers.set(answerKey(probes.find((probe) => probe.key === key)!, identity.user), state);
    }
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    throw new UnreachableError("protocol", `${host.name} answered what cannot be read: ${error.message}`, "is there something in its login shell's start-up files that prints or ends the shell?");
  }
}
