import FUNCTIONS from "./drop_ins.sh?raw";
import { lines, sh } from "../../script/sh.ts";
import type { PathState } from "../files/path.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { defined } from "../../defined.ts";

/** A drop-in of a unit that systemd would load if it reloaded the unit. */
export interface DropIn {
  path: string;
  /**
   * "-": it is no file, or a link to nothing. null: an earlier task writes it, and what will
   * be in it is not known yet.
   */
  sha256: string | null;
  /** Base64 of its first 64 KiB; absent where that is not known. */
  content?: string;
  /** When it was written, in seconds since 1970; absent where a task of this run writes it. */
  modified?: number;
}

/**
 * Costs no process where there are no drop-ins. They come in the order in which systemd
 * applies them: the last one wins.
 */
export const dropIns: ProbeKind<{ name: string }, DropIn[]> = {
  name: "drop_ins",
  subject: (arg) => arg.name,
  holds: { unknownBehind: "commands" },
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...args.map(({ name }) => sh`hw_drop_ins ${name} ${directories(name)}`),
    ]),
  parse(output, args) {
    const answers = output.split(/^drop-ins /m).slice(1);
    if (answers.length !== args.length)
      throw new ProbeError("the answer about drop-ins is truncated or garbled");
    return answers.map((answer, i) =>
      inForce(args[i]!.name, answer.split("\n").slice(1).flatMap(readLine)),
    );
  },
  planned: {
    join: (found, paths, { name }) =>
      joinPlanned(name, found, paths as ReadonlyMap<string, PathState>),
  },
};

// Asks for the drop-ins of a unit by its full name.
export function askDropIns(name: string): Probe<DropIn[]> {
  return ask(dropIns, { name });
}

interface Line {
  word: string;
  value: string;
  path: string;
}

function readLine(line: string): Line[] {
  const [, word, value, path] = /^(text|other|modified|digest) (\S*) (\/.*)$/.exec(line) ?? [];
  return path === undefined ? [] : [{ word: word!, value: value!, path }];
}

// The effective ones of all existing drop-ins: of two with the same name, the
// one in the first directory.
function inForce(name: string, found: readonly Line[]): DropIn[] {
  const of = (word: string, path: string): string | undefined =>
    found.find((line) => line.word === word && line.path === path)?.value;
  const files = found.filter(({ word }) => word === "text" || word === "other");
  return ordered(
    name,
    files.map(({ path }) => path),
  ).map((path) => {
    const modified = Number(of("modified", path) ?? 0);
    const content = of("text", path);
    return {
      path,
      sha256: (content === undefined ? undefined : of("digest", path)) ?? "-",
      content: content ?? "",
      modified,
    };
  });
}

// Sorts paths as systemd does: by the file's name, whatever its directory; of one name
// the first directory wins.
function ordered(name: string, paths: readonly string[]): string[] {
  const places = directories(name);
  const chosen = new Map<string, string>();
  for (const directory of places) {
    for (const path of paths) {
      if (/[\s"'\\]/.test(path)) continue; // systemctl quotes such names, and nobody has them
      const at = path.lastIndexOf("/");
      if (path.slice(0, at) === directory && !chosen.has(path.slice(at + 1)))
        chosen.set(path.slice(at + 1), path);
    }
  }
  return [...chosen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}

// Drop-ins that earlier tasks of the run write or remove; a directory that is
// removed takes its files along.
function joinPlanned(
  name: string,
  found: readonly DropIn[],
  paths: ReadonlyMap<string, PathState>,
): DropIn[] {
  const places = directories(name);
  const known = new Map(found.map((one) => [one.path, one]));
  for (const [path, state] of paths) {
    if (state === null)
      for (const old of [...known.keys()])
        if (old === path || old.startsWith(`${path}/`)) known.delete(old);
    if (
      state?.type !== "file" ||
      !path.endsWith(".conf") ||
      !places.includes(path.slice(0, path.lastIndexOf("/")))
    )
      continue;
    const old = known.get(path);
    const sha256 = state.sha256 === undefined ? (old?.sha256 ?? null) : state.sha256;
    if (old && old.sha256 === sha256) continue; // only its mode or owner changes
    known.set(path, { path, sha256, ...defined({ content: state.content }) });
  }
  return ordered(name, [...known.keys()]).map((path) => known.get(path)!);
}

/** The directories of unit files, the first of which wins (systemd.unit(5)). */
const PLACES = [
  "/etc/systemd/system.control",
  "/run/systemd/system.control",
  "/run/systemd/transient",
  "/run/systemd/generator.early",
  "/etc/systemd/system",
  "/etc/systemd/system.attached",
  "/run/systemd/system",
  "/run/systemd/system.attached",
  "/run/systemd/generator",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
  "/run/systemd/generator.late",
];

// Where drop-ins of a unit may be: its own, its template's, those for prefixes of
// its name, those of its type.
function directories(name: string): string[] {
  const suffix = name.slice(name.lastIndexOf("."));
  const stem = name.slice(0, -suffix.length);
  const template = stem.replace(/@.*$/, "@");
  const parts = stem.replace(/@.*$/, "").split("-");
  const prefixes = parts
    .slice(0, -1)
    .map((_, i) => `${parts.slice(0, parts.length - 1 - i).join("-")}-`);
  const stems = [...new Set([stem, template, ...prefixes])];
  const names = [...stems.map((one) => `${one}${suffix}.d`), `${suffix.slice(1)}.d`];
  return names.flatMap((one) => PLACES.map((place) => `${place}/${one}`));
}

/** The effective value of one directive of a unit with its drop-ins. */
export interface Directive {
  value: string;
  /** The drop-in that says it. */
  path: string;
}

// What drop-ins say of a directive of [Service], in their order; an empty value
// takes back what was before.
export function directives(found: readonly DropIn[], key: string): Directive[] {
  const said: Directive[] = [];
  for (const { path, content } of found) {
    for (const [name, value] of serviceLines(content)) {
      if (name !== key) continue;
      if (value === "") said.length = 0;
      else said.push({ value, path });
    }
  }
  return said;
}

// Whether drop-ins take back what the unit's own file says of a directive that adds up.
export function takesBack(found: readonly DropIn[], key: string): boolean {
  return found.some(({ content }) =>
    serviceLines(content).some(([name, value]) => name === key && value === ""),
  );
}

// The lines of [Service], with continued lines joined and comments left out (systemd.syntax(7)).
function serviceLines(content: string | undefined): [key: string, value: string][] {
  const text = Buffer.from(content ?? "", "base64")
    .toString("utf8")
    .replace(/^[ \t]*[#;].*\n?/gm, "")
    .replace(/\\\r?\n/g, " ");
  let section = "";
  return text.split("\n").flatMap((line): [string, string][] => {
    const head = /^\s*\[(\w+)\]\s*$/.exec(line);
    if (head) section = head[1]!;
    const [, key, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return section === "Service" && key !== undefined ? [[key, value!]] : [];
  });
}

// The variables of Environment= lines; a value may be quoted as a whole.
export function environmentOf(found: readonly DropIn[]): Map<string, Directive> {
  const variables = new Map<string, Directive>();
  for (const { value, path } of directives(found, "Environment")) {
    for (const [, double, single, plain] of value.matchAll(
      /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+)/g,
    )) {
      const word = double ?? single ?? plain ?? "";
      const at = word.indexOf("=");
      if (at > 0) variables.set(word.slice(0, at), { value: word.slice(at + 1), path });
    }
  }
  return variables;
}
