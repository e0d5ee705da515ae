import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { load } from "js-yaml";
import { findModule } from "../../src/modules/index.ts";
import { InputError } from "../../src/errors.ts";
import type { MapNode, YamlNode } from "../../src/yaml/node.ts";
import { loadYaml } from "../../src/yaml/load.ts";
import { isForeignModule } from "../../src/modules/catalogue/foreign.ts";

/** A playbook to be run, below the copy of the target's parent. */
export interface Book {
  name: string;
  /** Playbooks that are run in this order: a molecule scenario prepares before it converges. */
  files: string[];
}

// What there is to run in a directory that was made for Ansible: playbooks, molecule's scenarios, or roles, for each of which a
// playbook is written. `root` holds the copy of the target.
export function booksOf(root: string, target: string): Book[] {
  const directory = join(root, target);
  const books = playbooksIn(directory).map((file) => ({ name: file, files: [join(target, file)] }));
  const scenarios = namesIn(join(directory, "molecule")).flatMap((scenario) => {
    const folder = join(target, "molecule", scenario);
    const files = ["prepare.yml", "converge.yml", "playbook.yml"].filter((file) =>
      existsSync(join(root, folder, file)),
    );
    const name = `molecule/${scenario}`;
    return files.length > 0 ? [{ name, files: files.map((file) => join(folder, file)) }] : [];
  });
  if (books.length + scenarios.length > 0) return [...books, ...scenarios];
  if (isRole(directory)) return [bookOfRole(root, basename(target))];
  return namesIn(join(directory, "roles"))
    .filter((role) => isRole(join(directory, "roles", role)))
    .map((role) => bookOfRole(root, role));
}

function namesIn(directory: string): string[] {
  return existsSync(directory) && statSync(directory).isDirectory()
    ? readdirSync(directory).sort()
    : [];
}

// The playbooks that lie in a directory itself.
function playbooksIn(directory: string): string[] {
  return namesIn(directory).filter(
    (name) => /\.ya?ml$/.test(name) && isPlaybook(join(directory, name)),
  );
}

function isPlaybook(file: string): boolean {
  try {
    const plays = load(readFileSync(file, "utf8"));
    return (
      Array.isArray(plays) &&
      plays.length > 0 &&
      plays.every(
        (play: unknown) =>
          typeof play === "object" &&
          play !== null &&
          Object.keys(play).some((key) => /^hosts$|(^|\.)import_playbook$/.test(key)),
      )
    );
  } catch {
    return false; // what is not YAML is no playbook
  }
}

function isRole(directory: string): boolean {
  return ["yml", "yaml"].some((ending) => existsSync(join(directory, "tasks", `main.${ending}`)));
}

// Both programs look for roles in `root`, and in the target's own directory of roles.
function bookOfRole(root: string, name: string): Book {
  const file = `role-${name}.yml`;
  writeFileSync(join(root, file), JSON.stringify([{ hosts: "all", roles: [name] }]));
  return { name: `role ${name}`, files: [file] };
}

// The text with the task around a line taken out, and the line where that task begins; undefined: there is no task there. All
// other lines keep their numbers.
export function strike(text: string, line: number): { text: string; line: number } | undefined {
  return strikeFlow(text, line) ?? strikeBlock(text, line);
}

// Takes out a task that is written with a key in each line.
function strikeBlock(text: string, line: number): { text: string; line: number } | undefined {
  const lines = text.split("\n");
  let limit = Infinity;
  for (let at = line - 1; at >= 0; at--) {
    const indent = /^( *)- /.exec(lines[at]!)?.[1]?.length;
    if (indent === undefined || indent >= limit) continue;
    limit = indent;
    const end = endOf(lines, at, indent);
    if (end <= line - 1 || !isTask(lines.slice(at, end), indent)) continue;
    const kept = [`${" ".repeat(indent)}- meta: noop`, ...lines.slice(at + 1, end).map(() => "")];
    return { text: lines.toSpliced(at, end - at, ...kept).join("\n"), line: at + 1 };
  }
  return undefined;
}

// Where an item of a list ends: at the next line that stands no deeper.
function endOf(lines: readonly string[], at: number, indent: number): number {
  const next = lines.findIndex(
    (text, index) => index > at && text.trim() !== "" && /^ */.exec(text)![0].length <= indent,
  );
  return next < 0 ? lines.length : next;
}

// Tells whether an item of a list is a task: one of its own keys is a module.
function isTask(lines: readonly string[], indent: number): boolean {
  const key = new RegExp(`^ {${indent}}[- ] ([\\w.]+):`);
  return lines.some((text) => isModule(key.exec(text)?.[1] ?? ""));
}

// Tells whether a key of a task says what it does.
function isModule(name: string): boolean {
  return (
    findModule(name) !== undefined ||
    isForeignModule(name) ||
    /^(local_)?action$|^(\w+\.\w+\.)?(include|import)_(tasks|role)$/.test(name)
  );
}

// Takes out the innermost task in braces that a line is part of.
function strikeFlow(text: string, line: number): { text: string; line: number } | undefined {
  const starts = lineStarts(text);
  for (const { entries, place } of tasksOf(readable(text)).reverse()) {
    const start = starts[place.line - 1]! + place.column - 1;
    if (text[start] !== "{" || !entries.some(({ key }) => isModule(String(key.value)))) continue;
    const end = closing(text, start) + 1;
    const below = text.slice(start, end).split("\n").length - 1;
    if (line < place.line || line > place.line + below) continue;
    const rest = `{ meta: noop }${"\n".repeat(below)}`;
    return { text: text.slice(0, start) + rest + text.slice(end), line: place.line };
  }
  return undefined;
}

// Where each line of a text begins.
function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

// What a file holds; nothing, if it cannot be read.
function readable(text: string): YamlNode | undefined {
  try {
    return loadYaml(text, "");
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const LISTS = /^((pre_|post_)?tasks|handlers|block|rescue|always)$/;

// The items of lists of tasks, those of a block behind the block.
function tasksOf(list: YamlNode | undefined): MapNode[] {
  if (list?.kind !== "seq") return [];
  return list.items.flatMap((item) => {
    if (item.kind !== "map") return [];
    const lists = item.entries.filter(({ key }) => LISTS.test(String(key.value)));
    return [item, ...lists.flatMap(({ value }) => tasksOf(value))];
  });
}

// Where the brace closes that opens at an offset; brackets in quotes do not count.
function closing(text: string, start: number): number {
  const parts = /"(?:[^"\\]|\\.)*"|(?<=[\s[{,:])'(?:[^']|'')*'|[[\]{}]/gs;
  let depth = 0;
  for (const { 0: part, index } of text.slice(start).matchAll(parts)) {
    if (/[[{]/.test(part) && part.length === 1) depth++;
    if (/[\]}]/.test(part) && part.length === 1 && --depth === 0) return start + index;
  }
  return text.length - 1;
}
