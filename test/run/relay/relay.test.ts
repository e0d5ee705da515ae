import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { LocalFile } from "../../../src/modules/contract/module.ts";
import { Relays } from "../../../src/run/relay/relay.ts";
import SERVE from "../../../src/run/relay/serve.sh?raw";
import type { Output, Session } from "../../../src/transport/transport.ts";

const SHA = "ab".repeat(32);
const FILE: LocalFile = { path: "/srv/big.tar", size: 1_000_000, sha256: SHA, mode: 0o644 };

/** What happened, line by line. */
let log: string[];
beforeEach(() => {
  log = [];
});

// A login on a host that answers every program the same, and notes what it is sent.
function session(name: string, answer: Partial<Output> = {}): Session {
  return {
    run: () => {
      log.push(`${name} runs`);
      return Promise.resolve({ code: 0, stdout: Buffer.from(""), stderr: "", ...answer });
    },
    put: ({ sha256 }, path) => {
      log.push(`${name} is sent ${path.replace(sha256, "SHA")}`);
      return Promise.resolve();
    },
    aside: () => Promise.reject(new Error("not expected")),
    close: () => Promise.resolve(),
    rounds: 0,
  };
}

// Relays of hosts: all of them the same, which answer as they should unless said.
function relays(names: string[], answer: Partial<Output> = {}): Relays {
  return new Relays({
    relaysOf: () => names,
    open: (name) => {
      log.push(`${name} is logged in on`);
      const stdout = Buffer.from("10.0.0.1:20001\n/var/tmp/relay\n");
      return Promise.resolve(session(name, { stdout, ...answer }));
    },
    say: (host, text) => log.push(`${host}: ${text}`),
  });
}

// Has a host fetch a file.
function bring(
  of: Relays,
  host: string,
  file: LocalFile = FILE,
  answer?: Partial<Output>,
): Promise<boolean> {
  return of.bring(file, {
    host,
    session: session(host, answer),
    become: undefined,
    directory: "/stage",
  });
}

test("a relay is logged in on once, and is sent a file once", async () => {
  const all = relays(["r"]);
  expect(await Promise.all([bring(all, "a"), bring(all, "b"), bring(all, "r")])).toEqual([
    true,
    true,
    true,
  ]);
  expect(log.toSorted()).toEqual([
    "a runs",
    "b runs",
    "r is logged in on",
    "r is sent /var/tmp/relay/SHA",
    "r runs",
    "r runs",
  ]);
});

const SENT_FROM_HERE: readonly [why: string, file: LocalFile, said: RegExp | undefined][] = [
  ["a small file", { ...FILE, size: 1000 }, undefined],
  ["a decrypted file", { ...FILE, secret: true }, undefined],
  ["content made here", { size: FILE.size, sha256: SHA, content: new Uint8Array(1) }, undefined],
  ["a file that not every user may read", { ...FILE, mode: 0o640 }, /not every user may read it/],
];

test.each(SENT_FROM_HERE)("%s is sent from here", async (_, file, said) => {
  const all = relays(["r"]);
  expect([await bring(all, "a", file), await bring(all, "b", file)]).toEqual([false, false]);
  expect(log).toEqual(said === undefined ? [] : [expect.stringMatching(said)]);
});

test("without relays everything is sent from here", async () => {
  expect(await bring(relays([]), "a")).toBe(false);
  expect(log).toEqual([]);
});

test("a relay that cannot listen is named once", async () => {
  const all = relays(["r"], { code: 1, stderr: "there is no setsid\n" });
  expect([await bring(all, "a"), await bring(all, "b")]).toEqual([false, false]);
  expect(log).toEqual([
    "r is logged in on",
    "r runs",
    "r: is no relay, so files are sent from here instead: there is no setsid",
  ]);
});

test("a host that cannot fetch is named, and not made to wait again", async () => {
  const all = relays(["r"]);
  const refused = { code: 7, stderr: "curl: (7) no route\n" };
  expect(await bring(all, "a", FILE, refused)).toBe(false);
  expect(await bring(all, "a", FILE, refused)).toBe(false);
  expect(await bring(all, "b")).toBe(true);
  expect(log.filter((line) => line.includes(":"))).toEqual([
    "a: cannot fetch from its relay r, so files are sent from here: curl: (7) no route",
  ]);
});

test("hosts are spread over several relays, and a relay is its own", async () => {
  const all = relays(["r", "s"]);
  for (const host of ["r", "s", ...Array.from({ length: 20 }, (_, i) => `h${i}`)])
    await bring(all, host);
  expect(log.filter((line) => line.includes("is sent")).toSorted()).toEqual([
    "r is sent /var/tmp/relay/SHA",
    "s is sent /var/tmp/relay/SHA",
  ]);
});

describe("what a relay answers", () => {
  const directory = mkdtempSync(join(tmpdir(), "hullwright-relay-"));
  writeFileSync(join(directory, "key"), "feed\n");
  writeFileSync(join(directory, SHA), "content");
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const OK = "HTTP/1.0 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\ncontent";
  const NOT_FOUND = "HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  test.each([
    ["the file, to who has the key", `GET /feed/${SHA} HTTP/1.1\r\nHost: r\r\n\r\n`, OK],
    ["nothing without the key", `GET /${SHA} HTTP/1.1\r\n\r\n`, NOT_FOUND],
    ["nothing with another key", `GET /fee/${SHA} HTTP/1.1\r\n\r\n`, NOT_FOUND],
    ["nothing outside", "GET /feed/../../etc/passwd HTTP/1.1\r\n\r\n", NOT_FOUND],
    ["not the key", "GET /feed/key HTTP/1.1\r\n\r\n", NOT_FOUND],
    ["no list", "GET /feed/ HTTP/1.1\r\n\r\n", NOT_FOUND],
    ["nothing to write", `PUT /feed/${SHA} HTTP/1.1\r\n\r\n`, NOT_FOUND],
    ["no file that it does not have", `GET /feed/${"cd".repeat(32)} HTTP/1.1\r\n\r\n`, NOT_FOUND],
    ["nothing to silence", "", ""],
  ])("%s", (_, input, answer) => {
    const { stdout } = spawnSync("/bin/sh", ["-c", SERVE, "sh", directory], {
      input,
      encoding: "utf8",
    });
    expect(stdout).toBe(answer);
  });
});
