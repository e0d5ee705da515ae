import { TaskFailure } from "../../errors.ts";
import { askInstalled, type Installed } from "../../probes/containerd/installed.ts";
import { askRegistries, type RegistryDirectory } from "../../probes/containerd/registries.ts";
import { sh, type Script } from "../../script/sh.ts";
import { refuseRelative } from "../shared/containerd/paths.ts";
import type { Change, Diff, Module, Step } from "../contract/module.ts";
import { schema, type AbsentArgs } from "./containerd_absent/schema.ts";
import { removeDirectory, restore, restoring } from "../../script/undo.ts";
import { fieldDiff } from "../contract/diff.ts";

interface State {
  installed: Installed;
  registries: RegistryDirectory[];
}

/** The places of units that ours may have taken the place of. */
const OTHER_UNITS = [
  "/etc/systemd/system/containerd.service",
  "/usr/lib/systemd/system/containerd.service",
  "/lib/systemd/system/containerd.service",
];
const CACHE = "/var/cache/containerd";
const CRICTL = "/etc/crictl.yaml";
/** The filesystem's own, at the top of an ext4. */
const LOST = "lost+found";
/** containerd makes them itself, where they are missing. */
const CNI = ["/etc/cni/net.d", "/etc/cni"];

/** A host without what containerd.yml has put there. */
export const containerd_absent: Module<AbsentArgs, State> = {
  name: "containerd_absent",
  schema,
  observe(args) {
    refuseRelative(args, ["unit", "config", "config_path", "runc", "opt_path", "state", "root"]);
    return {
      installed: askInstalled({
        files: filesOf(args),
        directories: directoriesOf(args),
        state: args.state,
      }),
      registries: askRegistries(args.config_path),
    };
  },
  plan,
  result(args, before) {
    const { removed, restored } = workOf(args, before);
    return { removed, restored };
  },
};

// The drop-in with the daemon's environment.
const environmentOf = ({ unit }: AbsentArgs): string => `${unit}.d/10-environment.conf`;

function filesOf(args: AbsentArgs): string[] {
  const { unit, config, programs, runc, links } = args;
  return [
    ...programs,
    ...links,
    runc,
    config,
    CRICTL,
    environmentOf(args),
    ...OTHER_UNITS.filter((one) => one !== unit),
    unit,
  ];
}

// The directories that installing has made where they were missing, those that others are in first.
function directoriesOf({ unit, config, config_path, opt_path, root, state }: AbsentArgs): string[] {
  const up = (path: string): string => path.slice(0, path.lastIndexOf("/"));
  const units = up(unit);
  return [
    config_path,
    up(config),
    CACHE,
    ...CNI,
    `${opt_path}/bin`,
    `${opt_path}/lib`,
    opt_path,
    `${unit}.d`,
    units,
    up(units),
    root,
    state,
  ];
}

/** What has to be done, in this order. */
interface Work {
  removed: string[];
  restored: string[];
  emptied: string[];
  /**
   * Directories that are removed completely and for good: nobody could keep a copy of that much.
   */
  cleared: string[];
}

// Finds what is ours. Programs are only ours where the unit is, so it goes last.
function workOf(args: AbsentArgs, { installed, registries }: State): Work {
  const { files, directories } = installed;
  const isOurs = files[args.unit]?.type === "ours";
  const programs = new Set([...args.programs, args.runc]);
  const links = new Set(args.links);
  const goes = (path: string): boolean => {
    const found = files[path];
    if (found === undefined || found.type === "absent") return false;
    if (programs.has(path)) return isOurs && (found.type !== "link" || found.target !== path);
    if (links.has(path)) return found.type === "link" && found.target === args.runc;
    return found.type === "ours";
  };
  const paths = filesOf(args);
  const own = paths.filter(goes);
  const hosts = registries
    .filter(({ file }) => file === "ours")
    .map(({ name }) => `${args.config_path}/${name}`);
  const tarballs = (isOurs ? (directories[CACHE] ?? []) : [])
    .filter((name) => /^containerd-.*\.tar\.gz$/.test(name))
    .map((name) => `${CACHE}/${name}`);
  const taken = new Set(own);
  const restored = [...new Set(paths)].filter(
    (path) => files[path]?.kept && (taken.has(path) || files[path].type === "absent"),
  );
  const cleared = [...(isOurs ? [args.state] : []), ...(args.data ? [args.root] : [])].filter(
    (path) => (directories[path] ?? []).some((name) => name !== LOST),
  );
  const removed = [...tarballs, ...hosts.map((path) => `${path}/hosts.toml`), ...own];
  return {
    removed,
    restored,
    cleared,
    emptied: emptied(args, installed, registries, { removed, restored, cleared, isOurs }),
  };
}

