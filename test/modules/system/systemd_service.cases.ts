import { createHash } from "node:crypto";
import type { AnyModule } from "../../../src/modules/index.ts";
import { systemdService } from "../../../src/modules/system/systemd_service.ts";
import type { DropIn } from "../../../src/probes/system/drop_ins.ts";
import type { PathState } from "../../../src/probes/files/path.ts";
import type { StartedState } from "../../../src/probes/system/daemon-start.ts";
import type { UnitState } from "../../../src/probes/system/unit.ts";
import type { Case, Expectation } from "../case.ts";
import { defined } from "../../../src/defined.ts";

const NAME = "containerd.service";
const CONFIG = "/etc/containerd/config.toml";
const BINARY = "/usr/local/bin/containerd";
const PROXY = `/etc/systemd/system/${NAME}.d/proxy.conf`;
const FILE = `/etc/systemd/system/${NAME}`;
const IMPORTED = "/etc/containerd/conf.d/a.toml";

const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
const base64 = (text: string): string => Buffer.from(text).toString("base64");

// A file with this text; `shown` when its text is part of what is known.
const file = (text: string, shown = false): PathState => ({
  type: "file",
  mode: 0o644,
  sha256: sha(text),
  ...defined({ content: shown ? base64(text) : undefined }),
});

const running: UnitState = {
  load: "loaded",
  active: "active",
  sub: "running",
  fileState: "enabled",
  fragment: FILE,
  needReload: false,
  dropIns: [],
  mainPid: 100,
  invocation: "i1",
  startedAt: 50_000_000,
  restarts: 0,
  result: "success",
  type: "notify",
  killMode: "process",
  delegate: true,
  exec: BINARY,
};
const stopped: UnitState = {
  ...running,
  active: "inactive",
  sub: "dead",
  fileState: "disabled",
  mainPid: 0,
  startedAt: 0,
};
const missing: UnitState = {
  ...stopped,
  load: "not-found",
  fileState: "",
  fragment: "",
  type: "",
  exec: "",
  invocation: "",
};

// A record of our own start with these texts.
const record = (texts: { [path: string]: string }, invocation = "i1"): StartedState => ({
  record: {
    invocation,
    files: Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, sha(text)])),
    copies: Object.fromEntries(
      Object.entries(texts)
        .filter(([path]) => path.endsWith(".toml"))
        .map(([path, text]) => [path, base64(text)]),
    ),
  },
  evidence: null,
  current: {},
});

// A record of our own start with these drop-ins.
const noted = (dropIns: { [path: string]: string }): StartedState => {
  const own = record(texts);
  return { ...own, record: { ...own.record!, dropIns } };
};

// What else tells a daemon's age: it was started at 1000.
const evidence = (more: Partial<NonNullable<StartedState["evidence"]>>): StartedState => ({
  record: null,
  current: {},
  evidence: { now: 1100, uptime: 150, modified: {}, digests: {}, replaced: false, ...more },
});

const OLD = { [CONFIG]: sha("version = 2\n"), [BINARY]: sha("elf"), [FILE]: sha("[Service]") };
const files = [CONFIG, BINARY, FILE];
const texts = { [CONFIG]: "version = 2\n", [BINARY]: "elf", [FILE]: "[Service]" };
// A drop-in on disk.
const dropIn = (text: string, more: Partial<DropIn> = {}): DropIn => ({
  path: PROXY,
  sha256: sha(text),
  content: base64(text),
  modified: 900,
  ...more,
});

const same = {
  files: {
    [CONFIG]: file(texts[CONFIG]),
    [BINARY]: file("elf"),
    [FILE]: file("[Service]"),
  },
};
const started = { name: "containerd", state: "started", files };
const onDisk = { unitFiles: { [FILE]: file("[Service]") } };
// The unit's file as an earlier task of the run writes it.
const written = (text: string): object => ({ unitFiles: { [FILE]: file(text, true) } });
const INSTALLED = "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n";

interface Shown {
  [title: string]: readonly [before: string | null | RegExp, after: string];
}
interface SystemdCase extends Case {
  expect: Expectation & { silent?: true; opaque?: true | "start"; diff?: Shown; runs?: RegExp[] };
}

