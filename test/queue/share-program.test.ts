import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Share } from "../../src/queue/protocol.ts";
import {
  SharePrograms,
  type ShareMessage,
  type ShareProgram,
} from "../../src/queue/share-program.ts";

/** A program that says its process and the share's number; a share of the host "dies" kills it, one of "waits" waits for a stop. */
const PROGRAM = `
const ended = () => process.send({ kind: "ended" });
process.on("message", (order) => {
  if (order.kind === "end") return process.disconnect();
  if (order.kind === "stop") return ended();
  const [host] = order.share.hosts;
  if (host === "vanishes") process.exit(3);
  process.send({ kind: "warning", message: process.pid + " " + order.share.number });
  if (host === "dies") process.exit(4);
  if (host !== "waits") ended();
});
`;

let folder: string;
let programs: SharePrograms;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-programs-"));
  writeFileSync(join(folder, "program.cjs"), PROGRAM);
  programs = new SharePrograms({
    command: process.execPath,
    args: [join(folder, "program.cjs")],
  });
});
afterEach(() => programs.end());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Has a share done, and answers what was said of it: the process first.
async function done(
  number: number,
  more: Partial<Share> = {},
  take: (message: ShareMessage) => Promise<void> = async () => undefined,
  hear: (program: ShareProgram) => void = () => undefined,
): Promise<string[]> {
  const said: string[] = [];
  const share: Share = {
    ...{ run: "run", number, phase: "apply", version: "1", expires: 0, bundle: "b" },
    ...{ hosts: ["host"], task: {}, ...more },
  };
  await programs.do(
    share,
    folder,
    (message) => {
      said.push(...("message" in message ? message.message.split(" ") : [message.kind]));
      return take(message);
    },
    hear,
  );
  return said;
}

// Whether there is a process.
function isThere(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

test("one program does all shares of a phase of a run, and another those of others", async () => {
  const [first, second] = [await done(1), await done(2)];
  expect(second).toEqual([first[0], "2", "ended"]);
  for (const other of [{ run: "other" }, { phase: "plan" }, { bundle: "c" }] as const)
    expect((await done(3, other))[0]).not.toBe(first[0]);
  expect((await done(4))[0]).toBe(first[0]);
});

test("shares that are done at once have a program each", async () => {
  const [one, other] = await Promise.all([done(1), done(2)]);
  expect(one[0]).not.toBe(other[0]);
});

test("programs that have nothing to do end with the worker", async () => {
  const [pid] = await done(1);
  expect(isThere(pid!)).toBe(true);
  await programs.end();
  expect(isThere(pid!)).toBe(false);
});

test("a program that is killed in the middle of a share fails it, and the next share has a new one", async () => {
  const [pid] = await done(1);
  await expect(done(2, { hosts: ["dies"] })).rejects.toThrow("its program ended with 4");
  expect((await done(3))[0]).not.toBe(pid);
});

test("a program that was killed while it had nothing to do costs no share", async () => {
  const [pid] = await done(1);
  process.kill(Number(pid), "SIGKILL");
  const [next, ...said] = await done(2);
  expect([next === pid, said]).toEqual([false, ["2", "ended"]]);
});

test("a new program that says nothing of its share fails it", async () => {
  await expect(done(1, { hosts: ["vanishes"] })).rejects.toThrow("its program ended with 3");
});

test("a share that is stopped ends, and its program goes on with others", async () => {
  let stop = (): void => undefined;
  const hear = (program: ShareProgram): void => void (stop = () => program.stop());
  const take = async ({ kind }: ShareMessage): Promise<void> => {
    if (kind === "warning") stop();
  };
  const [pid, ...said] = await done(1, { hosts: ["waits"] }, take, hear);
  expect(said).toEqual(["1", "ended"]);
  expect((await done(2))[0]).toBe(pid);
});

test("a message that cannot be passed on fails the share once it is over", async () => {
  const take = async ({ kind }: ShareMessage): Promise<void> => {
    if (kind === "warning") throw new Error("the queue is gone");
  };
  await expect(done(1, {}, take)).rejects.toThrow("the queue is gone");
});
