import { shownLines } from "../../../src/plan/model/entry.ts";
import { createHash } from "node:crypto";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runRunnerStep } from "../../../src/run/program/controller-step.ts";
import { UnreachableError } from "../../../src/errors.ts";
import type { Reconnect } from "../../../src/modules/contract/controller-step.ts";
import { controllerFiles } from "../../../src/controller/files.ts";
import { sh } from "../../../src/script/sh.ts";
import type { Session } from "../../../src/transport/transport.ts";
import { lines, noFiles, testHost } from "../../plan/host.ts";
import type { OpenSession } from "../../../src/plan/model/session.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const wait: Reconnect = {
  kind: "reconnect",
  delay: 0,
  sleep: 0,
  timeout: 60,
  renewed: sh`boot`,
  test: sh`test`,
  what: "it",
};

/** A login whose programs print what is told; a number is an exit code, an error the end of the connection. */
function login(answers: { [program: string]: string | number | Error }): Session {
  const run = async (program: string): ReturnType<Session["run"]> => {
    const answer = answers[program] ?? "";
    if (answer instanceof Error) throw answer;
    return {
      code: typeof answer === "number" ? answer : 0,
      stdout: Buffer.from(typeof answer === "number" ? "" : answer),
      stderr: "no",
    };
  };
  return {
    run,
    aside: run,
    rounds: 0,
    put: () => Promise.reject(new Error("not here")),
    close: async () => {},
  };
}

// Opens one login after another; what is left is opened for ever.
function logins(...all: (Session | Error)[]): { open: OpenSession; asked: unknown[] } {
  const asked: unknown[] = [];
  const open: OpenSession = async (again) => {
    asked.push(again);
    const next = all.length > 1 ? all.shift()! : all[0]!;
    if (next instanceof Error) throw next;
    return next;
  };
  return { open, asked };
}

const lost = new UnreachableError("lost", "it was lost");
const reconnect = (open: OpenSession, step = wait): Promise<unknown> =>
  runRunnerStep(step, [{ code: 0, stdout: "old\n", stderr: "" }], {
    session: open,
    files: noFiles,
    become: undefined,
  });

test("a host is back when its boot id is another and the test succeeds, however often the connection fails before", async () => {
  const { open, asked } = logins(
    login({ boot: "old\n" }),
    login({ boot: lost }),
    new UnreachableError("refused", "no"),
    login({ boot: 1 }),
    login({ boot: "new", test: 1 }),
    login({ boot: "new" }),
  );
  expect(await reconnect(open)).toEqual({ code: 0, stdout: "0", stderr: "" });
  expect(asked).toEqual(Array.from({ length: 6 }, () => ({ anew: true })));
});

test.each<[string, Session | Error, RegExp]>([
  ["never goes down", login({ boot: "old" }), /it has not shut down yet/],
  ["never comes back", lost, /it was lost/],
  ["comes back broken", login({ boot: "new", test: 3 }), /test command failed: no/],
])("a host that %s fails the task, and the reason is told", async (_name, session, why) => {
  await expect(reconnect(logins(session).open, { ...wait, timeout: 0 })).rejects.toThrow(why);
});

test("a connection has as long as the task says", async () => {
  const { open, asked } = logins(login({}));
  await reconnect(open, {
    kind: "reconnect",
    delay: 0,
    sleep: 0,
    timeout: 0,
    connectTimeout: 7,
    test: sh`test`,
    what: "it",
  });
  expect(asked).toEqual([{ anew: true, timeoutMs: 7000 }]);
});

const playbook = `
- hosts: all
  gather_facts: false
  tasks:
    - name: make
      copy: { content: "one\\n", dest: "{{ folder }}/made", mode: "0640", owner: "{{ me }}", group: "{{ me }}" }
    - name: bring
      fetch: { src: "{{ folder }}/made", dest: "{{ folder }}/here/", flat: true }
      register: brought
    - name: away
      file: { path: "{{ folder }}/made", state: absent }
    - name: tell
      debug: { msg: "{{ brought.checksum }}" }
`;

test("a file that this run makes is brought in the same run, before a later task takes it away", async () => {
  const { run, session } = testHost(
    playbook,
    { folder, me: userInfo().username },
    {},
    {},
    controllerFiles(join(folder, "cache")),
  );
  await run.plan();
  expect(lines(run)).toEqual(["changed make", "changed bring", "changed away", "deferred tell"]);
  expect(readdirSync(folder)).toEqual([]);
  await run.apply(0, () => {});
  expect(run.broken).toBeUndefined();
  expect(lines(run)).toEqual(["changed make", "changed bring", "changed away", "ok tell"]);
  expect(readFileSync(join(folder, "here/made"), "utf8")).toBe("one\n");
  expect(shownLines(run.walk!.entries[3]!)).toBe(createHash("sha1").update("one\n").digest("hex"));
  expect(readdirSync(join(folder, "here"))).toEqual(["made"]);
  await (await session).close();
});

test("what is here already is not brought, and a task that reads it waits for one that brings it", async () => {
  writeFileSync(join(folder, "there"), "new");
  writeFileSync(join(folder, "f"), "old");
  const text = `
- hosts: all
  gather_facts: false
  tasks:
    - name: bring
      fetch: { src: "{{ folder }}/there", dest: "{{ folder }}/f", flat: true }
    - name: use
      copy: { src: "{{ folder }}/f", dest: "{{ folder }}/copy", owner: "{{ me }}", group: "{{ me }}" }
`;
  const first = testHost(
    text,
    { folder, me: userInfo().username },
    {},
    {},
    controllerFiles(join(folder, "cache")),
  );
  await first.run.plan();
  expect(lines(first.run)).toEqual(["changed bring", "deferred use"]);
  await first.run.apply(0, () => {});
  expect(lines(first.run)).toEqual(["changed bring", "changed use"]);
  expect(readFileSync(join(folder, "copy"), "utf8")).toBe("new");
  const second = testHost(
    text,
    { folder, me: userInfo().username },
    {},
    {},
    controllerFiles(join(folder, "cache")),
  );
  await second.run.plan();
  expect(lines(second.run)).toEqual(["ok bring", "ok use"]);
  await Promise.all([first, second].map(async ({ session }) => (await session).close()));
});

test("bytes come as they are, over a link and with the mode that is here; a wrong digest leaves the old file", async () => {
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 256));
  writeFileSync(join(folder, "from"), bytes);
  writeFileSync(join(folder, "real"), "old", { mode: 0o600 });
  symlinkSync("real", join(folder, "to"));
  const { session } = testHost(playbook);
  const bring = (sha256: string): Promise<unknown> =>
    runRunnerStep(
      { kind: "bring", from: join(folder, "from"), to: join(folder, "to"), sha256 },
      [],
      { session: () => session, files: controllerFiles(join(folder, "cache")), become: undefined },
    );
  await expect(bring("0".repeat(64))).rejects.toThrow("checksum mismatch");
  expect([readFileSync(join(folder, "to"), "utf8"), readdirSync(folder).sort()]).toEqual([
    "old",
    ["from", "real", "to"],
  ]);
  await bring(createHash("sha256").update(bytes).digest("hex"));
  expect(readFileSync(join(folder, "to")).equals(bytes)).toBe(true);
  expect(statSync(join(folder, "real")).mode & 0o777).toBe(0o600);
  await (await session).close();
});
