import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  checkContainer,
  smallestProgram,
} from "../../../../src/modules/shared/containerd/check_container.ts";
import { has, here, shellcheck, skipReason } from "../../../requires.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-container-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const isKnown = process.platform === "linux" && process.arch === "x64";

test.skipIf(!isKnown)("the program runs on this machine, and ends with 0", () => {
  const path = join(folder, "program");
  const bytes = smallestProgram({ elf: 62, code: [0x31, 0xff, 0x6a, 0x3c, 0x58, 0x0f, 0x05] });
  writeFileSync(path, bytes, { mode: 0o755 });
  expect(spawnSync(path).status).toBe(0);
  expect(bytes.length).toBeLessThan(200);
});

/** What an archive says of its image. */
interface Packed {
  Config: string;
  RepoTags: string[];
  Layers: string[];
}

/** What ctr does, what is said of it, and the words that it is called with at last. */
const cases: [what: string, ctr: string, why: string, calls: RegExp][] = [
  ["a container that runs", "exit 0", "", /images rm .*\n.*namespaces rm hullwright-check\n$/],
  [
    "an image that cannot be imported",
    'case "$*" in *import*) echo "no space left on device"; exit 1 ;; esac',
    "an image cannot be imported: no space left on device",
    /containers ls -q\n.*images rm/,
  ],
  [
    "a container that cannot be made",
    'case "$*" in *" run "*) echo "OCI runtime create failed:"; echo broken; exit 1 ;; esac',
    "no container can be run: OCI runtime create failed: broken",
    /containers ls -q\n.*images rm/,
  ],
  [
    "a container that says nothing",
    'case "$*" in *" run "*) exit 3 ;; *"containers ls"*) echo check-1 ;; esac',
    "no container can be run: it ends with 3",
    /tasks rm -f check-1\n.*containers rm check-1\n.*snapshots --snapshotter native rm check-1\n.*images rm/,
  ],
];

describe.skipIf(!isKnown).each(here(["dash", "bash", "busybox sh"]))("through %s", (shell) => {
  // Runs the check with this ctr; answers what it found.
  const check = (ctr: string, checks = "hw_runs"): string => {
    const path = join(folder, "ctr");
    writeFileSync(path, `#!/bin/sh\necho "$*" >> ${folder}/calls\n${ctr}\n`);
    chmodSync(path, 0o755);
    const script = checkContainer({
      ctr: path,
      address: "/run/c.sock",
      snapshotter: "native",
      root: join(folder, "root"),
    });
    const [command, ...rest] = shell.split(" ") as [string, ...string[]];
    const input = `HW_RUN_DIR=${folder}/j; mkdir -p $HW_RUN_DIR\n${script.sh}\n${checks} && echo runs || echo "$hw_why"\n`;
    const { stdout, stderr } = spawnSync(command, [...rest, "-s"], { input, encoding: "utf8" });
    expect(stderr).toBe("");
    return stdout.trim();
  };

  test.each(cases)("%s", (_what, ctr, why, calls) => {
    expect(check(ctr)).toBe(why === "" ? "runs" : why);
    expect(readFileSync(join(folder, "calls"), "utf8")).toMatch(calls);
    expect(existsSync(join(folder, "j/check"))).toBe(false);
  });

  test("two checks run containers with names of their own", () => {
    check("exit 0", "hw_runs && sleep 0.05 && hw_runs");
    const calls = readFileSync(join(folder, "calls"), "utf8");
    const names = [...calls.matchAll(/ run .* (check-\S+)$/gm)].map(([, name]) => name);
    expect([names.length, new Set(names).size]).toEqual([2, 2]);
  });

  // containerd goes on with an import that was cut off, by the names of its files
  test("two checks import files with names of their own", () => {
    check(
      `case "$*" in *import*) for f; do :; done; tar -tf "$f" >> ${folder}/files ;; esac`,
      "hw_runs && sleep 0.05 && hw_runs",
    );
    const files = readFileSync(join(folder, "files"), "utf8").split("\n").filter(Boolean);
    expect(files.filter((name, at) => files.indexOf(name) !== at)).toEqual(["manifest.json"]);
  });

  test("the image holds the program, and what an image needs", () => {
    check(`case "$*" in *import*) tar -xf "$8" -C ${folder} || tar -xf "$9" -C ${folder} ;; esac`);
    const [image] = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as [Packed];
    expect(image.RepoTags).toEqual(["hullwright.invalid/check:1"]);
    const [layer = ""] = image.Layers.map((name) => join(folder, name));
    const config = JSON.parse(readFileSync(join(folder, image.Config), "utf8")) as {
      rootfs: { diff_ids: string[] };
    };
    const { stdout } = spawnSync("sha256sum", [layer], { encoding: "utf8" });
    expect(config.rootfs.diff_ids).toEqual([`sha256:${stdout.split(" ")[0]}`]);
    spawnSync("tar", ["-xf", layer, "-C", folder]);
    expect(spawnSync(join(folder, "exit")).status).toBe(0);
  });
});

test.skipIf(!has("shellcheck"))(`shellcheck has nothing to say${skipReason("shellcheck")}`, () => {
  const script = checkContainer({ ctr: "/c", address: "/a", snapshotter: "s", root: "/r" });
  expect(shellcheck(`HW_RUN_DIR=/j\n${script.sh}\nhw_runs || echo "$hw_why"`)).toBe("");
});
