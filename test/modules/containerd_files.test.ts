import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { containerd_config } from "../../src/modules/containerd/containerd_config.ts";
import { containerd_registry } from "../../src/modules/containerd/containerd_registry.ts";
import type { AnyModule } from "../../src/modules/index.ts";
import { execute, ThisHost } from "./execute.ts";
import { here } from "../requires.ts";

const [config, registry] = [containerd_config, containerd_registry] as unknown as [
  AnyModule,
  AnyModule,
];

describe.each(here([["dash"], ["bash"], ["busybox sh"]]))(
  "containerd's files, written through %s",
  (shell) => {
    let host: ThisHost;
    let path: string;
    beforeEach(() => {
      host = new ThisHost(shell.split(" "));
      path = join(host.root, "config.toml");
    });
    afterEach(() => host.remove());

    // A containerd that says what a real one says of its version and of a config.
    const binary = (version: string, dump: string): string => {
      const file = join(host.root, "containerd");
      writeFileSync(
        file,
        `#!/bin/sh\n[ "$1" = --version ] && { echo 'containerd github.com/containerd/containerd/v2 ${version} 75cb2b'; exit; }\n[ -s "$2" ] || exit 9\n${dump}\n`,
      );
      chmodSync(file, 0o755);
      return file;
    };

    test("a config that the binary reads is put in place, what was there can come back", () => {
      writeFileSync(path, "version = 2\n");
      const { change, outputs } = execute(host, config, {
        version: "2.1.9",
        path,
        binary: binary("v2.1.9", "exit 0"),
        backup: true,
      });
      expect(outputs.map((output) => output.stderr)).toEqual([""]);
      expect(readFileSync(path, "utf8")).toContain("version = 3");
      expect(readdirSync(host.root).filter((name) => name.startsWith("config.toml."))).toHaveLength(
        1,
      );
      expect(statSync(path).mode & 0o7777).toBe(0o644);
      host.undo(change!);
      expect(readFileSync(path, "utf8")).toBe("version = 2\n");
    });

    test.each([
      [
        "refuses",
        "v2.1.9",
        "echo 'containerd: bad type' >&2; exit 1",
        /refuses the config: containerd: bad type/,
      ],
      [
        "warns of unknown keys",
        "v2.1.9",
        "echo 'level=warning msg=\"Ignoring unknown key in TOML for plugin\" key=foo' >&2",
        /does not know all of the config: .*key=foo/,
      ],
      [
        "is another version",
        "1.6.20~ds1",
        "exit 0",
        /is for containerd 2\.1, but .*\/containerd is 1\.6\.20~ds1/,
      ],
      ["has a number that only begins alike", "v2.10.0", "exit 0", /is for containerd 2\.1, but/],
    ])("a binary that %s leaves the old file alone", (_what, version, dump, message) => {
      writeFileSync(path, "version = 2\n");
      const { outputs } = execute(host, config, {
        version: "2.1.9",
        path,
        binary: binary(version, dump),
      });
      expect(outputs.at(-1)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(message) as string,
      });
      expect(readFileSync(path, "utf8")).toBe("version = 2\n");
      expect(readdirSync(host.root).sort()).toEqual(["config.toml", "containerd"]);
    });

    test("a binary that is not there is said so", () => {
      const { outputs } = execute(host, config, {
        version: "2.1.9",
        path,
        binary: join(host.root, "none"),
      });
      expect(outputs.at(-1)!.stderr).toMatch(/none is not there to check the config with/);
    });

    test("a registry comes with its directory, and goes with it", () => {
      const args = {
        name: "10.0.0.5:5000",
        server: "http://10.0.0.5:5000",
        config_path: join(host.root, "certs.d"),
      };
      mkdirSync(args.config_path);
      execute(host, registry, args);
      const file = join(args.config_path, "10.0.0.5:5000/hosts.toml");
      expect(readFileSync(file, "utf8")).toContain(
        '[host."http://10.0.0.5:5000"]\n  capabilities = ["pull", "resolve", "push"]\n',
      );
      rmSync(join(host.hw, "journal"), { recursive: true }); // the next is another run
      const { change } = execute(host, registry, { ...args, state: "absent" });
      expect(readdirSync(args.config_path)).toEqual([]);
      host.undo(change!);
      expect(existsSync(file)).toBe(true);
    });

    test("a certificate beside hosts.toml keeps its directory", () => {
      const args = { name: "a.b", config_path: host.root };
      execute(host, registry, args);
      writeFileSync(join(host.root, "a.b/ca.crt"), "pem");
      execute(host, registry, { ...args, state: "absent" });
      expect(readdirSync(join(host.root, "a.b"))).toEqual(["ca.crt"]);
    });
  },
);
