import { readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/errors.ts";
import { controllerFiles } from "../../src/controller/files.ts";
import { KEYWORDS } from "../../src/playbook/keywords/keywords.ts";
import { loadPlaybook } from "../../src/playbook/load/load.ts";
import { DESCRIPTIONS } from "../../src/schema/descriptions.ts";
import { playbookSchema } from "../../src/schema/playbook.ts";
import { readCases } from "../refusal/cases.ts";
import { skipped, validate } from "./oracle.ts";

/** What is refused for more than its structure: other files, what variables give, what stands in templates and texts. */
const BEYOND = new Set([
  "a way to become another user that is not supported",
  "an unknown way to become another user",
  "a file of variables that is not there",
  "a playbook to import that is not there",
  "a template in the name of a playbook to import",
  "a parameter that is misspelt in key=value",
  "a mode of which YAML takes the octal away",
  "two loops",
  "a loop over a variable that is a mapping",
  "a condition with one equals sign",
  "a handler that does not exist",
  "a handler whose name is misspelt",
  "async",
]);

/** One play of a file, as text. */
interface Play {
  file: string;
  text: string;
}

/**
 * Plays that only the reader can tell to be right: defaults give what a module must have, an old form names the module or the role as
 * text, and what a module lacks is a mistake only where a host comes to it.
 */
const UNSEEN = [
  "whole_playbooks.yml: - name: what is wrong behind conditions that are false",
  "module_defaults.yml: - name: of a play",
  "module_defaults.yml: - name: the inner one replaces the outer one whole",
  "module_defaults.yml: - name: with templates and lists",
  "undefined.yml: - name: wrong parameters of tasks that may fail",
  "files_modules.yml: - name: what is told of backups",
  "yaml.yml: - name: action",
  "hosts.yml: - name: local_action",
];

// The plays that the reader takes, of all playbooks that come with the program or are compared with Ansible.
function goodPlays(): Play[] {
  const files = ["playbooks", "test/conformance/cases"].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".yml"))
      .map((name) => join(folder, name)),
  );
  return files
    .flatMap((file) =>
      readFileSync(file, "utf8")
        .split(/^(?=- )/m)
        .filter((text) => text.startsWith("- "))
        .map((text) => ({ file, text })),
    )
    .filter(isTaken);
}

function isTaken({ file, text }: Play): boolean {
  try {
    loadPlaybook(text, join(process.cwd(), file), {
      read: (path) => readFileSync(path, "utf8"),
      find: controllerFiles().find,
      list: (path) =>
        statSync(path, { throwIfNoEntry: false })?.isDirectory()
          ? readdirSync(path)
              .sort()
              .map((name) => join(path, name))
          : undefined,
    });
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

// Names a play by its file and its first line.
function titleOf({ file, text }: Play): string {
  return `${basename(file)}: ${text.split("\n")[0]}`;
}

test.each(Object.entries(KEYWORDS))("every keyword of a %s is described", (_owner, keywords) => {
  expect(Object.keys(keywords).filter((name) => DESCRIPTIONS[name] === undefined)).toEqual([]);
});

describe.skipIf(skipped !== undefined)(
  `the JSON Schema of playbooks${skipped ? ` (skipped: ${skipped})` : ""}`,
  () => {
    test("takes every play that the reader takes", () => {
      const plays = goodPlays();
      const answers = validate(
        playbookSchema(),
        plays.map(({ text }) => text),
      );
      expect(plays.length).toBeGreaterThan(30);
      const refused = plays.flatMap((play, i) =>
        answers[i] === "" ? [] : [{ title: titleOf(play), answer: answers[i] }],
      );
      expect(refused.filter(({ title }) => !UNSEEN.includes(title))).toEqual([]);
      expect(
        UNSEEN.filter((title) => !refused.some((one) => one.title === title)),
        "marked, but taken",
      ).toEqual([]);
    });

    test.each<[task: string, taken: boolean]>([
      ["include_role: {name: x}", true],
      ["include_role: {role: x, tasks_from: y}", true],
      ["include_role: name=x tasks_from=y", true],
      ["ansible.builtin.import_role: role=x", true],
      ["include_role: x", false],
      ["include_role: {tasks_from: y}", false],
      ["include_tasks: {file: x}", true],
      ["include_tasks: {apply: {}}", false],
    ])("%s: %s", (task, taken) => {
      const [answer] = validate(playbookSchema(), [`- hosts: all\n  tasks:\n    - ${task}\n`]);
      expect(answer === "").toBe(taken);
    });

    test("refuses what the reader refuses for its structure, and nothing else is beyond it", () => {
      const wrong = readCases()
        .filter(({ path }) => /playbook|tasks/.test(path))
        .flatMap(({ cases }) => cases)
        .filter(({ files }) => files.size === 1);
      const answers = validate(
        playbookSchema(),
        wrong.map(({ files }) => files.get("site.yml")!),
      );
      expect(
        wrong
          .filter((_one, i) => answers[i] === "")
          .map(({ name }) => name)
          .sort(),
      ).toEqual([...BEYOND].sort());
    });
  },
);
