import { entryOf } from "../../plan/entry-of.ts";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  changeProgram,
  readProgram,
  stopProgram,
  type ProgramOptions,
} from "../../../src/run/program/build.ts";
import type { Entry } from "../../../src/plan/model/entry.ts";
import { KEEP_JOURNALS } from "../../../src/run/program/lock.ts";
import type { JournalEntry } from "../../../src/modules/journal/entry.ts";
import { statPath, type PathState } from "../../../src/probes/files/path.ts";
import { sh } from "../../../src/script/sh.ts";
import { options, SHELLS } from "./options.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "hullwright-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

// An entry that makes a file with a text, planned on `before`.
function writes(
  name: string,
  text: string,
  before: PathState,
  after: PathState,
  more: Partial<Entry> = {},
): Entry {
  const path = join(home, name);
  const probe = statPath(path, { digest: true });
  return entryOf(`write ${name}`, {
    id: name,
    change: {
      after: { file: after },
      steps: [
        { run: sh`printf %s ${text} > ${path}; echo out; echo err >&2`, undo: sh`rm ${path}` },
      ],
      files: [],
      diff: [],
    },
    probes: [[probe, before, after]],
    ...more,
  });
}

// Runs a program as a host does.
function run(
  entries: Entry[],
  shell: readonly string[] = ["dash"],
  more: Partial<ProgramOptions> = {},
) {
  const { stdout, stderr, status } = spawnSync(shell[0]!, [...shell.slice(1), "-s"], {
    input: changeProgram(entries, new Map(), { ...options, ...more }).sh,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    env: { PATH: process.env["PATH"], HOME: home },
  });
  return { ...readProgram(stdout, stderr, entries, options.nonce), status, stdout, stderr };
}

const anyFile: PathState = { type: "file", sha256: null };

test.each(SHELLS)(
  "a change is done between two looks, its outputs are told apart, its undo is kept (%s)",
  (...shell) => {
    const { outcomes, status } = run(
      [writes("a", "1", null, anyFile), writes("b", "2", null, anyFile)],
      shell,
    );
    expect(status).toBe(0);
    expect([...outcomes.values()]).toEqual(
      [0, 1].map((number) => ({
        number,
        status: "done",
        outputs: [{ code: 0, stdout: "out\n", stderr: "err\n" }],
      })),
    );
    expect(readFileSync(join(home, "b"), "utf8")).toBe("2");
    const journal = join(home, ".local/state/hullwright/journal", `00000001-${options.run}`);
    expect(readFileSync(join(journal, "log"), "utf8")).toBe(
      "begun 0\ndone 0 change\nbegun 1\ndone 1 change\n",
    );
    const records = readFileSync(join(journal, "entries"), "utf8").trim().split("\n");
    expect(records.map((line) => (JSON.parse(line) as JournalEntry).steps[0]!.undo)).toEqual([
      `rm ${home}/a`,
      `rm ${home}/b`,
    ]);
  },
);

test("what is already as wanted is left alone", () => {
  writeFileSync(join(home, "a"), "");
  const digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const { outcomes } = run([writes("a", "never", null, { type: "file", sha256: digest })]);
  expect(outcomes.get(0)).toMatchObject({ status: "already", outputs: [] });
  expect(readFileSync(join(home, "a"), "utf8")).toBe("");
});

test("a host that moved is refused before the steps, and nothing after it is done", () => {
  mkdirSync(join(home, "a"));
  const { outcomes } = run([
    writes("a", "never", null, anyFile),
    writes("b", "never", null, anyFile),
  ]);
  expect(outcomes.get(0)).toMatchObject({
    status: "failed",
    message: expect.stringMatching(
      /has changed since it was planned: .*\/a is a directory \(\d{4} \S+:\S+\) now, and was not there$/,
    ) as string,
  });
  expect(outcomes.has(1)).toBe(false);
  expect(existsSync(join(home, "b"))).toBe(false);
});

test("where the new content is not known yet, no other content passes for it", () => {
  writeFileSync(join(home, "a"), "somebody else's");
  const { outcomes } = run([writes("a", "never", null, anyFile)]);
  expect(outcomes.get(0)).toMatchObject({
    status: "failed",
    message: expect.stringMatching(/has changed/) as string,
  });
  expect(readFileSync(join(home, "a"), "utf8")).toBe("somebody else's");
});

