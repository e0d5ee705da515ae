import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readRecord, writeRecord } from "../../src/probes/record.ts";
import type { Json } from "../../src/value.ts";
import { ThisHost } from "../modules/execute.ts";
import { here } from "../requires.ts";

describe.each(here([["dash"], ["bash", "--posix"], ["busybox", "sh"]]))(
  "notes under %s",
  (...shell) => {
    let host: ThisHost;
    beforeEach(() => {
      host = new ThisHost(shell);
    });
    afterEach(() => host.remove());
    const write = (name: string, note: Json): void =>
      expect(host.run(host.program([writeRecord(name, note)]))).toMatchObject({
        code: 0,
        stderr: "",
      });

    test.each<[name: string, note: Json]>([
      ["text", 'it\'s $HOME `x` \\n "q" ü\nline ==> x <=='],
      ["data", { url: "https://x/y", nested: [1, null, true, {}] }],
      ["no.thing-at_all", null],
    ])("%s comes back as it was", (name, note) => {
      write(name, note);
      expect(host.ask({ note: readRecord(name) })).toEqual({ note });
    });

    test("one and many, there and not there", () => {
      expect(host.ask({ a: readRecord("a") })).toEqual({ a: null });
      write("a", 1);
      write("b", { x: 2 });
      expect(host.ask({ a: readRecord("a") })).toEqual({ a: 1 });
      expect(
        host.ask({
          no: readRecord("no"),
          b: readRecord("b"),
          nor: readRecord("nor"),
          a: readRecord("a"),
        }),
      ).toEqual({ no: null, b: { x: 2 }, nor: null, a: 1 });
    });

    test("a new note takes the place of the old; one that is cut short counts as none", () => {
      write("a", "old");
      write("a", "new");
      mkdirSync(join(host.hw, "records"), { recursive: true });
      writeFileSync(join(host.hw, "records/cut"), '{"x": ');
      expect(host.ask({ a: readRecord("a"), cut: readRecord("cut") })).toEqual({
        a: "new",
        cut: null,
      });
    });
  },
);
