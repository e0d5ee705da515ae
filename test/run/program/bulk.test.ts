import { filesOf } from "../../../src/modules/contract/module.ts";
import { entryOf } from "../../plan/entry-of.ts";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { answerIn, questionsOf } from "../../../src/probes/probe.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { copy } from "../../../src/modules/files/copy.ts";
import { file } from "../../../src/modules/files/file.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { JournalEntry } from "../../../src/modules/journal/entry.ts";
import type { Entry } from "../../../src/plan/model/entry.ts";
import { changeProgram, readProgram, type ProgramResult } from "../../../src/run/program/build.ts";
import { inBulks } from "../../../src/run/program/bulk.ts";
import { stageFiles } from "../../../src/run/program/stage.ts";
import { sh, type Script } from "../../../src/script/sh.ts";
import type { Session } from "../../../src/transport/transport.ts";
import { argumentsFor, givenWith } from "../../modules/case.ts";
import { ThisHost } from "../../modules/execute.ts";
import { numbersOf } from "../../numbers.ts";
import { options, SHELLS } from "./options.ts";

const ME = { uid: process.getuid?.() ?? 0, isRoot: process.getuid?.() === 0 };

let host: ThisHost;
const at = (name: string): string => join(host.root, name);

// A task of a module on this host, planned from what is there now.
function planned(module: AnyModule, args: object, more: Partial<Entry> = {}): Entry {
  const controller = givenWith({ becomeUser: ME.isRoot ? "root" : "nobody-known" });
  const known = argumentsFor(module, args);
  const probes = module.observe(known, controller);
  const before = host.ask(probes);
  const change = module.plan(known, before, controller);
  if (!change) throw new Error("there is nothing to do");
  const name = JSON.stringify(args);
  return entryOf(name, {
    module: module.name,
    identity: { user: "root" },
    change: { ...change, files: filesOf(change) },
    probes: questionsOf(probes).map((question) => [
      question.probe,
      answerIn(before, question),
      answerIn(change.after, question),
    ]),
    ...more,
  });
}

const folder = (name: string, more: object = {}): Entry =>
  planned(file, { path: at(name), state: "directory", mode: "0750", ...more });
const text = (name: string, more: object = {}): Entry =>
  planned(copy, { dest: at(name), content: `this is ${name}'s\n`, mode: "0640", ...more });
const twenty = (): Entry[] =>
  Array.from({ length: 20 }, (_, i) => (i % 2 ? text(`f${i}`) : folder(`d${i}`)));

// The files of some entries as they travel in a program.
async function inlineOf(entries: readonly Entry[]): Promise<ReadonlyMap<string, Script>> {
  const nobody = {} as Session;
  return (await stageFiles(nobody, entries, { user: "root" }, options, () => undefined)).inline;
}

