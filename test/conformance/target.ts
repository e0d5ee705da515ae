import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { load } from "js-yaml";
import { findModule } from "../../src/modules/index.ts";
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
  const keys = lines.flatMap((text) => key.exec(text)?.[1] ?? []);
  return keys.some(
    (name) =>
      findModule(name) !== undefined ||
      isForeignModule(name) ||
      /^(local_)?action$|^(\w+\.\w+\.)?(include|import)_(tasks|role)$/.test(name),
  );
}
