import { TaskFailure } from "../../errors.ts";
import { defined } from "../../defined.ts";
import { contentText, statPath, type PathState } from "../../probes/files/path.ts";
import { lines, sh } from "../../script/sh.ts";
import { staged } from "../../script/write.ts";
import { restoring } from "../../script/undo.ts";
import { textFile } from "../files/copy/source.ts";
import type { Change, Diff, LocalFile, Module, Step } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { octal } from "../shared/files/mode.ts";
import { hostPath } from "../shared/files/ownership.ts";
import { contentState } from "../shared/files/placed.ts";
import { fieldDiff } from "../contract/diff.ts";

const ENFORCE = "/sys/fs/selinux/enforce";

const schema = {
  collection: "ansible.posix",
  description: "Sets the mode and the policy of SELinux, now and for the next boot.",
  example: `name: SELinux logs what it would deny
selinux: {policy: targeted, state: permissive}`,
  returns: [
    "configfile, policy, state: as given, or as they are",
    "reboot_required: whether only a reboot makes the mode what the task says",
  ],
  arguments: {
    state: {
      type: "str",
      required: true,
      choices: ["enforcing", "permissive", "disabled"],
      description: "The mode. It is switched off by a reboot only, and is permissive until then.",
    },
    policy: {
      type: "str",
      description: "The policy, such as targeted. Required unless state is disabled.",
    },
    configfile: {
      type: "path",
      default: "/etc/selinux/config",
      aliases: ["conf", "file"],
      description: "The configuration file.",
    },
  },
} as const satisfies Schema;

type SelinuxArgs = ArgsOf<typeof schema>;
type Mode = SelinuxArgs["state"];
/**
 * The configuration; the kernel's own file with the present mode, absent without
 * SELinux; the policy's directory.
 */
type State = { config: PathState; enforce: PathState; policy?: PathState };

/** The mode and the policy of SELinux. */
export const selinux: Module<SelinuxArgs, State> = {
  name: "selinux",
  schema,
  observe: ({ configfile, policy }) => ({
    config: statPath(hostPath(configfile), { follow: true, unless: "" }),
    enforce: statPath(ENFORCE, { unless: "" }),
    ...defined({
      policy:
        policy === undefined
          ? undefined
          : statPath(`/etc/selinux/${named(policy)}/policy`, { follow: true }),
    }),
  }),
  plan,
  result(args, state, outputs) {
    const { configfile } = args;
    const policy = args.policy ?? valueOf(textOf(state), "SELINUXTYPE");
    const told = {
      configfile,
      policy,
      state: args.state,
      reboot_required: needsReboot(args, state),
    };
    return outputs ? told : { ...told, ...saidOf([], warningsOf(args, state)) };
  },
};

function named(policy: string): string {
  if (!/^\w[\w.-]*$/.test(policy)) throw new TaskFailure(`"${policy}" is not the name of a policy`);
  return policy;
}

function plan(args: SelinuxArgs, before: State): Change<State> | null {
  refuse(args, before);
  const text = textOf(before);
  const [mode, policy] = [modeOf(before), args.policy ?? valueOf(text, "SELINUXTYPE")];
  const messages: string[] = [];
  const wasPolicy = valueOf(text, "SELINUXTYPE");
  let next = text;
  if (policy !== wasPolicy && policy !== null) {
    next = withValue(next, "SELINUXTYPE", policy);
    messages.push(
      `Running SELinux policy changed from '${wasPolicy ?? ""}' to '${policy}'`,
      `SELinux policy configuration in '${args.configfile}' changed from '${wasPolicy ?? "None"}' to '${policy}'`,
    );
  }
  const now = reachable(args.state, mode);
  if (now !== mode && args.state !== "disabled")
    messages.push(`SELinux state changed from '${mode}' to '${args.state}'`);
  const wasState = valueOf(text, "SELINUX");
  if (wasState !== args.state) {
    next = withValue(next, "SELINUX", args.state);
    messages.push(`Config SELinux state changed from '${wasState ?? "None"}' to '${args.state}'`);
  }
  if (now === mode && next === text) return null;
  const file = textFile(next);
  return {
    after: {
      ...before,
      config: { ...before.config!, ...contentState(textFile(next)) },
      enforce: before.enforce && { ...before.enforce, ...contentState(textFile(bitOf(now))) },
    },
    steps: [
      ...(next === text ? [] : [writeStep(args, before.config!, file)]),
      ...(now === mode ? [] : [enforceStep(mode, now)]),
    ],
    diff: [
      ...(now === mode ? [] : [fieldDiff("SELinux", mode, now) satisfies Diff]),
      ...(next === text
        ? []
        : [{ kind: "text", title: args.configfile, before: text, after: next } satisfies Diff]),
    ],
    result: saidOf(messages, warningsOf(args, before)),
  };
}

