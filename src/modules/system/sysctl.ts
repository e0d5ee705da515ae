import { TaskFailure } from "../../errors.ts";
import { askSysctl, oneLine, sysctlPath, type SysctlState } from "../../probes/system/sysctl.ts";
import { sh, type Script } from "../../script/sh.ts";
import {
  askText,
  planEdit,
  presentContent,
  type EditArgs,
  type EditState,
} from "../shared/edit/edit.ts";
import { fromBytes, toBytes } from "../shared/edit/pattern.ts";
import type { Change, Controller, Module, Step } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { fieldDiff } from "../contract/diff.ts";

/** The file, as edits ask for it, and the parameter as the kernel has it. */
type State = EditState & { kernel: SysctlState };

const schema = {
  collection: "ansible.posix",
  description: "Sets kernel parameters, in a file and immediately.",
  example: `name: Forward packets
sysctl: {name: net.ipv4.ip_forward, value: "1"}`,
  returns: [],
  arguments: {
    name: {
      type: "str",
      required: true,
      aliases: ["key"],
      description: "The parameter, such as net.ipv4.ip_forward.",
    },
    value: { type: "str", aliases: ["val"], description: "Its value; yes and no mean 1 and 0." },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description:
        "Whether the file has a line for it. The running kernel keeps its value when the line is removed.",
    },
    sysctl_file: {
      type: "path",
      default: "/etc/sysctl.conf",
      description:
        "The file for it. When it changes, its lines are written as name=value, each name once.",
    },
    reload: {
      type: "bool",
      default: true,
      description:
        "Loads the whole file into the kernel when anything changes, and compares the kernel's value too.",
    },
    sysctl_set: {
      type: "bool",
      default: false,
      description: "Sets the parameter itself if the kernel has another value.",
    },
    ignoreerrors: {
      type: "bool",
      default: false,
      description: "Ignores parameters that the kernel does not have.",
    },
  },
  requiredIf: [{ if: "state", is: "present", then: ["value"] }],
} as const satisfies Schema;

type SysctlArgs = ArgsOf<typeof schema>;

/** Parameters of the kernel: in a file for the next boot, and in the running kernel. */
export const sysctl: Module<SysctlArgs, State> = {
  name: "sysctl",
  schema,
  observe(args) {
    checkName(args.name.trim());
    return { ...askText(editOf(args)), kernel: askSysctl(args.name.trim()) };
  },
  plan,
  result: () => ({}),
};

function checkName(name: string): void {
  if (name === "") throw new TaskFailure("name cannot be blank");
  if (!/^\w[\w.:/@*+-]*$/.test(name) || sysctlPath(name).split("/").includes(".."))
    throw new TaskFailure(`"${name}" is not the name of a kernel parameter`);
}

function editOf({ sysctl_file: path }: SysctlArgs): EditArgs & { create: true } {
  return { path, create: true, backup: false };
}

// The value as the file has it: words for true and false are numbers.
function valueOf({ value = "", state }: SysctlArgs): string {
  const text = value.trim();
  if (state === "present" && text === "") throw new TaskFailure("value cannot be blank");
  if (state === "present" && text.includes("\n"))
    throw new TaskFailure("sysctl: value takes one line of text");
  if (/^(yes|true|on|y|t)$/i.test(text)) return "1";
  return /^(no|false|off|n|f)$/i.test(text) ? "0" : text;
}

function plan(args: SysctlArgs, before: State, controller: Controller): Change<State> | null {
  const [name, wanted] = [args.name.trim(), valueOf(args)];
  const { kernel, ...text } = before;
  const content = presentContent(editOf(args), text);
  const file = fileLines(fromBytes(content ?? ""));
  const has = file.values.get(name);
  const rewrites = args.state === "present" ? has !== wanted : has !== undefined;
  const edit = rewrites
    ? planEdit(
        editOf(args),
        text,
        {
          content: toBytes(
            rewritten(file.lines, name, args.state === "present" ? wanted : undefined),
          ),
          msg: "",
        },
        controller,
      )
    : null;
  const differs =
    args.state === "present" &&
    (args.reload || args.sysctl_set) &&
    !isSame(kernel, wanted) &&
    !(args.ignoreerrors && kernel === null);
  if (!edit && !differs) return null;
  const steps = [
    ...(differs && args.sysctl_set ? [setStep(name, wanted, kernel, args)] : []),
    ...(edit?.steps ?? []),
    ...(args.reload ? [reloadStep(name, kernel, args)] : []),
  ];
  const shown = differs ? [fieldDiff(name, kernel, wanted)] : [];
  return {
    ...edit,
    after: { ...text, ...edit?.after, kernel: differs ? oneLine(wanted) : kernel },
    steps,
    diff: [...(edit?.diff ?? []), ...shown],
    result: {},
  };
}

function isSame(kernel: SysctlState, wanted: string): boolean {
  return kernel !== null && oneLine(kernel) === oneLine(wanted);
}

// The file's lines, and the values in them; the last value of a name counts.
function fileLines(text: string): { lines: string[]; values: Map<string, string> } {
  const lines = text.split("\n").map((line) => line.trim());
  if (lines.at(-1) === "") lines.pop();
  return { lines, values: new Map(lines.filter(isSetting).map(split)) };
}

function isSetting(line: string): boolean {
  return line !== "" && !/^[#;]/.test(line) && line.includes("=");
}

function split(line: string): [name: string, value: string] {
  const at = line.indexOf("=");
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

// The file as Ansible writes it: name=value, the first line of each name, comments as they are.
function rewritten(lines: readonly string[], name: string, value: string | undefined): string {
  const seen = new Set<string>();
  const kept = lines.flatMap((line) => {
    if (!isSetting(line)) return [line];
    const [key, old] = split(line);
    if (seen.has(key)) return [];
    seen.add(key);
    if (key !== name) return [`${key}=${old}`];
    return value === undefined ? [] : [`${name}=${value}`];
  });
  if (value !== undefined && !seen.has(name)) kept.push(`${name}=${value}`);
  return kept.map((line) => `${line}\n`).join("");
}

// Sets one parameter, in one write.
function setStep(
  name: string,
  value: string,
  old: SysctlState,
  { ignoreerrors }: SysctlArgs,
): Step {
  const missing = ignoreerrors ? sh`[ -e ${sysctlPath(name)} ] || exit 0; ` : sh``;
  return { run: sh`${missing}${write(name, value)}`, undo: back(name, old) };
}

// Has the kernel apply the file; without procps, systemd's own program does it.
function reloadStep(
  name: string,
  old: SysctlState,
  { sysctl_file: file, ignoreerrors }: SysctlArgs,
): Step {
  const run = sh`if command -v sysctl >/dev/null; then sysctl ${[...(ignoreerrors ? ["-e"] : []), "-q", "-p", file]}
else PATH="$PATH:/usr/lib/systemd:/lib/systemd" systemd-sysctl ${file}; fi`;
  return { run, undo: back(name, old) };
}

function back(name: string, old: SysctlState): Script {
  return old === null ? sh`:` : write(name, old);
}

function write(name: string, value: string): Script {
  return sh`printf '%s\n' ${value} > ${sysctlPath(name)} || hw_fail ${`the kernel does not take ${name} = ${value}`}`;
}
