import { askDaemon, type Daemon } from "../probes/containerd.ts";
import { canonical } from "../probes/probe.ts";
import { readRecord } from "../probes/record.ts";
import { sh, type Script } from "../script/sh.ts";
import type { Json } from "../value.ts";
import type { Change, Module } from "./module.ts";

interface ReadyArgs {
  address: string;
  unit: string;
  snapshotter: string;
  requires?: string[];
  timeout: number;
  ctr: string;
}

type State = { daemon: Daemon; record: Json };

/** Whether containerd really works: the unit, the socket, an answer, and every plugin that is needed. */
export const containerd_ready: Module<ReadyArgs, State> = {
  name: "containerd_ready",
  collection: "hullwright.containerd",
  readOnly: true,
  schema: {
    description: "Waits until containerd answers and its plugins work. What was found good holds as long as the daemon is not started anew.",
    arguments: {
      address: { type: "path", default: "/run/containerd/containerd.sock", description: "containerd's socket." },
      unit: { type: "str", default: "containerd", description: "Its unit." },
      snapshotter: { type: "str", default: "overlayfs", description: "The snapshotter that must work." },
      requires: { type: "list", elements: "str", description: "Plugins that must be ok, as TYPE/ID without the leading io.containerd: snapshotter, metadata, runtime and CRI unless given." },
      timeout: { type: "int", default: 30, description: "How long it may take, in seconds." },
      ctr: { type: "path", default: "/usr/local/bin/ctr", description: "The program to ask with." },
    },
  },
  observe: (args) => ({ daemon: askDaemon(unitOf(args), args.address), record: readRecord(recordName(args)) }),
  plan(args, { daemon, record }) {
    const wanted = note(args, daemon.invocation ?? "");
    if (daemon.socket && daemon.invocation !== null && canonical(record) === canonical(wanted)) return null;
    return check(args, daemon);
  },
  result: (args, { daemon }, outputs) => ({ ready: outputs ? true : daemon.socket, requires: requirements(args), ...serverVersion(outputs?.[0]?.stdout) }),
};

function unitOf({ unit }: ReadyArgs): string {
  return unit.includes(".") ? unit : `${unit}.service`;
}

function recordName(args: ReadyArgs): string {
  return `ready-${unitOf(args).replace(/[^A-Za-z0-9._-]/g, "_")}`;
}

// The plugins that must be ok.
function requirements({ requires, snapshotter }: ReadyArgs): string[] {
  return requires ?? [`snapshotter.v1/${snapshotter}`, "metadata.v1/bolt", "runtime.v2/task", "grpc.v1/cri"];
}

// What is noted of a daemon that was found good. Its plugins cannot change before its next start.
function note(args: ReadyArgs, invocation: string): { [key: string]: Json } {
  return { invocation, address: args.address, requires: requirements(args) };
}

// Waits, looks, and notes which start of the daemon was found good.
function check(args: ReadyArgs, before: Daemon): Change<State> {
  const invocation = before.invocation ?? "the next";
  const after: State = { daemon: { invocation, socket: true }, record: note(args, invocation) };
  return { after, steps: [{ run: lookScript(args) }], silent: true };
}

// The server's version, from what `ctr version` says.
function serverVersion(text: string | undefined): { version?: string } {
  const version = /Server:\s+Version:\s+v?(\S+)/.exec(text ?? "")?.[1];
  return version === undefined ? {} : { version };
}

// `ctr plugins ls` prints TYPE ID PLATFORMS STATUS. 2.x has CRI in three plugins; where they are, all must be ok.
function lookScript(args: ReadyArgs): Script {
  const needed = requirements(args);
  const ifThere = needed.includes("grpc.v1/cri") ? ["cri.v1/images", "cri.v1/runtime"] : [];
  const unit = unitOf(args);
  return sh`hw_ctr() { ${args.ctr} -a ${args.address} "$@"; }
hw_status() {
  while read -r hw_t hw_i hw_r; do
    [ "$hw_t/$hw_i" = "io.containerd.$1" ] && { printf '%s\n' "\${hw_r##*[ 	]}"; return; }
  done <<HW_EOF
$hw_list
HW_EOF
}
hw_ready() {
  hw_why=; hw_a=$(systemctl is-active -- ${unit}); hw_inv=$(readlink /run/systemd/units/invocation:${unit})
  [ "$hw_a" = active ] || { hw_why="the unit is $hw_a"; return 1; }
  [ -S ${args.address} ] || { hw_why=${`there is no socket at ${args.address}`}; return 1; }
  hw_version=$(hw_ctr version 2>&1) || { hw_why="it does not answer: $hw_version"; return 1; }
  hw_list=$(hw_ctr plugins ls 2>/dev/null) || { hw_why='it does not tell its plugins'; return 1; }
  for hw_p in ${needed}; do hw_s=$(hw_status "$hw_p"); [ "$hw_s" = ok ] || hw_why="$hw_why $hw_p is \${hw_s:-not there};"; done
  for hw_p in ${ifThere}; do hw_s=$(hw_status "$hw_p"); [ "\${hw_s:-ok}" = ok ] || hw_why="$hw_why $hw_p is $hw_s;"; done
  [ -z "$hw_why" ]
}
hw_end=$(($(date +%s) + ${args.timeout}))
until hw_ready; do
  [ "$hw_a" != failed ] && [ "$(date +%s)" -lt "$hw_end" ] && { sleep 0.2; continue; }
  hw_fail ${`${unit} is not ready:`} "$hw_why"
  journalctl --sync 2>/dev/null
  hw_l=$(journalctl -u ${unit} -n 400 -o cat --no-pager 2>/dev/null | grep -E 'level=(error|fatal)|level=warning.*failed to load|^containerd: ' | grep -v 'cni config load failed' | tail -n 6)
  [ -z "$hw_l" ] || hw_fail "the journal's last words about it:
$hw_l"
  exit 1
done
printf '%s\n' "$hw_version"
[ -z "$hw_inv" ] || hw_record ${recordName(args)} "$(printf ${noteFormat(args)} "$hw_inv")"`;
}

// The note as printf writes it around the id of the start that was seen.
function noteFormat(args: ReadyArgs): string {
  const mark = "INVOCATION";
  return JSON.stringify(note(args, mark)).replaceAll("\\", "\\\\").replaceAll("%", "%%").replace(mark, "%s");
}
