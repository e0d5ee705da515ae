import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesystem } from "../../../src/probes/files/filesystem.ts";
import { preflight, type Preflight } from "../../../src/probes/containerd/preflight.ts";
import { here } from "../../requires.ts";

/** The first line of a config of ours, which an upgrade leaves as it is. */
const TITLE = "# Written by Hullwright for containerd 1.6\nversion = 2\n";

const shells = here(["dash", "bash", "busybox sh"]);

describe("what the host's answer means", () => {
  const answer = `preflight
machine aarch64
systemd
overlay
cgroup 2 cpuset cpu io memory pids
readonly /usr/local/bin
readonly /usr/local/bin
masked /etc/systemd/system/containerd.service
unit /run/systemd/system/containerd.service
runc file /usr/sbin/runc
runc link /usr/bin/runc
containerd file /usr/bin/containerd
installed
configured root /data
containers 2
owner runc: /usr/sbin/runc
owner containerd.io: /usr/bin/containerd
`;
  const arg = {
    containerd: "/c",
    runc: "/r",
    opt_path: "/o",
    unit: "/u",
    config: "/t",
    root: "/d",
    folders: [],
  };

  test("is read by its lines", () => {
    expect(preflight.parse(answer, [arg])).toEqual([
      {
        machine: "aarch64",
        systemd: true,
        overlay: true,
        cgroup: { version: 2, controllers: ["cpuset", "cpu", "io", "memory", "pids"] },
        readOnly: ["/usr/local/bin"],
        units: [
          { path: "/etc/systemd/system/containerd.service", masked: true },
          { path: "/run/systemd/system/containerd.service", masked: false },
        ],
        foreign: [
          { program: "runc", path: "/usr/sbin/runc", link: false, owner: "runc" },
          { program: "runc", path: "/usr/bin/runc", link: true, owner: null },
          {
            program: "containerd",
            path: "/usr/bin/containerd",
            link: false,
            owner: "containerd.io",
          },
        ],
        installed: true,
        configured: { root: "/data", state: "/run/containerd" },
        containers: 2,
      } satisfies Preflight,
    ]);
  });

  test("is garbage where it is cut", () => {
    expect(() => preflight.parse("", [arg])).toThrow("truncated or garbled");
  });
});

