import { TaskFailure } from "../../errors.ts";
import { askMount, type MountState } from "../../probes/files/mount.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { revert } from "../../script/undo.ts";
import { sh, type Script } from "../../script/sh.ts";
import { backupResult } from "../shared/files/backup.ts";
import {
  askText,
  planEdit,
  presentContent,
  type EditArgs,
  type EditState,
} from "../shared/edit/edit.ts";
import { fromBytes, toBytes } from "../shared/edit/pattern.ts";
import type { Change, Diff, Controller, Module, Step } from "../contract/module.ts";
import { dropLines, putLine } from "./mount/fstab.ts";
import { mountSchema, type MountArgs } from "./mount/schema.ts";
import { hostPath } from "../shared/files/ownership.ts";
import { defined } from "../../defined.ts";
import { fieldDiff } from "../contract/diff.ts";

/** `mount`: what is mounted; `point`: the directory; all others: fstab, as edits ask for it. */
type State = Partial<EditState> & { mount?: MountState; point?: PathState };

/** Mounts, and the lines of fstab for them. */
export const mount: Module<MountArgs, State> = {
  name: "mount",
  schema: mountSchema,
  observe(args) {
    const path = pointOf(args);
    const fstab = args.state === "ephemeral" ? {} : askText(editOf(args));
    return {
      ...fstab,
      ...defined({
        mount: path === "none" ? undefined : askMount(path),
        point: path === "none" ? undefined : statPath(path),
      }),
    };
  },
  plan,
  result(args, _state, outputs) {
    const { dump, passno, boot } = args;
    const source = args.src === undefined ? {} : { src: args.src, fstype: args.fstype };
    return {
      name: args.path,
      ...source,
      opts: optionsOf(args),
      dump,
      passno,
      fstab: args.fstab,
      boot: boot ? "yes" : "no",
      backup_file: backupResult(outputs).backup_file ?? "",
    };
  },
};

// The mount point; swap in fstab has none.
function pointOf({ path, state }: MountArgs): string {
  if (path !== "none") return hostPath(path);
  if (/^(present|absent|absent_from_fstab)$/.test(state)) return path;
  throw new TaskFailure(
    "mount: swap can only be present in fstab, or absent from it",
    "swapon and swapoff are commands",
  );
}

function editOf({ fstab, backup }: MountArgs): EditArgs & { create: true } {
  return { path: fstab, create: true, backup };
}

// boot: false adds noauto; beside "defaults", which says auto, it is left out as Ansible does.
function optionsOf({ opts = "defaults", boot }: MountArgs): string {
  const words = opts.split(",");
  return boot || words.includes("noauto") || words.includes("defaults") ? opts : `${opts},noauto`;
}

/** What is found to be done. */
interface Work {
  args: MountArgs;
  mount: MountState;
  point: PathState;
  steps: Step[];
  diff: Diff[];
  opaque: boolean;
}

// Mounts first and writes fstab then, so that a mount that fails leaves no line that would hold up
// the next boot. A remount reads fstab, so there it is the other way round.
function plan(args: MountArgs, before: State, controller: Controller): Change<State> | null {
  const { mount: mounted = null, point = null, file = null, real = null, ...above } = before;
  const text = { file, real, ...above };
  const work: Work = { args, mount: mounted, point, steps: [], diff: [], opaque: false };
  const edit = args.state === "ephemeral" ? null : planFstab(args, text, controller);
  const remounts = edit !== null && args.state === "mounted" && mounted !== null;
  if (args.state === "mounted" || args.state === "ephemeral") planMounted(work, edit !== null);
  if (args.state === "unmounted" || (args.state === "absent" && edit !== null)) planUnmounted(work);
  if (args.state === "remounted") planRemounted(work);
  if (args.state === "absent" && edit !== null && point) planRemoved(work);
  if (!edit && work.steps.length === 0) return null;
  const { mount: after, steps, diff, opaque } = work;
  const shown = args.path === "none" ? {} : { mount: after, point: work.point };
  return {
    ...edit,
    after: { ...text, ...edit?.after, ...shown },
    steps: remounts ? [...edit.steps, ...steps] : [...steps, ...(edit?.steps ?? [])],
    diff: [...diff, ...(edit?.diff ?? [])],
    result: {},
    ...defined({ opaque: opaque ? opaque : undefined }),
  };
}

