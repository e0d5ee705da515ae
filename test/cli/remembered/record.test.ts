import { mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  readRecord,
  saveRecord,
  touchRecord,
  writeRecord,
  type RecordedHost,
  type RunRecord,
} from "../../../src/cli/remembered/record.ts";
import { jsonReport } from "../../../src/report/summary.ts";

let folder: string;
const fileOf = (name: string): string => join(folder, "runs", name);

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "hullwright-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const REPORT = {
  command: "plan",
  playbook: "play.yml",
  started: "2026-01-01T00:00:00Z",
  ended: "2026-01-01T00:00:01Z",
  seconds: 1,
  warnings: [],
  left_out_by_tags: [],
};
const RECORD: RunRecord = {
  readings: [],
  forks: 5,
  plays: [],
  report: jsonReport(REPORT, new Map()),
  hosts: [],
};

test("of more than thirty runs, those kept or recalled longest ago are forgotten", () => {
  const names = Array.from({ length: 30 }, (_, i) => `run${String(i)}`);
  names.forEach((name, i) => {
    saveRecord(fileOf(name), RECORD);
    utimesSync(fileOf(name), 1000 + i, 1000 + i);
  });
  touchRecord(fileOf("run0"));
  saveRecord(fileOf("new"), RECORD);
  expect(new Set(readdirSync(join(folder, "runs")))).toEqual(
    new Set([...names.filter((name) => name !== "run1"), "new"]),
  );
});

test("a record that is gone by now cannot be touched, which is no reason to fail", () => {
  expect(() => touchRecord(fileOf("none"))).not.toThrow();
});

// A host with this name and address, and what ssh's configuration says for it.
function hostAt(name: string, address: string): RecordedHost {
  return {
    connection: {
      kind: "ssh",
      name,
      host: address,
      port: 22,
      user: "root",
      timeoutMs: 1000,
      acceptNew: false,
      knownHostsFiles: ["/etc/ssh/known_hosts"],
      retries: 0,
      config: {
        question: { words: ["-o", `HostName=${address}`], hasOptions: true, destination: address },
        values: new Map([
          ["hostname", [address]],
          ["port", ["22"]],
        ]),
      },
    } as unknown as RecordedHost["connection"],
    questions: [
      {
        question: "printf NONCE",
        become: undefined,
        answer: "abc",
        validator: "v",
        validated: { digest: "d", isSteady: true },
      },
    ],
    words: [name, address],
    report: { status: "ok" } as unknown as RecordedHost["report"],
  };
}

test.each([["10.0.0.1"], ["22"], ["e"], ['"'], ["\\"], ["map of"], ["$&"]])(
  "a host at %s is read from a record as it was",
  (address) => {
    const record = { ...RECORD, hosts: [hostAt("a", address), hostAt("b", "10.0.0.2")] };
    expect(readRecord(writeRecord(record))).toEqual(record);
  },
);

test("what many hosts have in common is in a record once", () => {
  const recordOf = (count: number): string =>
    writeRecord({
      ...RECORD,
      hosts: Array.from({ length: count }, (_, i) => hostAt(`n${i}`, `10.0.0.${i}`)),
    });
  const [some, more] = [recordOf(10), recordOf(110)].map((text) => text.length);
  expect((more! - some!) / 100).toBeLessThan(100);
});

test("a connection that has the mark of addresses in it is not kept", () => {
  const record = { ...RECORD, hosts: [hostAt("a\u0001", "a\u0001")] };
  expect(() => writeRecord(record)).toThrow("control character");
});
