import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { dropIns } from "../../../src/probes/system/drop_ins.ts";
import { PATH_FUNCTIONS, type PathState } from "../../../src/probes/files/path.ts";
import {
  RECORD_START,
  started,
  type StartedState,
} from "../../../src/probes/system/daemon-start.ts";
import type { Json } from "../../../src/value.ts";
import type { LookWord } from "../../../src/probes/probe.ts";
import {
  isRunning,
  unit,
  unitFiles,
  unitName,
  unitPaths,
} from "../../../src/probes/system/unit.ts";
import { startStep, stopStep } from "../../../src/modules/shared/systemd/steps.ts";
import { has, here, shellcheck, skipReason } from "../../requires.ts";

const ANSWER = `Type=notify
MainPID=53
NRestarts=2
ExecMainStartTimestampMonotonic=3910562806
ExecStart={ path=/usr/sbin/sshd ; argv[]=/usr/sbin/sshd -D $SSHD_OPTS ; ignore_errors=no ; pid=53 ; status=0/0 }
Names=sshd.service ssh.service
LoadState=loaded
ActiveState=active
SubState=running
DropInPaths=/etc/systemd/system/ssh.service.d/b.conf /etc/systemd/system/ssh.service.d/a.conf
NeedDaemonReload=yes
InvocationID=ce61

Names=nope.service
LoadState=not-found
ActiveState=inactive
`;

/** What an earlier task makes of the place of a mask, by how the unit is masked; whether it stays. */
const MASKS: readonly [fileState: string, made: Json | undefined, stays: boolean][] = [
  ["masked", undefined, true],
  ["masked", { type: "char" }, true],
  ["masked", { type: "link", target: "/dev/null" }, true],
  ["masked", { type: "file", sha256: null }, false],
  ["masked", null, false],
  ["masked-runtime", { type: "file", sha256: null }, false],
  ["masked-runtime", null, true],
];

test.each(MASKS)("a unit that is %s, where an earlier task makes %j", (fileState, made, stays) => {
  const arg = { name: "a.service" };
  const [found] = unit.parse(
    `Names=a.service\nLoadState=masked\nUnitFileState=${fileState}\nActiveState=inactive\n`,
    [arg],
  );
  const paths = new Map<string, Json>([["/etc/systemd/system/b.service", null]]);
  if (made !== undefined) paths.set("/etc/systemd/system/a.service", made);
  const then = unit.planned?.join?.(found!, paths, arg) ?? found!;
  expect(then.load).toBe(stays ? "masked" : "not-found");
  const [load, links] = unit.look!.words(then, arg);
  expect([load, links]).toEqual(stays ? ["masked", fileState] : [null, null]);
});

describe("unit", () => {
  const ask = (output: string, ...names: string[]): ReturnType<typeof unit.parse> =>
    unit.parse(
      output,
      names.map((name) => ({ name })),
    );

  test("links to a unit count where it has no file", () => {
    const [nope, ssh] = ask(
      `${ANSWER}linked nope.service\nlinked ssh.service\n`,
      "nope.service",
      "ssh.service",
    );
    expect([nope!.linked, ssh!.linked]).toEqual([true, undefined]);
  });

  test("each unit finds its block by any of its names", () => {
    const [nope, ssh] = ask(ANSWER, "nope.service", "ssh.service");
    expect(nope).toMatchObject({ load: "not-found", active: "inactive", mainPid: 0 });
    expect(ssh).toMatchObject({
      load: "loaded",
      active: "active",
      mainPid: 53,
      restarts: 2,
      startedAt: 3910562806,
      needReload: true,
      invocation: "ce61",
      exec: "/usr/sbin/sshd",
      dropIns: [
        "/etc/systemd/system/ssh.service.d/a.conf",
        "/etc/systemd/system/ssh.service.d/b.conf",
      ],
    });
    expect(ssh!.problem).toBeUndefined();
  });

  test.each([
    [
      "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
      /not been booted/,
    ],
    ["sh: 1: systemctl: not found\n", /not found/],
    ["", /said nothing/],
    ["\u0000\u0001garbage\n\n=x\n", /garbage/],
    [
      `Failed to get properties: Unit name a\\x.service is neither a valid invocation ID nor unit name.\n\n${ANSWER}`,
      /neither a valid/,
    ],
  ])("what systemctl says instead is the problem: %j", (output, problem) => {
    expect(ask(output, "a\\x.service")[0]!.problem).toMatch(problem);
  });

  test("names without a suffix are services", () => {
    expect(["containerd", "a.b", "x@1", "run.mount", "a.timer"].map(unitName)).toEqual([
      "containerd.service",
      "a.b.service",
      "x@1.service",
      "run.mount",
      "a.timer",
    ]);
  });

  test("an instance may come from its template", () => {
    expect(unitPaths("app@1.service").slice(0, 2)).toEqual([
      "/etc/systemd/system/app@1.service",
      "/etc/systemd/system/app@.service",
    ]);
    expect(unitPaths("app.service")).toHaveLength(4);
  });

  test("words for a look leave open what nobody knows", () => {
    const state = ask(ANSWER, "ssh.service")[0]!;
    const words = (more: object): LookWord[] =>
      unit.look!.words({ ...state, fileState: "enabled", ...more }, { name: "ssh.service" });
    expect(words({})).toEqual(["loaded", "enabled", { begins: "up" }]);
    expect(words({ active: "activating", sub: "auto-restart" })).toEqual([
      "loaded",
      "enabled",
      null,
    ]);
    expect(words({ active: "failed", fileState: "" })).toEqual(["loaded", "-", "down"]);
    expect(words({ load: "not-found", active: "inactive" })).toEqual([null, null, "down"]);
    expect(words({ type: "" })).toEqual(["loaded", null, null]);
    expect(words({ type: "oneshot" })).toEqual(["loaded", "enabled", null]);
    expect(
      ["active", "activating", "reloading", "deactivating", "failed"].map((active) =>
        isRunning({ ...state, active }),
      ),
    ).toEqual([true, true, true, false, false]);
    expect(isRunning({ ...state, active: "activating", sub: "auto-restart" })).toBe(false);
  });
});

