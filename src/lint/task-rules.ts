import type { Place } from "../errors.ts";
import { isFalseCondition, keywordBool, nodesOf } from "../playbook/nodes.ts";
import { mapGet } from "../yaml/node.ts";
import { commandText, moduleInstead, needsShell } from "./commands.ts";
import type { Tell } from "./finding.ts";
import type { PlacedTask } from "../playbook/visit.ts";

/** A rule about tasks. */
export interface TaskRule {
  name: string;
  /** What it is about, in a sentence. */
  about: string;
  check(placed: PlacedTask, tell: Tell): void;
}

/** Modules whose tasks need no name. */
const NAMELESS = new Set(["meta", "debug"]);
const COMMANDS = new Set(["command", "shell"]);

const name: TaskRule = {
  name: "name",
  about:
    "A task without a name is shown only by its module. A handler is notified by its name, so the name should not contain a template.",
  check({ task, isHandler }, tell) {
    if (!task.name && !isHandler && !NAMELESS.has(task.module.name))
      tell("this task has no name", task.place, "add one that says what it is for: - name: ...");
    if (isHandler && task.name && /\{\{/.test(String(task.name.value)))
      tell(
        "the name of this handler contains a template, so it is hard to notify",
        task.name.place,
        "give it a plain name, or a topic with listen",
      );
  },
};

const instead: TaskRule = {
  name: "command-instead-of-module",
  about: "A command runs every time and cannot be planned or undone; a module checks first.",
  check(placed, tell) {
    const { task } = placed;
    const found = replaceable(placed);
    if (found)
      tell(
        `"${found.program}" is run as a command, although there is a module for it`,
        argument(placed, "cmd") ?? task.place,
        `use ${found.module}: it is planned exactly, and changes only what has to be changed`,
      );
  },
};

const plainShell: TaskRule = {
  name: "command-instead-of-shell",
  about: "A shell that is not needed only adds the risk that it interprets special characters.",
  check(placed, tell) {
    const text = placed.task.module.name === "shell" ? commandText(placed) : undefined;
    if (text !== undefined && !needsShell(text) && !mapGet(placed.task.args, "executable"))
      tell("this command needs no shell", placed.task.place, "use command");
  },
};

const changedWhen: TaskRule = {
  name: "no-changed-when",
  about: "A command without creates, removes or changed_when is reported as a change in every run.",
  check(placed, tell) {
    const { task, around, isHandler } = placed;
    if (
      !COMMANDS.has(task.module.name) ||
      isHandler ||
      replaceable(placed) ||
      around.some((item) => item.keywords.has("changed_when")) ||
      argument(placed, "creates") ||
      argument(placed, "removes")
    )
      return;
    tell(
      "this command is reported as a change in every run",
      task.place,
      "add creates or removes, changed_when: false if it only reads, or changed_when with a condition",
    );
  },
};

const ignored: TaskRule = {
  name: "ignore-errors",
  about: "Ignoring all failures without registering the result hides real errors.",
  check({ task }, tell) {
    const node = task.keywords.get("ignore_errors");
    if (node && keywordBool(node) === true && !task.keywords.has("register"))
      tell(
        "every failure of this task is ignored, and its result is not registered",
        node.place,
        "say with failed_when what counts as a failure, or register the result and check it",
      );
  },
};

const braces: TaskRule = {
  name: "no-jinja-when",
  about: "A condition is already an expression.",
  check({ task }, tell) {
    for (const word of ["when", "changed_when", "failed_when", "until"]) {
      for (const node of nodesOf(task.keywords.get(word))) {
        const text = node.kind === "scalar" ? String(node.value) : "";
        if (text.includes("{{"))
          tell(
            `"${word}" is already an expression, so it needs no {{ }}`,
            node.place,
            `write: ${word}: ${withoutBraces(text)}`,
          );
      }
    }
  },
};

// An expression that is written with {{ }}, without these and without the quotes around them.
function withoutBraces(text: string): string {
  return text.replaceAll(/(["'])\{\{\s*([^"'{}]*?)\s*\}\}\1|\{\{\s*|\s*\}\}/g, "$2").trim();
}

const become: TaskRule = {
  name: "partial-become",
  about: "become_user has no effect without become.",
  check({ around, task }, tell) {
    const node = task.keywords.get("become_user");
    if (node && !around.some((item) => item.keywords.has("become")))
      tell("become_user has no effect without become", node.place, "add become: true to it");
  },
};

/** All rules about a task by itself. */
export const TASK_RULES: readonly TaskRule[] = [
  name,
  instead,
  plainShell,
  changedWhen,
  ignored,
  braces,
  become,
];

// The position of a parameter of the task; undefined: it is not given.
function argument({ task }: PlacedTask, parameter: string): Place | undefined {
  return mapGet(task.args, parameter)?.place;
}

// The module that does the work of the task's command.
function replaceable(placed: PlacedTask): ReturnType<typeof moduleInstead> {
  const text = COMMANDS.has(placed.task.module.name) ? commandText(placed) : undefined;
  return text === undefined || looksOnly(placed) || /[|;&\n]/.test(text)
    ? undefined
    : moduleInstead(text);
}

// `changed_when: false` says that a command only looks.
function looksOnly({ around }: PlacedTask): boolean {
  return around.some((item) => isFalseCondition(item.keywords.get("changed_when")));
}
