import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findModule } from "../../../src/modules/index.ts";
import { execute, ThisHost, type Executed } from "../execute.ts";

const pam_limits = findModule("community.general.pam_limits")!;
const BEFORE = "joe soft nofile 5 # few\n";
const LINE = "joe\tsoft\tnofile\t64000\t#more\n";

describe("pam_limits, for real", () => {
  let host: ThisHost;
  const at = (name: string): string => join(host.root, name);
  const text = (name: string): string => readFileSync(at(name), "utf8");
  const run = (name: string, more: object = {}): Executed =>
    execute(host, pam_limits, {
      domain: "joe",
      limit_type: "soft",
      limit_item: "nofile",
      value: "64000",
      comment: "more",
      dest: at(name),
      ...more,
    });
  beforeEach(() => {
    host = new ThisHost();
  });
  afterEach(() => host.remove());

  test("a new file is made, and taken back", () => {
    const { change } = run("limits");
    expect(text("limits")).toBe(LINE);
    expect(change!.result).toMatchObject({ msg: LINE });
    host.undo(change!);
    expect(readdirSync(host.root)).toEqual([]);
  });

  test("a backup has the old text", () => {
    writeFileSync(at("limits"), BEFORE);
    const { result } = run("limits", { backup: true });
    expect(text("limits")).toBe(LINE);
    expect(readFileSync(result["backup_file"] as string, "utf8")).toBe(BEFORE);
  });

  test("where nothing is to do, the line is told and no backup made", () => {
    writeFileSync(at("limits"), BEFORE);
    const { change, result } = run("limits", { value: "5", backup: true });
    expect([change, result]).toEqual([null, { msg: BEFORE }]);
    expect(readdirSync(host.root)).toEqual(["limits"]);
  });

  test("a link stays, and leads to the new text", () => {
    writeFileSync(at("limits"), BEFORE);
    symlinkSync(at("limits"), at("link"));
    run("link");
    expect([text("limits"), lstatSync(at("link")).isSymbolicLink()]).toEqual([LINE, true]);
  });

  test("bytes that are no UTF-8 stay", () => {
    const odd = Buffer.from([0x23, 0xe0, 0xa0, 0x0a]);
    writeFileSync(at("limits"), odd);
    run("limits");
    expect(readFileSync(at("limits"))).toEqual(Buffer.concat([odd, Buffer.from(LINE)]));
  });

  test("a directory that is not there is not made", () => {
    expect(() => run("none/limits")).toThrow(/the directory of .* does not exist/);
  });
});
