import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  fingerprint,
  makeKey,
  readKey,
  seal,
  sealJson,
  unseal,
  unsealJson,
} from "../../src/queue/seal.ts";

const directory = mkdtempSync(join(tmpdir(), "seal-"));
const newKey = (name: string): Buffer => {
  makeKey(join(directory, name));
  return readKey(join(directory, name));
};

describe("the key of a queue", () => {
  test("is made for its owner alone, and never over another", () => {
    const file = join(directory, "made");
    makeKey(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file);
    expect(() => makeKey(file)).toThrow(/exists already, and is not overwritten/);
    expect(readFileSync(file)).toEqual(before);
  });

  test("that others may read is refused, and so is what is no key", () => {
    const file = join(directory, "open");
    makeKey(file);
    chmodSync(file, 0o640);
    expect(() => readKey(file)).toThrow(/others than its owner/);
    writeFileSync(join(directory, "none"), "secret", { mode: 0o600 });
    expect(() => readKey(join(directory, "none"))).toThrow(/is not a key/);
    expect(() => readKey(join(directory, "missing"))).toThrow(/cannot be read/);
  });

  test("is named without being told", () => {
    const key = newKey("named");
    expect(fingerprint(key)).toMatch(/^[0-9a-f]{12}$/);
    expect(key.toString("hex")).not.toContain(fingerprint(key));
  });
});

describe("what is sealed", () => {
  const [key, other] = [newKey("one"), newKey("two")];

  test("is opened by the same key for the same purpose", () => {
    expect(unseal(key, "share 1", seal(key, "share 1", "secret")).toString()).toBe("secret");
    expect(unsealJson(key, "x", sealJson(key, "x", { a: [1, null] }))).toEqual({ a: [1, null] });
  });

  test.each([
    ["another key", (sealed: Buffer) => unseal(other, "share 1", sealed)],
    ["another purpose", (sealed: Buffer) => unseal(key, "share 2", sealed)],
    ["a change on its way", (sealed: Buffer) => unseal(key, "share 1", flipped(sealed))],
    ["a part of it", (sealed: Buffer) => unseal(key, "share 1", sealed.subarray(0, 20))],
    ["nothing", () => unseal(key, "share 1", Buffer.alloc(0))],
  ])("is not opened with %s", (_what, open) => {
    expect(() => open(seal(key, "share 1", "secret"))).toThrow(/cannot be opened/);
  });

  test("does not show what is in it", () => {
    const sealed = sealJson(key, "x", { password: "sesame-sesame" });
    expect(Buffer.from(sealed, "base64").toString("latin1")).not.toContain("sesame");
  });
});

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1]! ^= 1;
  return copy;
}
