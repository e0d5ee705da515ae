import { filesOf } from "../../src/modules/contract/module.ts";
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changeProgram, readProgram } from "../../src/run/program/build.ts";
import { coerceArguments } from "../../src/modules/contract/coerce.ts";
import type {
  Change,
  Controller,
  LocalFile,
  Module,
  StepOutput,
} from "../../src/modules/contract/module.ts";
import type { ProbedState } from "../../src/plan/model/entry.ts";
import { entryOf } from "../plan/entry-of.ts";
import { controllerFiles, type LocalRequest } from "../../src/controller/files.ts";
import { answerIn, questionsOf, stateOf, type AnyProbes } from "../../src/probes/probe.ts";
import { answers, question } from "../../src/script/question.ts";
import type { Json } from "../../src/value.ts";
import { defined } from "../../src/defined.ts";
import { givenWith } from "./case.ts";

type State = Record<string, Json>;

/** A run of one task: what was planned, what came of it, and the result as `register` sees it. */
export interface Ran {
  change: Change<State> | null;
  /** Set where the change failed: what people are told. */
  failure?: string;
  outputs: StepOutput[];
  result: { [key: string]: unknown };
}

/** This machine as a host with a state folder of its own, under a shell of choice. */
export class TestHost {
  readonly home = mkdtempSync(join(tmpdir(), "hw-host-"));
  readonly shell: readonly string[];
  /** Who the steps run as, as `shell` brings it about. */
  readonly user: string;
  readonly files = controllerFiles(join(this.home, "cache"));
  private runs = 0;

  constructor(shell: readonly string[] = ["dash"], user = "root") {
    this.shell = shell;
    this.user = user;
    this.own();
  }

  // Our own folder belongs to who logs in.
  private own(): void {
    if (this.user !== "root") execFileSync("chown", ["-R", this.user, this.home]);
  }

  // Runs a program as the transport does: on stdin, with our own folder in this host's home.
  run(program: string, env: NodeJS.ProcessEnv = {}): Promise<{ stdout: string; stderr: string }> {
    const [command, ...rest] = this.shell as [string, ...string[]];
    return new Promise((resolve, reject) => {
      const child = spawn(command, [...rest, "-s"], {
        env: { PATH: process.env["PATH"], HOME: this.home, ...env },
        stdio: ["pipe", "pipe", "pipe"],
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
      child.on("error", reject);
      child.on("close", () => resolve({ stdout, stderr }));
      child.stdin.end(program);
    });
  }

  // What the host answers to a module's questions.
  async ask(probes: AnyProbes): Promise<State> {
    const all = questionsOf(probes).map(({ probe }) => probe);
    const { stdout } = await this.run(question(all, { nonce: "q", isRoot: false }).sh);
    const found = answers(stdout, all, "q");
    return stateOf(probes, (probe) => found.get(probe.key)!);
  }

  // Plans a task against what the host answers; the controller's files are loaded as they are asked for.
  async plan(
    module: Module<never, never>,
    args: { [name: string]: unknown },
  ): Promise<Ran & { probes: AnyProbes; before: State }> {
    const { observe, plan, result } = module as unknown as Module<unknown, State>;
    const coerced = coerceArguments(module.schema, module.name, new Map(Object.entries(args)));
    const probes = await this.withFiles((controller) => observe(coerced, controller));
    const before = await this.ask(probes);
    return this.withFiles((controller) => {
      const change = plan(coerced, before, controller);
      return {
        change,
        outputs: [],
        probes,
        before,
        result: result(coerced, change?.after ?? before, undefined, controller),
      };
    });
  }

  // Plans and applies. What is planned anew afterwards must be nothing.
  async apply(
    module: Module<never, never>,
    args: { [name: string]: unknown },
    env: NodeJS.ProcessEnv = {},
  ): Promise<Ran> {
    const { change, probes, before, result } = await this.plan(module, args);
    if (!change) return { change, outputs: [], result };
    this.stage(filesOf(change));
    const entry = entryOf("task", {
      change: { ...change, files: [] },
      probes: questionsOf(probes).map((question): ProbedState => [
        question.probe,
        answerIn(before, question),
        answerIn(change.after, question),
      ]),
    });
    const options = {
      nonce: "p",
      isRoot: false,
      run: `run-${this.runs++}`,
      from: 0,
      owner: "test",
      host: "here",
      timeout: 0,
      shared: false,
      anew: false,
    };
    const program = changeProgram([entry], new Map(), options).sh;
    const { stdout, stderr } = await this.run(program, env);
    const outcome = readProgram(stdout, stderr, [entry], "p").outcomes.get(0);
    const outputs = outcome?.outputs ?? [];
    const coerced = coerceArguments(module.schema, module.name, new Map(Object.entries(args)));
    const told = await this.withFiles((controller) =>
      (module as unknown as Module<unknown, State>).result(
        coerced,
        change.after,
        outputs,
        controller,
      ),
    );
    const failed = outcome?.status === "failed" || outcome === undefined;
    return {
      change,
      outputs,
      result: told,
      ...defined({
        failure: failed ? (outcome?.message ?? outputs.at(-1)?.stderr ?? stderr) : undefined,
      }),
    };
  }

  // Takes back what the last run did.
  async undo(change: Change<State>): Promise<void> {
    const undo = change.steps
      .flatMap((step) => (step.undo ? [step.undo.sh] : []))
      .reverse()
      .join("\n");
    const steps = [{ run: { sh: `U="$HW_RUN_DIR/00000"\n${undo}` } }];
    const entry = entryOf("undo", { change: { after: {}, steps, files: [], diff: [] } });
    const options = {
      nonce: "p",
      isRoot: false,
      run: `run-${this.runs - 1}`,
      from: 1,
      owner: "test",
      host: "here",
      timeout: 0,
      shared: false,
      anew: false,
    };
    const { stderr } = await this.run(changeProgram([entry], new Map(), options).sh);
    if (stderr.replaceAll(/\n@p .*\n/g, "").trim() !== "") throw new Error(stderr);
  }

  // Files as the transport would have put them.
  private stage(files: readonly LocalFile[]): void {
    const folder = join(this.home, ".local/state/hullwright/stage");
    mkdirSync(folder, { recursive: true });
    for (const file of files) {
      if (file.path) copyFileSync(file.path, join(folder, file.sha256));
      else writeFileSync(join(folder, file.sha256), file.content!);
    }
    this.own();
  }

  // Calls what asks the controller for files until it has all that it wants.
  private async withFiles<T>(ask: (controller: Controller) => T): Promise<T> {
    for (;;) {
      const wanted: LocalRequest[] = [];
      const load = (request: LocalRequest): never => {
        const answer = this.files.loaded(request);
        if (answer && "error" in answer) throw answer.error;
        if (answer) return answer.value as never;
        wanted.push(request);
        throw new Error("wanted");
      };
      const controller = givenWith({
        file: (path) => load({ kind: "file", path }),
        tree: (path) => load({ kind: "tree", path }),
        archive: (path) => load({ kind: "archive", path }),
        download: (url, checksum) => load({ kind: "download", url, ...defined({ checksum }) }),
        becomeUser: this.user,
      });
      try {
        return ask(controller);
      } catch (error) {
        if (wanted.length === 0) throw error;
        await this.files.load(wanted);
      }
    }
  }
}
