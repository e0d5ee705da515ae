import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differences } from "../../src/toml/compare.ts";
import { parseToml } from "../../src/toml/parse.ts";
import { merge } from "../../src/toml/value.ts";
import { must, run } from "../lab/command.ts";
import { releases } from "../lab/releases.ts";
import { configText, SHAPES } from "../modules/containerd/shapes.ts";
import { skipped } from "./cli.ts";

// Keys that `config dump` does not print as they were read: 1.4 leaves out options, and 2.x adds to unpack_config.
function unprinted(line: string): RegExp {
  return line === "1.4" ? /\.options\./ : /\.unpack_config$/;
}

describe.skipIf(skipped !== undefined)(
  `config.toml as containerd itself reads it${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let folder: string;
    let versions: string[];
    beforeAll(async () => {
      const { dir, containerd } = await releases();
      folder = mkdtempSync(join(tmpdir(), "hullwright-dump-"));
      versions = containerd.map(({ version }) => version);
      for (const { version, path } of containerd) {
        await must(["mkdir", join(folder, version)]);
        await must(["tar", "-C", join(folder, version), "-xzf", join(dir, path), "bin/containerd"]);
      }
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    test.each(SHAPES)("$name", async ({ lines, args }) => {
      for (const line of lines) {
        const version = versions.find((one) => one.startsWith(`${line}.`))!;
        const text = configText({ ...args, version });
        const file = join(folder, "config.toml");
        writeFileSync(file, text);
        const dump = await run([
          join(folder, version, "bin/containerd"),
          "-c",
          file,
          "config",
          "dump",
        ]);
        expect(dump.code, `${version}: ${dump.stderr}\n${text}`).toBe(0);
        expect(dump.stderr, version).not.toMatch(/ignoring unknown key/i);
        const read = parseToml(dump.stdout);
        const lost = differences(merge(read, parseToml(text)), read).filter(
          ({ key }) => !unprinted(line).test(key),
        );
        expect(lost, version).toEqual([]);
      }
    });
  },
);