describe.each(shells)("asked through %s", (shell) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hw-preflight-"));
    mkdirSync(join(folder, "opt/bin"), { recursive: true });
    writeFileSync(join(folder, "opt/bin/runc"), "x");
    writeFileSync(join(folder, "runc"), "ours");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // Runs a program of questions.
  const ask = (program: string): string => {
    const [command, ...rest] = shell.split(" ") as [string, ...string[]];
    const { stdout, stderr } = spawnSync(command, [...rest, "-s"], {
      input: `HW_STATE_DIR=${folder}/hw\n{ ${program}\n} 2>/dev/null`,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    return stdout;
  };
  const args = (): Parameters<typeof preflight.script>[0] => [
    {
      containerd: join(folder, "containerd"),
      runc: join(folder, "runc"),
      opt_path: join(folder, "opt"),
      unit: join(folder, "u.service"),
      config: join(folder, "config.toml"),
      root: join(folder, "data"),
      folders: [join(folder, "new/folder"), "/proc/nothing", "relative"],
    },
  ];

  test("a stray runc is found, ours and links to ours are not", () => {
    const strays = (): string[] =>
      preflight.parse(ask(preflight.script(args()).sh), args())[0]!.foreign.map(({ path }) => path);
    expect(strays()).toContain(join(folder, "opt/bin/runc"));
    rmSync(join(folder, "opt/bin/runc"));
    symlinkSync("../../runc", join(folder, "opt/bin/runc"));
    expect(strays()).not.toContain(join(folder, "opt/bin/runc"));
    rmSync(join(folder, "opt/bin/runc"));
    writeFileSync(join(folder, "opt/bin/runc"), "x");
  });

  test("the directories of the host's config are told, and what is in the running state", () => {
    const found = (): Preflight => preflight.parse(ask(preflight.script(args()).sh), args())[0]!;
    rmSync(join(folder, "config.toml"), { force: true });
    expect(found()).toMatchObject({
      installed: false,
      configured: { root: "/var/lib/containerd", state: "/run/containerd" },
    });
    const state = join(folder, "state");
    for (const one of ["default/a", "k8s.io/b"])
      mkdirSync(join(state, "io.containerd.runtime.v2.task", one), { recursive: true });
    writeFileSync(
      join(folder, "config.toml"),
      `version = 2\n# root = "/no"\nroot="/data"\n  state = '${state}'\n[plugins.x]\n  root = "/not this"\n`,
    );
    expect(found()).toMatchObject({ configured: { root: "/data", state }, containers: 2 });
  });

  test("containers tell by their own links where the data is, whatever the config says by now", () => {
    const found = (): Preflight => preflight.parse(ask(preflight.script(args()).sh), args())[0]!;
    const [state, one] = [join(folder, "state"), "io.containerd.runtime.v2.task/k8s.io/b"];
    writeFileSync(join(folder, "config.toml"), `root = "/elsewhere"\nstate = '${state}'\n`);
    const link = join(state, one, "work");
    symlinkSync(join("/gone", one), link);
    expect(found().configured.root).toBe("/gone");
    rmSync(link);
    mkdirSync(join(folder, "data", one), { recursive: true });
    symlinkSync(join(folder, "data", one), link);
    expect(found().configured.root).toBe(join(folder, "data"));
    rmSync(link);
  });

  test.each([
    ["the binary, where the config was written for an older one", "v1.7.24", TITLE, "v1.7.24"],
    ["the binary, as distributions number it", "1.6.20~ds1 1.6.20~ds1-1+b1", "", "1.6.20"],
    ["the config, where the binary says nothing", "", TITLE, "1.6"],
    ["nobody", "", "version = 2\n", undefined],
  ])("the version that is installed is told by %s", (_who, says, config, version) => {
    const binary = join(folder, "containerd");
    const answer = says === "" ? "exit 1" : `echo containerd github.com/containerd ${says}`;
    // it must leave the rest of the questions alone
    writeFileSync(binary, `#!/bin/sh\ncat >/dev/null\n${answer}\n`, { mode: 0o755 });
    writeFileSync(join(folder, "config.toml"), config);
    const [found] = preflight.parse(ask(preflight.script(args()).sh), args());
    rmSync(binary);
    rmSync(join(folder, "config.toml"));
    expect(found).toMatchObject({ installed: true });
    expect(found!.version).toBe(version);
  });

  test.each([
    ["the note, as long as the file is the same", false, "v2.1.9"],
    ["the binary, where the file is another by now", true, "v1.7.24"],
  ])("the version that was noted of a ready daemon: told by %s", (_who, isTouched, version) => {
    const binary = join(folder, "containerd");
    writeFileSync(binary, "#!/bin/sh\necho containerd github.com/containerd v1.7.24\n", {
      mode: 0o755,
    });
    const stat = execFileSync("stat", ["-L", "-c", "%s %.9Y %.9Z %i", "--", binary]);
    const line = `${stat.toString().trim()} v2.1.9 ${binary}\n`;
    mkdirSync(join(folder, "hw/records"), { recursive: true });
    writeFileSync(join(folder, "hw/records/containerd-version"), line);
    if (isTouched) chmodSync(binary, 0o700);
    const [found] = preflight.parse(ask(preflight.script(args()).sh), args());
    rmSync(binary);
    rmSync(join(folder, "hw"), { recursive: true });
    expect(found!.version).toBe(version);
  });

  test("the kernel and its cgroups are told", () => {
    const [found] = preflight.parse(ask(preflight.script(args()).sh), args());
    expect(found!.machine).toMatch(/^\w+$/);
    expect(found!.cgroup.controllers).toEqual(expect.any(Array));
  });

  test("a path that is not absolute ends, too", () => {
    const [found] = filesystem.parse(ask(filesystem.script([{ path: "relative/data" }]).sh), [
      { path: "" },
    ]);
    expect(found).toMatchObject({ parent: "/" });
  });

  test("a path that is not there is told by its nearest parent, and nothing is written", () => {
    const before = statSync(folder).mtimeMs;
    const [found] = filesystem.parse(ask(filesystem.script([{ path: `${folder}/a/b` }]).sh), [
      { path: "" },
    ]);
    expect(found).toMatchObject({ parent: folder, type: expect.stringMatching(/./) as string });
    expect(found!.free).toBeGreaterThan(0);
    expect(statSync(folder).mtimeMs).toBe(before);
  });
});
