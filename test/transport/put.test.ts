import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTransport } from "../../src/transport/connect.ts";
import type { Connection, PutContent, Session } from "../../src/transport/transport.ts";
import { startProxy } from "./proxy.ts";
import { PASSWORD, type Sshd, startSshd, whyNoSshd } from "./sshd.ts";

const reason = whyNoSshd();
const MB = 1024 * 1024;
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

// Bytes that repeat nowhere near, and among them lines that would be commands.
function bytes(size: number): Buffer {
  const line = (index: number): string => `${index} touch /tmp/hullwright-put-evil\n`;
  let text = "";
  for (let index = 0; text.length < size; index++) text += line(index);
  return Buffer.from(text.slice(0, size));
}
const describeContent = (content: Buffer): PutContent => ({
  content,
  size: content.length,
  sha256: createHash("sha256").update(content).digest("hex"),
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-put-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("on this machine", { timeout: 60_000 }, () => {
  let session: Session;
  beforeEach(async () => {
    session = await createTransport().open(HERE);
  });
  afterEach(() => session.close());

  test.each([
    ["an empty one", 0, 1],
    ["a small one", 5, 1],
    ["a big one", 3 * MB + 1, 2],
  ])("puts %s: %i bytes in %i rounds, mode 0600, and nothing else", async (_what, size, rounds) => {
    const content = bytes(size);
    await session.put(describeContent(content), join(folder, "it's here"));
    expect(readFileSync(join(folder, "it's here")).equals(content)).toBe(true);
    expect(statSync(join(folder, "it's here")).mode & 0o777).toBe(0o600);
    expect([readdirSync(folder), session.rounds]).toEqual([["it's here"], rounds]);
  });

  test("puts a local file", async () => {
    const content = bytes(MB);
    writeFileSync(join(folder, "from"), content);
    await session.put(
      { ...describeContent(content), content: undefined, path: join(folder, "from") },
      join(folder, "to"),
    );
    expect(readFileSync(join(folder, "to")).equals(content)).toBe(true);
  });

  test("replaces a file by renaming: who has the old one open keeps it", async () => {
    writeFileSync(join(folder, "x"), "old");
    const before = statSync(join(folder, "x")).ino;
    await session.put(describeContent(Buffer.from("new")), join(folder, "x"));
    expect(readFileSync(join(folder, "x"), "utf8")).toBe("new");
    expect(statSync(join(folder, "x")).ino).not.toBe(before);
  });

  test.each<[what: string, path: string, text: string]>([
    ["a folder that is not there", "none/x", "create the directory first"],
    ["a folder", ".", "not a file"],
    ["a device", "/dev/null", "not a file"],
  ])("says why it cannot put into %s, and goes on working", async (_what, path, text) => {
    const error: unknown = await session
      .put(describeContent(bytes(2 * MB)), resolve(folder, path))
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ name: "TaskFailure" });
    expect(`${(error as Error).message} ${(error as { hint?: string }).hint ?? ""}`).toContain(
      text,
    );
    expect((await session.run("echo on")).stdout.toString()).toBe("on\n");
    expect(readdirSync(folder)).toEqual([]);
  });

  test.skipIf(reason).each([
    ["full", "size=1m", "free some space"],
    ["read-only", "size=4m,ro", "read-write"],
  ])(
    `says that a file system is %s${reason ? ` (skipped: ${reason})` : ""}`,
    async (_what, options, hint) => {
      execFileSync("mount", ["-t", "tmpfs", "-o", options, "hullwright-test", folder]);
      try {
        await expect(
          session.put(describeContent(bytes(2 * MB)), join(folder, "x")),
        ).rejects.toMatchObject({ hint: expect.stringContaining(hint) });
        expect(readdirSync(folder)).toEqual([]);
      } finally {
        execFileSync("umount", [folder]);
      }
    },
  );

  test("refuses what arrives with another sha256, and leaves nothing", async () => {
    const wrong = { ...describeContent(bytes(MB)), sha256: "0".repeat(64) };
    await expect(session.put(wrong, join(folder, "x"))).rejects.toThrow("different sha256");
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ["shorter", MB / 2],
    ["longer", 2 * MB],
  ])("refuses a local file that has become %s", async (_what, length) => {
    const content = bytes(MB);
    writeFileSync(join(folder, "from"), content);
    truncateSync(join(folder, "from"), length);
    const put = session.put(
      { ...describeContent(content), content: undefined, path: join(folder, "from") },
      join(folder, "to"),
    );
    await expect(put).rejects.toThrow("changed while it was sent");
    expect((await session.run("echo on")).stdout.toString()).toBe("on\n");
    expect(existsSync(join(folder, "to"))).toBe(false);
  });

  test("goes on with what is staged, and starts anew where that is wrong", async () => {
    const content = bytes(2 * MB);
    const file = describeContent(content);
    const staged = join(folder, `.hullwright-${file.sha256.slice(0, 32)}`);
    for (const [start, first] of [
      [content.subarray(0, MB), MB],
      [Buffer.alloc(MB, 1), MB],
      [bytes(3 * MB), 0],
    ] as const) {
      writeFileSync(staged, start);
      const progress: number[] = [];
      await session.put(file, join(folder, "x"), { onProgress: (count) => progress.push(count) });
      expect([progress[0], progress.at(-1)]).toEqual([first, 2 * MB]);
      expect(readFileSync(join(folder, "x")).equals(content)).toBe(true);
    }
  });

  test("does not follow a link that waits under the staged name", async () => {
    const file = describeContent(bytes(MB));
    writeFileSync(join(folder, "victim"), "precious");
    symlinkSync(join(folder, "victim"), join(folder, `.hullwright-${file.sha256.slice(0, 32)}`));
    await session.put(file, join(folder, "x"));
    expect(readFileSync(join(folder, "victim"), "utf8")).toBe("precious");
  });
});

