import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { containerd_ready } from "../../../src/modules/containerd/containerd_ready.ts";
import {
  noteOf,
  readiness,
  readinessFunctions,
  readinessOf,
  type Readiness,
  type ReadinessArg,
} from "../../../src/probes/containerd/readiness.ts";
import { RECORD_FUNCTIONS } from "../../../src/probes/record.ts";
import { here } from "../../requires.ts";

const PLUGINS = `TYPE ID PLATFORMS STATUS
io.containerd.snapshotter.v1 overlayfs linux/amd64 ok
io.containerd.grpc.v1 cri - ok
io.containerd.cri.v1 images - ok`;

describe("what the host's answer means", () => {
  const arg = { unit: "u", address: "/s" } as ReadinessArg;
  test.each<[string, Readiness]>([
    ["noted,ab12,", { state: "noted", invocation: "ab12" }],
    [
      "not ready,ab12,grpc.v1/cri is error, and more",
      { state: "not ready", invocation: "ab12", why: "grpc.v1/cri is error, and more" },
    ],
    [
      "starting,,there is no socket",
      { state: "starting", invocation: null, why: "there is no socket" },
    ],
  ])("%s", (answer, wanted) => {
    expect(readiness.parse(`readiness ${answer}\n`, [arg])).toEqual([wanted]);
  });

  test("garbage is not an answer", () => {
    expect(() => readiness.parse("readiness perhaps,,\n", [arg])).toThrow("truncated or garbled");
  });

  test("a runc or a shim that this run replaces leaves it open", () => {
    const of = (subject: string): boolean =>
      readiness.planned!.madeOf!({ ...arg, runc: "/r", shim: "/h" }, "path", subject);
    expect(["/r", "/h", "/x"].map(of)).toEqual([true, true, false]);
  });
});

