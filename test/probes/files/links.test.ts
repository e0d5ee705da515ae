import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { askLinks } from "../../../src/probes/files/links.ts";
import { ThisHost } from "../../modules/execute.ts";

const host = new ThisHost();
afterAll(() => host.remove());

test("the links on the way to a path, those that links lead through too, on a real shell", () => {
  const at = (name: string): string => join(host.root, name);
  mkdirSync(at("d/sub"), { recursive: true });
  symlinkSync("d", at("one link"));
  symlinkSync("../one link/sub", at("d/two"));
  symlinkSync(at("circle"), at("circle"));
  const found = host.ask({
    none: askLinks(at("d/sub/x")),
    parent: askLinks(at("one link/x")),
    two: askLinks(at("one link/two/y")),
    circle: askLinks(at("circle")),
    relative: askLinks(`${at("d")}/../one link`),
  });
  expect(found).toEqual({
    none: {},
    parent: { [at("one link")]: "d" },
    two: { [at("one link")]: "d", [at("d/two")]: "../one link/sub" },
    circle: { [at("circle")]: at("circle") },
    relative: { [at("one link")]: "d" },
  });
});

test("a link that holds what looks like another answer says nothing of other links", () => {
  const at = (name: string): string => join(host.root, `forged-${name}`);
  const holds = `x\n@guess=${at("b")}@guess-${at("b")} -> /evil@guess 0:777 root@guess;\n`;
  symlinkSync(holds, at("a"));
  symlinkSync("good", at("b"));
  symlinkSync("new\nline", at("c\nd"));
  const found = host.ask({
    a: askLinks(at("a")),
    b: askLinks(at("b")),
    c: askLinks(at("c\nd")),
  });
  expect(found).toEqual({
    a: { [at("a")]: holds },
    b: { [at("b")]: "good" },
    c: { [at("c\nd")]: "new\nline" },
  });
});