// Refuses hosts without SELinux, and policies that are not there, as Ansible does.
function refuse(args: SelinuxArgs, { config, policy }: State): void {
  if (config?.type !== "file")
    throw new TaskFailure(
      `Unable to find file ${args.configfile}`,
      "the host has no SELinux, or its policy is not installed (selinux-policy-targeted)",
    );
  if (args.state !== "disabled" && args.policy === undefined)
    throw new TaskFailure("Policy is required if state is not 'disabled'", "policy: targeted");
  if (args.policy !== undefined && policy === null)
    throw new TaskFailure(
      `Policy ${args.policy} does not exist in /etc/selinux/`,
      "install its package",
    );
}

function textOf({ config }: State): string {
  return contentText(config) ?? "";
}

// The present mode.
function modeOf({ enforce }: State): Mode {
  if (enforce === null) return "disabled";
  return contentText(enforce)?.trim() === "1" ? "enforcing" : "permissive";
}

// The mode that is possible without a reboot.
function reachable(wanted: Mode, mode: Mode): Mode {
  if (mode === "disabled") return "disabled";
  return wanted === "disabled" ? "permissive" : wanted;
}

function needsReboot({ state }: SelinuxArgs, found: State): boolean {
  return state !== modeOf(found) && (state === "disabled" || modeOf(found) === "disabled");
}

// What Ansible warns of.
function warningsOf({ state }: SelinuxArgs, found: State): string[] {
  const mode = modeOf(found);
  if (mode === state) return [];
  if (mode === "disabled") return [`Reboot is required to set SELinux state to '${state}'`];
  if (state !== "disabled") return [];
  return mode === "permissive"
    ? ["SELinux state change will take effect next reboot"]
    : [
        `SELinux state temporarily changed from '${mode}' to 'permissive'. State change will take effect next reboot.`,
      ];
}

function saidOf(messages: readonly string[], warnings: string[]): { [key: string]: unknown } {
  return {
    msg: messages.join(", "),
    ...defined({ warnings: warnings.length > 0 ? warnings : undefined }),
  };
}

// The value of a key in the configuration; null: it is not there.
function valueOf(text: string, key: string): string | null {
  return new RegExp(`^${key}=([^=\n]*)`, "m").exec(text)?.[1]!.trim() ?? null;
}

// The configuration with another value, on a new line if the key is not there.
function withValue(text: string, key: string, value: string): string {
  const line = `${key}=${value}`;
  const pattern = new RegExp(`^${key}=.*$`, "gm");
  if (pattern.test(text)) return text.replace(pattern, line);
  return `${text.replace(/(?<=[^\n])$/, "\n")}${line}\n`;
}

function bitOf(mode: Mode): string {
  return mode === "enforcing" ? "1" : "0";
}

function writeStep(
  { configfile }: SelinuxArgs,
  { mode = 0o644, uid, gid }: NonNullable<PathState>,
  file: LocalFile,
): Step {
  const find = sh`hw_e=$(hw_follow ${configfile}) || exit 1`;
  return {
    run: lines([
      find,
      sh`hw_place ${staged(file)} "$hw_e" ${octal(mode)} ${uid ?? ""} ${gid ?? ""}`,
    ]),
    undo: restoring(lines([find, sh`hw_restore "$hw_e"`])),
  };
}

// Tells the kernel, as setenforce does.
function enforceStep(before: Mode, after: Mode): Step {
  return {
    run: sh`printf %s ${bitOf(after)} > /sys/fs/selinux/enforce`,
    undo: sh`printf %s ${bitOf(before)} > /sys/fs/selinux/enforce`,
  };
}