// Runs a program; `tools` stand before those of the system.
async function run(entries: Entry[], tools: Record<string, string> = {}): Promise<ProgramResult> {
  const bin = join(host.folder, "bin");
  mkdirSync(bin, { recursive: true });
  for (const [name, body] of Object.entries(tools)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const program = changeProgram(entries, await inlineOf(entries), options);
  const { stdout, stderr } = host.run({ sh: `PATH=${bin}:$PATH\n${program.sh}` });
  return readProgram(stdout, stderr, entries, options.nonce);
}

const statuses = ({ outcomes }: ProgramResult): string[] =>
  [...outcomes.values()].map(({ status }) => status);

// What a bulk must never leave: private rooms, notes of them, what steps printed.
function expectTidy(): void {
  const names = readdirSync(host.root, { recursive: true, encoding: "utf8" });
  expect(names.filter((name) => name.includes(".hw."))).toEqual([]);
  const journal = join(host.hw, "journal", `00000001-${options.run}`);
  expect(readdirSync(journal).filter((name) => /^(rooms|out|err)$/.test(name))).toEqual([]);
}

// Tells whether what is at a path was made by somebody else.
function isTheirs(path: string): boolean {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return true;
  return found.isDirectory()
    ? existsSync(join(path, "theirs"))
    : readFileSync(path, "utf8") === "theirs";
}

// A real tool that does something else first, in its call of this number.
function meddling(tool: string, call: number, deed: string): Record<string, string> {
  const count = join(host.folder, `calls-${tool}`);
  const body = `n=$(cat ${count} 2>/dev/null || echo 0); echo $((n + 1)) > ${count}
[ "$n" != ${call} ] || { ${deed}; }
PATH=\${PATH#*:}; exec ${tool} "$@"`;
  return { [tool]: body };
}

// What a journal has of each change.
function journalEntries(journal: string): JournalEntry[] {
  const lines = readFileSync(join(journal, "entries"), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as JournalEntry);
}

describe.each(SHELLS)("under %s", (...shell) => {
  beforeEach(() => {
    host = new ThisHost(shell);
  });
  afterEach(() => host.remove());

  test("directories and files are made in one bulk, each noted, told and as wanted", async () => {
    mkdirSync(at("in"));
    const entries = [
      ...twenty(),
      text("in/it's $HOME", { content: "a 'quote'\n\n%s \\n\n" }),
      text("in/empty", { content: "", mode: "4755" }),
      folder("deep/er", { mode: "0700" }),
    ];
    const result = await run(entries, {
      sha256sum: countCalls("sha256sum"),
      stat: countCalls("stat"),
    });
    expect(new Set(statuses(result))).toEqual(new Set(["done"]));
    expect(result.outcomes.size).toBe(entries.length);
    expect([...result.outcomes.values()][1]!.outputs).toEqual([
      { code: 0, stdout: "", stderr: "" },
    ]);
    expect([
      readFileSync(at("f1"), "utf8"),
      statSync(at("f1")).mode & 0o7777,
      statSync(at("f1")).nlink,
      statSync(at("d0")).mode & 0o7777,
      readFileSync(at("in/it's $HOME"), "utf8"),
      readFileSync(at("in/empty"), "utf8"),
      statSync(at("in/empty")).mode & 0o7777,
      statSync(at("deep")).mode & 0o7777,
      statSync(at("deep/er")).mode & 0o7777,
    ]).toEqual([
      "this is f1's\n",
      0o640,
      1,
      0o750,
      "a 'quote'\n\n%s \\n\n",
      "",
      0o4755,
      0o700,
      0o700,
    ]);
    const journal = join(host.hw, "journal", `00000001-${options.run}`);
    expect(journalEntries(journal)).toHaveLength(entries.length);
    const log = readFileSync(join(journal, "log"), "utf8");
    expect(log.match(/^done \d+ change$/gm)).toHaveLength(entries.length);
    const kept = journalEntries(journal).flatMap(({ number }) =>
      readdirSync(join(journal, number, "kept")),
    );
    expect(kept.every((name) => name.endsWith(".absent"))).toBe(true);
    expect(kept).toHaveLength(12);
    expectTidy();
    // one look before and one after for all; rooms and directories are looked at once each
    expect(calls("sha256sum")).toBeLessThanOrEqual(1);
    expect(calls("stat")).toBeLessThanOrEqual(12);
  });

  const countCalls = (tool: string): string =>
    `echo >> ${join(host.folder, `count-${tool}`)}; PATH=\${PATH#*:}; exec ${tool} "$@"`;
  const calls = (tool: string): number =>
    existsSync(join(host.folder, `count-${tool}`))
      ? readFileSync(join(host.folder, `count-${tool}`), "utf8").length
      : 0;

  test("their undo takes all of them away", async () => {
    const entries = twenty();
    await run(entries);
    const journal = join(host.hw, "journal", `00000001-${options.run}`);
    const undo = journalEntries(journal)
      .toReversed()
      .flatMap(({ number, steps }) =>
        steps.map((step) => sh`U=${join(journal, number)}\n${{ sh: step.undo }}`),
      );
    host.run(host.program(undo));
    expect(readdirSync(host.root)).toEqual([]);
  });

  test.each<[what: string, make: (path: string) => void]>([
    ["a file", (path) => writeFileSync(path, "theirs")],
    ["a directory", (path) => mkdirSync(path)],
    ["a link to nothing", (path) => symlinkSync("/nowhere", path)],
  ])(
    "where %s has come since it was planned, what is before it is done, and it is named",
    async (_what, make) => {
      const entries = twenty();
      make(at("f7"));
      const result = await run(entries);
      expect(statuses(result)).toEqual([...Array<string>(7).fill("done"), "failed"]);
      expect(result.outcomes.get(7)!.message).toMatch(/the host has changed since it was planned/);
      expect(existsSync(at("d8"))).toBe(false);
      expectTidy();
    },
  );

  test.each([
    ["ln", "f7"],
    ["mkdir", "d8"],
  ])(
    "somebody who is there in the very moment of %s is not replaced, and is named",
    async (tool, name) => {
      const deed = `printf theirs > ${at(name)}`;
      const body = `case "$*" in *"/${name}") ${deed} ;; esac; PATH=\${PATH#*:}; exec ${tool} "$@"`;
      const result = await run(twenty(), { [tool]: body });
      const index = Number(name.slice(1));
      expect(statuses(result)).toEqual([...Array<string>(index).fill("done"), "failed"]);
      expect(result.outcomes.get(index)!.outputs[0]!.stderr).toMatch(/exists by now|File exists/);
      expect(readFileSync(at(name), "utf8")).toBe("theirs");
      expectTidy();
    },
  );

  test("what somebody else made just so is left alone, and the rest is made", async () => {
    const entries = twenty();
    mkdirSync(at("d4"), { mode: 0o750 });
    chmodSync(at("d4"), 0o750);
    const result = await run(entries);
    expect(statuses(result)).toEqual(entries.map((_entry, i) => (i === 4 ? "already" : "done")));
  });

  test("where links cannot be made, a rename that replaces nothing takes their place", async () => {
    const entries = twenty();
    expect(new Set(statuses(await run(entries, { ln: "exit 1" })))).toEqual(new Set(["done"]));
    expectTidy();
  });

  test("what cannot be made ready is made one by one, so that the one at fault is named", async () => {
    const entries = [...twenty(), text("odd", { owner: "no-such-user-here" }), folder("never")];
    const result = await run(entries);
    expect(statuses(result)).toEqual([...Array<string>(20).fill("done"), "failed"]);
    expect(result.outcomes.get(20)!.outputs[0]!.stderr).toMatch(/no-such-user-here/);
    expect(existsSync(at("never"))).toBe(false);
    expectTidy();
  });

  test("a run that is told to stop in the middle tells what is done, and begins nothing more", async () => {
    const entries = twenty();
    const stop = `: > ${host.hw}/stop-${options.run}`;
    const result = await run(entries, meddling("mkdir", 6, stop));
    expect(result.wasStopped).toBe(true);
    expect(new Set(statuses(result))).toEqual(new Set(["done"]));
    expect(readdirSync(host.root)).toHaveLength(result.outcomes.size);
    expect(result.outcomes.size).toBeLessThan(entries.length);
    expectTidy();
  });

  test("a journal that cannot be written stops it before anything is done", async () => {
    const entries = twenty();
    const journal = join(host.hw, "journal", `00000001-${options.run}`);
    mkdirSync(join(journal, "entries"), { recursive: true });
    const result = await run(entries);
    expect(statuses(result)).toEqual(["failed"]);
    expect(result.outcomes.get(0)!.message).toMatch(/cannot be (noted|recorded)/);
    expect(readdirSync(host.root)).toEqual([]);
  });

  const ROUNDS = Number(process.env["RACE_ROUNDS"] ?? 8);
  test(
    `somebody else changes the host in the middle: nothing of his is replaced, and what is told is true (${ROUNDS} rounds)`,
    async () => {
      for (let seed = 1; seed <= ROUNDS; seed++) {
        host.remove();
        host = new ThisHost(shell);
        const below = numbersOf(seed);
        const entries = twenty();
        const victim = below(entries.length);
        const path = at(`${victim % 2 ? "f" : "d"}${victim}`);
        const deeds = [
          `printf theirs > ${path}`,
          `mkdir ${path} && printf theirs > ${path}/theirs`,
          `ln -s /nowhere ${path}`,
          `rm -rf ${path}`,
          `rm -rf ${path} && printf theirs > ${path}`,
          `chmod 0604 ${path}`,
        ];
        const deed = deeds[below(deeds.length)]!;
        const tool = ["mkdir", "ln", "sha256sum", "stat", "chmod", "sync"][below(6)]!;
        const call = below(12);
        // the deed itself is done by the system's own tools, and what was there by then is noted
        const note = join(host.folder, "was");
        const body = `(PATH=\${PATH#*:}; w=there; ls -d ${path} >&2 || w=nothing; ${deed} && echo $w > ${note}) 2>/dev/null`;
        const result = await run(entries, meddling(tool, call, body));
        const what = `seed ${seed}: ${tool} ${call}, ${deed}`;
        const was = existsSync(note) ? readFileSync(note, "utf8").trim() : undefined;
        const theirs = lstatSync(path, { throwIfNoEntry: false });
        // where he came first, he stays, and it is told
        if (was === "nothing" && !/^(rm -rf \S+|chmod.*)$/.test(deed))
          expect([what, isTheirs(path), result.outcomes.get(victim)?.status]).toEqual([
            what,
            true,
            "failed",
          ]);
        if (was === "there" && deed.includes("printf theirs"))
          expect([what, theirs !== undefined && isTheirs(path)]).toEqual([what, true]);
        for (const [index, { status }] of result.outcomes) {
          if (index === victim) continue;
          expect([what, index, status]).toEqual([what, index, "done"]);
          expect([what, existsSync(at(`${index % 2 ? "f" : "d"}${index}`))]).toEqual([what, true]);
        }
        // whoever finds something else than what is wanted is told, and no entry is both made and not told
        for (const [index] of entries.entries())
          if (index !== victim && !result.outcomes.has(index))
            expect([what, index, existsSync(at(`${index % 2 ? "f" : "d"}${index}`))]).toEqual([
              what,
              index,
              false,
            ]);
        expectTidy();
      }
    },
    ROUNDS * 10_000,
  );
});

describe("what makes a bulk", () => {
  beforeEach(() => {
    host = new ThisHost();
  });
  afterEach(() => host.remove());

  // How many entries stand in each run.
  const cut = async (entries: Entry[]): Promise<number[]> =>
    inBulks(entries, await inlineOf(entries)).map((one) => one.entries.length);

  test("at most so many that one look is not long", async () => {
    const entries = Array.from({ length: 130 }, (_, i) => folder(`d${i}`));
    expect(await cut(entries)).toEqual([64, 64, 2]);
  });

  test.each<[what: string, entries: () => Entry[], runs: number[]]>([
    ["making things where nothing is", () => [folder("a"), text("b"), folder("c")], [3]],
    ["one path twice", () => [folder("a"), folder("a")], [1, 1]],
    ["directories that both make the one above", () => [folder("a/b"), folder("a/c")], [1, 1]],
    [
      "what has a command of the user's in it",
      () => [folder("a"), text("b", { validate: "true %s" }), folder("c")],
      [1, 1, 1],
    ],
    ["what answers a handler", () => [folder("a"), { ...folder("b"), crossesOff: ["n"] }], [1, 1]],
    [
      "a path that the tools would write otherwise",
      () => [folder("a"), folder("b\\c"), folder("d")],
      [1, 1, 1],
    ],
    [
      "what is changed in place",
      () => {
        mkdirSync(at("there"), { mode: 0o700 });
        return [folder("a"), folder("there"), folder("b")];
      },
      [1, 1, 1],
    ],
  ])("%s", async (_what, entries, runs) => expect(await cut(entries())).toEqual(runs));

  test("a file is made after the directory that holds it", async () => {
    mkdirSync(at("d"));
    const inside = text("d/f");
    rmSync(at("d"), { recursive: true });
    expect(await cut([folder("d"), inside])).toEqual([1, 1]);
  });
});