test("a change that the host does not show is not believed", () => {
  const { outcomes } = run([writes("a", "text", null, { type: "file", sha256: "0".repeat(64) })]);
  expect(outcomes.get(0)).toMatchObject({
    status: "failed",
    message: expect.stringMatching(/is not in the expected state afterwards/) as string,
  });
});

test("a failed step ends the program, and a notification made before it stays on the host", () => {
  const failing = writes("a", "1", null, anyFile, { notifies: ["abc"] });
  failing.change!.steps = [{ run: sh`echo no >&2; exit 3` }];
  const { outcomes, status } = run([failing, writes("b", "2", null, anyFile)]);
  expect(status).not.toBe(0);
  expect(outcomes.get(0)).toEqual({
    number: 0,
    status: "failed",
    outputs: [{ code: 3, stdout: "", stderr: "no\n" }],
  });
  expect(existsSync(join(home, ".local/state/hullwright/pending/abc"))).toBe(true);
  run([writes("b", "2", null, anyFile, { crossesOff: ["abc"] })]);
  expect(existsSync(join(home, ".local/state/hullwright/pending/abc"))).toBe(false);
});

test("a host that another run holds is left alone, and says who holds it", () => {
  const folder = join(home, ".local/state/hullwright");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "owner"), "other-run web1\n123\nsomebody since noon\n");
  const program = changeProgram([writes("a", "never", null, anyFile)], new Map(), options).sh;
  const { stdout, stderr } = spawnSync("flock", [join(folder, "lock"), "dash", "-s"], {
    input: program,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: home },
  });
  expect(readProgram(stdout, stderr, [], options.nonce)).toEqual({
    outcomes: new Map(),
    locking: { cleared: [], lockedBy: "somebody since noon" },
  });
  expect(existsSync(join(home, "a"))).toBe(false);
});

// The names of the runs whose journals are there, in their order.
function journals(): string[] {
  const names = readdirSync(join(home, ".local/state/hullwright/journal"));
  return names.sort().map((name) => name.slice("00000001-".length));
}

test.each(SHELLS)(
  "journals are numbered by the host whatever its clock says; runs that change nothing push none out (%s)",
  (...shell) => {
    const done = (name: string): void =>
      expect(
        run([writes(name, "1", null, anyFile)], shell, { run: name }).outcomes.get(0),
      ).toMatchObject({ status: "done" });
    done("2037");
    done("1980");
    writeFileSync(join(home, "same"), "");
    const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for (let i = 0; i < 12; i++)
      run([writes("same", "1", null, { type: "file", sha256: empty })], shell, { run: `idle${i}` });
    done("2000");
    expect(journals()).toEqual(["2037", "1980", "2000"]);
    const journal = join(home, ".local/state/hullwright/journal");
    expect(readdirSync(journal).sort().at(-1)).toMatch(/^000000\d\d-2000$/);
  },
);

test("journals stay for some days and take so much room at most, the oldest go first, and what is gone is told", () => {
  const old = new Date(Date.now() - 100 * 24 * 3600 * 1000);
  const journal = join(home, ".local/state/hullwright/journal");
  for (let i = 1; i <= 6; i++) {
    run([writes(`a${i}`, "1", null, anyFile)], ["dash"], {
      run: `r${i}`,
      journal: { head: `{"n":${i}}`, keep: KEEP_JOURNALS },
    });
    for (const name of readdirSync(journal)) if (i <= 5) utimesSync(join(journal, name), old, old);
  }
  expect(journals()).toEqual(["r3", "r4", "r5", "r6"]);
  writeFileSync(join(journal, readdirSync(journal).sort()[1]!, "kept"), Buffer.alloc(3 << 20, 1));
  run([writes("b", "1", null, anyFile)], ["dash"], {
    run: "r7",
    journal: { head: "{}", keep: { days: 1000, megabytes: 2 } },
  });
  expect(journals()).toEqual(["r5", "r6", "r7"]);
  expect(readFileSync(join(home, ".local/state/hullwright/gone"), "utf8")).toBe(
    '{"n":1}\n{"n":2}\n{"n":3}\n{"n":4}\n',
  );
});

