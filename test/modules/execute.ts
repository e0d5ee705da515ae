import { filesOf } from "../../src/modules/contract/module.ts";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { AnyModule } from "../../src/modules/index.ts";
import type {
  Change,
  Controller,
  LocalFile,
  Step,
  StepOutput,
} from "../../src/modules/contract/module.ts";
import { PATH_FUNCTIONS, statPath } from "../../src/probes/files/path.ts";
import {
  answerIn,
  questionsOf,
  stateOf,
  type AnyProbes,
  type Look,
  type LookWord,
  type Probe,
} from "../../src/probes/probe.ts";
import { RECORD_FUNCTIONS } from "../../src/probes/record.ts";
import { answers, question } from "../../src/script/question.ts";
import { stateFolder } from "../../src/script/state-folder.ts";
import { lines, sh, type Script } from "../../src/script/sh.ts";
import { WAIT_FUNCTIONS } from "../../src/script/wait.ts";
import { WRITE_FUNCTIONS } from "../../src/script/write.ts";
import type { Json } from "../../src/value.ts";
import { argumentsFor, givenWith } from "./case.ts";

/** What became of a module that was run for real. */
export interface Executed {
  change: Change<Record<string, Json>> | null;
  /** Of each step that ran. */
  outputs: StepOutput[];
  /** What `register` gets. */
  result: { [key: string]: unknown };
  before: Record<string, Json>;
  after: Record<string, Json>;
}

const NONCE = "n0nce";

/**
 * This machine as a host, with a folder of its own for the files of a test (`root`) and one that takes
 * the place of ours (`hw`). Everything runs as whoever runs the tests, through a real shell.
 */
export class ThisHost {
  readonly folder = mkdtempSync(join(tmpdir(), "hw-test-"));
  readonly root = join(this.folder, "root");
  readonly hw = join(this.folder, ".local/state/hullwright");
  readonly shell: readonly string[];

