import { defined } from "../../defined.ts";
import { TaskFailure } from "../../errors.ts";
import { askCrontab, type CrontabState } from "../../probes/system/crontab.ts";
import { askProgram } from "../../probes/system/program.ts";
import { askUser, type UserState } from "../../probes/system/account.ts";
import type { Probe } from "../../probes/probe.ts";
import { sh, type Script } from "../../script/sh.ts";
import type { Change, Controller, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { namesIn, putJob, putVariable, readTable, writeTable } from "../shared/edit/cron-lines.ts";
import { askText, planEdit, presentContent, type EditState } from "../shared/edit/edit.ts";
import { fromBytes, toBytes } from "../shared/edit/pattern.ts";
import { backupResult } from "../shared/files/backup.ts";
import { restore } from "../../script/undo.ts";

const time = (what: string) =>
  ({ type: "str", default: "*", description: `${what}, as crontab(5) has it.` }) as const;

const schema = {
  description: "Adds or removes a job or a variable in a crontab.",
  example: `name: Old images go at night
cron: {name: prune images, minute: "30", hour: "3", job: crictl rmi --prune}`,
  returns: [
    "jobs, envs: the names of the jobs and variables of the table",
    "cron_file: as given",
    "warnings: of a file that cron leaves out, or a job of more than one line",
    "backup_file: where the old table is kept",
  ],
  arguments: {
    name: { type: "str", required: true, description: "The job's name, or the variable's." },
    job: { type: "str", aliases: ["value"], description: "The command, or the variable's value." },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether it should exist.",
    },
    user: {
      type: "str",
      description: "Whose table it is; in a file, who runs the job. The task's own user if absent.",
    },
    cron_file: {
      type: "path",
      asWritten: true,
      description: "A file of jobs, in /etc/cron.d unless it is an absolute path.",
    },
    minute: time("The minute"),
    hour: time("The hour"),
    day: { ...time("The day of the month"), aliases: ["dom"] },
    month: time("The month"),
    weekday: { ...time("The day of the week"), aliases: ["dow"] },
    special_time: {
      type: "str",
      choices: ["reboot", "yearly", "annually", "monthly", "weekly", "daily", "hourly"],
      description: "A name for the time, in place of its fields.",
    },
    disabled: { type: "bool", default: false, description: "Keeps the job as a comment." },
    env: { type: "bool", default: false, description: "It is a variable, not a job." },
    insertafter: { type: "str", description: "The variable after which a new one is inserted." },
    insertbefore: { type: "str", description: "The variable before which a new one is put." },
    backup: { type: "bool", default: false, description: "Keeps the old file beside it." },
  },
  mutuallyExclusive: [["insertafter", "insertbefore"]],
} as const satisfies Schema;

type CronArgs = ArgsOf<typeof schema>;
/** A user's own table, or the file as edits ask for it. */
type State = { table: CrontabState; account?: UserState } | FileState;
/** A file of jobs, and whether the host has the command that Ansible asks for in any case. */
type FileState = EditState & { crontab: boolean };

/** Jobs and variables in the tables of cron: of users, and in files. */
export const cron: Module<CronArgs, State> = {
  name: "cron",
  schema,
  observe(args, controller) {
    checkArguments(args);
    return args.cron_file === undefined
      ? { table: askCrontab(args.user ?? controller.becomeUser), ...askAccount(args) }
      : { ...askText(editOf(args)), crontab: askProgram("crontab") };
  },
  plan: (args, before, controller) =>
    "table" in before ? planTable(args, before, controller) : planFile(args, before, controller),
  result(args, state, outputs) {
    const text = "table" in state ? state.table : contentOf(args, state);
    return {
      ...namesIn(readTable(text ?? "", args.cron_file === undefined)),
      ...defined({ cron_file: args.cron_file }),
      ...backupResult(outputs),
      ...warningsOf(args),
    };
  },
};

// What Ansible warns of: names of files that cron leaves out, and jobs of more than one line.
function warningsOf({ cron_file: file, job = "", env, state }: CronArgs): { warnings?: string[] } {
  const name = file?.split("/").at(-1) ?? "_";
  const isJob = !env && state === "present";
  const warnings = [
    ...(/^[\w-]+$/.test(name)
      ? []
      : [
          `Filename portion of cron_file ("${name}") should consist solely of upper- and lower-case letters, digits, underscores, and hyphens`,
        ]),
    ...(isJob && /[\r\n]/.test(trimmed(job)) ? ["Job should not contain line breaks"] : []),
  ];
  return warnings.length > 0 ? { warnings } : {};
}

// A job without line breaks around it.
function trimmed(job: string): string {
  return job.replace(/^[\r\n]+|[\r\n]+$/g, "");
}