const table: Omit<SystemdCase, "module">[] = [
  {
    name: "a running enabled unit stays",
    args: { name: "containerd", state: "started", enabled: true },
    before: { unit: running },
    expect: { unchanged: true },
  },
  {
    name: "a stopped unit is started and enabled",
    args: { name: NAME, state: "started", enabled: true },
    before: { unit: stopped },
    expect: {
      diff: { enabled: ["no", "yes"], state: ["inactive", "active"] },
      opaque: "start",
      runs: [/^systemctl enable -- containerd.service$/m, /systemctl start -- "\$hw_u"/],
    },
  },
  {
    name: "a failed unit is started",
    args: { name: NAME, state: "started" },
    before: { unit: { ...stopped, active: "failed" } },
    expect: { diff: { state: ["failed", "active"] } },
  },
  {
    name: "a unit that starts just now is left alone",
    args: { name: NAME, state: "started" },
    before: { unit: { ...running, active: "activating", sub: "start" } },
    expect: { unchanged: true },
  },
  {
    name: "a running unit is stopped and disabled",
    args: { name: NAME, state: "stopped", enabled: false },
    before: { unit: running },
    expect: {
      diff: { enabled: ["yes", "no"], state: ["active", "inactive"] },
      runs: [/^systemctl disable -- /m, /^systemctl stop -- /m],
    },
  },
  {
    name: "a stopped unit stays",
    args: { name: NAME, state: "stopped", enabled: false },
    before: { unit: stopped },
    expect: { unchanged: true },
  },
  {
    name: "restarted restarts what runs",
    args: { name: NAME, state: "restarted" },
    before: { unit: running },
    expect: { diff: { state: ["active", "restarted"] }, opaque: "start" },
    always: true,
  },
  {
    name: "restarted starts what does not run",
    args: { name: NAME, state: "restarted" },
    before: { unit: stopped },
    expect: { diff: { state: ["inactive", "active"] } },
    always: true,
  },
  {
    name: "reloaded reloads what runs",
    args: { name: NAME, state: "reloaded" },
    before: { unit: running },
    expect: { diff: { state: ["active", "reloaded"] }, runs: [/systemctl reload -- "\$hw_u"/] },
    always: true,
  },
  {
    name: "a static unit needs no enabling",
    args: { name: NAME, enabled: true },
    before: { unit: { ...running, fileState: "static" } },
    expect: { unchanged: true },
  },
  {
    name: "a static unit cannot be disabled",
    args: { name: NAME, enabled: false },
    before: { unit: { ...running, fileState: "static" } },
    expect: { unchanged: true },
  },
  {
    name: "an earlier task writes a file by which a static unit can be enabled",
    args: { name: NAME, enabled: true, state: "stopped" },
    before: { unit: { ...stopped, fileState: "static" }, ...written(INSTALLED) },
    expect: { diff: { enabled: ["no", "yes"] }, runs: [/systemctl enable/] },
  },
  {
    name: "an earlier task writes a file by which a unit cannot be enabled any more",
    args: { name: NAME, enabled: true, state: "stopped" },
    before: { unit: stopped, ...written("[Service]\n[Install]\n# WantedBy=a.target\nWantedBy=\n") },
    expect: { unchanged: true },
  },
  {
    name: "what an earlier task writes below another section does not install",
    args: { name: NAME, enabled: true, state: "stopped" },
    before: { unit: stopped, ...written("[Install]\n[Service]\nWantedBy=a.target\n") },
    expect: { unchanged: true },
  },
  {
    name: "a new unit that cannot be enabled needs no enabling",
    args: { name: NAME, enabled: true },
    before: { unit: missing, ...written("[Service]\n") },
    expect: { silent: true, diff: { "daemon-reload": [null, "systemd reloads the unit"] } },
  },
  {
    name: "what is enabled stays so when an earlier task writes its file",
    args: { name: NAME, enabled: true },
    before: { unit: { ...running, needReload: false }, ...written("[Service]\n") },
    expect: { unchanged: true },
  },
  {
    name: "an indirect unit counts as enabled",
    args: { name: NAME, enabled: true },
    before: { unit: { ...running, fileState: "indirect" } },
    expect: { unchanged: true },
  },
  {
    name: "enabled until the next boot is taken back as such",
    args: { name: NAME, enabled: false },
    before: { unit: { ...running, fileState: "enabled-runtime" } },
    expect: { diff: { enabled: ["yes", "no"] }, runs: [/disable --runtime/] },
  },
  {
    name: "force goes with enabling",
    args: { name: NAME, enabled: true, force: true },
    before: { unit: stopped },
    expect: { diff: { enabled: ["no", "yes"] }, runs: [/enable --force/] },
  },
  {
    name: "no_block waits for nothing",
    args: { name: NAME, state: "started", no_block: true },
    before: { unit: stopped },
    expect: { diff: { state: ["inactive", "active"] }, runs: [/--no-block start/] },
  },

  {
    name: "masking",
    args: { name: NAME, masked: true },
    before: { unit: stopped },
    expect: { diff: { masked: ["no", "yes"] } },
  },
  {
    name: "masked already",
    args: { name: NAME, masked: true },
    before: { unit: { ...stopped, load: "masked", fileState: "masked" } },
    expect: { unchanged: true },
  },
  {
    name: "a masked unit cannot be started",
    args: { name: NAME, state: "started" },
    before: { unit: { ...stopped, load: "masked", fileState: "masked" } },
    expect: { failure: /is masked/ },
  },
  {
    name: "a masked unit may be stopped",
    args: { name: NAME, state: "stopped", enabled: false },
    before: { unit: { ...stopped, load: "masked", fileState: "masked" } },
    expect: { unchanged: true },
  },
  {
    name: "unmasked, enabled and started",
    args: { name: NAME, masked: false, enabled: true, state: "started" },
    before: {
      unit: { ...stopped, load: "masked", fileState: "masked" },
      unitFiles: { [FILE]: { type: "char" }, [`/usr/lib/systemd/system/${NAME}`]: file("x") },
    },
    expect: {
      diff: { masked: ["yes", "no"], enabled: ["no", "yes"], state: ["inactive", "active"] },
    },
  },
  {
    name: "unmasked, and then there is no unit",
    args: { name: NAME, masked: false, state: "started" },
    before: { unit: { ...stopped, load: "masked" }, unitFiles: { [FILE]: { type: "char" } } },
    expect: { failure: /Could not find/ },
  },

  {
    name: "a unit nobody has",
    args: { name: "nope", state: "started" },
    before: { unit: missing },
    expect: { failure: /Could not find the requested service nope: host/ },
  },
  {
    name: "a unit nobody has cannot be stopped either",
    args: { name: "nope", state: "stopped" },
    before: { unit: missing },
    expect: { failure: /Could not find/ },
  },
  {
    name: "a unit whose file was gone at a reload is read anew before it is stopped",
    args: { name: NAME, state: "stopped", enabled: false },
    before: { unit: { ...running, load: "error" }, ...onDisk },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        enabled: ["yes", "no"],
        state: ["active", "inactive"],
      },
    },
  },
  {
    name: "a bare host: an earlier task writes the unit",
    args: { ...started, enabled: true },
    before: {
      unit: missing,
      started: { record: null, evidence: null, current: {} },
      ...same,
      ...onDisk,
    },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        enabled: ["no", "yes"],
        state: ["inactive", "active"],
      },
      opaque: "start",
    },
  },
  {
    name: "links of a unit whose file an earlier task writes make it enabled",
    args: { name: NAME, enabled: false },
    before: { unit: { ...missing, linked: true }, ...written(INSTALLED) },
    expect: {
      diff: { "daemon-reload": [null, "systemd reloads the unit"], enabled: ["yes", "no"] },
    },
  },
  {
    name: "links of a unit make it enabled without its mask",
    args: { name: NAME, masked: false, enabled: false },
    before: {
      unit: { ...stopped, load: "masked", fileState: "masked", linked: true },
      ...onDisk,
    },
    expect: {
      diff: {
        masked: ["yes", "no"],
        enabled: ["yes", "no"],
      },
    },
  },
  {
    name: "a bare host: content that is not known yet",
    args: started,
    before: {
      unit: missing,
      started: { record: null, evidence: null, current: {} },
      ...same,
      files: { ...same.files, [CONFIG]: { type: "file", sha256: null } },
      unitFiles: { [FILE]: { type: "file", sha256: null } },
    },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        state: ["inactive", "active"],
      },
    },
  },
  {
    name: "an instance comes from its template",
    args: { name: "app@1", state: "started" },
    before: { unit: missing, unitFiles: { "/usr/lib/systemd/system/app@.service": file("x") } },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        state: ["inactive", "active"],
      },
    },
  },

  {
    name: "it runs with what is on disk",
    args: started,
    before: { unit: running, started: record(texts), ...same },
    expect: { unchanged: true },
  },
  {
    name: "a binary was replaced",
    args: started,
    before: {
      unit: running,
      started: record(texts),
      ...same,
      files: { ...same.files, [BINARY]: file("new") },
    },
    expect: {
      diff: {
        restart: [
          /older files: \/usr\/local\/bin\/containerd \(replaced\)$/,
          "runs with what is on disk",
        ],
      },
      opaque: "start",
    },
  },
  {
    name: "a binary will be new",
    args: started,
    before: {
      unit: running,
      started: record(texts),
      ...same,
      files: { ...same.files, [BINARY]: { type: "file", sha256: null } },
    },
    expect: { diff: { restart: [/\(replaced\)/, "runs with what is on disk"] } },
  },
  {
    name: "a planned config says which keys differ",
    args: started,
    before: {
      unit: running,
      started: record(texts),
      ...same,
      files: { ...same.files, [CONFIG]: file('version = 3\nroot = "/x"\n', true) },
    },
    expect: {
      diff: { restart: [/version: 2 -> 3, root: absent -> "\/x"/, "runs with what is on disk"] },
    },
  },
  {
    name: "a config edited by hand says so too",
    args: started,
    before: {
      unit: running,
      started: { ...record(texts), current: { [CONFIG]: base64("version = 3\n") } },
      ...same,
      files: { ...same.files, [CONFIG]: file("version = 3\n") },
    },
    expect: { diff: { restart: [/version: 2 -> 3/, "runs with what is on disk"] } },
  },
  {
    name: "comments and format restart nothing",
    args: started,
    before: {
      unit: running,
      started: record(texts),
      ...same,
      files: { ...same.files, [CONFIG]: file("# ours\nversion   =   2\n", true) },
    },
    expect: { unchanged: true },
  },
  {
    name: "comments made by hand restart nothing",
    args: started,
    before: {
      unit: running,
      started: { ...record(texts), current: { [CONFIG]: base64("version = 2 # two\n") } },
      ...same,
      files: { ...same.files, [CONFIG]: file("version = 2 # two\n") },
    },
    expect: { unchanged: true },
  },
  {
    name: "text that is not that of the planned file proves nothing",
    args: started,
    before: {
      unit: running,
      started: { ...record(texts), current: { [CONFIG]: base64("version = 2 # two\n") } },
      ...same,
      files: { ...same.files, [CONFIG]: file("version = 9") },
    },
    expect: { diff: { restart: [/config.toml \(replaced\)/, "runs with what is on disk"] } },
  },
  {
    name: "a config that is no TOML",
    args: started,
    before: {
      unit: running,
      started: record(texts),
      ...same,
      files: { ...same.files, [CONFIG]: file("= nonsense", true) },
    },
    expect: { diff: { restart: [/config.toml \(replaced\)/, "runs with what is on disk"] } },
  },
  {
    name: "a file that went",
    args: started,
    before: {
      unit: running,
      started: record(texts),
      ...same,
      files: { ...same.files, [CONFIG]: null },
    },
    expect: { diff: { restart: [/config.toml \(removed\)/, "runs with what is on disk"] } },
  },
  {
    name: "a unit file that changes is read anew first",
    args: started,
    before: {
      unit: running,
      started: record(texts),
      ...same,
      files: { ...same.files, [FILE]: file("[Service]\n#2") },
    },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        restart: [/containerd.service \(replaced\)/, "runs with what is on disk"],
      },
    },
  },
  {
    name: "a drop-in beside the unit is read anew, and restarts nothing",
    args: started,
    before: { unit: { ...running, needReload: true }, started: record(texts), ...same },
    expect: { diff: { "daemon-reload": [null, "systemd reloads the unit"] } },
  },

  {
    name: "somebody else's start, all files older",
    args: started,
    before: {
      unit: running,
      started: evidence({
        modified: { [CONFIG]: 999, [BINARY]: 10 },
        digests: { [CONFIG]: sha(texts[CONFIG]), [BINARY]: sha("elf"), [FILE]: sha("[Service]") },
      }),
      ...same,
    },
    expect: { unchanged: true },
  },
  {
    name: "somebody else's start, a younger file",
    args: started,
    before: {
      unit: running,
      started: evidence({
        modified: { [CONFIG]: 1000.5 },
        digests: { [CONFIG]: sha(texts[CONFIG]), [BINARY]: sha("elf"), [FILE]: sha("[Service]") },
      }),
      ...same,
    },
    expect: {
      diff: {
        restart: [/config.toml \(written after it was started\)/, "runs with what is on disk"],
      },
    },
  },
  {
    name: "somebody else's start, within the clocks' slack",
    args: started,
    before: {
      unit: running,
      started: evidence({
        modified: { [CONFIG]: 1000.005 },
        digests: { [CONFIG]: sha(texts[CONFIG]), [BINARY]: sha("elf"), [FILE]: sha("[Service]") },
      }),
      ...same,
    },
    expect: { unchanged: true },
  },
  {
    name: "somebody else's start, its program replaced",
    args: started,
    before: {
      unit: running,
      started: evidence({
        replaced: true,
        digests: { [CONFIG]: sha(texts[CONFIG]), [BINARY]: sha("elf"), [FILE]: sha("[Service]") },
      }),
      ...same,
    },
    expect: {
      diff: {
        restart: [/bin\/containerd \(replaced while it runs\)/, "runs with what is on disk"],
      },
    },
  },
  {
    name: "somebody else's start, an earlier task replaces a file",
    args: started,
    before: {
      unit: running,
      started: evidence({
        digests: { [CONFIG]: sha("old"), [BINARY]: sha("elf"), [FILE]: sha("[Service]") },
      }),
      ...same,
    },
    expect: {
      diff: { restart: [/config.toml \(will be replaced\)/, "runs with what is on disk"] },
    },
  },
  {
    name: "somebody else's start, a drop-in is newer",
    args: started,
    before: {
      unit: { ...running, needReload: true },
      started: evidence({
        digests: { [CONFIG]: sha(texts[CONFIG]), [BINARY]: sha("elf"), [FILE]: sha("[Service]") },
      }),
      ...same,
    },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        restart: [/changed since systemd loaded it/, "runs with what is on disk"],
      },
    },
  },
  {
    name: "our record of an earlier start says nothing",
    args: started,
    before: {
      unit: { ...running, invocation: "i2" },
      started: {
        ...record({ ...texts, [CONFIG]: "old" }),
        evidence: evidence({
          digests: {
            [CONFIG]: sha(texts[CONFIG]),
            [BINARY]: sha("elf"),
            [FILE]: sha("[Service]"),
          },
        }).evidence,
      },
      ...same,
    },
    expect: { unchanged: true },
  },

  {
    name: "an imported file that nobody names any more is gone",
    args: started,
    before: {
      unit: running,
      started: {
        ...record({ ...texts, [IMPORTED]: "x" }),
        gone: { [IMPORTED]: 900 },
      },
      ...same,
    },
    expect: {
      diff: { restart: [/conf\.d\/a\.toml \(removed\)$/, "runs with what is on disk"] },
    },
  },
  {
    name: "an imported file is removed by a task of this run",
    args: started,
    before: {
      unit: running,
      started: {
        ...record({ ...texts, [IMPORTED]: "x" }),
        gone: { [IMPORTED]: null },
      },
      ...same,
    },
    expect: {
      diff: { restart: [/conf\.d\/a\.toml \(will be removed\)$/, "runs with what is on disk"] },
    },
  },
  ...(
    [
      [999, { unchanged: true }],
      [1001, { diff: { restart: [/a\.toml \(removed\)$/, "runs with what is on disk"] } }],
    ] as const
  ).map(([changed, wanted]) => ({
    name: `somebody else's start, a file of our note is gone, its directory changed at ${String(changed)}`,
    args: started,
    before: {
      unit: { ...running, invocation: "i2" },
      started: {
        ...record({ ...texts, [IMPORTED]: "x" }),
        evidence: evidence({ digests: OLD }).evidence,
        gone: { [IMPORTED]: changed },
      },
      ...same,
    },
    expect: wanted,
  })),
  ...(
    [
      ["older than our start", { [IMPORTED]: 990 }, { unchanged: true }],
      [
        "that got its name since our start",
        { [IMPORTED]: 1001 },
        { diff: { restart: [/a\.toml \(new\)$/, "runs with what is on disk"] } },
      ],
    ] as const
  ).map(([name, changed, wanted]) => ({
    name: `a file that our note does not have, ${name}`,
    args: { ...started, files: [...files, IMPORTED] },
    before: {
      unit: running,
      started: {
        ...record(texts),
        evidence: evidence({
          changed,
          modified: { [IMPORTED]: 900 },
          digests: { ...OLD, [IMPORTED]: sha("x") },
        }).evidence,
      },
      files: { ...same.files, [IMPORTED]: file("x") },
    },
    expect: wanted,
  })),
  {
    name: "somebody else's start, a file was only renamed or its mode changed",
    args: started,
    before: {
      unit: running,
      started: evidence({ digests: OLD, modified: { [CONFIG]: 900 }, changed: { [CONFIG]: 1001 } }),
      ...same,
    },
    expect: { unchanged: true },
  },
  {
    name: "a drop-in came since our start",
    args: started,
    before: {
      unit: running,
      started: noted({}),
      ...same,
      dropIns: [dropIn("[Service]\nEnvironment=A=1\n")],
    },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        restart: [/proxy\.conf \(new\)$/, "runs with what is on disk"],
      },
    },
  },
  {
    name: "a drop-in that systemd has loaded, but the daemon has not",
    args: started,
    before: {
      unit: { ...running, dropIns: [PROXY] },
      started: noted({}),
      ...same,
      dropIns: [dropIn("x")],
    },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        restart: [/proxy\.conf \(new\)$/, "runs with what is on disk"],
      },
    },
  },
  {
    name: "a drop-in has changed since our start",
    args: started,
    before: {
      unit: { ...running, dropIns: [PROXY] },
      started: noted({ [PROXY]: sha("old") }),
      ...same,
      dropIns: [dropIn("new")],
    },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        restart: [/proxy\.conf \(changed\)$/, "runs with what is on disk"],
      },
    },
  },
  {
    name: "a drop-in is written in this run, nobody knows yet with what",
    args: started,
    before: {
      unit: { ...running, dropIns: [PROXY] },
      started: noted({ [PROXY]: sha("old") }),
      ...same,
      dropIns: [{ path: PROXY, sha256: null }],
    },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        restart: [/proxy\.conf \(changed\)$/, "runs with what is on disk"],
      },
    },
  },
  {
    name: "a drop-in went since our start",
    args: started,
    before: {
      unit: { ...running, dropIns: [PROXY] },
      started: noted({ [PROXY]: sha("old") }),
      ...same,
    },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        restart: [/proxy\.conf \(removed\)$/, "runs with what is on disk"],
      },
    },
  },
  {
    name: "the drop-ins are those of our start",
    args: started,
    before: {
      unit: { ...running, dropIns: [PROXY] },
      started: noted({ [PROXY]: sha("x") }),
      ...same,
      dropIns: [dropIn("x")],
    },
    expect: { unchanged: true },
  },
  {
    name: "somebody else's start, a younger drop-in",
    args: started,
    before: {
      unit: { ...running, dropIns: [PROXY] },
      started: evidence({ digests: OLD }),
      ...same,
      dropIns: [dropIn("x", { modified: 1001 })],
    },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        restart: [/proxy\.conf \(written after it was started\)$/, "runs with what is on disk"],
      },
    },
  },
  {
    name: "somebody else's start, an older drop-in",
    args: started,
    before: {
      unit: { ...running, dropIns: [PROXY] },
      started: evidence({ digests: OLD }),
      ...same,
      dropIns: [dropIn("x")],
    },
    expect: { unchanged: true },
  },
  {
    name: "somebody else's start, a drop-in that systemd has not loaded",
    args: started,
    before: { unit: running, started: evidence({ digests: OLD }), ...same, dropIns: [dropIn("x")] },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        restart: [/proxy\.conf \(new\)$/, "runs with what is on disk"],
      },
    },
  },
  {
    name: "a drop-in that systemd has not seen is read before a start",
    args: started,
    before: { unit: stopped, started: noted({}), ...same, dropIns: [dropIn("x")] },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        state: ["inactive", "active"],
      },
    },
  },

  {
    name: "containers are not killed by a drop-in of others",
    args: { ...started, state: "restarted", keep_processes: true },
    before: {
      unit: { ...running, dropIns: [PROXY], killMode: "control-group" },
      started: noted({ [PROXY]: sha("x") }),
      ...same,
      dropIns: [dropIn("[Service]\nKillMode=control-group\n")],
    },
    expect: {
      failure:
        /would kill everything that it has started: \/etc\/systemd\/system\/containerd\.service\.d\/proxy\.conf sets KillMode=control-group/,
    },
  },
  {
    name: "mixed kills what is left when the daemon has gone",
    args: { name: NAME, state: "stopped", keep_processes: true },
    before: { unit: running, dropIns: [dropIn("[Service]\nKillMode = mixed\n")] },
    expect: { failure: /KillMode=mixed/ },
  },
  {
    name: "a unit whose own file kills",
    args: { name: NAME, state: "stopped", keep_processes: true },
    before: { unit: { ...running, killMode: "control-group" } },
    expect: { failure: /its KillMode is control-group/ },
  },
  {
    name: "a later drop-in spares what an earlier one kills",
    args: { name: NAME, state: "stopped", keep_processes: true },
    before: {
      unit: { ...running, killMode: "control-group" },
      dropIns: [
        dropIn("[Service]\nKillMode=mixed\n"),
        dropIn("# KillMode=mixed\n[Service]\nKillMode=process\n"),
      ],
    },
    expect: { diff: { state: ["active", "inactive"] }, runs: [/hw_keeps containerd\.service/] },
  },
  {
    name: "what does not run may be started whatever it would kill",
    args: { ...started, keep_processes: true },
    before: { unit: { ...stopped, killMode: "control-group" }, started: noted({}), ...same },
    expect: { diff: { state: ["inactive", "active"] } },
  },
  {
    name: "a daemon that crashes over and over is started, and how it is is told",
    args: { name: NAME, state: "started" },
    before: {
      unit: { ...running, active: "activating", sub: "auto-restart", result: "exit-code" },
    },
    expect: { diff: { state: ["activating (auto-restart), result exit-code", "active"] } },
  },

  {
    name: "daemon_reload finds nothing to read",
    args: { name: NAME, daemon_reload: true, state: "started" },
    before: {
      unit: running,
      disk: { digests: { [FILE]: sha("[Service]") }, dropIns: [] },
      ...onDisk,
    },
    expect: { unchanged: true },
  },
  {
    name: "daemon_reload alone is no change",
    args: { name: NAME, daemon_reload: true, state: "started" },
    before: {
      unit: { ...running, needReload: true },
      disk: { digests: { [FILE]: sha("[Service]") }, dropIns: [] },
      ...onDisk,
    },
    expect: { silent: true },
  },
  {
    name: "daemon_reload sees a unit file that an earlier task writes",
    args: { name: NAME, daemon_reload: true, state: "started" },
    before: { unit: running, disk: { digests: { [FILE]: sha("old") }, dropIns: [] }, ...onDisk },
    expect: { silent: true },
  },
  {
    name: "daemon_reload sees one whose content is not known yet",
    args: { name: NAME, daemon_reload: true },
    before: {
      unit: running,
      disk: { digests: {}, dropIns: [] },
      unitFiles: { [FILE]: { type: "file", sha256: null } },
    },
    expect: { silent: true },
  },
  {
    name: "daemon_reload sees a drop-in that systemd has not seen",
    args: { name: NAME, daemon_reload: true },
    before: { unit: running, disk: { digests: {}, dropIns: [`${FILE}.d/x.conf`] } },
    expect: { silent: true },
  },
  {
    name: "daemon_reload sees that a drop-in went",
    args: { name: NAME, daemon_reload: true },
    before: {
      unit: { ...running, dropIns: [`${FILE}.d/x.conf`] },
      disk: { digests: {}, dropIns: [] },
    },
    expect: { silent: true },
  },
  {
    name: "drop-ins of all services are none of the unit's own",
    args: { name: NAME, daemon_reload: true },
    before: {
      unit: { ...running, dropIns: ["/etc/systemd/system/service.d/x.conf"] },
      disk: { digests: {}, dropIns: [] },
    },
    expect: { unchanged: true },
  },
  {
    name: "daemon_reload goes before each restart",
    args: { name: NAME, daemon_reload: true, state: "restarted" },
    before: { unit: running, disk: { digests: {}, dropIns: [] } },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        state: ["active", "restarted"],
      },
    },
    always: true,
  },
  {
    name: "daemon_reload of a unit that is merely stopped and that systemd has read reloads nothing",
    args: { name: NAME, daemon_reload: true, state: "started" },
    before: {
      unit: { ...running, active: "inactive", sub: "dead", mainPid: 0 },
      disk: { digests: {}, dropIns: [] },
    },
    expect: { diff: { state: ["inactive", "active"] } },
  },
  {
    name: "daemon_reload of a stopped unit whose file is newer than what systemd has read",
    args: { name: NAME, daemon_reload: true, state: "started" },
    before: {
      unit: { ...running, active: "inactive", sub: "dead", mainPid: 0, needReload: true },
      disk: { digests: {}, dropIns: [] },
    },
    expect: {
      diff: {
        "daemon-reload": [null, "systemd reloads the unit"],
        state: ["inactive", "active"],
      },
    },
  },
  {
    name: "daemon_reload without a unit is done each time",
    args: { daemon_reload: true },
    before: {},
    expect: { silent: true },
    always: true,
  },
  {
    name: "no systemd",
    args: { name: NAME, state: "started" },
    before: {
      unit: {
        ...missing,
        problem: "System has not been booted with systemd as init system (PID 1). Can't operate.",
      },
    },
    expect: { failure: /systemd is not running on the host/ },
  },
];

export const cases: SystemdCase[] = table.map((one) => {
  const dropIns = "files" in one.args || "keep_processes" in one.args ? { dropIns: [] } : {};
  return {
    ...one,
    before: { ...dropIns, ...one.before },
    module: systemdService as unknown as AnyModule,
  };
});

/** Arguments that make no sense together. */
export const refused: { name: string; args: object; failure: RegExp }[] = [
  { name: "a state without a unit", args: { state: "started" }, failure: /need a unit/ },
  {
    name: "a pattern",
    args: { name: "containerd*", state: "started" },
    failure: /not the name of a unit/,
  },
  {
    name: "files without a start",
    args: { name: "containerd", files: ["/x"], enabled: true },
    failure: /state: started/,
  },
  {
    name: "a relative file",
    args: { name: "containerd", files: ["config.toml"], state: "started" },
    failure: /absolute path/,
  },
  {
    name: "daemon_reexec of a unit",
    args: { name: "containerd", daemon_reexec: true },
    failure: /no unit/,
  },
];
