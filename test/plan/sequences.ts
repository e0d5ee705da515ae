import { failureIn } from "../../src/plan/model/entry.ts";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { numbersOf } from "../numbers.ts";
import { lines, noFiles, testHost } from "./host.ts";

/** A random sequence of tasks over few paths, with links among them, and what is there before. */
export interface Sequence {
  before: { [name: string]: string };
  tasks: object[];
}

/** Names in the directory of the test; links lead from one to another. */
const NAMES = ["a", "b", "d", "d/f", "d/g", "d/s", "d/s/x", "l", "l/f", "m", "m/s"];
/** Where links lead that are there before; none in a circle. */
const TARGETS: { readonly [name: string]: readonly string[] } = {
  a: ["b", "d", "none"],
  b: ["none"],
  d: ["b", "none"],
  "d/f": ["a", "b", "none"],
  "d/s": ["b", "none"],
  l: ["a", "b", "d", "d/f", "none"],
  m: ["a", "l", "d", "none"],
};
const MODES = ["0600", "0644", "0700", "0755"];

// Draws a sequence.
export function sequenceOf(seed: number): Sequence {
  const draw = numbersOf(seed);
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)]!;
  const before: Sequence["before"] = {};
  for (const name of ["a", "b", "d", "d/f", "d/s", "l", "m"]) {
    if (name.includes("/") && before[dirname(name)] !== "directory") continue;
    const kind = draw(4);
    if (kind === 1) before[name] = "file";
    else if (kind === 2) before[name] = "directory";
    else if (kind === 3) before[name] = `-> ${pick(TARGETS[name]!)}`;
  }
  const tasks = Array.from({ length: 3 + draw(6) }, (_, index) => taskOf(index, draw, pick));
  return { before, tasks };
}

type Draw = (below: number) => number;
type Pick = <T>(list: readonly T[]) => T;

// Draws one task. All may fail, and the next is done all the same.
function taskOf(index: number, draw: Draw, pick: Pick): object {
  const path = `{{ at }}/${pick(NAMES)}`;
  const other = `{{ at }}/${pick(NAMES)}`;
  const mode = draw(2) === 0 ? { mode: pick(MODES) } : {};
  const follow = draw(4) === 0 ? { follow: false } : {};
  const kinds: (() => object)[] = [
    () => ({ file: { path, state: "absent" } }),
    () => ({ file: { path, state: "directory", ...mode, ...follow } }),
    () => ({
      file: {
        path,
        state: "touch",
        modification_time: "preserve",
        access_time: "preserve",
        ...mode,
      },
    }),
    () => ({ file: { path, src: other, state: "link", force: draw(2) === 0 } }),
    () => ({
      file: { path, src: pick(["a", "b", "f", "../a", "s"]), state: "link", force: draw(2) === 0 },
    }),
    () => ({ file: { path, ...mode, ...follow } }),
    () => ({ file: { path, state: "directory", recurse: true, mode: pick(MODES) } }),
    () => ({ copy: { content: pick(["one\n", "two\n"]), dest: path, ...mode, ...follow } }),
    () => ({ copy: { src: other, dest: path, remote_src: true, ...mode } }),
    () => ({ lineinfile: { path, line: pick(["one", "three"]), create: draw(2) === 0, ...mode } }),
    () => ({ blockinfile: { path, block: "block", create: draw(2) === 0 } }),
    () => ({ replace: { path, regexp: "one", replace: "four" } }),
    () => ({ slurp: { src: path } }),
    () => ({ stat: { path, follow: draw(2) === 0 }, register: "seen" }),
    () => ({
      copy: { content: "seen\n", dest: path },
      when: "(seen | default({'stat': {'exists': false}})).stat.exists",
    }),
  ];
  return { name: `t${index}`, ...pick(kinds)(), ignore_errors: true };
}

// Puts hard links in the place of some tasks of a sequence.
export function withHardLinks({ before, tasks }: Sequence, seed: number): Sequence {
  const one = (index: number): object => ({
    name: `t${index}`,
    file: {
      src: `{{ at }}/${["a", "b", "d/f", "l/f"][(seed * 7 + index) % 4]}`,
      path: `{{ at }}/${["b", "d/g", "m/s", "a"][(seed * 5 + index) % 4]}`,
      state: "hard",
      force: true,
    },
    ignore_errors: true,
  });
  return {
    before,
    tasks: tasks.map((task, index) => ((seed + index) % 4 === 0 ? one(index) : task)),
  };
}

// Makes what is there before.
export function furnish(at: string, before: Sequence["before"]): void {
  for (const [name, kind] of Object.entries(before)) {
    const path = join(at, name);
    if (kind === "file") writeFileSync(path, `${name}\none\n`);
    else if (kind === "directory") mkdirSync(path);
    else symlinkSync(join(at, kind.slice("-> ".length)), path);
  }
}

// What is in a directory, a line each: kind, mode, content or target.
export function listed(at: string, below = ""): string[] {
  return readdirSync(join(at, below))
    .sort()
    .flatMap((name) => {
      const [path, shown] = [join(at, below, name), join(below, name)];
      const stat = lstatSync(path);
      if (stat.isSymbolicLink()) return [`${shown} -> ${readlinkSync(path).replaceAll(at, "")}`];
      const mode = (stat.mode & 0o7777).toString(8);
      return stat.isDirectory()
        ? [`${shown}/ ${mode}`, ...listed(at, shown)]
        : [`${shown} ${mode} ${JSON.stringify(readFileSync(path, "utf8"))}`];
    });
}

/** What a sequence came to: each task's word and failure in the plan and in apply, and what is there then. */
export interface Came {
  planned: string[];
  applied: string[];
  messages: string[];
  left: string[];
}

// Plans and applies a sequence here, through a real shell.
export async function perform({ before, tasks }: Sequence): Promise<Came> {
  const at = mkdtempSync(join(tmpdir(), "hullwright-sequence-"));
  furnish(at, before);
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks: ${JSON.stringify(tasks)}\n`,
    { at },
    {},
    {},
    noFiles,
    { login: userInfo().username },
  );
  try {
    await run.plan();
    const planned = lines(run);
    await run.apply(0, () => {});
    const messages = (run.walk?.entries ?? []).flatMap((entry) => {
      const failure = failureIn(entry);
      return failure ? [`${entry.task}: ${failure.message}`] : [];
    });
    return {
      planned,
      applied: lines(run),
      messages: [...messages, ...(run.broken ? [`broken: ${run.broken.message}`] : [])],
      left: listed(at),
    };
  } finally {
    await (await session).close();
    rmSync(at, { recursive: true, force: true });
  }
}

// What is wrong with what a sequence came to; empty: apply did what was planned.
export function faultsOf({ planned, applied, messages }: Came): string[] {
  const moved = messages.filter((message) =>
    /has changed since|not in the expected state|cannot be determined|^broken: /.test(message),
  );
  // that a directory cannot be made where a link leads to nothing is seen in apply alone
  if (
    messages.some((message) => /cannot create directory|cannot write .*: File exists/.test(message))
  )
    return moved;
  const other = planned.flatMap((line, i) =>
    line.startsWith("deferred") || line === applied[i]
      ? []
      : [`planned "${line}", applied "${applied[i]}"`],
  );
  return [...moved, ...other];
}