describe.each(here(["dash", "bash", "busybox sh"]))("asked through %s", (shell) => {
  let folder: string;
  let server: Server;
  let arg: ReadinessArg;
  let unit: string;
  const put = (name: string, text: string): string => {
    const path = join(folder, name);
    rmSync(path, { force: true });
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  // The daemon is a process of this test's own, and systemctl a function: what they say is data here.
  const run = (program: string): string => {
    const [command, ...rest] = shell.split(" ") as [string, ...string[]];
    const head = `HW_STATE_DIR=${folder}/hw\n${RECORD_FUNCTIONS}\nsystemctl() { printf '%s\\n' '${unit.replaceAll("\n", "' '")}' "MainPID=$$"; }\nreadlink() { echo ab12; }\n`;
    const { stdout, stderr } = spawnSync(command, [...rest, "-s"], {
      input: `${head}${program}`,
      encoding: "utf8",
      env: { ...process.env, PATH: `${folder}/bin:${process.env["PATH"] ?? ""}` },
    });
    expect(stderr).toBe("");
    return stdout;
  };
  const look = (): Readiness => readiness.parse(run(readiness.script([arg]).sh), [arg])[0]!;
  const remember = (): void =>
    void run(
      `${readinessFunctions().sh}\n${readinessOf(arg).sh}\nhw_record ${arg.note} ${noteOf(arg).sh}`,
    );

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "readiness-"));
    for (const name of ["bin", "opt", "opt/bin"]) mkdirSync(join(folder, name));
    unit =
      "ActiveState=active\nSubState=running\nResult=success\nNRestarts=0\nExecMainStartTimestampMonotonic=1";
    arg = {
      unit: "u.service",
      address: join(folder, "sock"),
      opt_path: join(folder, "opt"),
      note: "ready-u",
      container: false,
      requires: ["snapshotter.v1/overlayfs", "grpc.v1/cri"],
      ctr: put("ctr", `case $3 in version) echo version ;; *) printf '%s\\n' '${PLUGINS}' ;; esac`),
      runc: put("runc", "echo runc"),
      shim: put("shim", "echo shim"),
    };
    symlinkSync(arg.runc!, join(folder, "bin/runc"));
    server = createServer().listen(arg.address);
    await new Promise((resolve) => server.once("listening", resolve));
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  test("a daemon that works is ready; once that is noted, nobody looks", () => {
    expect(look()).toEqual({ state: "ready", invocation: "ab12" });
    remember();
    put("ctr", "exit 1");
    expect(look()).toEqual({ state: "noted", invocation: "ab12" });
  });

  test("a daemon with which no container could be run is not ready, until something is another", () => {
    const before = look();
    run(
      `${readinessFunctions().sh}\n${readinessOf(arg).sh}\nhw_record ${arg.note} "broken "${noteOf(arg).sh}"\nno container can be run: why"`,
    );
    const why = "no container can be run: why";
    expect(look()).toEqual({ state: "not ready", invocation: "ab12", why });
    put("runc", "echo another runc");
    expect(look()).toEqual(before);
  });

  test.each<[string, () => void, RegExp]>([
    [
      "a runc that is another file by now",
      () => put("runc", "exit 1"),
      /runc cannot run: it says nothing;/,
    ],
    [
      "a shim that is another file by now",
      () => put("shim", "echo broken >&2; exit 3"),
      /shim cannot run: broken;/,
    ],
    ["a shim that is gone", () => rmSync(join(folder, "shim")), /shim is not there/],
  ])("what was noted does not hold for %s", (_what, damage, why) => {
    remember();
    damage();
    expect(look()).toMatchObject({ state: "not ready", why: expect.stringMatching(why) as string });
  });

  test.each<[string, () => void, RegExp]>([
    [
      "a plugin that failed",
      () => void put("ctr", `printf '%s\\n' '${PLUGINS.replace("images - ok", "images - error")}'`),
      /^cri\.v1\/images is error;$/,
    ],
    [
      "a plugin that is not there",
      () => {
        arg.requires = ["metadata.v1/bolt"];
      },
      /^metadata\.v1\/bolt is not there;$/,
    ],
    [
      "a daemon that does not answer",
      () => void put("ctr", "echo refused; exit 1"),
      /^it does not answer: refused$/,
    ],
    [
      "a unit that fails over and over",
      () => {
        unit = "ActiveState=activating\nSubState=auto-restart\nResult=exit-code\nNRestarts=7";
      },
      /^u\.service is activating \(auto-restart\), result exit-code$/,
    ],
    [
      "no socket",
      () => {
        arg.address = join(folder, "none");
      },
      /^there is no socket at/,
    ],
    [
      "a runc that others put first",
      () => void put("opt/bin/runc", "echo other"),
      /it finds .*\/opt\/bin\/runc before .*\/runc;/,
    ],
    [
      "no runc in the PATH of the daemon",
      () => {
        arg.runc = put("elsewhere", "echo runc");
        rmSync(join(folder, "bin/runc"));
      },
      /runc/,
    ],
  ])("%s is told", (_what, damage, why) => {
    damage();
    expect(look()).toMatchObject({ state: "not ready", why: expect.stringMatching(why) as string });
  });

  test("the step that waits gives up at once where the unit has failed, with the reason", () => {
    unit = "ActiveState=failed\nSubState=failed\nResult=exit-code";
    const { unit: name, note: _note, container: run_container, runc, ...rest } = arg;
    const more = { snapshotter: "overlayfs", timeout: 30, root: "/r", run_container };
    const args = { ...rest, unit: name, runc: runc!, ...more };
    const step = containerd_ready.plan(
      args,
      { ready: { state: "not ready", invocation: "ab12" } },
      undefined as never,
    )!.steps[0]!;
    const out = run(
      `hw_fail() { printf '%s\\n' "$*"; return 1; }; journalctl() { :; }\n(${step.run.sh}\n)`,
    );
    expect(out).toMatch(
      /u\.service is not ready: u\.service is failed \(failed\), result exit-code/,
    );
  });
});