// The directories that end up empty, inner ones first. Only an installation of ours creates them.
function emptied(
  args: AbsentArgs,
  { directories }: Installed,
  registries: readonly RegistryDirectory[],
  { removed, restored, cleared, isOurs }: Omit<Work, "emptied"> & { isOurs: boolean },
): string[] {
  if (!isOurs) return [];
  const gone = new Set(removed.filter((path) => !restored.includes(path)));
  for (const path of restored) gone.add(`${path}.distrib`);
  const goes: string[] = [];
  for (const { name, file, certificates } of registries)
    if (file === "ours" && certificates.length === 0) goes.push(`${args.config_path}/${name}`);
  for (const path of directoriesOf(args)) {
    const names = directories[path];
    const isKept = path === args.root && !args.data;
    if (names === undefined || isKept) continue;
    const goesToo = (name: string): boolean =>
      gone.has(`${path}/${name}`) || goes.includes(`${path}/${name}`);
    const isCleared = cleared.includes(path) && !names.includes(LOST);
    if (isCleared || names.every(goesToo)) goes.push(path);
  }
  return goes;
}

function plan(args: AbsentArgs, before: State): Change<State> | null {
  const work = workOf(args, before);
  const { removed, restored, emptied: empty, cleared } = work;
  if (removed.length + restored.length + empty.length + cleared.length === 0) return null;
  const { tasks } = before.installed;
  if (tasks.length > 0 && !args.stop_containers)
    throw new TaskFailure(
      `containers run: ${tasks.join(", ")}`,
      "stop them first, or let it be done: containerd_stop_containers: true",
    );
  const steps: Step[] = [
    ...(tasks.length > 0 ? [{ run: endTasks(args, tasks) }] : []),
    ...(cleared.includes(args.root) && removed.includes(args.unit)
      ? [{ run: endSubvolumes(args) }]
      : []),
    ...(removed.includes(args.unit) ? [stopDaemon(args)] : []),
    ...cleared.map((path) => ({ run: clear(path) })),
    ...removed.map((path) => ({ run: sh`hw_remove ${path}`, undo: restore(path) })),
    ...restored.map((path) => ({
      run: sh`[ -e ${`${path}.distrib`} ] || [ -L ${`${path}.distrib`} ] || exit 0; hw_keep ${path} && hw_keep ${`${path}.distrib`} copy && mv -fT -- ${`${path}.distrib`} ${path}`,
      undo: restoring(sh`hw_restore ${path}; hw_restore ${`${path}.distrib`}`),
    })),
    // a mount point stays, and so does what somebody has put something into meanwhile
    ...empty.map((path) => ({
      run: removeDirectory(path),
      undo: sh`[ -d ${path} ] || hw_mkdir ${path} "" "" 0755`,
    })),
    { run: sh`[ ! -d /run/systemd/system ] || systemctl daemon-reload` },
  ];
  return {
    after: {
      installed: left(before.installed, work),
      registries: before.registries.filter(({ file }) => file !== "ours"),
    },
    also: removed
      .filter((path) => !restored.includes(path))
      .map((subject) => ({ kind: "path", subject, after: null })),
    steps,
    diff: [
      ...tasks.map((task): Diff => fieldDiff("container", `${task} running`, "ended")),
      ...removed.map((path): Diff => fieldDiff("file", path, null)),
      ...cleared
        .filter((path) => path === args.root)
        .map((path): Diff => fieldDiff("all images and containers", path, null)),
      ...restored.map((path): Diff => fieldDiff(path, "ours", "what was there before")),
      ...empty.map((path): Diff => fieldDiff("directory", path, null)),
    ],
    result: { removed: [...removed, ...empty], restored },
  };
}

