import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTransport } from "../../src/transport/connect.ts";
import type { Connection, Session } from "../../src/transport/transport.ts";

const HERE: Connection = {
  name: "localhost",
  host: "",
  port: 0,
  user: "",
  kind: "local",
  timeoutMs: 10_000,
  knownHostsFiles: [],
  acceptNew: false,
};
const me = userInfo().username;
const noSudo = process.getuid?.() !== 0 || !existsSync("/usr/bin/sudo");

let session: Session;
beforeEach(async () => {
  session = await createTransport().open(HERE);
});
afterEach(() => session.close());

test("runs programs as the user we are", async () => {
  const { code, stdout, stderr } = await session.run("id -un; echo err >&2; exit 3");
  expect({ code, stdout: stdout.toString(), stderr }).toEqual({
    code: 3,
    stdout: `${me}\n`,
    stderr: "err\n",
  });
});

test("needs no sudo to become the user that we already are: both share one shell", async () => {
  const own = await session.run("echo $$");
  const become = await session.run("echo $$", { become: { user: me } });
  expect([become.stdout.toString(), session.rounds]).toEqual([own.stdout.toString(), 2]);
});

test.skipIf(noSudo)(
  `becomes another user through sudo${noSudo ? " (skipped: needs root on Linux, and sudo)" : ""}`,
  async () => {
    const { stdout } = await session.run("id -un", { become: { user: "nobody" } });
    expect(stdout.toString()).toBe("nobody\n");
  },
);

test("runs a small program beside the one that runs", async () => {
  const directory = mkdtempSync(join(tmpdir(), "hullwright-aside-"));
  const free = join(directory, "free");
  const running = session.run(`until [ -e ${free} ]; do sleep 0.05; done; echo ended`);
  expect((await session.aside(`: > ${free}; echo beside`)).stdout.toString()).toBe("beside\n");
  expect((await running).stdout.toString()).toBe("ended\n");
  rmSync(directory, { recursive: true });
});

test("is lost to whoever still waits when it is closed", async () => {
  const running = session.run("echo begun; sleep 1", { onStdout: () => void session.close() });
  await expect(running).rejects.toMatchObject({
    kind: "lost",
    message: expect.stringContaining("closed"),
  });
});

test("does not start what was given up before", async () => {
  const signal = AbortSignal.abort(new Error("given up"));
  await expect(session.run("touch /tmp/hullwright-given-up", { signal })).rejects.toThrow(
    "given up",
  );
  expect(existsSync("/tmp/hullwright-given-up")).toBe(false);
});
