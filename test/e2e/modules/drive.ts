import { filesOf } from "../../../src/modules/contract/module.ts";
import { randomUUID } from "node:crypto";
import { changeProgram, readProgram } from "../../../src/run/program/build.ts";
import type { Change, Module } from "../../../src/modules/contract/module.ts";
import type { Outcome, ProbedState } from "../../../src/plan/model/entry.ts";
import {
  answerIn,
  questionsOf,
  stateOf,
  type AnyProbes,
  type Probes,
} from "../../../src/probes/probe.ts";
import { answers, question } from "../../../src/script/question.ts";
import type { Json } from "../../../src/value.ts";
import { entryOf } from "../../plan/entry-of.ts";
import type { LabHost } from "../../lab/host.ts";
import { givenWith } from "../../modules/case.ts";

let runs = 0;
const controller = givenWith();

// Asks a host, as one program.
export async function askHost<S>(host: LabHost, probes: Probes<S>): Promise<S> {
  const asked = questionsOf(probes as AnyProbes).map(({ probe }) => probe);
  const nonce = randomUUID();
  const output = await host.must("exec sh -s", question(asked, { nonce, isRoot: true }).sh);
  const states = answers(output, asked, nonce);
  return stateOf(probes, (probe) => states.get(probe.key)!) as S;
}

// What a module would do on a host now.
export async function planOn<A, S>(
  host: LabHost,
  module: Module<A, S>,
  args: A,
): Promise<{ before: S; change: Change<S> | null }> {
  const before = await askHost(host, module.observe(args, controller));
  return { before, change: module.plan(args, before, controller) };
}

/** What earlier tasks of a run do: states that are planned, and the deeds that make them before the module's own. */
export interface Earlier<S> {
  states: Partial<S>;
  deeds: string;
}

// Does it, between two looks, as a run does.
export async function applyOn<A, S extends Record<string, Json>>(
  host: LabHost,
  module: Module<A, S>,
  args: A,
  earlier?: Earlier<S>,
): Promise<Outcome> {
  const asked = await askHost(host, module.observe(args, controller));
  const before = { ...asked, ...earlier?.states };
  const change = module.plan(args, before, controller);
  if (!change) throw new Error("there is nothing to do");
  const probes = questionsOf(module.observe(args, controller) as AnyProbes).map(
    (question): ProbedState => [
      question.probe,
      answerIn(before, question),
      answerIn(change.after, question),
    ],
  );
  const entry = entryOf("test", { probes, change: { ...change, files: [] } });
  for (const { sha256, content } of filesOf(change))
    await host.must(
      `mkdir -p -m 700 /var/lib/hullwright/stage; base64 -d > /var/lib/hullwright/stage/${sha256}`,
      Buffer.from(content!).toString("base64"),
    );
  const nonce = randomUUID();
  const program = changeProgram([entry], new Map(), {
    nonce,
    isRoot: true,
    run: `run-${String(++runs).padStart(5, "0")}`,
    owner: "test",
    from: 0,
    host: "here",
    timeout: 0,
    shared: false,
    anew: false,
  });
  const { stdout, stderr } = await host.run("exec sh -s", `${earlier?.deeds ?? ""}\n${program.sh}`);
  const outcome = readProgram(stdout, stderr, [entry], nonce).outcomes.get(0);
  if (!outcome) throw new Error(`the program said nothing of its change: ${stdout}\n${stderr}`);
  return outcome;
}

// One line for each part of a change, as people would see it.
export function shown<S>(change: Change<S> | null): string[] {
  return (change?.diff ?? []).map((part) =>
    part.kind === "field"
      ? `${part.title}: ${part.before ?? "-"} -> ${part.after ?? "-"}`
      : part.title,
  );
}