describe.skipIf(reason)(
  `over a real sshd${reason ? ` (skipped: ${reason})` : ""}`,
  { timeout: 60_000 },
  () => {
    let sshd: Sshd;
    beforeAll(async () => {
      sshd = await startSshd();
    });
    afterAll(() => sshd.stop());

    test("puts 20 MB as root, goes on after the connection broke, and asks no password twice", async () => {
      const content = bytes(20 * MB);
      const file = describeContent(content);
      const become = { user: "root", password: PASSWORD };
      const place = join(folder, "inner", "x");
      mkdirSync(join(folder, "inner"), { mode: 0o700 });
      const proxy = await startProxy(sshd.port);
      const connection = sshd.connection("hwt-dash", {
        port: proxy.port,
        acceptNew: true,
        knownHostsFiles: [join(folder, "known")],
      });
      const broken = await createTransport().open(connection);
      const cut = (count: number): void => {
        if (count > 8 * MB) proxy.cut();
      };
      await expect(broken.put(file, place, { become, onProgress: cut })).rejects.toMatchObject({
        kind: "lost",
      });
      await broken.close();
      await expect.poll(() => readdirSync(join(folder, "inner")).length).toBe(1);
      const session = await createTransport().open(connection);
      const progress: number[] = [];
      await session.put(file, place, { become, onProgress: (count) => progress.push(count) });
      expect(progress[0]).toBeGreaterThan(MB);
      expect(readFileSync(place).equals(content)).toBe(true);
      expect([readdirSync(join(folder, "inner")), statSync(place).uid]).toEqual([["x"], 0]);
      await session.close();
      proxy.stop();
    });

    test("says that the login may not write there", async () => {
      const session = await createTransport().open(sshd.connection("hwt-dash"));
      await expect(session.put(describeContent(bytes(MB)), "/etc/x")).rejects.toMatchObject({
        hint: expect.stringContaining("become"),
      });
      await session.close();
    });
  },
);
