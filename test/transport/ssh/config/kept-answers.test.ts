import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SshConfigs, type SshQuestion } from "../../../../src/transport/ssh/config/config.ts";
import { KeptAnswers } from "../../../../src/transport/ssh/config/kept-answers.ts";

const isThere = spawnSync("ssh", ["-V"]).status === 0;

describe.skipIf(!isThere)(
  `answers of earlier runs${isThere ? "" : " (skipped: needs ssh)"}`,
  () => {
    let home: string;
    let program: string;
    let config: string;
    beforeEach(() => {
      home = mkdtempSync(join(tmpdir(), "hullwright-kept-"));
      mkdirSync(join(home, ".ssh"));
      config = join(home, ".ssh", "config");
      program = join(home, "ssh");
      writeFileSync(program, `#!/bin/sh\necho x >> ${home}/calls\nexec ssh "$@"\n`);
      chmodSync(program, 0o755);
      write("Host web*\nPort 3\nHost db\nPort 4\n");
    });
    afterEach(() => rmSync(home, { recursive: true }));

    const write = (text: string): void => writeFileSync(config, text, { mode: 0o600 });
    const calls = (): number => {
      try {
        return readFileSync(join(home, "calls"), "utf8").split("\n").length - 1;
      } catch {
        return 0;
      }
    };
    // The ports that a run finds for these hosts.
    const run = async (names: string[], words: string[] = []): Promise<unknown[]> => {
      const configs = new SshConfigs(
        home,
        "/nonexistent",
        new KeptAnswers(join(home, "cache", "kept")),
      );
      const questions = names.map((destination): SshQuestion => ({
        program,
        words,
        hasOptions: words.length > 0,
        destination,
      }));
      await configs.prefetch(questions);
      return questions.map((question) => {
        const { values } = configs.of(question)!;
        return [values.get("hostname")?.[0], values.get("port")?.[0]];
      });
    };

    test("hold while nothing changes, for each host, and are their owner's alone", async () => {
      const first = await run(["web1", "web2", "db"]);
      expect(first).toEqual([
        ["web1", "3"],
        ["web2", "3"],
        ["db", "4"],
      ]);
      expect(calls()).toBe(2);
      expect(await run(["web2", "db", "web7"])).toEqual([
        ["web2", "3"],
        ["db", "4"],
        ["web7", "3"],
      ]);
      expect(calls()).toBe(2);
      expect(statSync(join(home, "cache", "kept")).mode & 0o777).toBe(0o700);
    });

    test.each<[what: string, change: () => void]>([
      ["another content", () => write("Host web*\nPort 3\nHost db\nPort 4\n# more\n")],
      ["another mode", () => chmodSync(config, 0o640)],
      [
        "another program",
        () => writeFileSync(program, `#!/bin/sh\n\necho x >> ${home}/calls\nexec ssh "$@"\n`),
      ],
      ["an answer that is gone", () => rmSync(join(home, "cache"), { recursive: true })],
      [
        "a directory that others may write to",
        () => spawnSync("chmod", ["-R", "go+w", join(home, "cache")]),
      ],
    ])("are asked for again after %s", async (_what, change) => {
      const before = await run(["web1"]);
      change();
      expect(await run(["web1"])).toEqual(before);
      expect(calls()).toBe(2);
    });

    test.each<[what: string, text: string, words: string[]]>([
      ["Match", "Match host web1\nPort 5\n", []],
      ["canonical names", "Host web1\nPort 5\nHost *\nCanonicalizeHostname no\n", []],
      ["variables of the environment", "Host *\nIdentityFile ${HOME}/.ssh/k\nPort 5\n", []],
      [
        "commands in options, which may hold a password",
        "Host *\nPort 5\n",
        ["-o", "ProxyCommand=nc -X x %h"],
      ],
    ])("are not kept with %s", async (_what, text, words) => {
      write(text);
      const first = await run(["web1"], words);
      expect(first).toEqual([["web1", "5"]]);
      expect(await run(["web1"], words)).toEqual(first);
      expect(calls()).toBe(2);
    });

    test("a configuration that ssh refuses is refused, each time", async () => {
      await run(["web1"]);
      write("Host web*\nBogus yes\n");
      await expect(run(["web1"])).rejects.toThrow(/Bad configuration option/);
      await expect(run(["web1"])).rejects.toThrow(/Bad configuration option/);
    });
  },
);
