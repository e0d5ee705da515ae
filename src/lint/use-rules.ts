import { handlerNames } from "../playbook/handler-names.ts";
import { nodesOf } from "../playbook/nodes.ts";
import type { Play, Playbook } from "../playbook/play.ts";
import type { ScalarNode, YamlNode } from "../yaml/node.ts";
import type { Tell } from "./finding.ts";
import { handlersOf, tasksOf, type PlacedTask } from "../playbook/visit.ts";

/**
 * What the rules about uses look at: the playbook, and the texts of all files that belong to it.
 */
export interface Whole {
  playbook: Playbook;
  texts: readonly string[];
}

/** A rule about what is made and never used. */
export interface UseRule {
  name: string;
  about: string;
  check(whole: Whole, tell: Tell): void;
}

const registers: UseRule = {
  name: "register-unused",
  about:
    "A registered result that is never used is superfluous, or its name is misspelled where it is used.",
  check({ playbook, texts }, tell) {
    for (const { task } of playbook.plays.flatMap(tasksOf)) {
      const node = task.keywords.get("register");
      if (
        node?.kind === "scalar" &&
        !isUsed(texts, String(node.value), (name) => `register:\\s*["']?${name}(?!\\w)`)
      )
        tell(
          `nothing uses the result "${String(node.value)}"`,
          node.place,
          "use it, or remove register",
        );
    }
  },
};

const variables: UseRule = {
  name: "variable-unused",
  about:
    "A variable that is never used is superfluous, or its name is misspelled where it is used.",
  check({ playbook, texts }, tell) {
    for (const [name, place] of playbook.plays.flatMap(madeBy)) {
      if (
        !name.startsWith("ansible_") &&
        !isUsed(texts, name, (word) => `(?<=^[ \\t-]*|[{,]\\s*)["']?${word}["']?\\s*:(?=\\s|$)`)
      )
        tell(`nothing uses the variable "${name}"`, place.place, "remove it, or use it");
    }
  },
};

const handlers: UseRule = {
  name: "handler-unused",
  about: "A handler that nothing notifies never runs.",
  check({ playbook }, tell) {
    for (const play of playbook.plays) {
      const words = notified(play);
      if (words.some((word) => word.includes("{{"))) continue;
      for (const handler of handlersOf(play)) {
        const isOwn = handler.role === undefined && handler.name !== undefined;
        if (isOwn && !handlerNames(handler).some((known) => words.includes(known)))
          tell(
            `nothing notifies the handler "${String(handler.name!.value)}"`,
            handler.place,
            "notify it, or remove it",
          );
      }
    }
  },
};

/** All rules about what is made and never used. */
export const USE_RULES: readonly UseRule[] = [registers, variables, handlers];

// All words that tasks and handlers of a play notify.
function notified(play: Play): string[] {
  const around = [...new Set(tasksOf(play).flatMap((placed) => [...placed.around]))];
  return around
    .flatMap(({ keywords }) => nodesOf(keywords.get("notify")))
    .map((node) => (node.kind === "scalar" ? String(node.value) : "{{"));
}

// The variables that a play sets for itself: its own, those of its tasks, and set_fact.
function madeBy(play: Play): [name: string, node: YamlNode][] {
  const facts = ({ task }: PlacedTask): [string, ScalarNode][] =>
    task.module.name === "set_fact"
      ? task.args.entries
          .map(({ key }) => [String(key.value), key] as [string, ScalarNode])
          .filter(([name]) => name !== "cacheable")
      : [];
  return [
    ...play.vars,
    ...tasksOf(play)
      .filter(({ task }) => task.role === undefined)
      .flatMap((placed) => [...placed.task.vars, ...facts(placed)]),
  ];
}

// Whether a name occurs anywhere apart from its definitions, which a pattern finds.
function isUsed(texts: readonly string[], name: string, made: (name: string) => string): boolean {
  return count(texts, `(?<!\\w)${name}(?!\\w)`) > count(texts, made(name));
}

function count(texts: readonly string[], pattern: string): number {
  return texts.reduce((sum, text) => sum + [...text.matchAll(new RegExp(pattern, "gm"))].length, 0);
}
