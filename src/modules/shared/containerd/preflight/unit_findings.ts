import {
  directives,
  environmentOf,
  type Directive,
  type DropIn,
} from "../../../../probes/system/drop_ins.ts";
import type { PreflightFinding } from "../finding.ts";

/** What the unit must keep to, whatever drop-ins say. */
export interface UnitNeeds {
  containerd: string;
  config: string;
  state: string;
  opt_path: string;
  runc: string;
  links: string[];
}

/**
 * How systemd may stop the daemon so that containers live on; mixed kills them
 * once the daemon has gone.
 */
const SPARING = ["process", "none"];

/**
 * Less, and the daemon is killed while it writes; an hour and more, and a daemon that
 * hangs holds up every restart.
 */
const STOP_SECONDS = { least: 5, most: 3600 };

// Foreign drop-ins that would make the unit kill containers, or run something
// other than what is installed.
export function dropInFindings(dropIns: readonly DropIn[], needs: UnitNeeds): PreflightFinding[] {
  return [
    ...killMode(dropIns),
    ...stopTimeout(dropIns),
    ...runtimeDirectory(dropIns, needs),
    ...execStart(dropIns, needs),
    ...daemonPath(dropIns, needs),
  ];
}

function killMode(dropIns: readonly DropIn[]): PreflightFinding[] {
  const said = directives(dropIns, "KillMode").at(-1);
  if (!said || SPARING.includes(said.value)) return [];
  return [
    {
      name: "kill_mode",
      reason: `${said.path} sets KillMode=${said.value}: the next restart of containerd would kill every container`,
      hint: "remove that line, or set KillMode=process there",
    },
  ];
}

function stopTimeout(dropIns: readonly DropIn[]): PreflightFinding[] {
  const all = [...directives(dropIns, "TimeoutSec"), ...directives(dropIns, "TimeoutStopSec")];
  const said = all.at(-1);
  const seconds = said && secondsOf(said.value);
  if (!said || seconds === undefined || isUsualStop(seconds)) return [];
  const why =
    seconds < STOP_SECONDS.least
      ? "containerd would be killed before it has saved its state"
      : "a hanging containerd would delay its restart";
  return [
    {
      name: "stop_timeout",
      reason: `${said.path} lets a stop take ${said.value}: ${why}`,
      hint: "set TimeoutStopSec=90s there, or remove the line",
    },
  ];
}

// Whether containerd has the time to save its state, and a hanging one does not delay its restart.
function isUsualStop(seconds: number): boolean {
  return seconds >= STOP_SECONDS.least && seconds <= STOP_SECONDS.most;
}

// A span of time as systemd writes it; undefined: it is none, and systemd passes over it.
function secondsOf(text: string): number | undefined {
  if (text === "infinity" || text === "0") return Infinity;
  const UNITS: { readonly [unit: string]: number } = {
    ms: 0.001,
    s: 1,
    sec: 1,
    m: 60,
    min: 60,
    h: 3600,
    d: 86_400,
  };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)\s*/g)];
  if (parts.map(([part]) => part).join("") !== text || parts.length === 0) return undefined;
  return parts.reduce(
    (sum, [, number, unit]) => sum + Number(number) * (UNITS[unit || "s"] ?? 1),
    0,
  );
}

// systemd removes a RuntimeDirectory when the unit stops; in containerd's lies what it
// knows of running containers.
function runtimeDirectory(dropIns: readonly DropIn[], { state }: UnitNeeds): PreflightFinding[] {
  const preserve = directives(dropIns, "RuntimeDirectoryPreserve").at(-1)?.value ?? "no";
  if (["yes", "true", "on", "1", "restart"].includes(preserve)) return [];
  const said = directives(dropIns, "RuntimeDirectory").find(({ value }) =>
    value.split(/\s+/).some((name) => isWithin(state, `/run/${name}`)),
  );
  if (!said) return [];
  return [
    {
      name: "runtime_directory",
      reason: `${said.path} sets RuntimeDirectory=${said.value}: systemd removes it at every stop, and containerd forgets its containers`,
      hint: "remove that line, or add RuntimeDirectoryPreserve=yes",
    },
  ];
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

// Another program, or another config, than those that are installed.
function execStart(dropIns: readonly DropIn[], needs: UnitNeeds): PreflightFinding[] {
  const said = directives(dropIns, "ExecStart").at(-1);
  if (!said) return [];
  const [program = "", ...words] = said.value.replace(/^[-@:+!|]+/, "").split(/\s+/);
  const config = optionOf(words, ["--config", "-c"]);
  const isOtherProgram = program !== needs.containerd;
  if (!isOtherProgram && (config === undefined || config === needs.config)) return [];
  const wrong = isOtherProgram
    ? `${program} would run instead of ${needs.containerd}`
    : `it would read ${config} instead of ${needs.config}`;
  return [
    {
      name: "exec_start",
      reason: `${said.path} replaces ExecStart: ${wrong}`,
      hint: "remove ExecStart from that file",
    },
  ];
}

// The value of an option in a command, "--config FILE" or "--config=FILE".
function optionOf(words: readonly string[], names: readonly string[]): string | undefined {
  const at = words.findIndex((word) => names.includes(word));
  return at >= 0
    ? words[at + 1]
    : words
        .find((word) => names.some((name) => word.startsWith(`${name}=`)))
        ?.replace(/^[^=]*=/, "");
}

// The shim looks for runc in the PATH that the daemon was started with, after
// containerd's own directory.
function daemonPath(dropIns: readonly DropIn[], needs: UnitNeeds): PreflightFinding[] {
  const said = pathOf(dropIns);
  if (!said) return [];
  const places = [needs.runc, ...needs.links].map((path) => path.slice(0, path.lastIndexOf("/")));
  if (said.value.split(":").some((directory) => places.includes(directory.replace(/\/+$/, ""))))
    return [];
  return [
    {
      name: "daemon_path",
      reason: `${said.path} sets the daemon's PATH to ${said.value}, which does not contain our runc: containers could not be started`,
      hint: `add ${places.at(-1)!} to that PATH, or remove it`,
    },
  ];
}

function pathOf(dropIns: readonly DropIn[]): Directive | undefined {
  return environmentOf(dropIns).get("PATH");
}
