import { defined } from "../../defined.ts";
import { lines, sh } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** Where our programs will stand, and what must be writable for it. */
export interface PreflightArg {
  containerd: string;
  runc: string;
  opt_path: string;
  /** The unit file that is to be in force. */
  unit: string;
  config: string;
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
  /** v1: the controllers that are enabled, mounted and writable. v2: those of the root, none if it is read-only. */
  cgroup: { version: 1 | 2; controllers: string[] };
  /** Directories that cannot be written. */
  readOnly: string[];
  /** Unit files that hide ours; masked: they are links to /dev/null, or empty. */
  units: { path: string; masked: boolean }[];
  /** Programs of others, with the package that owns them. */
  foreign: { program: Program; path: string; link: boolean; owner: string | null }[];
  /** Our containerd is there already. */
  installed: boolean;
  /** What is installed: its version, or the line that our config was written for. */
  version?: string;
  /** Where the host's config has the data and the running state. */
  configured: { root: string; state: string };
  /** How many containers are in that state. */
  containers: number;
}

/** Costs no process on a host that is as it should be, where the kernel tells its machine in /proc. */
export const preflight: ProbeKind<PreflightArg, Preflight> = {
  name: "preflight",
  subject: (arg) => arg.containerd,
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...args.map(
        (arg) =>
          sh`hw_preflight ${arg.runc} ${arg.containerd} ${arg.opt_path} ${arg.unit} ${arg.config} ${arg.folders}`,
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

const FUNCTIONS = String.raw`# shellcheck disable=SC3013 # dash, bash and busybox know -ef
hw_preflight() {
  hw_runc=$1; hw_ctrd=$2; hw_opt=$3; hw_unit=$4; hw_conf=$5; shift 5
  echo preflight
  if [ -r /proc/sys/kernel/arch ]; then read -r hw_l < /proc/sys/kernel/arch; else hw_l=$(uname -m); fi
  printf 'machine %s\n' "$hw_l"
  [ -d /run/systemd/system ] && echo systemd
  hw_overlay; hw_cgroups; hw_configured
  for hw_p; do
    while [ ! -e "$hw_p" ]; do case $hw_p in */*) hw_p=@{hw_p%/*} ;; *) hw_p=; break ;; esac; done
    [ -w "@{hw_p:-/}" ] || printf 'readonly %s\n' "@{hw_p:-/}"
  done
  for hw_p in /etc/systemd/system.control /run/systemd/system.control /etc/systemd/system /run/systemd/system; do
    hw_p=$hw_p/@{hw_unit##*/}; [ "$hw_p" -ef "$hw_unit" ] && continue
    if [ "$hw_p" -ef /dev/null ]; then printf 'masked %s\n' "$hw_p"
    elif [ -f "$hw_p" ]; then if [ -s "$hw_p" ]; then printf 'unit %s\n' "$hw_p"; else printf 'masked %s\n' "$hw_p"; fi; fi
  done
  set --
  for hw_p in "$hw_opt/bin/runc" /usr/local/sbin/runc /usr/local/bin/runc /usr/sbin/runc /usr/bin/runc; do
    [ -e "$hw_p" ] && ! [ "$hw_p" -ef "$hw_runc" ] && { hw_other runc; set -- "$@" "$hw_p"; }
  done
  for hw_p in /usr/local/sbin/containerd /usr/local/bin/containerd /usr/sbin/containerd /usr/bin/containerd; do
    [ -e "$hw_p" ] && ! [ "$hw_p" -ef "$hw_ctrd" ] && { hw_other containerd; set -- "$@" "$hw_p"; }
  done
  for hw_p in /usr/bin/dockerd /usr/sbin/dockerd; do [ -e "$hw_p" ] && { hw_other dockerd; set -- "$@" "$hw_p"; }; done
  [ $# = 0 ] && return
  if [ -x /usr/bin/dpkg ]; then dpkg -S -- "$@" | while IFS= read -r hw_l; do printf 'owner %s\n' "$hw_l"; done
  elif [ -x /usr/bin/rpm ]; then for hw_p; do hw_l=$(rpm -qf --qf '%{NAME}' -- "$hw_p") && printf 'owner %s: %s\n' "$hw_l" "$hw_p"; done; fi
}
hw_version_there() {
  [ -x "$hw_ctrd" ] || return
  echo installed; hw_l=; [ ! -r "$hw_conf" ] || IFS= read -r hw_l < "$hw_conf"
  case $hw_l in '# Written by Hullwright for containerd '[0-9]*) hw_l=@{hw_l#*containerd } ;; *) hw_l=$("$hw_ctrd" --version 2>/dev/null) && hw_l=@{hw_l#* * } ;; esac
  printf 'version %s\n' "@{hw_l%%[!0-9.v]*}"
}
hw_configured() {
  hw_version_there
  hw_n=/run/containerd
  [ ! -r "$hw_conf" ] || while IFS='= 	' read -r hw_k hw_v; do
    case $hw_k in '['*) break ;; root|state) ;; *) continue ;; esac
    hw_v=@{hw_v#?}; hw_v=@{hw_v%%[\"\']*}; printf 'configured %s %s\n' "$hw_k" "$hw_v"
    [ "$hw_k" != state ] || hw_n=$hw_v
  done < "$hw_conf"
  hw_k=0; for hw_v in "$hw_n"/io.containerd.runtime.v*/*/*/; do [ ! -d "$hw_v" ] || hw_k=$((hw_k + 1)); done
  printf 'containers %s\n' "$hw_k"
}
hw_other() { hw_l='file'; [ -L "$hw_p" ] && hw_l='link'; printf '%s %s %s\n' "$1" "$hw_l" "$hw_p"; }
hw_overlay() {
  while read -r hw_l; do case $hw_l in *overlay) echo overlay; return ;; esac; done < /proc/filesystems
  read -r hw_l < /proc/sys/kernel/osrelease
  grep -qs '/overlay\.ko' "/lib/modules/$hw_l/modules.dep" "/lib/modules/$hw_l/modules.builtin" && echo overlay
}
hw_cgroups() {
  if [ -r /sys/fs/cgroup/cgroup.controllers ]; then
    hw_l=; [ -w /sys/fs/cgroup ] && read -r hw_l < /sys/fs/cgroup/cgroup.controllers; printf 'cgroup 2 %s\n' "$hw_l"; return
  fi
  hw_l=
  while read -r hw_k _ _ hw_v; do
    [ "$hw_v" = 1 ] && [ -w "/sys/fs/cgroup/$hw_k" ] && hw_l="$hw_l $hw_k"
  done < /proc/cgroups
  printf 'cgroup 1%s\n' "$hw_l"
}`.replaceAll("@{", "${");

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
      root: configured.get("root") ?? "/var/lib/containerd",
      state: configured.get("state") ?? "/run/containerd",
    },
    containers: Number(all("containers")[0] ?? 0),
  };
}
