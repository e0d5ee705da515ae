import { quote, sh, type Script } from "../../script/sh.ts";
import type { Json } from "../../value.ts";
import type { PathState } from "../files/path.ts";
import { ask, type LookWord, type Probe, type ProbeKind } from "../probe.ts";

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
  /** The drop-ins that were loaded with it, sorted. */
  dropIns: string[];
  mainPid: number;
  /** Identifies one start of the unit; "" before its first, null if it will be restarted. */
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
  /**
   * Of a unit without a file or with a mask: links say that it is to be started, so it is
   * enabled once it has its file.
   */
  linked?: true;
  /** What systemctl said, where it said nothing of the unit. */
  problem?: string;
}

const PROPERTIES = [
  "Names",
  "LoadState",
  "ActiveState",
  "SubState",
  "UnitFileState",
  "FragmentPath",
  "DropInPaths",
  "NeedDaemonReload",
  "MainPID",
  "InvocationID",
  "ExecMainStartTimestampMonotonic",
  "NRestarts",
  "Result",
  "Type",
  "KillMode",
  "Delegate",
  "ExecStart",
];
const SUFFIXES = /\.(service|socket|target|timer|path|mount|automount|swap|slice|scope|device)$/;

/** What a unit is without its mask, before it is known whether it has a file. */
export const UNMASKED: Pick<UnitState, "load" | "fileState" | "type"> = {
  load: "not-found",
  fileState: "",
  type: "",
};

// Where a unit's own file and its mask, a link to /dev/null, may be.
export function maskPath(name: string): string {
  return `/etc/systemd/system/${name}`;
}

// A unit whose mask an earlier task removes, or replaces with a file.
function withoutMask(
  state: UnitState,
  paths: ReadonlyMap<string, Json>,
  { name }: { name: string },
): UnitState {
  const made = paths.get(maskPath(name)) as PathState | undefined;
  if (state.load !== "masked" || made === undefined) return state;
  const isLifted = made === null ? state.fileState === "masked" : made.type === "file";
  return isLifted ? { ...state, ...UNMASKED } : state;
}

/** One `systemctl show` for all units. */
export const unit: ProbeKind<{ name: string }, UnitState> = {
  name: "unit",
  subject: (arg) => arg.name,
  planned: { join: withoutMask },
  holds: { unknownBehind: "commands" },
  script: (
    args,
  ) => sh`hw_units=$(systemctl show ${PROPERTIES.map((name) => `-p${name}`)} -- ${args.map((arg) => arg.name)} 2>&1)
printf '%s\n' "$hw_units"
for hw_p in ${{ sh: args.flatMap((arg) => wantedBy(arg.name)).join(" ") }}; do [ ! -L "$hw_p" ] || printf 'linked %s\n' "\${hw_p##*/}"; done`,
  parse: (output, args) =>
    parseUnits(
      output,
      args.map((arg) => arg.name),
    ),
  look: {
    script: (arg) => lookScript(arg.name),
    words: lookWords,
    about: ({ name }) => ({ subject: `unit ${name}`, lastPasses: true }),
  },
};

// Asks about a unit by its full name.
export function askUnit(name: string): Probe<UnitState> {
  return ask(unit, { name });
}

// The name as systemd knows it: what has no known suffix is a service.
export function unitName(name: string): string {
  return SUFFIXES.test(name) ? name : `${name}.service`;
}

// Where links may say that a unit is to be started, for the shell.
function wantedBy(name: string): string[] {
  return ["wants", "requires"].map((kind) => `/etc/systemd/system/*.${kind}/${quote(name)}`);
}

// Reads blocks of KEY=VALUE; a block belongs to every name in it.
function parseUnits(output: string, names: readonly string[]): UnitState[] {
  const blocks = output.split(/\n{2,}/).map(readBlock);
  const noise = output
    .split("\n")
    .filter((line) => line !== "" && !/^(?:[A-Z]\w*=|linked )/.test(line));
  const linked = new Set([...output.matchAll(/^linked (.*)$/gm)].map((match) => match[1]!));
  return names.map((name) => {
    const block = blocks.find((values) => values.get("Names")?.split(" ").includes(name));
    if (block) {
      const state = readUnit(block);
      const isHidden = state.load === "not-found" || state.load === "masked";
      return isHidden && linked.has(name) ? { ...state, linked: true } : state;
    }
    return {
      ...readUnit(new Map()),
      problem: noise.find((line) => line.includes(name)) ?? noise[0] ?? "systemctl said nothing",
    };
  });
}

function readBlock(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^([A-Z]\w*)=(.*)$/gm)].map((match) => [match[1]!, match[2]!]));
}

