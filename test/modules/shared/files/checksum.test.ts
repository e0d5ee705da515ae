import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  digits,
  findSum,
  parseChecksum,
  SUM_FUNCTIONS,
} from "../../../../src/modules/shared/files/checksum.ts";
import { sh } from "../../../../src/script/sh.ts";
import { sums } from "../../sums.ts";
import { here } from "../../../requires.ts";

describe("a checksum parameter", () => {
  const hex = "0f".repeat(32);
  test.each([
    [`sha256:${hex}`, { algorithm: "sha256", hex }],
    [`SHA256: ${hex.toUpperCase()}`, { algorithm: "sha256", hex }],
    [`md5:${"0f".repeat(16)}`, { algorithm: "md5", hex: "0f".repeat(16) }],
    ["sha256:https://h/x.sha256sum", { algorithm: "sha256", sums: "https://h/x.sha256sum" }],
    ["sha512:sums/SHA512SUMS", { algorithm: "sha512", sums: "sums/SHA512SUMS" }],
  ])("%s is read", (text, expected) => expect(parseChecksum(text)).toEqual(expected));
  test.each([
    [hex, /has an unknown algorithm/],
    ["crc32:00", /has an unknown algorithm/],
    [`sha256:${hex.slice(2)}`, /not a sha256 digest/],
    [`sha512:${hex}`, /not a sha512 digest/],
    ["sha256:", /not a sha256/],
  ])("%s is refused", (text, why) => {
    expect(() => parseChecksum(text)).toThrow(why);
  });
});

describe("a file of checksums", () => {
  test.each(sums)("on the controller: $name", ({ text, file, algorithm, finds }) =>
    expect(findSum(text, file, algorithm ?? "sha256")).toBe(finds),
  );
  const folder = mkdtempSync(join(tmpdir(), "hw-sums-"));
  for (const shell of here([["dash"], ["bash"], ["busybox", "sh"]])) {
    test.each(sums)(`under ${shell.join(" ")}: $name`, ({ text, file, algorithm, finds }) => {
      const path = join(folder, "sums");
      writeFileSync(path, text);
      const [command, ...rest] = shell as [string, ...string[]];
      const ran = spawnSync(command, [...rest, "-u"], {
        input: `${SUM_FUNCTIONS}\n${sh`hw_sum ${path} ${file} ${digits(algorithm ?? "sha256")}`.sh}\n`,
        encoding: "utf8",
      });
      expect(ran.stderr).toBe("");
      expect(ran.status === 0 ? ran.stdout.trim() : undefined).toBe(finds);
    });
  }
  test("what sha256sum itself writes is read", () => {
    writeFileSync(join(folder, "a b"), "x");
    const text = execFileSync("sha256sum", ["sums"], { cwd: folder, encoding: "utf8" });
    expect(findSum(text, "sums", "sha256")).toBe(text.slice(0, 64));
  });
});
