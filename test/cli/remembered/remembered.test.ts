import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prepare } from "../../../src/cli/prepare/prepare.ts";
import { sessionThrough } from "../../../src/run/session-through.ts";
import { openLocal } from "../../../src/transport/local.ts";
import { call } from "../call.ts";

vi.mock("../../../src/cli/prepare/prepare.ts", { spy: true });
vi.mock("../../../src/transport/local.ts", { spy: true });

const local = await vi.importActual<{ openLocal: typeof openLocal }>(
  "../../../src/transport/local.ts",
);
let folder: string;
/** What hosts were sent. */
const programs: string[] = [];
const at = (...names: string[]): string => join(folder, ...names);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-"));
  vi.stubEnv("XDG_CACHE_HOME", at("cache"));
  // what was written in the last two seconds is not trusted: the clock of the tests is ahead
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
  mkdirSync(at("files"));
  mkdirSync(at("templates"));
  mkdirSync(at("host"));
  writeFileSync(at("hosts.ini"), "one ansible_connection=local\n");
  writeFileSync(at("files", "a"), "aaa\n");
  writeFileSync(at("templates", "t.j2"), "ttt\n");
  writeFileSync(at("vars.yml"), "extra: 1\n");
  for (const [name, text] of [
    ["a", "aaa\n"],
    ["t", "ttt\n"],
    ["v", "v1"],
  ] as const)
    writeFileSync(at("host", name), text);
  play();
  programs.length = 0;
  vi.mocked(openLocal).mockImplementation((connection) => {
    const session = local.openLocal(connection);
    return sessionThrough(session, async (program, options) => {
      programs.push(program);
      return session.run(program, options);
    });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

// A play that finds everything as it should be, with more tasks behind.
function play(more = "", facts = false): void {
  writeFileSync(
    at("play.yml"),
    `- hosts: all
  gather_facts: ${String(facts)}
  tasks:
    - copy: { src: a, dest: ${at("host", "a")} }
    - template: { src: t.j2, dest: ${at("host", "t")} }
    - copy: { content: "v{{ extra }}", dest: ${at("host", "v")} }
${more}`,
  );
}

// Plans once, and tells whether that took more than asking the hosts.
async function plan(...words: string[]): Promise<{ code: number; said: string; planned: boolean }> {
  vi.mocked(prepare).mockClear();
  const found = await call(
    ...["plan", at("play.yml"), "-i", at("hosts.ini"), "-e", `@${at("vars.yml")}`, ...words],
  );
  return { ...found, planned: vi.mocked(prepare).mock.calls.length > 0 };
}

test("a run that found nothing to do is only asked about again, and says the same", async () => {
  const first = await plan();
  expect(first).toMatchObject({ code: 0, planned: true });
  expect(await plan()).toEqual({ ...first, planned: false });
});

test("what was recalled counts as used just now", async () => {
  await plan();
  const [record] = readdirSync(at("cache", "hullwright", "runs"));
  const file = at("cache", "hullwright", "runs", record!);
  utimesSync(file, 1, 1);
  expect(await plan()).toMatchObject({ planned: false });
  expect(statSync(file).mtimeMs).toBeGreaterThan(1000);
});

test("facts may be used, as long as they stay", async () => {
  play("    - assert: { that: ansible_memtotal_mb > 0 and ansible_env.PATH != '' }\n", true);
  await plan();
  await plan(); // the first run asked for facts before anything else
  expect(await plan()).toMatchObject({ code: 0, planned: false });
});

/** What changes -> how, and whether there is something to do then. */
const CHANGES: readonly [what: string, change: () => void, code: number][] = [
  ["the playbook", () => play("    - debug: { msg: new }\n"), 0],
  ["the inventory", () => writeFileSync(at("hosts.ini"), "two ansible_connection=local\n"), 0],
  ["a file to copy", () => writeFileSync(at("files", "a"), "bbb\n"), 2],
  ["a template", () => writeFileSync(at("templates", "t.j2"), "uuu\n"), 2],
  ["a file of variables", () => writeFileSync(at("vars.yml"), "extra: 2\n"), 2],
  ["a file on the host", () => writeFileSync(at("host", "a"), "ccc\n"), 2],
  ["what is not on the host any more", () => rmSync(at("host", "t")), 2],
  [
    "variables of the group, which were not there",
    () => {
      mkdirSync(at("group_vars"));
      writeFileSync(at("group_vars", "all.yml"), "ansible_check_mode: true\n");
    },
    0,
  ],
  ["a file that is found first", () => writeFileSync(at("a"), "first\n"), 0],
  [
    "where a link leads",
    () => {
      writeFileSync(at("files", "b"), "bbb\n");
      rmSync(at("files", "a"));
      symlinkSync("b", at("files", "a"));
    },
    2,
  ],
  ["a variable of the environment", () => vi.stubEnv("HULLWRIGHT_TEST", "x"), 0],
  [
    "the directory of the templates, by another of that name",
    () => {
      renameSync(at("templates"), at("old"));
      mkdirSync(at("templates"));
      writeFileSync(at("templates", "t.j2"), "vvv\n");
    },
    2,
  ],
];

test.each(CHANGES)("planned anew where it changes: %s", async (what, change, code) => {
  await plan();
  expect((await plan()).planned).toBe(false);
  change();
  const after = await plan();
  expect(after.code).toBe(code);
  // nobody looks for it where something is found before
  expect(after.planned).toBe(what !== "a file that is found first");
});

/** What of the host's changes, once only a validator is asked for -> whether there is something to do then. */
const CHANGES_THERE: readonly [what: string, change: () => void, code: number][] = [
  ["the text of a file, its length and times kept", () => rewrite(at("host", "a"), "ccc\n"), 2],
  ["the mode of a file", () => chmodSync(at("host", "a"), 0o600), 0],
  ["a file that is not there any more", () => rmSync(at("host", "t")), 2],
  [
    "a file by a link to the same text",
    () => {
      renameSync(at("host", "v"), at("host", "w"));
      symlinkSync("w", at("host", "v"));
    },
    2,
  ],
  [
    "the directory, by another with the same files",
    () => {
      renameSync(at("host"), at("old"));
      cpSync(at("old"), at("host"), { recursive: true });
    },
    0,
  ],
];

test.each(CHANGES_THERE)("seen by a validator: %s", async (_what, change, code) => {
  settleClock();
  for (let run = 0; run < 3; run++) await plan();
  expect((await plan()).planned).toBe(false);
  expect(programs.at(-1)).not.toContain('"$hw_nonce" path');
  change();
  expect(await plan()).toMatchObject({ code });
  expect(programs.at(-1)).toContain('"$hw_nonce" path');
});

test("a validator that changes by itself is not relied on until it came to the same again", async () => {
  settleClock();
  const asks = async (): Promise<string[]> => {
    programs.length = 0;
    expect((await plan()).planned).toBe(false);
    return programs.map((one) => (one.includes('"$hw_nonce" path') ? "all" : "validator"));
  };
  await plan();
  expect(await asks()).toEqual(["all"]);
  expect(await asks()).toEqual(["validator"]);
  rewrite(at("host", "a"), "aaa\n");
  expect(await asks()).toEqual(["validator", "all"]);
  expect(await asks()).toEqual(["all"]);
  expect(await asks()).toEqual(["validator"]);
});

test("what was written on the host a moment ago is asked for in full", async () => {
  for (let run = 0; run < 3; run++) await plan();
  expect((await plan()).planned).toBe(false);
  expect(programs.at(-1)).toContain('"$hw_nonce" path');
});

// The host's clock is far ahead, so that its files were left alone for a while.
function settleClock(): void {
  mkdirSync(at("bin"));
  writeFileSync(at("bin", "date"), "#!/bin/sh\necho now 9999999999\n", { mode: 0o755 });
  vi.stubEnv("PATH", `${at("bin")}:${process.env["PATH"]!}`);
}

// Writes a file anew and gives it the times that it had.
function rewrite(path: string, text: string): void {
  const { atime, mtime } = statSync(path);
  writeFileSync(path, text);
  utimesSync(path, atime, mtime);
}

test("what a host has answered by then is not asked for again", async () => {
  await plan();
  writeFileSync(at("host", "a"), "ccc\n");
  vi.mocked(openLocal).mockClear();
  expect(await plan()).toMatchObject({ code: 2, planned: true });
  expect(openLocal).toHaveBeenCalledTimes(1);
});

/** Tasks whose result another run may not share. */
const PASSING: readonly [what: string, task: string][] = [
  ["the time here", "debug: { msg: '{{ now().year }}' }"],
  ["chance", "debug: { msg: '{{ [1, 2] | random }}' }"],
  ["what a command prints here", "debug: { msg: \"{{ lookup('pipe', 'echo x') }}\" }"],
  ["the time there", "assert: { that: ansible_date_time.year | int > 2000 }"],
  ["free memory", "assert: { that: ansible_memfree_mb > 0 }"],
  ["free space", "debug: { msg: '{{ ansible_mounts }}' }"],
  ["all facts", "debug: { msg: '{{ ansible_facts | to_json | length }}' }"],
  ["what nobody may see", `stat: { path: /srv }\n      no_log: true`],
  ["a pause", "pause: { seconds: 0 }"],
  ["a password", "debug: { msg: \"{{ 'x' | password_hash('sha512') }}\" }"],
];

test.each(PASSING)("never remembered: %s", async (_what, task) => {
  play(`    - ${task}\n`, true);
  await plan();
  const second = await plan();
  expect(second).toMatchObject({ code: 0, planned: true });
  expect(await plan()).toMatchObject({ code: 0, planned: true });
  expect(existsSync(at("cache", "hullwright", "runs"))).toBe(false);
});

const LOOK = "    - { command: 'true', register: r, check_mode: false, changed_when: false }\n";

test.each([
  ["nothing of it", "debug: { msg: '{{ r.rc }}' }", false],
  ["when it ran", "debug: { msg: '{{ r.start }}' }", true],
  ["whether it ran long", "assert: { that: r.delta < '1' }", true],
  ["all of it", "debug: { var: r }", true],
])("of a command that only looks is used: %s", async (_what, task, planned) => {
  play(`${LOOK}    - ${task}\n`);
  await plan();
  expect(await plan()).toMatchObject({ planned });
});

test.each([[["-v"]], [["--json"]], [["--list-hosts"]]])(
  "never remembered with %s",
  async (words) => {
    await plan(...words);
    expect((await plan(...words)).planned).toBe(true);
  },
);

test("what was written a moment ago is read again", async () => {
  vi.useRealTimers();
  await plan();
  expect((await plan()).planned).toBe(true);
});

test("a record that others may have written is not used", async () => {
  await plan();
  const runs = at("cache", "hullwright", "runs");
  const [name] = readdirSync(runs);
  const record = join(runs, name!);
  writeFileSync(record, "{");
  expect((await plan()).planned).toBe(true);
});

test("only so many runs are remembered", async () => {
  for (let number = 0; number < 33; number++) await plan("-e", `n=${number}`);
  expect(readdirSync(at("cache", "hullwright", "runs"))).toHaveLength(30);
});