test.each(SHELLS)(
  "what prints is never cut off when nobody listens any more: it prints to a file (%s)",
  async (...shell) => {
    const entry = writes("a", "1", null, anyFile);
    entry.change!.steps = [
      {
        run: sh`i=0; while [ $i -lt 20 ]; do i=$((i + 1)); echo line $i; echo line $i >&2; sleep 0.05; done; printf 1 > ${join(home, "a")}`,
      },
    ];
    const child = spawn(shell[0]!, [...shell.slice(1), "-s"], {
      env: { PATH: process.env["PATH"], HOME: home },
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(changeProgram([entry], new Map(), options).sh);
    for (let said = ""; !said.includes("step 0");)
      said += String((await once(child.stderr, "data"))[0]);
    child.stdout.destroy();
    child.stderr.destroy();
    await once(child, "exit");
    expect(readFileSync(join(home, "a"), "utf8")).toBe("1");
  },
);

test.each(SHELLS)("more than is taken of an output is cut off, and says so (%s)", (...shell) => {
  const entry = writes("a", "1", null, anyFile);
  entry.change!.steps = [
    { run: sh`head -c 20000000 /dev/zero | tr '\\0' x; printf 1 > ${join(home, "a")}` },
  ];
  const { outcomes } = run([entry], shell);
  const { stdout } = outcomes.get(0)!.outputs[0]!;
  expect([outcomes.get(0)!.status, stdout.length < 17_000_000, stdout.slice(-40)]).toEqual([
    "done",
    true,
    expect.stringMatching(/\n\[cut off: more than 16 MB\]\n$/),
  ]);
});

test("a journal that cannot be written says so, and nothing is changed", () => {
  const journal = join(home, ".local/state/hullwright/journal", `00000001-${options.run}`);
  mkdirSync(join(journal, "entries"), { recursive: true });
  const { outcomes } = run([writes("a", "never", null, anyFile)]);
  expect(outcomes.get(0)).toMatchObject({
    status: "failed",
    message: expect.stringMatching(/cannot be recorded/) as string,
    hint: expect.stringMatching(/space/) as string,
  });
  expect(existsSync(join(home, "a"))).toBe(false);
});

test("a journal that somebody removes while it is written says so, and nothing more is changed", () => {
  const steps = [{ run: sh`rm -rf "$HW_STATE_DIR"; exit 1` }];
  const change = { after: { file: anyFile }, steps, files: [], diff: [] };
  const { outcomes } = run([writes("a", "1", null, anyFile, { change })]);
  expect(outcomes.get(0)).toMatchObject({
    status: "failed",
    message: "Hullwright's directory on the host was removed while it worked there",
  });
});

test.each(SHELLS)(
  "a private directory that could not be removed is still known, and the next run removes it (%s)",
  (...shell) => {
    const steps = [{ run: sh`hw_enter ${join(home, "a")} && : > ./f; exit 1` }];
    const change = { after: { file: anyFile }, steps, files: [], diff: [] };
    run([writes("a", "1", null, anyFile, { change })], shell);
    const directories = (): string[] => readdirSync(home).filter((name) => name.startsWith(".hw."));
    expect(directories()).toHaveLength(1);
    const { locking } = run([writes("b", "1", null, anyFile)], shell, { run: "another" });
    expect([locking.cleared.length, directories()]).toEqual([1, []]);
  },
);

test.each(SHELLS)(
  "what a dead run left behind is removed, and said; nothing else is (%s)",
  (...shell) => {
    const dead = "00000001-20260101T000000Z-dead";
    const journal = join(home, ".local/state/hullwright/journal", dead);
    mkdirSync(journal, { recursive: true });
    writeFileSync(join(journal, "private-dirs"), `${home}\n/nowhere\n`);
    writeFileSync(join(journal, "out"), "secret");
    const directory = join(home, `.hw.${dead}.abcdef`);
    mkdirSync(join(directory, "tree/deep"), { recursive: true, mode: 0o700 });
    for (const name of ["f", "f.rc", "f12", "said"]) writeFileSync(join(directory, name), "half");
    chmodSync(directory, 0o700);
    mkdirSync(join(home, "data"), { mode: 0o700 });
    symlinkSync(join(home, "data"), join(home, `.hw.${dead}.linked`));
    mkdirSync(join(home, `.hw.${dead}.others`), { mode: 0o755 });
    chmodSync(join(home, `.hw.${dead}.others`), 0o755);
    const { locking, outcomes } = run([writes("a", "1", null, anyFile)], shell);
    expect([locking, outcomes.get(0)!.status]).toEqual([{ cleared: [directory] }, "done"]);
    expect(
      readdirSync(home)
        .filter((name) => name.startsWith(".hw.") || name === "data")
        .sort(),
    ).toEqual([`.hw.${dead}.linked`, `.hw.${dead}.others`, "data"]);
    expect(existsSync(journal)).toBe(false);
  },
);

test.each(SHELLS)("what cannot be removed yet is for the next run (%s)", (...shell) => {
  const dead = "00000001-20260101T000000Z-dead";
  const journal = join(home, ".local/state/hullwright/journal", dead);
  const directory = join(home, `.hw.${dead}.abcdef`);
  mkdirSync(journal, { recursive: true });
  writeFileSync(join(journal, "private-dirs"), `${home}\n`);
  mkdirSync(directory, { mode: 0o700 });
  writeFileSync(join(directory, "in-the-way"), "");
  expect(run([writes("a", "1", null, anyFile)], shell).locking.cleared).toEqual([]);
  rmSync(join(directory, "in-the-way"));
  const { locking } = run([writes("b", "1", null, anyFile)], shell, { run: "another" });
  expect([locking.cleared, existsSync(journal)]).toEqual([[directory], false]);
});

test.each(SHELLS)(
  "the run that holds the lock keeps it over all its programs, and another waits for it (%s)",
  (...shell) => {
    const [own, other] = [
      { ...options, timeout: 20 },
      { ...options, run: "other", nonce: "other", owner: "another since noon", host: "web1" },
    ];
    const one = (name: string, who: ProgramOptions): string =>
      changeProgram([writes(name, "1", null, anyFile)], new Map(), who).sh;
    writeFileSync(join(home, "theirs"), `${one("b", other)}\n`);
    writeFileSync(
      join(home, "patient"),
      `${one("c", { ...own, run: "patient", nonce: "patient", anew: false })}\n`,
    );
    const words = shell.map((word) => `'${word}'`).join(" ");
    const script = `${one("a", own)}\n${words} "$HOME/theirs" 9>&-\n${words} "$HOME/patient" 9>&- & sleep 2; exec 9>&-; wait\n`;
    const { stdout, stderr } = spawnSync(shell[0]!, [...shell.slice(1), "-s"], {
      input: script,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: home },
    });
    expect(
      readProgram(stdout, stderr, [writes("a", "1", null, anyFile)], options.nonce).outcomes.get(0)
        ?.status,
    ).toBe("done");
    expect(readProgram(stdout, stderr, [], "other").locking).toEqual({
      cleared: [],
      lockedBy: "a test",
    });
    expect(readProgram(stdout, stderr, [], "patient").locking).toEqual({
      cleared: [],
      waited: true,
    });
    expect(stdout).toContain("\n@patient waits a test\n");
    expect(["a", "b", "c"].map((name) => existsSync(join(home, name)))).toEqual([
      true,
      false,
      true,
    ]);
  },
);

test("another name of the same machine shares the lock of this very run, once it knows that it does", () => {
  const one = (name: string, more: Partial<ProgramOptions>): string =>
    changeProgram([writes(name, "1", null, anyFile)], new Map(), { ...options, ...more }).sh;
  writeFileSync(join(home, "second"), `${one("b", { host: "web 2", nonce: "second" })}\n`);
  writeFileSync(
    join(home, "third"),
    `${one("c", { host: "web 2", nonce: "third", shared: true, from: 1 })}\n`,
  );
  const script = `${one("a", { host: "web/1" })}\ndash "$HOME/second" 9>&-\ndash "$HOME/third" 9>&-\n`;
  const { stdout, stderr } = spawnSync("dash", ["-s"], {
    input: script,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: home },
  });
  expect(readProgram(stdout, stderr, [], "second").locking).toEqual({
    cleared: [],
    sharedWith: "web/1",
  });
  expect(
    readProgram(stdout, stderr, [writes("c", "1", null, anyFile)], "third").outcomes.get(0)?.status,
  ).toBe("done");
  expect(["a", "b", "c"].map((name) => existsSync(join(home, name)))).toEqual([true, false, true]);
  expect(readdirSync(join(home, ".local/state/hullwright/journal"))).toHaveLength(1);
});

