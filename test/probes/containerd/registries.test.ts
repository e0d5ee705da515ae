import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OUR_TITLE, registries } from "../../../src/probes/containerd/registries.ts";
import { here } from "../../requires.ts";

test.each(here(["dash", "bash", "busybox sh"]))(
  "%s tells ours from others', and certificates beside",
  (shell) => {
    const root = mkdtempSync(join(tmpdir(), "registries-"));
    const put = (name: string, text: string): void => {
      mkdirSync(join(root, name, ".."), { recursive: true });
      writeFileSync(join(root, name), text);
    };
    put(
      "a:5000/hosts.toml",
      `# ${OUR_TITLE}; changes by hand are found and undone.\nserver = "x"\n`,
    );
    put("b/hosts.toml", `server = "x"\n# ${OUR_TITLE}\n`);
    put("c/ca.crt", "x");
    put("c/client.key", "x");
    const [command, ...rest] = shell.split(" ") as [string, ...string[]];
    const args = [{ config_path: root }, { config_path: join(root, "none") }];
    const { stdout, stderr } = spawnSync(command, [...rest, "-s"], {
      input: registries.script(args).sh,
      encoding: "utf8",
    });
    rmSync(root, { recursive: true });
    expect(stderr).toBe("");
    expect(registries.parse(stdout, args)).toEqual([
      [
        { name: "a:5000", file: "ours", certificates: [] },
        { name: "b", file: "foreign", certificates: [] },
        { name: "c", file: null, certificates: ["ca.crt", "client.key"] },
      ],
      [],
    ]);
  },
);

test("garbage is not an answer", () => {
  expect(() => registries.parse("", [{ config_path: "/x" }])).toThrow("truncated or garbled");
});
