import { createHash } from "node:crypto";
import { coerceArguments } from "../../src/modules/contract/coerce.ts";
import type { AnyModule } from "../../src/modules/index.ts";
import type { Change, Controller, LocalFile } from "../../src/modules/contract/module.ts";
import {
  answerIn,
  questionsOf,
  stateOf,
  type AnyProbes,
  type Probe,
} from "../../src/probes/probe.ts";
import { madeBy } from "../../src/plan/call/overlay.ts";
import { HostView } from "../../src/plan/view/host-view.ts";
import { askLinks } from "../../src/probes/files/links.ts";
import type { PathState } from "../../src/probes/files/path.ts";
import { TaskFailure } from "../../src/errors.ts";
import type { Json } from "../../src/value.ts";
import { defined } from "../../src/defined.ts";

/** One case of a module's table: arguments as a playbook writes them, what the host answers, what is planned. */
export interface Case {
  name: string;
  module: AnyModule;
  args: object;
  /** Name of the question -> its answer; what is left out of those that `observe` asks is not there (null). */
  before: object;
  given?: Partial<Controller>;
  expect: Expectation;
  /** Changes something each time, as Ansible's does (touch): the law does not hold. */
  always?: true;
}

/** What must come out; what is absent here is not looked at. */
export interface Expectation {
  /** Shell source of each step. */
  steps?: string[];
  /** Shell source of the undo of each step that has one. */
  undos?: string[];
  after?: unknown;
  /** Pairs of "kind subject" and the state that the change also makes. */
  also?: { [subject: string]: unknown };
  unchanged?: true;
  /** The text of the file that is edited; null: the file goes. */
  becomes?: string | null;
  failure?: RegExp;
}

/** What a module may ask of the controller, for tests: what a case does not give is not there. */
export function givenWith(given: Partial<Controller> = {}): Controller {
  const missing = (what: string) => (): never => {
    throw new TaskFailure(`the test has no ${what}`);
  };
  return {
    file: missing("file"),
    tree: missing("tree"),
    archive: missing("archive"),
    download: missing("download"),
    render: missing("template"),
    evaluate: missing("expression"),
    holds: missing("expression"),
    place: (path) => `/here/${path}`.replace(/^\/here\/\//, "/"),
    here: missing("files here"),
    vars: missing("file of variables"),
    varsTree: missing("folder of variables"),
    variable: () => undefined,
    becomeUser: "root",
    umask: () => 0o022,
    isChecked: false,
    isInteractive: false,
    isLocal: false,
    groupsOf: () => undefined,
    hasVariable: () => false,
    inGroup: () => false,
    ...given,
  };
}

// A file on the controller, made from its content.
export function localFile(content: string | Uint8Array, more: Partial<LocalFile> = {}): LocalFile {
  const bytes = Buffer.from(content);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return {
    content: bytes,
    size: bytes.length,
    sha256,
    mode: 0o644,
    ...defined({ text: typeof content === "string" ? content : undefined }),
    ...more,
  };
}

// Arguments as the module gets them: checked, with defaults. Unknown names are a mistake of the test.
export function argumentsFor(module: AnyModule, args: object): unknown {
  const { arguments: known, anyArgument } = module.schema;
  const names = Object.entries(known).flatMap(([name, argument]) => [
    name,
    ...(argument.aliases ?? []),
  ]);
  for (const name of Object.keys(args))
    if (!anyArgument && !names.includes(name))
      throw new Error(`${module.name} has no parameter "${name}"`);
  return coerceArguments(module.schema, module.name, new Map(Object.entries(args)));
}

/**
 * The states as the next task finds them: through the overlay of the planner, with what the change made.
 * A probe of another subject would see what it does, too.
 */
export function statesAfter(
  probes: AnyProbes,
  before: object,
  change: Change<Record<string, Json>>,
): Record<string, Json> {
  const asked = questionsOf(probes).map((question): [Probe<unknown>, Json, Json] => [
    question.probe,
    answerIn(before as Record<string, Json>, question),
    answerIn(change.after, question),
  ]);
  const answers = new Map(asked.map(([probe, found]) => [`root\n${probe.key}`, found]));
  for (const [{ kind, arg }, found] of asked) {
    if (kind.located)
      answers.set(
        `root\n${askLinks(kind.located.path(arg as never).path).key}`,
        linksOf(found as PathState, kind.subject(arg as never)),
      );
  }
  const view = new HostView({ answers, changes: [] });
  for (const made of madeBy({ change: { ...change, files: [] }, probes: asked })) view.make(made);
  return stateOf(probes, (probe) => view.get(probe, "root") as Json);
}

// The answers of a case to all questions; to those that it does not name, null.
export function allAnswers(probes: AnyProbes, before: object): Record<string, Json> {
  const answers = new Map(
    questionsOf(probes).map((asked) => [
      asked.probe,
      answerIn(before as Record<string, Json>, asked),
    ]),
  );
  return stateOf(probes, (probe) => answers.get(probe)!);
}

// The link that stands at a path itself, as the host would tell of it.
function linksOf(state: PathState | undefined, path: string): { [location: string]: string } {
  return state?.type === "link" && path.startsWith("/") ? { [path]: state.target! } : {};
}

// Freezes data through and through, so that a module that writes into what it was given fails.
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value))
    Object.values(value).forEach(frozen);
  return ArrayBuffer.isView(value) ? value : Object.freeze(value);
}
