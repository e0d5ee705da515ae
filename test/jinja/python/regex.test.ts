import { describe, expect, test } from "vitest";
import { Fault } from "../../../src/jinja/core/fault.ts";
import { TaskFailure } from "../../../src/errors.ts";
import { compileRegex } from "../../../src/jinja/python/regex.ts";
import { replaceAll, search, textPattern } from "../../../src/modules/shared/edit/pattern.ts";

const text = `${"a".repeat(40)}b`;

describe("a pattern that never comes to an end", () => {
  test.each(["(a+)+$", "(.*a){20}x"])("%s is given up", (pattern) => {
    expect(() => compileRegex(pattern).search(text)).toThrow(Fault);
    expect(() => compileRegex(pattern).search(text)).toThrow(/takes too long on this text/);
  });

  test("fails the task of a module, and nothing else", () => {
    expect(() => search(textPattern("(a+)+$"), text)).toThrow(TaskFailure);
    expect(() => replaceAll(textPattern("(a+)+$"), "x", text)).toThrow(TaskFailure);
  });

  test("is not one that only takes many steps", () => {
    const long = "line of a file\n".repeat(20_000);
    expect(
      compileRegex("^line (of|off) a (file|fire)$", { multiline: true }).findAll(long),
    ).toHaveLength(20_000);
    expect(compileRegex("(?:.*\\n)+").search(long)).toBeDefined();
  });
});
