import { expect, test } from "vitest";
import { inAscii, latePackage, withLateParts } from "../../../scripts/build/late.mjs";

const PARTS = [
  ["child_process", "spawn"],
  ["crypto", "createHash"],
  ["fs/promises", "open"],
  ["http", "request"],
  ["https", "request"],
  ["net", "connect"],
  ["readline", "createInterface"],
  ["timers/promises", "setTimeout"],
  ["tls", "connect"],
  ["zlib", "gunzipSync"],
] as const;

const localOf = (part: string): string => `node_${part.replace("/", "_")}`;
const program = PARTS.map(([part]) => `let ${localOf(part)} = require("node:${part}");`).join("\n");
const uses = PARTS.map(([part, name]) => `(0, ${localOf(part)}.${name})`).join(", ");

test("a part of Node is loaded when something of it is first used, and once", () => {
  const loaded: string[] = [];
  const load = (part: string): object => {
    loaded.push(part);
    return Object.fromEntries(PARTS.map(([, name]) => [name, `${name} of ${part}`]));
  };
  const built = withLateParts(`${program}\nreturn () => [${uses}];`);
  const run = new Function("require", built)(load) as () => string[];
  expect(loaded).toEqual([]);
  const wanted = PARTS.map(([part, name]) => `${name} of node:${part}`);
  expect(run()).toEqual(wanted);
  expect(run()).toEqual(wanted);
  expect(loaded).toEqual(PARTS.map(([part]) => `node:${part}`));
});

test("a part that is used as a whole, or not at its place, ends the build", () => {
  expect(() => withLateParts(`${program}\nreturn node_zlib;`)).toThrow(
    "node:zlib is used as a whole",
  );
  expect(() => withLateParts("")).toThrow("no longer loads");
});

test("a package is loaded where it is used", () => {
  const { transform } = latePackage("ssh2");
  const code = 'import ssh2, { type Client } from "ssh2";\nconst one = new ssh2.Client();';
  expect(transform(code, "/x/src/one.ts")).toBe('\nconst one = new (require("ssh2")).Client();');
  expect(transform(code, "/x/node_modules/one.ts")).toBeUndefined();
  expect(transform('import { two } from "two";', "/x/src/one.ts")).toBeUndefined();
});

test("letters beyond ASCII are spelled by their number and mean the same", () => {
  const code = "return ['…', `ß${1}`, /[²³]/u.test('²'), '😀'];";
  expect(inAscii(code)).toMatch(/^[\x00-\x7f]*$/);
  expect(new Function(inAscii(code))()).toEqual(["…", "ß1", true, "😀"]);
  expect(() => inAscii("String.raw`…`")).toThrow("raw string");
});
