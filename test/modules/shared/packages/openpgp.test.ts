import { describe, expect, test } from "vitest";
import { isArmored, readKeys, writeKeys } from "../../../../src/modules/shared/packages/openpgp.ts";
import { ONE, TWO } from "./public-keys.ts";

const both = Buffer.concat([ONE.bytes, TWO.bytes]);
const idsIn = (file: Buffer | string): unknown =>
  readKeys(Buffer.from(file))?.map(({ ids }) => ids);
const armored = writeKeys(readKeys(both)!, true).toString();
const explained = `x\n${armored.replace("\n\n", "\nVersion: 1\nComment: a b\n\n")}y\n`;

/** Files that are read, and the ids of the keys in them; undefined: it is no file of keys. */
const FILES: [name: string, file: Buffer | string, ids: unknown][] = [
  ["a key and its subkey", TWO.bytes, [TWO.ids]],
  ["two keys", both, [ONE.ids, TWO.ids]],
  ["armored keys", armored, [ONE.ids, TWO.ids]],
  ["armored with headers, and text around it", explained, [ONE.ids, TWO.ids]],
  ["armored without a checksum", armored.replace(/^=.*\n/m, ""), [ONE.ids, TWO.ids]],
  ["armored with carriage returns", armored.replaceAll("\n", "\r\n"), [ONE.ids, TWO.ids]],
  ["two armored blocks", `${armored}\n${armored}`, [ONE.ids, TWO.ids, ONE.ids, TWO.ids]],
  ["nothing", "", []],
  ["text", "no key\n", undefined],
  ["a key that is cut off", ONE.bytes.subarray(0, 60), undefined],
  ["a key box of gpg", "\0\0\0 \u0001\u0001\0\u0002KBXf", undefined],
];

describe("openpgp", () => {
  test.each(FILES)("reads %s", (_name, file, ids) => expect(idsIn(file)).toEqual(ids));

  test("writes what it reads, in both forms", () => {
    const keys = readKeys(both)!;
    expect(writeKeys(keys, false).equals(both)).toBe(true);
    expect([isArmored(both), isArmored(Buffer.from(armored))]).toEqual([false, true]);
  });

  test("writes the checksum that gpg writes", () => {
    const [key] = readKeys(ONE.bytes)!;
    expect(/^=(.*)$/m.exec(writeKeys([key!], true).toString())?.[1]).toBe("WlQt");
  });
});
