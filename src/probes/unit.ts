import { sh, type Script } from "../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "./probe.ts";

/** What systemd says of a unit. */
export interface UnitState {
  /** not-found, loaded, masked, error, bad-setting ... */
  load: string;
  /** active, inactive, failed, activating, deactivating, reloading. */
  active: string;
  sub: string;
  /** enabled, disabled, static, indirect, masked ...; "" for units without a file. */
  fileState: string;
  /** The file that it was loaded from, "" if none. */
  fragment: string;
  /** Its file, or a drop-in, is newer than what systemd has loaded. */
  needReload: boolean;
  mainPid: number;
  /** Names one start of the unit; "" before its first, null where it will be started anew. */
  invocation: string | null;
  /** Start of the main process in microseconds since the kernel's boot; 0: none. */
  startedAt: number;
  restarts: number;
  result: string;
  /** simple, notify, oneshot ...; "" where it is not loaded yet. */
  type: string;
  killMode: string;
  delegate: boolean;
  /** The program that ExecStart names first. */
  exec: string;
  /** What systemctl said, where it said nothing of the unit. */
  problem?: string;
}

const PROPERTIES = [
  "Names", "LoadState", "ActiveState", "SubState", "UnitFileState", "FragmentPath", "NeedDaemonReload", "MainPID", "InvocationID",
  "ExecMainStartTimestampMonotonic", "NRestarts", "Result", "Type", "KillMode", "Delegate", "ExecStart",
];
const SUFFIXES = /\.(service|socket|target|timer|path|mount|automount|swap|slice|scope|device)$/;

/** One `systemctl show` for all units. */
export const unit: ProbeKind<{ name: string }, UnitState> = {
  name: "unit",
  subject: (arg) => arg.name,
  volatile: true,
  script: (args) => sh`hw_units=$(systemctl show ${PROPERTIES.map((name) => `-p${name}`)} -- ${args.map((arg) => arg.name)} 2>&1); printf '%s\n' "$hw_units"`,
  parse: (output, args) => parseUnits(output, args.map((arg) => arg.name)),
  look: { script: (arg) => lookScript(arg.name), words: lookWords },
};

// Asks about a unit by its full name.
export function askUnit(name: string): Probe<UnitState> {
  return ask(unit, { name });
}

// The name as systemd knows it: what has no known suffix is a service.
export function unitName(name: string): string {
  return SUFFIXES.test(name) ? name : `${name}.service`;
}

// Reads blocks of KEY=VALUE; a block belongs to every name that stands in it.
function parseUnits(output: string, names: readonly string[]): UnitState[] {
  const blocks = output.split(/\n{2,}/).map(readBlock);
  const noise = output.split("\n").filter((line) => line !== "" && !/^[A-Z]\w*=/.test(line));
  return names.map((name) => {
    const block = blocks.find((values) => values.get("Names")?.split(" ").includes(name));
    if (block) return readUnit(block);
    return { ...readUnit(new Map()), problem: noise.find((line) => line.includes(name)) ?? noise[0] ?? "systemctl said nothing" };
  });
}

function readBlock(text: string): Map<string, string> {
  return new Map(text.split("\n").map((line) => /^([A-Z]\w*)=(.*)$/.exec(line)).filter((match) => match !== null).map((match) => [match[1]!, match[2]!]));
}

function readUnit(values: ReadonlyMap<string, string>): UnitState {
  const text = (key: string): string => values.get(key) ?? "";
  const number = (key: string): number => Number.parseInt(text(key), 10) || 0;
  return {
    load: text("LoadState") || "not-found", active: text("ActiveState") || "inactive", sub: text("SubState") || "dead",
    fileState: text("UnitFileState"), fragment: text("FragmentPath"), needReload: text("NeedDaemonReload") === "yes",
    mainPid: number("MainPID"), invocation: text("InvocationID"), startedAt: number("ExecMainStartTimestampMonotonic"),
    restarts: number("NRestarts"), result: text("Result"), type: text("Type"), killMode: text("KillMode"),
    delegate: text("Delegate") === "yes", exec: /(?:^|\{ )path=(\S+) ;/.exec(text("ExecStart"))?.[1] ?? "",
  };
}

// Tells whether a unit runs, or is about to.
export function isRunning({ active }: UnitState): boolean {
  return active === "active" || active === "activating" || active === "reloading" || active === "refreshing";
}

// Prints "loaded enabled up". A unit between two states counts as what it is on its way to.
function lookScript(name: string): Script {
  return sh`hw_l=; hw_f=; hw_a=
while IFS='=' read -r hw_k hw_v; do
  case $hw_k in LoadState) hw_l=$hw_v ;; UnitFileState) hw_f=$hw_v ;; ActiveState) hw_a=$hw_v ;; esac
done <<HW_EOF
$(systemctl show -pLoadState -pUnitFileState -pActiveState -- ${name} 2>/dev/null)
HW_EOF
case $hw_a in active|activating|reloading|refreshing) hw_a=up ;; *) hw_a=down ;; esac
printf '%s %s %s\n' "$hw_l" "${{ sh: "${hw_f:--}" }}" "$hw_a"`;
}

// The same words from a state. Of a unit that is not loaded yet nobody knows whether it can be enabled; a oneshot may be done already.
function lookWords(state: UnitState): (string | null)[] {
  const fresh = state.type === "" && state.load === "loaded";
  const short = isRunning(state) && (fresh || state.type === "oneshot");
  return [state.load, fresh ? null : state.fileState || "-", short ? null : isRunning(state) ? "up" : "down"];
}

/** The digests that a unit's own files have on disk, unlike the states of paths, which tell what is planned. */
export const unitFiles: ProbeKind<{ name: string }, { [path: string]: string | null }> = {
  name: "unit_files",
  subject: (arg) => arg.name,
  script: (args) => sh`hw_sums ${args.flatMap((arg) => unitPaths(arg.name))}`,
  parse: (output, args) => args.map((arg) => {
    const sums = new Map(output.split("\n").map((line) => [line.slice(66), line.slice(0, 64)] as const));
    return Object.fromEntries(unitPaths(arg.name).flatMap((path) => (sums.has(path) ? [[path, sums.get(path)!]] : [])));
  }),
};

const FOLDERS = ["/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

// Where a unit's file may stand; an instance may come from its template.
export function unitPaths(name: string): string[] {
  const template = name.replace(/@[^@]*(?=\.\w+$)/, "@");
  return FOLDERS.flatMap((folder) => [...new Set([name, template])].map((file) => `${folder}/${file}`));
}