test("a host without flock says so by name", () => {
  mkdirSync(join(home, "bin"));
  for (const name of ["dash", "mkdir", "stat", "rm", "cat"])
    symlinkSync(
      spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim(),
      join(home, "bin", name),
    );
  const { stdout, stderr } = spawnSync("/bin/sh", ["-s"], {
    input: changeProgram([writes("a", "never", null, anyFile)], new Map(), options).sh,
    encoding: "utf8",
    env: { PATH: join(home, "bin"), HOME: home },
  });
  expect(readProgram(stdout, stderr, [], options.nonce).locking.failure).toEqual({
    message: expect.stringMatching(/no flock on the host/),
    hint: expect.stringMatching(/util-linux/),
  });
});

test("once it is told to stop, the change that runs is done, and no further one is begun", () => {
  const first = writes("a", "1", null, anyFile);
  first.change!.steps.push({ run: stopProgram(options.run, false) });
  const { outcomes, status, wasStopped } = run([first, writes("b", "2", null, anyFile)]);
  expect([...outcomes].map(([index, { status: done }]) => [index, done])).toEqual([[0, "done"]]);
  expect({ status, wasStopped }).toEqual({ status: 92, wasStopped: true });
  expect(existsSync(join(home, "b"))).toBe(false);
  expect(run([first]).outcomes.size).toBe(0);
});

