import { TaskFailure } from "../../errors.ts";
import {
  askKernelModule,
  kernelName,
  type KernelModuleState,
} from "../../probes/system/kernel_module.ts";
import { sh } from "../../script/sh.ts";
import { placeFile, staged } from "../../script/write.ts";
import type { Also, Change, Diff, Module, Step } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { restore } from "../../script/undo.ts";
import { textFile } from "../files/copy/source.ts";
import { fieldDiff } from "../contract/diff.ts";

interface State {
  module: KernelModuleState;
}

/** What to do, as it is found out. */
interface Work {
  after: KernelModuleState;
  steps: Step[];
  diff: Diff[];
  also: Also[];
}

const schema = {
  collection: "community.general",
  description: "Loads or unloads kernel modules.",
  example: `name: The overlay file system is loaded, also after a boot
modprobe: {name: overlay, persistent: present}`,
  returns: ["name, params, state: as given"],
  arguments: {
    name: { type: "str", required: true, description: "The kernel module." },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether it is loaded. A module that is built into the kernel counts as loaded.",
    },
    params: {
      type: "str",
      default: "",
      description:
        "Parameters as NAME=VALUE, separated by spaces; they are used when it is loaded.",
    },
    persistent: {
      type: "str",
      choices: ["disabled", "present", "absent"],
      default: "disabled",
      description:
        "Whether it is loaded at boot, with these parameters: /etc/modules-load.d and /etc/modprobe.d. disabled does not change that.",
    },
  },
} as const satisfies Schema;

type ModprobeArgs = ArgsOf<typeof schema>;

/** Loads and unloads kernel modules, now and at boot. */
export const modprobe: Module<ModprobeArgs, State> = {
  name: "modprobe",
  schema,
  observe(args) {
    if (!/^[A-Za-z0-9_-]+$/.test(args.name))
      throw new TaskFailure(`"${args.name}" is not the name of a kernel module`);
    if (/["'\\\n]/.test(args.params))
      throw new TaskFailure(
        "modprobe: params takes NAME=VALUE separated by spaces, without quotes",
      );
    return { module: askKernelModule(args.name, args.persistent !== "disabled") };
  },
  plan,
  result: ({ name, params, state }) => ({ name, params, state }),
};

function plan(args: ModprobeArgs, { module }: State): Change<State> | null {
  const work: Work = { after: { ...module }, steps: [], diff: [], also: [] };
  planKernel(args, module, work);
  if (args.persistent !== "disabled") {
    planBoot(args, module, work);
    planOptions(args, module, work);
  }
  const { after, ...deeds } = work;
  return deeds.steps.length === 0 ? null : { after: { module: after }, ...deeds };
}

// Loads or unloads it now.
function planKernel(
  { name, state, params }: ModprobeArgs,
  { kernel }: KernelModuleState,
  work: Work,
): void {
  if ((state === "present") === (kernel !== "absent")) return;
  if (kernel === "builtin")
    throw new TaskFailure(`${name} is built into the kernel and cannot be unloaded`);
  const [load, unload] = [
    sh`modprobe -- ${name} ${splitParams(params)}`,
    sh`modprobe -r -- ${name}`,
  ];
  work.steps.push(state === "present" ? { run: load, undo: unload } : { run: unload, undo: load });
  work.after.kernel = state === "present" ? "loaded" : "absent";
  work.diff.push(fieldDiff("kernel", kernel, work.after.kernel));
}

// Names it to systemd for the next boot, or no longer.
function planBoot(
  { name, persistent }: ModprobeArgs,
  { boot }: KernelModuleState,
  work: Work,
): void {
  if ((persistent === "present") === boot.length > 0) return;
  const file = `/etc/modules-load.d/${name}.conf`;
  if (persistent === "present") place(work, file, `${name}\n`);
  for (const old of persistent === "absent" ? boot : [])
    silence(work, old, `[ ]*${pattern(name)}[ ]*`);
  work.after.boot = persistent === "present" ? [file] : [];
  work.diff.push(fieldDiff("at boot", boot.join(" ") || null, work.after.boot.join(" ") || null));
}

// Sets its parameters for whenever it is loaded; other lines for it are replaced.
function planOptions(
  { name, persistent, params }: ModprobeArgs,
  { options }: KernelModuleState,
  work: Work,
): void {
  const wanted = persistent === "present" ? splitParams(params) : [];
  const set = Object.values(options).flat();
  if ([...new Set(set)].sort().join(" ") === [...new Set(wanted)].sort().join(" ")) return;
  const file = `/etc/modprobe.d/${name}.conf`;
  for (const old of Object.keys(options))
    if (old !== file || wanted.length === 0)
      silence(work, old, `[ ]*options[ ][ ]*${pattern(name)}[ ]`);
  if (wanted.length > 0) place(work, file, `options ${name} ${wanted.join(" ")}\n`);
  work.after.options = wanted.length > 0 ? { [file]: wanted } : {};
  work.diff.push(fieldDiff("parameters", set.join(" ") || null, wanted.join(" ") || null));
}

// Writes a small file of ours.
function place(work: Work, path: string, text: string): void {
  const file = textFile(text);
  const { run, undo } = placeFile(staged(file), path, "0644", {});
  work.steps.push({ run: sh`mkdir -p -- ${path.slice(0, path.lastIndexOf("/"))} && ${run}`, undo });
  work.also.push({
    kind: "path",
    subject: path,
    after: { type: "file", mode: 0o644, sha256: file.sha256, size: file.size },
  });
}

// Makes the matching lines of a file comments; the file is replaced as a whole.
function silence(work: Work, path: string, line: string): void {
  const run = sh`sed ${`s/^${line}/#&/`} ${path} > "$HW_ENTRY_DIR/silenced" && hw_place "$HW_ENTRY_DIR/silenced" ${path} 0644 '' ''`;
  work.steps.push({ run, undo: restore(path) });
  work.also.push({
    kind: "path",
    subject: path,
    after: { type: "file", mode: 0o644, sha256: null },
  });
}

// Both ways to write a module's name.
function pattern(name: string): string {
  return kernelName(name).replaceAll("_", "[-_]");
}

function splitParams(params: string): string[] {
  return params.split(/\s+/).filter(Boolean);
}