// The user of the table must exist; root does.
function askAccount({ user }: CronArgs): { account?: Probe<UserState> } {
  return user === undefined || user === "root" ? {} : { account: askUser({ name: user }) };
}

function checkArguments(args: CronArgs): void {
  const times = [args.minute, args.hour, args.day, args.month, args.weekday];
  if (args.cron_file === "/etc/crontab")
    throw new TaskFailure("Will not manage /etc/crontab via cron_file, see documentation.");
  if (args.special_time !== undefined && times.some((one) => one !== "*"))
    throw new TaskFailure("You must specify time and date fields or special time.");
  if (args.backup && args.cron_file === undefined)
    throw new TaskFailure(
      "backup of a user's table is not supported",
      "the run's own journal keeps the old table",
    );
  if (args.state === "absent") return;
  if (args.cron_file !== undefined && args.user === undefined)
    throw new TaskFailure(
      "To use cron_file=... parameter you must specify user=... as well",
      "user: root",
    );
  if (args.job === undefined)
    throw new TaskFailure("You must specify 'job' to install a new cron job or variable");
  if ((args.insertafter ?? args.insertbefore) !== undefined && !args.env)
    throw new TaskFailure("Insertafter and insertbefore parameters are valid only with env=yes");
}

function editOf({ cron_file: file = "", backup }: CronArgs): {
  path: string;
  create: true;
  backup: boolean;
} {
  return { path: file.startsWith("/") ? file : `/etc/cron.d/${file}`, create: true, backup };
}

function contentOf(args: CronArgs, before: EditState): string {
  if (before.real?.type === "file" && before.real.content === undefined) return "";
  return fromBytes(presentContent(editOf(args), before) ?? "");
}

// The line of a job.
function jobLine(args: CronArgs): string {
  const { minute, hour, day, month, weekday, special_time: special } = args;
  const when =
    special === undefined ? [minute, hour, day, month, weekday].join(" ") : `@${special}`;
  const who = args.cron_file === undefined ? "" : `${args.user} `;
  return `${args.disabled ? "#" : ""}${when} ${who}${trimmed(args.job ?? "")}`;
}

// What the lines of a table become.
function edited(args: CronArgs, lines: readonly string[]): string[] {
  return args.env ? putVariable(lines, args, args.job ?? "") : putJob(lines, args, jobLine(args));
}

// The text of a table with the job or variable; the same text if there is nothing to do.
function newText(args: CronArgs, text: string): string {
  const lines = readTable(text, args.cron_file === undefined);
  const made = edited(args, lines);
  const isSame = made.length === lines.length && made.every((line, index) => line === lines[index]);
  return isSame && (text === "" || /[\r\n]$/.test(text)) ? text : writeTable(made);
}

function planFile(args: CronArgs, before: FileState, controller: Controller): Change<State> | null {
  if (!before.crontab) throw noCrontab();
  const text = fromBytes(presentContent(editOf(args), before) ?? "");
  const made = newText(args, text);
  if (made === text) return null;
  const { path } = editOf(args);
  if (made.trim() === "" && args.state === "absent" && !args.env) {
    const gone = { ...before, file: null, real: null };
    return {
      after: gone,
      steps: [{ run: sh`hw_remove ${path}`, undo: restore(path) }],
      diff: [{ kind: "text", title: path, before: text, after: "" }],
      result: namesIn([]),
    };
  }
  const change = planEdit(editOf(args), before, { content: toBytes(made), msg: "" }, controller)!;
  const { msg: _msg, ...result } = change.result ?? {};
  return { ...change, after: { ...before, ...change.after }, result };
}

// Without the command there is nothing that would run the jobs.
function noCrontab(): TaskFailure {
  return new TaskFailure(
    "the host has no crontab command",
    "install cron before, in Debian the package cron",
  );
}

function planTable(
  args: CronArgs,
  before: { table: CrontabState; account?: UserState },
  controller: Controller,
): Change<State> | null {
  const user = args.user ?? controller.becomeUser;
  const { table, account } = before;
  if (table === null) throw noCrontab();
  const made = newText(args, table);
  if (made === table) return null;
  if (account === null)
    throw new TaskFailure(
      `there is no user ${user} on the host whose crontab this could be`,
      "create the user in an earlier task (user), or correct the name",
    );
  const crontab = (words: Script): Script =>
    sh`if [ ${user} = "$(id -un)" ]; then crontab ${words}; else crontab -u ${user} ${words}; fi`;
  const install = (text: string): Script => sh`printf '%s' ${text} | ${crontab(sh`-`)}`;
  return {
    after: { ...before, table: made },
    steps: [{ run: install(made), undo: table === "" ? crontab(sh`-r`) : install(table) }],
    diff: [{ kind: "text", title: `crontab of ${user}`, before: table, after: made }],
  };
}