test("another run does not hear of it", () => {
  spawnSync("dash", ["-s"], {
    input: stopProgram("another-run", false).sh,
    env: { PATH: process.env["PATH"], HOME: home },
  });
  expect(run([writes("a", "1", null, anyFile)]).outcomes.get(0)?.status).toBe("done");
});

// Entries of commands that nothing is looked at for.
function commands(...scripts: string[]): Entry[] {
  return scripts.map((script, i) =>
    writes(`command ${i}`, "", null, null, {
      probes: [],
      change: {
        after: {},
        opaque: true,
        standsAlone: true,
        steps: [{ run: { sh: script } }],
        files: [],
        diff: [],
      },
    }),
  );
}

const MARKS = /@n0nce (\S+ \d+)(?: \d+)?\n/g;
const marksIn = (text: string): string[] => [...text.matchAll(MARKS)].map(([, mark]) => mark!);

test.each(SHELLS)(
  "commands in a row are told apart, and stderr has marks only where it has text (%s)",
  (...shell) => {
    const { outcomes, stderr, status } = run(
      commands(":", "echo out", "echo err >&2", "printf 'no end' >&2; echo both", ":"),
      shell,
    );
    expect(status).toBe(0);
    expect([...outcomes.values()].map(({ status, outputs }) => [status, outputs[0]])).toEqual([
      ["done", { code: 0, stdout: "", stderr: "" }],
      ["done", { code: 0, stdout: "out\n", stderr: "" }],
      ["done", { code: 0, stdout: "", stderr: "err\n" }],
      ["done", { code: 0, stdout: "both\n", stderr: "no end" }],
      ["done", { code: 0, stdout: "", stderr: "" }],
    ]);
    expect(marksIn(stderr)).toEqual(["step 2", "told 2", "step 3", "told 3"]);
  },
);

test.each([
  ["fails", "exit 3", "failed", { status: 92 }],
  ["is told to stop", stopProgram(options.run, false).sh, "done", { status: 92, wasStopped: true }],
])("what came before a command that %s is done, and nothing after it", (_, script, is, ended) => {
  const { outcomes, status, wasStopped } = run(commands(":", script, ":"));
  expect([...outcomes].map(([index, { status: done }]) => [index, done])).toEqual([
    [0, "done"],
    [1, is],
  ]);
  expect({ status, wasStopped }).toEqual({ wasStopped: undefined, ...ended });
});

test("of a long stderr whose begin is gone, each command still has its own part", () => {
  const entries = commands("echo one >&2", "echo two >&2", ":", "echo four >&2; exit 1");
  const { stdout, stderr } = run(entries);
  const end = stderr.slice(stderr.indexOf("one\n") + 1);
  const { outcomes } = readProgram(stdout, end, entries, options.nonce);
  expect([...outcomes.values()].map(({ outputs }) => outputs[0]!.stderr)).toEqual([
    "",
    "two\n",
    "",
    "four\n",
  ]);
});