// Ends what runs: first with a signal that it may handle, then without. Both go to its cgroup and
// to its first process: where that one has been moved to another cgroup, runc reaches nothing, and
// says nothing. Containers outlive a daemon that was stopped, and it takes one to end them.
function endTasks(args: AbsentArgs, tasks: readonly string[]): Script {
  const { ctr, state } = args;
  const address = `${state}/containerd.sock`;
  return sh`${haveDaemon(args, `containers run (${tasks.join(", ")})`)}
hw_kill() { for hw_t in ${tasks}; do ${ctr} -a ${address} -n "\${hw_t%%/*}" tasks kill -a -s "$1" "\${hw_t#*/}" 2>/dev/null; ${ctr} -a ${address} -n "\${hw_t%%/*}" tasks kill -s "$1" "\${hw_t#*/}" 2>/dev/null; ${ctr} -a ${address} -n "\${hw_t%%/*}" tasks resume "\${hw_t#*/}" 2>/dev/null; done; }
hw_run() { for hw_t in ${tasks}; do [ "$(${ctr} -a ${address} -n "\${hw_t%%/*}" tasks ls | grep -c "^\${hw_t#*/} .*RUNNING")" = 0 ] || return 0; done; return 1; }
hw_kill SIGTERM; hw_k=0
while hw_run && [ "$hw_k" -lt 100 ]; do sleep 0.1; hw_k=$((hw_k + 1)); done
hw_kill SIGKILL; hw_k=0
while hw_run; do sleep 0.1; hw_k=$((hw_k + 1)); [ "$hw_k" -lt 100 ] || { hw_fail ${`some containers do not end: ${tasks.join(", ")}`}; exit 1; }; done
for hw_t in ${tasks}; do ${ctr} -a ${address} -n "\${hw_t%%/*}" tasks rm -f "\${hw_t#*/}" >/dev/null 2>&1; done; :`;
}

// Has the daemon answer; what for is said where it does not start.
function haveDaemon({ ctr, state, unit }: AbsentArgs, what: string): Script {
  const name = unitOf(unit);
  return sh`${ctr} -a ${`${state}/containerd.sock`} version >/dev/null 2>&1 || systemctl start -q ${name} 2>&1 || { hw_fail ${`${what}, and ${name}, which could remove them, does not start`}; exit 1; }`;
}

// On btrfs layers are subvolumes that cannot be written, nor removed by rm: containerd
// lets them go with the images.
function endSubvolumes(args: AbsentArgs): Script {
  const { ctr, state, root } = args;
  const address = `${state}/containerd.sock`;
  return sh`set -- ${root}/io.containerd.snapshotter.v1.btrfs/snapshots/*
[ -d "$1" ] || exit 0
${haveDaemon(args, `there are subvolumes of btrfs in ${root}`)}
for hw_n in $(${ctr} -a ${address} namespaces ls -q); do
  for hw_c in $(${ctr} -a ${address} -n "$hw_n" containers ls -q); do ${ctr} -a ${address} -n "$hw_n" containers delete "$hw_c" >/dev/null; done
  for hw_c in $(${ctr} -a ${address} -n "$hw_n" images ls -q); do ${ctr} -a ${address} -n "$hw_n" images remove --sync "$hw_c" >/dev/null; done
done; :`;
}

// Empties a directory for good, unless something is mounted in it.
function clear(path: string): Script {
  return sh`! cut -d' ' -f2 /proc/self/mounts | grep -F -- ${`${path}/`} || { hw_fail ${`something is mounted in ${path}; unmount it first`}; exit 1; }
[ ! -d ${path} ] || find ${path} -mindepth 1 -maxdepth 1 ! -name ${LOST} -exec rm -rf -- {} +`;
}

// What systemd calls the unit of a file.
function unitOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

// Stops the daemon, and sees that it does not come with the next boot.
function stopDaemon({ unit }: AbsentArgs): Step {
  const name = unitOf(unit);
  return {
    run: sh`[ ! -d /run/systemd/system ] || systemctl disable --now -q ${name} 2>&1`,
    undo: sh`[ ! -d /run/systemd/system ] || { systemctl daemon-reload; systemctl enable --now -q ${name}; }`,
  };
}

// What is there afterwards.
function left(
  { files, directories }: Installed,
  { removed, restored, emptied: empty, cleared }: Work,
): Installed {
  const absent = { type: "absent", target: "-", kept: false } as const;
  const other = { type: "other", target: "-", kept: false } as const;
  const gone = new Set(
    [...removed, ...empty, ...restored.map((path) => `${path}.distrib`)].filter(
      (path) => !restored.includes(path),
    ),
  );
  return {
    files: Object.fromEntries(
      Object.entries(files).map(([path, found]) => {
        if (restored.includes(path)) return [path, other];
        return [path, gone.has(path) ? { ...absent, kept: found.kept } : found];
      }),
    ),
    directories: Object.fromEntries(
      Object.entries(directories)
        .filter(([path]) => !empty.includes(path))
        .map(([path, names]) => [
          path,
          names.filter((name) =>
            cleared.includes(path) ? name === LOST : !gone.has(`${path}/${name}`),
          ),
        ]),
    ),
    tasks: [],
  };
}
