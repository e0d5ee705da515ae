import FUNCTIONS from "./preflight.sh?raw";
import { defined } from "../../defined.ts";
import { lines, sh } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** The paths of our programs, and what must be writable for them. */
export interface PreflightArg {
  containerd: string;
  runc: string;
  opt_path: string;
  /** The unit file that should be in force. */
  unit: string;
  config: string;
  /** Where the data will be. */
  root: string;
  /** Directories that must be writable, or their nearest parents. */
  folders: string[];
}

type Program = "runc" | "containerd" | "dockerd";

/** What of a host decides whether containerd can live there. */
export interface Preflight {
  /** As `uname -m` says it. */
  machine: string;
  systemd: boolean;
  /** The kernel has overlayfs, or a module of it. */
  overlay: boolean;
  /**
   * v1: the controllers that are enabled, mounted and writable. v2: those of the
   * root, none if it is read-only.
   */
  cgroup: { version: 1 | 2; controllers: string[] };
  /** Directories that cannot be written. */
  readOnly: string[];
  /** Unit files that hide ours; masked: they are links to /dev/null, or empty. */
  units: { path: string; masked: boolean }[];
  /** Foreign programs, with the package that owns them. */
  foreign: { program: Program; path: string; link: boolean; owner: string | null }[];
  /** Our containerd is already there. */
  installed: boolean;
  /**
   * What is installed, as the binary says it; where it does not start, the line that
   * our config was written for.
   */
  version?: string;
  /**
   * Where the data and the running state are: where containers run, as their own links say, else
   * as the host's config says.
   */
  configured: { root: string; state: string };
  /** How many containers are in that state. */
  containers: number;
}

/**
 * On a host where everything is right it costs one process, a stat of our containerd, if the kernel
 * reports its machine in /proc and its version was noted when it was found ready; else our
 * containerd is started once.
 */
export const preflight: ProbeKind<PreflightArg, Preflight> = {
  name: "preflight",
  subject: (arg) => arg.containerd,
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...args.map(
        (arg) =>
          sh`hw_preflight ${arg.runc} ${arg.containerd} ${arg.opt_path} ${arg.unit} ${arg.config} ${arg.root} ${arg.folders}`,
      ),
    ]),
  parse: (output, args) => {
    const answers = output.split(/^preflight\n/m).slice(1);
    if (answers.length !== args.length)
      throw new ProbeError("the answer about containerd's needs is truncated or garbled");
    return answers.map(parsePreflight);
  },
};

// Asks for all of it.
export function askPreflight(arg: PreflightArg): Probe<Preflight> {
  return ask(preflight, arg);
}

function parsePreflight(text: string): Preflight {
  const found = text
    .split("\n")
    .map((line) => /^(\S+) ?(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, key, value]) => [key!, value!] as const);
  const all = (name: string): string[] =>
    found.filter(([key]) => key === name).map(([, value]) => value);
  const [version = "1", ...controllers] = (all("cgroup")[0] ?? "").split(" ").filter(Boolean);
  const owners = new Map(
    all("owner")
      .map((line) => line.split(": ") as [string, string])
      .map(([owner, path]) => [path, owner]),
  );
  const foreign = found
    .filter(([key]) => key === "runc" || key === "containerd" || key === "dockerd")
    .map(([key, value]) => {
      const path = value.slice(value.indexOf(" ") + 1);
      return {
        program: key as Program,
        path,
        link: value.startsWith("link "),
        owner: owners.get(path) ?? null,
      };
    });
  const configured = new Map(all("configured").map((line) => line.split(" ") as [string, string]));
  return {
    machine: all("machine")[0] ?? "",
    systemd: all("systemd").length > 0,
    overlay: all("overlay").length > 0,
    cgroup: { version: version === "2" ? 2 : 1, controllers },
    readOnly: [...new Set(all("readonly"))],
    units: found
      .filter(([key]) => key === "unit" || key === "masked")
      .map(([key, path]) => ({ path, masked: key === "masked" })),
    foreign,
    installed: all("installed").length > 0,
    ...defined({ version: all("version").find((one) => /^v?\d+\.\d+/.test(one)) }),
    configured: {
      root: all("home")[0] ?? configured.get("root") ?? "/var/lib/containerd",
      state: configured.get("state") ?? "/run/containerd",
    },
    containers: Number(all("containers")[0] ?? 0),
  };
}