function readUnit(values: ReadonlyMap<string, string>): UnitState {
  const text = (key: string): string => values.get(key) ?? "";
  const number = (key: string): number => Number.parseInt(text(key), 10) || 0;
  return {
    load: text("LoadState") || "not-found",
    active: text("ActiveState") || "inactive",
    sub: text("SubState") || "dead",
    fileState: text("UnitFileState"),
    fragment: text("FragmentPath"),
    needReload: text("NeedDaemonReload") === "yes",
    dropIns: text("DropInPaths")
      .replace(/"[^"]*"/g, "")
      .split(" ")
      .filter(Boolean)
      .sort(),
    mainPid: number("MainPID"),
    invocation: text("InvocationID"),
    startedAt: number("ExecMainStartTimestampMonotonic"),
    restarts: number("NRestarts"),
    result: text("Result"),
    type: text("Type"),
    killMode: text("KillMode"),
    delegate: text("Delegate") === "yes",
    exec: /(?:^|\{ )path=(\S+) ;/.exec(text("ExecStart"))?.[1] ?? "",
  };
}

// Whether a unit runs, or is about to; one that has failed and waits for its next try does not.
export function isRunning({ active, sub }: UnitState): boolean {
  if (active === "activating") return !isFailing({ active, sub });
  return active === "active" || active === "reloading" || active === "refreshing";
}

// Whether a unit has failed and waits for its next try.
function isFailing({ active, sub }: Pick<UnitState, "active" | "sub">): boolean {
  return active === "activating" && sub.startsWith("auto-restart");
}

// How a unit is, for people: with the reason where it has failed.
export function describeUnit({ active, sub, result }: UnitState): string {
  const failed = result !== "" && result !== "success";
  if (active === "activating" || failed)
    return `${active} (${sub})${failed ? `, result ${result}` : ""}`;
  return active;
}

// Prints "loaded enabled up". A unit between two states counts as what it is on its way to. A unit
// without links counts as "off", whether it could be enabled or not: that is said by its file,
// which an earlier task may write.
function lookScript(name: string): Script {
  return sh`hw_l=; hw_f=; hw_a=; hw_b=
while IFS='=' read -r hw_k hw_v; do
  case $hw_k in LoadState) hw_l=$hw_v ;; UnitFileState) hw_f=$hw_v ;; ActiveState) hw_a=$hw_v ;; SubState) hw_b=$hw_v ;; esac
done <<HW_EOF
$(systemctl show -pLoadState -pUnitFileState -pActiveState -pSubState -- ${name} 2>/dev/null)
HW_EOF
case $hw_f in static|disabled) hw_f=off ;; esac
case $hw_a/$hw_b in activating/auto-restart*) hw_a=up-again ;; active/*|activating/*|reloading/*|refreshing/*) hw_a=up ;; *) hw_a=down ;; esac
printf '%s %s %s\n' "$hw_l" "${{ sh: "${hw_f:--}" }}" "$hw_a"`;
}

// The same words from a state. A missing unit may be loaded as soon as an earlier task has written
// its file; it is not known then whether it can be enabled. A oneshot may be done already. What
// fails over and over is sometimes up and sometimes down; that a start ended like that is reported
// by what checks the daemon, with its own words.
function lookWords(state: UnitState): LookWord[] {
  if (state.load === "not-found") return [null, null, isRunning(state) ? { begins: "up" } : "down"];
  const fresh =
    state.load === "loaded" &&
    state.type === "" &&
    (state.fragment === "" || state.fragment.endsWith(".service"));
  const short = isRunning(state) && (fresh || state.type === "oneshot");
  const links = ["static", "disabled"].includes(state.fileState) ? "off" : state.fileState || "-";
  const loaded = [state.load, fresh ? null : links];
  if (short || isFailing(state)) return [...loaded, null];
  return [...loaded, isRunning(state) ? { begins: "up" } : "down"];
}

/**
 * A unit's own files on disk, unlike the states of paths, which include what is planned: the digest
 * of its file, names of its drop-ins.
 */
export interface UnitFiles {
  digests: { [path: string]: string | null };
  dropIns: string[];
}

/**
 * What systemd would load if it reloaded the unit. The shell lists the
 * drop-ins; digests take a process.
 */
export const unitFiles: ProbeKind<{ name: string; digests: boolean }, UnitFiles> = {
  name: "unit_files",
  subject: (arg) => arg.name,
  script(args) {
    const dropIns = args
      .flatMap((arg) => unitPaths(arg.name))
      .map((path) => `${quote(`${path}.d`)}/*.conf`)
      .join(" ");
    return sh`hw_sums ${args.filter((arg) => arg.digests).flatMap((arg) => unitPaths(arg.name))}
for hw_p in ${{ sh: dropIns }}; do [ ! -f "$hw_p" ] || printf 'drop-in %s\n' "$hw_p"; done`;
  },
  parse: (output, args) => args.map((arg) => readFiles(output.split("\n"), unitPaths(arg.name))),
};

function readFiles(lines: readonly string[], paths: readonly string[]): UnitFiles {
  const sums = lines
    .map((line) => /^([0-9a-f]{64})  (.*)$/.exec(line))
    .filter((match) => match !== null && paths.includes(match[2]!));
  const dropIns = lines
    .filter((line) => line.startsWith("drop-in "))
    .map((line) => line.slice("drop-in ".length));
  return {
    digests: Object.fromEntries(sums.map((match) => [match![2]!, match![1]!])),
    dropIns: dropIns.filter((file) => paths.some((path) => file.startsWith(`${path}.d/`))).sort(),
  };
}

const FOLDERS = [
  "/etc/systemd/system",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];

// Where a unit's file may be; an instance may come from its template.
export function unitPaths(name: string): string[] {
  const template = name.replace(/@[^@]*(?=\.\w+$)/, "@");
  return FOLDERS.flatMap((folder) =>
    [...new Set([name, template])].map((file) => `${folder}/${file}`),
  );
}
