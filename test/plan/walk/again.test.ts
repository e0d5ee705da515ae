import { keepAnswer } from "../../../src/plan/model/host.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError, NoUserError } from "../../../src/errors.ts";
import { hasStatus, type Entry, type Outcome } from "../../../src/plan/model/entry.ts";
import type { Pass } from "../../../src/plan/model/state.ts";
import { walkAgain, walkFleet } from "../../../src/plan/walk/pass.ts";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";
import type { Playbook } from "../../../src/playbook/play.ts";
import type { HostRun } from "../../../src/run/host-run.ts";
import { nextWave, type Part } from "../../../src/run/schedule.ts";
import type { InventoryFleet } from "../../../src/cli/prepare/hosts/fleet.ts";
import { Seeded } from "../../jinja/seeded.ts";
import { unreachedFleet } from "../unreached-fleet.ts";
import { answerTo, describePass, outputOf, plain } from "./described.ts";
import { randomRun } from "./random-play.ts";

/** How many runs are drawn; more by WALKS=N, and one of them again by WALK=SEED in the environment. */
const RUNS = Number(process.env["WALKS"] ?? 300);
const ONLY = process.env["WALK"];

/** A run ends at the latest after so many turns. */
const MOST_TURNS = 150;

test(
  "a walk that goes on from where all is done comes to the same as a walk from the top",
  () => {
    let [turns, resumed] = [0, 0];
    const property = fc.property(fc.noBias(fc.integer({ min: 0 })), (seed) => {
      const came = compare(seed);
      turns += came.turns;
      resumed += came.resumed;
    });
    if (ONLY !== undefined) compare(Number(ONLY));
    else {
      fc.assert(property, { numRuns: RUNS, endOnFailure: true });
      if (process.env["WALKS"]) process.stdout.write(`${turns} turns, ${resumed} went on\n`);
      // many walks must have had something to go on from, else nothing was tested
      expect(resumed / turns).toBeGreaterThan(0.2);
    }
  },
  Math.max(600_000, RUNS * 400),
);

// Performs a random run on hosts that are made up, and compares both ways to walk at each turn of it.
function compare(seed: number): { turns: number; resumed: number } {
  const { plays, files, hosts } = randomRun(seed);
  const playbook = loadPlaybook(JSON.stringify(plays), "/test/play.yml", {
    read: (path) => JSON.stringify(files[path] ?? []),
    find: (name) => [name, `/test/${name}`].find((path) => files[path]),
  });
  const fleet = unreachedFleet(playbook, hosts);
  const names = fleet.begin(playbook.plays);
  const runs = names.map((name) => fleet.run(name, fleet.view([])));
  const draw = new Seeded(seed);
  let pass: Pass | undefined;
  let resumed = 0;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    if (pass?.mark) resumed++;
    const top = walkedFromTop(fleet, playbook, names);
    if (top === undefined) return { turns: turn, resumed };
    pass = walkAgain(pass, fleet, playbook, names, true);
    for (const [name, { entries }] of pass.walks) {
      const others = top.walks.get(name)!.entries.slice(0, entries.length);
      same(beforeRescue(entries), beforeRescue(others), seed, turn);
    }
    const whole = walkAgain(pass, fleet, playbook, names);
    same(describePass(whole), describePass(top), seed, turn);
    pass = walkAgain(whole, fleet, playbook, names, true);
    for (const [name, walk] of pass.walks) fleet.run(name, fleet.view([])).walk = walk;
    if (turn === 0) for (const { known } of runs) known.applying = true;
    if (!answer(pass, playbook, draw) && !work(runs, fleet, playbook, draw))
      return { turns: turn + 1, resumed };
  }
  return { turns: MOST_TURNS, resumed };
}

// A walk from the top; undefined where it never ends, which is refused: handlers that run each other again.
function walkedFromTop(...what: Parameters<typeof walkFleet>): Pass | undefined {
  try {
    return walkFleet(...what);
  } catch (error) {
    if (error instanceof InputError && error.message.includes("levels deep")) return undefined;
    throw error;
  }
}

// Holds what both ways to walk came to against each other; as texts first, since they are long and nearly always the same.
function same(again: unknown, top: unknown, seed: number, turn: number): void {
  if (JSON.stringify(again) !== JSON.stringify(top))
    expect(again, `WALK=${seed}, turn ${turn}`).toEqual(top);
}

// Answers what the walks miss, as hosts may answer; tells whether anything was missing.
function answer({ walks }: Pass, playbook: Playbook, draw: Seeded): boolean {
  let asked = false;
  for (const { missing, retry, known, host } of walks.values()) {
    for (const [key, { id }] of retry) {
      known.answers.delete(key);
      known.tries.set(id, (known.tries.get(id) ?? 0) + 1);
      asked = true;
    }
    // some hosts do not have the user yet as whom they are asked
    if (missing.size > 0 && known.answers.size === 0 && draw.chance(0.15)) {
      known.noUsers.set("tester", new NoUserError("become", "there is no user tester"));
      asked = true;
      continue;
    }
    for (const { probe, identity } of missing.values()) {
      keepAnswer(known, probe, identity.user, answerTo(probe, playbook, draw));
      asked = true;
    }
    if (missing.size > 0 && host.name === "other") known.offline = false;
  }
  return asked;
}

// Has the hosts do what they can do next, as if a program had; tells whether there was anything to do.
function work(
  runs: readonly HostRun[],
  fleet: InventoryFleet,
  { plays }: Playbook,
  draw: Seeded,
): boolean {
  const able = runs.filter((run) => !run.unreachable && !run.broken);
  for (const number of plays.keys()) {
    const { parts } = nextWave(able, number, 5);
    const busy = parts.filter(({ ready }) => ready.length > 0);
    for (const part of busy) perform(part, fleet, draw);
    if (busy.length > 0) return true;
    for (const { run, passed } of parts) run.settle(passed);
  }
  return false;
}

// Does one host's part, up to the first step that fails.
function perform({ run, ready, passed }: Part, fleet: InventoryFleet, draw: Seeded): void {
  const outcomes = new Map<string, Outcome>();
  for (const entry of ready) {
    const outcome = outcomeOf(entry, draw);
    outcomes.set(entry.id, outcome);
    if (outcome.status === "failed") break;
  }
  for (const [id, items] of run.walk?.loops ?? [])
    if (ready.some((entry) => entry.id.startsWith(`${id}[`))) run.known.loops.set(id, items);
  const target = fleet.run(ready[0]!.on ?? run.host.name, fleet.view([]));
  run.settle(passed, outcomes, ready, target);
}

function outcomeOf({ change }: Entry, draw: Seeded): Outcome {
  const outputs = (change?.steps ?? []).map(() => outputOf(draw));
  const isFailed = outputs.some(({ code }) => code !== 0);
  return { status: isFailed ? "failed" : draw.pick(["done", "done", "already"]), outputs };
}

// Entries as they are before it has come to the rescue of a block around another one.
function beforeRescue(entries: readonly Entry[]): unknown[] {
  return entries.map((entry) =>
    plain(
      hasStatus(entry, "failed") && entry.verdict.scope === "rescued"
        ? { ...entry, verdict: { ...entry.verdict, scope: "host" } }
        : entry,
    ),
  );
}
