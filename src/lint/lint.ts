import { InputError, type Place } from "../errors.ts";
import { loadPlaybook, type PlaybookFiles } from "../playbook/load/load.ts";
import type { ReadAttempt } from "../playbook/load/loading.ts";
import type { nodesOf } from "../playbook/nodes.ts";
import { keywordBool, wordsOf } from "../playbook/nodes.ts";
import type { Playbook } from "../playbook/play.ts";
import { checkForAnsible, FOR_ANSIBLE, type ReadText } from "./for-ansible.ts";
import { mistake, type Finding, type Tell } from "./finding.ts";
import { isSilenced } from "./silence.ts";
import { TASK_RULES } from "./task-rules.ts";
import { TaskFiles } from "./template-files.ts";
import { USE_RULES } from "./use-rules.ts";
import { checkNumbers, VERSION_RULE } from "./value-rules.ts";
import { tasksOf, type PlacedTask } from "../playbook/visit.ts";
import { defined } from "../defined.ts";

/** A rule's name, and what it is about. */
export const RULES: readonly { name: string; about: string }[] = [
  ...TASK_RULES,
  ...USE_RULES,
  {
    name: VERSION_RULE,
    about: "YAML reads an unquoted version as a number, which loses zeros: 1.10 becomes 1.1.",
  },
  {
    name: "unsupported",
    about:
      "Features of Ansible that Hullwright does not support: the plan of a host that reaches one fails.",
  },
  {
    name: "key-duplicates",
    about: "If a mapping has the same key twice, YAML keeps the last one.",
  },
  {
    name: "deprecated-include",
    about: "Ansible 2.16 no longer has include: it is include_tasks, or import_tasks.",
  },
  FOR_ANSIBLE,
];

/** What is looked for. */
export interface LintOptions {
  warnings: boolean;
  /** Rules that are left out. */
  skip?: readonly string[];
  /** Tells what ansible-core does not have; what lies below this path comes with Hullwright. */
  shipped?: string;
}

/** What was found in a playbook, and how many plays it has. */
export interface Linted {
  findings: Finding[];
  plays: number;
}

// Reads a playbook with everything that it refers to, and reports every mistake; with `rules` also
// warnings, except silenced ones.
export function lint(
  text: string,
  file: string,
  files: PlaybookFiles,
  { warnings, skip = [], shipped }: LintOptions,
): Linted {
  const findings: Finding[] = [];
  const read: ReadText[] = [{ file, text }];
  const seen: PlaybookFiles = { ...files, read: (path, from) => remember(read, files, path, from) };
  const attempt = noting(findings);
  const tell =
    (rule: string): Tell =>
    (message, place, hint) =>
      void findings.push({ severity: "warning", rule, message, place, ...defined({ hint }) });
  const playbook = attempt(() =>
    loadPlaybook(
      text,
      file,
      seen,
      (message, place, rule) => tell(rule ?? "key-duplicates")(message, place),
      noteUnsupported(tell("unsupported")),
      attempt,
    ),
  ) ?? { file, files: [file], plays: [] };
  const tasks = playbook.plays.flatMap(tasksOf);
  const taskFiles = new TaskFiles(seen, attempt);
  for (const placed of tasks) taskFiles.check(placed, isCertain(placed, playbook));
  const isWhole = findings.every(({ severity }) => severity === "warning");
  for (const rule of TASK_RULES)
    for (const placed of tasks.filter(({ task }) => !task.tags.includes("skip_ansible_lint")))
      rule.check(placed, tell(rule.name));
  checkNumbers(playbook, tell(VERSION_RULE));
  const texts = read.map((one) => one.text);
  if (isWhole) for (const rule of USE_RULES) rule.check({ playbook, texts }, tell(rule.name));
  if (shipped !== undefined) checkForAnsible(playbook, read, shipped, tell(FOR_ANSIBLE.name));
  const kept = findings.filter(
    (finding) =>
      finding.severity === "error" ||
      (warnings && !skip.includes(finding.rule) && !isSilenced(finding)),
  );
  return { findings: once(kept), plays: playbook.plays.length };
}

// An unsupported feature is not a mistake unless a host reaches it.
function noteUnsupported(tell: Tell): Tell {
  return (message, place) => tell(message, place, "plan fails for the hosts that reach it");
}

// Tries something, records its mistake, and continues. What cannot be read at a place often fails
// again at that place when it is used: the first mistake says why.
function noting(findings: Finding[]): ReadAttempt {
  return (read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError) || !error.place) throw error;
      const { file, line, column } = error.place;
      const isTold = findings.some(
        ({ severity, place }) =>
          severity === "error" &&
          place.file === file &&
          place.line === line &&
          place.column === column,
      );
      if (!isTold) findings.push(mistake(error, error.place));
      return undefined;
    }
  };
}

// Reads a file, and keeps its text.
function remember(read: ReadText[], files: PlaybookFiles, file: string, from: Place): string {
  const text = files.read(file, from);
  read.push({ file, text, from });
  return text;
}

// Whether a file that a task names must be there: the task is done in any case, and nothing before
// it works on this machine.
function isCertain(
  { around, isHandler, isRescued, task }: PlacedTask,
  { plays }: Playbook,
): boolean {
  if (
    isHandler ||
    isRescued ||
    task.tags.includes("never") ||
    around.some(
      ({ keywords }) => keywords.has("when") || keywordBool(keywords.get("ignore_errors")) === true,
    )
  )
    return false;
  return !plays.some(
    (play) =>
      [play.hosts, play.keywords.get("connection")].some(isHere) ||
      tasksOf(play).some(
        (other) =>
          other.task.module.name === "fetch" ||
          other.around.some(({ keywords }) => isHere(keywords.get("delegate_to"))),
      ),
  );
}

// Whether a value may name this machine.
function isHere(node: Parameters<typeof nodesOf>[0]): boolean {
  return wordsOf(node).some((word) => /localhost|127\.0\.0\.1|^local$|\{\{/.test(word));
}

// Each finding once, in the order of their positions: a role that is used twice is reported once.
function once(findings: readonly Finding[]): Finding[] {
  const key = ({ rule, message, place }: Finding): string =>
    JSON.stringify([rule, message, place.file, place.line, place.column]);
  const order = [...new Set(findings.map(({ place }) => place.file))];
  const rank = (place: Place): readonly number[] => [
    order.indexOf(place.file),
    place.line,
    place.column,
  ];
  return [...new Map(findings.map((finding) => [key(finding), finding])).values()].toSorted(
    (a, b) => compare(rank(a.place), rank(b.place)),
  );
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