  constructor(shell: readonly string[] = ["dash"]) {
    this.shell = shell;
    mkdirSync(this.root);
    mkdirSync(join(this.hw, "stage"), { recursive: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  // Runs a program as a session does: nothing on stdin, in /, in the C locale.
  run(program: Script, umask = "022"): StepOutput {
    const file = join(this.folder, "program");
    writeFileSync(file, `umask ${umask}\n${program.sh}\n`);
    const env = {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: this.folder,
      LC_ALL: "C",
    };
    const { status, stdout, stderr } = spawnSync(this.shell[0]!, [...this.shell.slice(1), file], {
      cwd: "/",
      env,
      stdio: ["ignore", "pipe", "pipe"],
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    return { code: status ?? -1, stdout, stderr };
  }

  // Asks this host, by the same program and the same reader as a run does.
  ask(probes: AnyProbes): Record<string, Json> {
    const all = questionsOf(probes).map(({ probe }) => probe);
    const { stdout } = this.run(question(all, { nonce: NONCE, isRoot: false }));
    const states = answers(stdout, all, NONCE);
    return stateOf(probes, (probe) => states.get(probe.key) ?? null);
  }

  // A program with everything that steps may use.
  program(scripts: readonly Script[]): Script {
    const functions = [PATH_FUNCTIONS, WRITE_FUNCTIONS, RECORD_FUNCTIONS, WAIT_FUNCTIONS].map(
      (text) => ({ sh: text }),
    );
    return lines([
      stateFolder(false),
      sh`HW_RUN_DIR="$HW_STATE_DIR/journal/test"; HW_ENTRY_DIR=$HW_RUN_DIR; U=$HW_RUN_DIR; mkdir -p "$HW_RUN_DIR" || exit 1`,
      ...functions,
      ...scripts,
    ]);
  }

  // Puts files where steps look for them.
  stage(files: readonly LocalFile[] = []): void {
    for (const file of files)
      writeFileSync(join(this.hw, "stage", file.sha256), file.content ?? readFileSync(file.path!));
  }

  // Runs steps one after the other, until one fails.
  runSteps(steps: readonly Step[]): StepOutput[] {
    const outputs: StepOutput[] = [];
    for (const step of steps) {
      outputs.push(this.run(this.program([step.run])));
      if (outputs.at(-1)!.code !== 0) break;
    }
    this.run(this.program([sh`hw_index`]));
    return outputs;
  }

  // Takes a change back: the undo of each step, the last first. Nothing may fail.
  undo(change: Change<Record<string, Json>>): void {
    const undo = change.steps.flatMap((step) => (step.undo ? [step.undo] : [])).reverse();
    expect(
      this.run(this.program([sh`set -e; HW_ENTRY_DIR="$HW_RUN_DIR/undone"`, ...undo])),
    ).toMatchObject({
      code: 0,
      stderr: "",
    });
  }

  // The words that the core's looks print, beside those that it expects of a state.
  look(probes: AnyProbes, states: Record<string, Json>): { seen: string[]; wanted: LookWord[] }[] {
    return questionsOf(probes).flatMap((asked) => {
      const { kind, arg } = asked.probe;
      if (!kind.look) return [];
      const look = kind.look as Look<unknown, unknown>;
      if (look.words(answerIn(states, asked), arg).length === 0) return [];
      const seen = this.run(this.program([look.script(arg)])).stdout.replace(/\n$/, "");
      const wanted = look.words(answerIn(states, asked), arg);
      return [{ seen: wanted.length === 1 ? [seen] : splitWords(seen, wanted.length), wanted }];
    });
  }
}

// Splits into so many words; the last keeps its blanks.
function splitWords(text: string, count: number): string[] {
  const words = text.split(" ");
  return [...words.slice(0, count - 1), words.slice(count - 1).join(" ")];
}

// What is seen, as far as it is expected.
function known(word: string, wanted: LookWord): LookWord {
  if (wanted === null) return null;
  return typeof wanted === "object" && word.startsWith(wanted.begins) ? wanted : word;
}

// Proves that what the host shows is what the state says.
function proveLooks(host: ThisHost, probes: AnyProbes, states: Record<string, Json>): void {
  for (const { seen, wanted } of host.look(probes, states)) {
    expect(seen.map((word, i) => known(word, wanted[i] ?? null))).toEqual(wanted);
  }
}

/**
 * Runs a module for real: question, plan, steps, question again. Proves on the way what the core relies
 * on: the looks show `before`, then `after`, and afterwards there is nothing left to do. A failing step
 * ends it: its output is the last of `outputs`, and nothing is proved of what comes after.
 */
export function execute(
  host: ThisHost,
  module: AnyModule,
  args: object,
  options: { given?: Partial<Controller>; always?: boolean } = {},
): Executed {
  const controller = givenWith({ becomeUser: userInfo().username, ...options.given });
  const known = argumentsFor(module, args);
  const first = module.observe(known, controller);
  const probes = module.observeAgain?.(known, host.ask(first)) ?? first;
  const before = host.ask(probes);
  const change = module.plan(known, before, controller);
  if (!change)
    return {
      change,
      outputs: [],
      before,
      after: before,
      result: module.result(known, before, undefined, controller),
    };
  proveLooks(host, probes, before);
  host.stage(filesOf(change));
  const outputs = host.runSteps(change.steps);
  const after = host.ask(probes);
  if (outputs.at(-1)?.code === 0 && !change.opaque) proveAfter(host, probes, change, after);
  if (outputs.at(-1)?.code === 0 && !options.always)
    expect(module.plan(known, after, controller), "nothing is left to do").toBeNull();
  return {
    change,
    outputs,
    before,
    after,
    result: module.result(known, change.after, outputs, controller),
  };
}

// What a change said of its outcome is what came of it: in every field that it named, but for the size of directories, as others
// write into the temporary directory, too.
function proveAfter(
  host: ThisHost,
  probes: AnyProbes,
  change: Change<Record<string, Json>>,
  after: Record<string, Json>,
): void {
  proveLooks(host, probes, change.after);
  for (const question of questionsOf(probes)) {
    const { name } = question;
    if (!(name in change.after)) continue;
    const [said, found] = [answerIn(change.after, question), answerIn(after, question)];
    if (said === null || found === null || typeof said !== "object" || Array.isArray(said))
      expect(found, name).toEqual(said);
    else
      expect(found, name).toMatchObject(
        Object.fromEntries(
          Object.entries(said).filter(
            ([key, value]) =>
              value !== null &&
              key !== "content" &&
              key !== "below" &&
              key !== "isNew" &&
              !(key === "size" && said["type"] === "directory") &&
              (key !== "sha256" || key in Object(found)),
          ),
        ),
      );
  }
  for (const made of change.also ?? []) proveMade(host, made.kind, made.subject, made.after);
}

// The states of other paths that a change says it makes.
function proveMade(host: ThisHost, kind: string, subject: string, after: Json): void {
  if (kind !== "path" || typeof after !== "object" || Array.isArray(after)) return;
  const found = host.ask({ made: pathProbe(subject) })["made"] ?? null;
  if (after === null) return expect(found, subject).toBeNull();
  const { sha256: _sha256, content: _content, isNew: _isNew, ...plain } = after;
  if (plain["type"] === "directory") delete plain["size"];
  expect(found, subject).toMatchObject(plain);
}

function pathProbe(subject: string): Probe<unknown> {
  const follow = subject.startsWith("follow ");
  return statPath(follow ? subject.slice("follow ".length) : subject, follow ? { follow } : {});
}

// The digest of a text or of bytes, as hosts write it.
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