// The line of fstab, there or gone.
function planFstab(
  args: MountArgs,
  text: EditState,
  controller: Controller,
): Change<EditState> | null {
  const old = fromBytes(presentContent(editOf(args), text) ?? "");
  const { src = "", fstype = "", dump, passno, state } = args;
  const path = pointOf(args);
  const keeps = state === "unmounted" || state === "remounted";
  const goes = state === "absent" || state === "absent_from_fstab";
  if (keeps) return null;
  const next = goes
    ? dropLines(old, path, args.src)
    : putLine(old, { src, path, fstype, opts: optionsOf(args), dump, passno });
  if (next === old) return null;
  return planEdit(editOf(args), text, { content: toBytes(next), msg: "" }, controller);
}

// Mounts what is not mounted; what is gets the new options, and ephemeral does that each time.
function planMounted(work: Work, hasNewLine: boolean): void {
  const { args, mount: old } = work;
  const [path, src, fstype, opts] = [hostPath(args.path), args.src!, args.fstype!, optionsOf(args)];
  if (old !== null) {
    const isNamed = /^(UUID|LABEL|PARTUUID|PARTLABEL|ID)=/.test(src) || old.root !== "/";
    if (args.state === "ephemeral" && !isNamed && old.source !== src)
      throw new TaskFailure(
        `${path} already has ${old.source} mounted, not ${src}`,
        "unmount it first, or choose another path",
      );
    if (args.state === "ephemeral" || hasNewLine) remount(work, opts);
    return;
  }
  if (
    work.point &&
    work.point.type !== "directory" &&
    work.point.type !== "link" &&
    !/(^|,)r?bind(,|$)/.test(opts)
  )
    throw new TaskFailure(`${path} is a ${work.point.type}, not a directory to mount on`);
  const make = work.point ? sh`` : sh`hw_mkdirs ${path} || exit 1; `;
  const unmake = work.point ? sh`` : sh`; rmdir -- ${path}`;
  work.steps.push({
    run: sh`${make}${mountWords(src, path, fstype, opts)} || { hw_rc=$?${unmake}; exit "$hw_rc"; }`,
    undo: sh`umount -- ${path}${unmake}`,
  });
  work.mount = { source: src, fstype, options: opts, root: "/" };
  if (!work.point) work.point = { type: "directory" };
  show(work, "nothing", `${src} (${fstype}, ${opts})`);
}

// What is mounted over another mount goes first, each with a step of its own.
function planUnmounted(work: Work): void {
  const { mount: top } = work;
  if (!top) return;
  const path = hostPath(work.args.path);
  const mounts = [top, ...(top.covers ?? [])];
  for (const { source, fstype, options, root } of mounts)
    work.steps.push({
      run: sh`umount -- ${path}`,
      ...defined({ undo: root === "/" ? mountWords(source, path, fstype, options) : undefined }),
    });
  work.mount = null;
  const names = mounts.map(({ source, fstype }) => `${source} (${fstype})`);
  show(work, names.join(" over "), "nothing");
}

// With explicit options, a remount that fails is a failure, as in Ansible; otherwise it
// is unmounted and mounted.
function planRemounted(work: Work): void {
  if (!work.mount)
    throw new TaskFailure(
      `${work.args.path} is not mounted, so it cannot be remounted`,
      "use state: mounted",
    );
  remount(work, work.args.opts);
}

function remount(work: Work, opts: string | undefined): void {
  const path = hostPath(work.args.path);
  const old = work.mount!;
  const words = opts === undefined || opts === "defaults" ? "remount" : `remount,${opts}`;
  const anew =
    work.args.state === "mounted"
      ? sh` || { umount -- ${path} && ${mountWords(work.args.src!, path, work.args.fstype!, opts ?? "defaults")}; } || { ${revert(hostPath(work.args.fstab))}; exit 1; }`
      : sh``;
  work.steps.push({
    run: sh`mount -o ${words} -- ${path}${anew}`,
    undo: sh`mount -o ${`remount,${old.options}`} -- ${path}`,
  });
  work.mount = { ...old, options: opts ?? old.options };
  show(work, old.options, words);
}

// The empty directory is removed with the line, as in Ansible.
function planRemoved(work: Work): void {
  const path = hostPath(work.args.path);
  work.steps.push({ run: sh`rmdir -- ${path}`, undo: sh`hw_mkdirs ${path}` });
  work.point = null;
}

function mountWords(src: string, path: string, fstype: string, opts: string): Script {
  return sh`mount -t ${fstype} -o ${opts} -- ${src} ${path}`;
}

// What lies below a mount point is not what it was, so all is asked again.
function show(work: Work, before: string, after: string): void {
  work.opaque = true;
  work.diff.push(fieldDiff(work.args.path, before, after));
}