describe("started", () => {
  const folder = mkdtempSync(join(tmpdir(), "started-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const config = join(folder, "a b.toml");
  const gone = join(folder, "gone");
  const units =
    "Names=x.service\nMainPID=1\nInvocationID=i1\nExecStart={ path=/bin/x ; argv[]=/bin/x ; }";
  const run = (shell: string[], script: string): string =>
    execFileSync(shell[0]!, shell.slice(1), {
      input: `HW_STATE_DIR=${folder}/hw; HW_RUN_DIR=${folder}/j; hw_units='${units}'\n${PATH_FUNCTIONS}\nhw_index() { :; }; hw_remember() { :; }\n${script}`,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });
  const shells = here([
    ["dash", "-s"],
    ["bash", "-s"],
    ["busybox", "sh"],
  ]);

  test.each(shells)("what %s notes at a start is read again", (...shell) => {
    mkdirSync(join(folder, "j"), { recursive: true });
    writeFileSync(config, "version = 2\n");
    run(
      shell,
      `${RECORD_START}\nhw_started_with '${config}' '${gone}'; hw_started_with_drop_ins '${config}' '"${folder}/a'; hw_note_start x.service i1`,
    );
    const args = [
      { unit: "x.service", files: [config, gone] },
      { unit: "y.service", files: [] },
    ];
    const [x, y] = started.parse(run(shell, started.script(args).sh), args);
    const digest = createHash("sha256").update("version = 2\n").digest("hex");
    expect(x!.record).toEqual({
      invocation: "i1",
      files: { [config]: digest, [gone]: "-" },
      copies: { [config]: Buffer.from("version = 2\n").toString("base64") },
      dropIns: { [config]: digest },
    });
    expect([x!.evidence, x!.current]).toEqual([null, {}]);
    expect(y).toEqual({ record: null, evidence: null, current: {} });
  });

  test.each(shells)(
    "of another's start %s tells ages, digests and what was written since",
    (...shell) => {
      writeFileSync(join(folder, "hw/started/x.service"), `invocation i0\nfile - ${config}\n`);
      writeFileSync(config, "version = 3\n");
      const args = [{ unit: "x.service", files: [config, gone] }];
      const [x] = started.parse(run(shell, started.script(args).sh), args);
      expect(x!.record).toEqual({ invocation: "i0", files: { [config]: "-" }, copies: {} });
      expect(x!.evidence!.now).toBeGreaterThan(1e9);
      expect(x!.evidence!.uptime).toBeGreaterThan(0);
      expect(Object.keys(x!.evidence!.modified)).toEqual([config]);
      expect(x!.evidence!.modified[config]! - x!.evidence!.now).toBeLessThanOrEqual(0.01);
      expect(Object.keys(x!.evidence!.digests)).toEqual([config]);
    },
  );

  test.each(shells)("%s tells what is gone of the files that were noted", (...shell) => {
    const [there, went, deep] = [join(folder, "there"), join(folder, "went"), join(folder, "d/x")];
    writeFileSync(there, "");
    writeFileSync(
      join(folder, "hw/started/x.service"),
      `invocation i1\n${[there, went, deep, gone].map((path) => `file ${"a".repeat(64)} ${path}\n`).join("")}file - ${config}-\ndrop-ins\n`,
    );
    const args = [{ unit: "x.service", files: [gone] }];
    const [x] = started.parse(run(shell, started.script(args).sh), args);
    const changed = statSync(folder).mtimeMs / 1000;
    expect(x!.gone).toEqual({
      [went]: expect.closeTo(changed, 3),
      [deep]: expect.closeTo(changed, 3),
    });
  });

  test.each<[string, [string, PathState][], StartedState["gone"]]>([
    ["nothing", [], { "/c/gone": 9 }],
    ["others", [["/c/other", null]], { "/c/gone": 9 }],
    ["one goes", [["/c/a", null]], { "/c/gone": 9, "/c/a": null }],
    ["one that is asked for goes", [["/c/asked", null]], { "/c/gone": 9 }],
    ["its directory goes", [["/c", null]], { "/c/gone": null, "/c/a": null }],
    ["it comes back", [["/c/gone", { type: "file", sha256: null }]], undefined],
  ])("what the tasks before make of noted files: %s", (_name, paths, wanted) => {
    const files = { "/c/a": "1", "/c/gone": "2", "/c/asked": "3", "/c/never": "-" };
    const found: StartedState = {
      ...{ record: { invocation: "i", files, copies: {} }, evidence: null, current: {} },
      gone: { "/c/gone": 9 },
    };
    const arg = { unit: "x.service", files: ["/c/asked"] };
    expect(started.planned!.join!(found, new Map(paths), arg).gone).toEqual(wanted);
  });

  test("it asks for the unit itself where no other question did", () => {
    const fake = `systemctl() { printf 'Names=z.service\\nMainPID=%s\\nInvocationID=i9\\n' $$; }`;
    writeFileSync(
      join(folder, "hw/started/z.service"),
      `invocation i9\nfile - ${gone}\ndrop-ins\n`,
    );
    const args = [{ unit: "z.service", files: [gone] }];
    expect(
      started.parse(run(["dash", "-s"], `hw_units=\n${fake}\n${started.script(args).sh}`), args)[0],
    ).toMatchObject({ record: { invocation: "i9" }, evidence: null });
    writeFileSync(join(folder, "hw/started/z.service"), `invocation i8\nfile - ${gone}\n`);
    expect(
      started.parse(run(["dash", "-s"], `hw_units=\n${fake}\n${started.script(args).sh}`), args)[0]!
        .evidence,
    ).not.toBeNull();
  });

  test("an answer that is cut says that nothing is known", () => {
    expect(started.parse("@0\ninvoc", [{ unit: "x.service", files: [] }])).toEqual([
      { record: null, evidence: null, current: {} },
    ]);
  });
});

describe("the programs", () => {
  const programs: [string, string][] = [
    ["unit", unit.script([{ name: "a.service" }]).sh],
    [
      "the look at a unit",
      `hw_look_now() { ${unit.look!.script({ name: "a.service" }).sh}\n}\nhw_look_now`,
    ],
    ["unit_files", unitFiles.script([{ name: "a.service", digests: true }]).sh],
    ["drop_ins", dropIns.script([{ name: "a.service" }]).sh],
    [
      "a stop that spares what was started",
      stopStep("a.service", { noBlock: false, keepProcesses: true }).run.sh,
    ],
    ["started", started.script([{ unit: "a.service", files: ["/a b", "/c.toml"] }]).sh],
    [
      "a start",
      startStep("a.service", {
        verb: "start",
        files: ["/a b"],
        noBlock: false,
        keepProcesses: true,
      }).run.sh,
    ],
    [
      "a restart with files noted earlier",
      startStep("a.service", { verb: "restart", files: [], noBlock: false, keepProcesses: true })
        .run.sh,
    ],
  ];
  test.skipIf(!has("shellcheck")).each(programs)(
    `shellcheck accepts %s${skipReason("shellcheck")}`,
    (_, program) => {
      // the variables of ours come from elsewhere in a program
      const stdout = shellcheck(program, ["SC2154", "SC2034"]);
      expect(stdout).toBe("");
    },
  );
});
