import { findModule } from "../../src/modules/index.ts";
import { knows } from "./oracle.ts";
import type { Arguments, Subject } from "./subjects.ts";

/** A task as it stands in a playbook. */
export type Task = Readonly<Record<string, unknown>>;

/** One context in which every module is tried that it fits. */
export interface Context {
  /** A short word; the directories of its cells begin with it. */
  id: string;
  /** What is tried, as a row of the table says it. */
  name: string;
  /** Where the directory of a cell is; `@` is its last part. A relative one lies below the home of the login. */
  at?: string;
  /** More keywords of the play. */
  play?: Task;
  /** Extra variables of the host. */
  vars?: Readonly<Record<string, unknown>>;
  /** A shell script that both hosts run before, and one after. */
  before?: string;
  after?: string;
  /** By a local connection, in the directory of the playbook. */
  isLocal?: true;
  /** Where the files of the controller lie, below the playbook's directory, and whether the tasks are those of a role there. */
  sources?: string;
  inRole?: true;
  /** The task, from the one that just calls the module; undefined: this context is nothing for it. */
  task(subject: Subject, plain: Task): Task | readonly Task[] | undefined;
}

/** How a text is written that means true, and one that means false. */
const TRUE = ["yes", "on", "1", "True", "TRUE", "y", "t", "true"];
const FALSE = ["no", "off", "0", "False", "FALSE", "n", "f", "false"];

// The module's key in a task.
const key = (subject: Subject): string => `ansible.builtin.${subject.module}`;

// The task with other arguments.
const withArgs = (subject: Subject, plain: Task, args: Arguments): Task => ({
  ...plain,
  [key(subject)]: args,
});

// The task with arguments that fail; undefined: it has none.
function failing(subject: Subject, plain: Task, more: Task = {}): Task | undefined {
  const { wrong } = subject;
  if (wrong === undefined) return undefined;
  return {
    ...plain,
    [key(subject)]: subject.isFree === true ? wrong["_raw_params"] : wrong,
    ...more,
  };
}

const hasPath = ({ args }: Subject): boolean => JSON.stringify(args).includes("@");
const ofPaths = (subject: Subject, plain: Task): Task | undefined =>
  hasPath(subject) ? plain : undefined;
const ofFiles = (subject: Subject, plain: Task): Task | undefined =>
  subject.isOfFiles === true && hasPath(subject) ? plain : undefined;
const ofSources = (subject: Subject, plain: Task): Task | undefined =>
  subject.source === undefined ? undefined : plain;

// What the registered result of a task came to, shown.
const SHOWN =
  "{{ r is failed }} {{ r is changed }} {{ r is skipped }} {{ r.msg is defined }} {{ r.rc is defined }} {{ r.results | default([]) | length }} {{ r.failed_when_result | default('-') }} {{ r.attempts | default('-') }}";
const shows: Task = { "ansible.builtin.debug": { msg: SHOWN } };

// The task, and what it registers.
const registers = (task: Task | undefined): readonly Task[] | undefined =>
  task === undefined ? undefined : [{ ...task, register: "r" }, shows];

// The arguments as one line; undefined: they cannot be written so.
function asLine(args: Arguments): string | undefined {
  const parts = Object.entries(args).map(([name, value]) => {
    if (typeof value === "object" || /[\n"\\]/.test(String(value))) return undefined;
    return `${name}="${String(value)}"`;
  });
  return parts.includes(undefined) ? undefined : parts.join(" ");
}

// Parameters that a task does not give, each omitted.
function omitted({ module, args }: Subject): Arguments {
  const { arguments: all, freeForm } = findModule(module)!.schema;
  const given = new Set(
    Object.entries(all)
      .filter(([name, { aliases = [] }]) => [name, ...aliases].some((word) => word in args))
      .map(([name]) => name),
  );
  const others = Object.keys(all).filter((name) => !given.has(name) && name !== freeForm);
  return Object.fromEntries(others.map((name) => [name, "{{ omit }}"]));
}

// Switches with their defaults, written as texts; a spelling of its own for each.
function switches({ module, args }: Subject, number: number): Arguments | undefined {
  const found = Object.entries(findModule(module)!.schema.arguments).flatMap(([name, argument]) => {
    const value = args[name] ?? argument.default;
    const isSwitch = argument.type === "bool" && typeof value === "boolean";
    return isSwitch && knows(module, name) ? [[name, value] as const] : [];
  });
  if (found.length === 0) return undefined;
  return Object.fromEntries(
    found.map(([name, value], at) => [name, (value ? TRUE : FALSE)[(at + number) % TRUE.length]]),
  );
}

const DEPLOY = "chown -R deploy: /srv/ctx /home/deploy/ctx 2>/dev/null; true";

/** Every context, in the order of the table. */
export const CONTEXTS: readonly Context[] = [
  { id: "abs", name: "an absolute path", at: "/srv/ctx/@", task: (_, plain) => plain },
  { id: "rel", name: "a relative path: the login's home", at: "ctx/@", task: ofPaths },
  { id: "til", name: "`~/` in a path", at: "~/ctx/@", task: ofPaths },
  { id: "use", name: "`~deploy/` in a path", at: "~deploy/ctx/@", task: ofPaths },
  { id: "env", name: "`$HOME/` in a path", at: "$HOME/ctx/@", task: ofPaths },
  { id: "dot", name: "a path with `//`, `.` and `..`", at: "/srv//ctx/./x/../@", task: ofPaths },
  { id: "lnk", name: "a path through a link", at: "/srv/link/@", task: ofPaths },
  {
    id: "loc",
    name: "a relative path with a local connection: the playbook's directory",
    at: "ctx/@",
    isLocal: true,
    task: ofFiles,
  },
  {
    id: "bro",
    name: "`become_user`, and `~/` in a path",
    at: "~/ctx/@",
    play: { become: true, become_user: "deploy" },
    before: DEPLOY,
    task: ofFiles,
  },
  {
    id: "bab",
    name: "`become_user`, and an absolute path",
    at: "/srv/ctx/@",
    play: { become: true, become_user: "deploy" },
    before: DEPLOY,
    task: ofFiles,
  },
  {
    id: "lgn",
    name: "another login with `become`, and a relative path",
    at: "ctx/@",
    vars: { ansible_user: "deploy" },
    play: { become: true },
    task: ofFiles,
  },
  {
    id: "lgt",
    name: "another login with `become`, and `~/` in a path",
    at: "~/ctx/@",
    vars: { ansible_user: "deploy" },
    play: { become: true },
    task: ofFiles,
  },
  {
    id: "uma",
    name: "a login with a umask of 027",
    at: "/srv/ctx/@",
    before: "cp -a /root/.bashrc /root/.bashrc.ctx; sed -i '1i umask 027' /root/.bashrc",
    after: "mv /root/.bashrc.ctx /root/.bashrc",
    task: ofFiles,
  },
  {
    id: "evm",
    name: "`environment` of play and task",
    at: "/srv/ctx/@",
    play: { environment: { A: "play", B: "play" } },
    task: (_, plain) => ({ ...plain, environment: [{ B: "task" }, { C: "{{ 1 + 1 }}" }] }),
  },
  {
    id: "evt",
    name: "`environment` with numbers, switches, null and lists",
    at: "/srv/ctx/@",
    task: (_, plain) => ({
      ...plain,
      environment: [
        { A: 3, B: true, C: null },
        { D: [1, "x"], E: 1.5 },
      ],
    }),
  },
  {
    id: "evh",
    name: "`HOME` in `environment`, and `~/` in a path",
    at: "~/ctx/@",
    task: (subject, plain) =>
      ofFiles(subject, plain) && { ...plain, environment: { HOME: "/srv/home" } },
  },
  {
    id: "evl",
    name: "`LANG`, `LC_ALL` and `PATH` in `environment`",
    at: "/srv/ctx/@",
    task: (_, plain) => ({
      ...plain,
      environment: { LANG: "de_DE.UTF-8", LC_ALL: "xx", PATH: "/usr/bin:/bin" },
    }),
  },
  {
    id: "kva",
    name: "arguments as `key=value`",
    at: "/srv/ctx/@",
    task: (subject, plain) => {
      const line = subject.isFree === true ? undefined : asLine(subject.args);
      return line === undefined ? undefined : { ...plain, [key(subject)]: line };
    },
  },
  {
    id: "arg",
    name: "`args:` behind the module",
    at: "/srv/ctx/@",
    task: (subject, plain) =>
      subject.isFree === true ? undefined : { ...plain, [key(subject)]: null, args: subject.args },
  },
  {
    id: "act",
    name: "`action: {module: ...}`",
    at: "/srv/ctx/@",
    task: (subject, plain) => {
      if (subject.isFree === true) return undefined;
      const { [key(subject)]: _, ...rest } = plain;
      return { ...rest, action: { module: subject.module, ...subject.args } };
    },
  },
  {
    id: "tpl",
    name: "every argument from a variable",
    at: "/srv/ctx/@",
    task: (subject, plain) =>
      subject.isFree === true
        ? undefined
        : {
            ...withArgs(
              subject,
              plain,
              Object.fromEntries(
                Object.keys(subject.args).map((name) => [name, `{{ given_${name} }}`]),
              ),
            ),
            vars: Object.fromEntries(
              Object.entries(subject.args).map(([name, value]) => [`given_${name}`, value]),
            ),
          },
  },
  {
    id: "mdf",
    name: "every argument from `module_defaults`",
    at: "/srv/ctx/@",
    task: (subject, plain) =>
      subject.isFree === true
        ? undefined
        : {
            ...withArgs(subject, plain, {}),
            module_defaults: { [key(subject)]: subject.args },
          },
  },
  {
    id: "omo",
    name: "every other parameter is `omit`",
    at: "/srv/ctx/@",
    task: (subject, plain) =>
      subject.isFree === true || findModule(subject.module)!.schema.anyArgument === true
        ? undefined
        : withArgs(subject, plain, { ...subject.args, ...omitted(subject) }),
  },
  {
    id: "omr",
    name: "every argument that is given is `omit`",
    at: "/srv/ctx/@",
    task: (subject, plain) =>
      subject.isFree === true
        ? undefined
        : withArgs(
            subject,
            plain,
            Object.fromEntries(Object.keys(subject.args).map((name) => [name, "{{ omit }}"])),
          ),
  },
  ...[0, 3].map((number) => ({
    id: `sw${number}`,
    name: `switches as text (${TRUE[number]}, ${FALSE[number]} ...)`,
    at: "/srv/ctx/@",
    task: (subject: Subject, plain: Task): Task | undefined => {
      const found = switches(subject, number);
      return found && withArgs(subject, plain, { ...subject.args, ...found });
    },
  })),
  {
    id: "ign",
    name: "`ignore_errors` with what fails",
    at: "/srv/ctx/@",
    task: (subject, plain) => registers(failing(subject, plain)),
  },
  {
    id: "fwf",
    name: "`failed_when: false` with what fails",
    at: "/srv/ctx/@",
    task: (subject, plain) => registers(failing(subject, plain, { failed_when: false })),
  },
  {
    id: "fwr",
    name: "`failed_when` over the result of what fails",
    at: "/srv/ctx/@",
    task: (subject, plain) =>
      registers(failing(subject, plain, { failed_when: "r is failed and r.msg is not defined" })),
  },
  {
    id: "fwt",
    name: "`failed_when: true` with what works",
    at: "/srv/ctx/@",
    task: (_, plain) => registers({ ...plain, failed_when: true }),
  },
  {
    id: "chf",
    name: "`changed_when: false`",
    at: "/srv/ctx/@",
    task: (_, plain) => registers({ ...plain, changed_when: false }),
  },
  {
    id: "cht",
    name: "`changed_when: true`",
    at: "/srv/ctx/@",
    task: (_, plain) => registers({ ...plain, changed_when: true }),
  },
  {
    id: "res",
    name: "`rescue` and `always` of what fails",
    at: "/srv/ctx/@",
    task: (subject, plain) => {
      const task = failing(subject, plain, { ignore_errors: false });
      return (
        task && {
          name: plain["name"],
          block: [task],
          rescue: [
            {
              name: plain["name"],
              "ansible.builtin.debug": {
                msg: "{{ ansible_failed_result is failed }} {{ ansible_failed_task.name }} {{ ansible_failed_result.msg is defined }}",
              },
            },
          ],
          always: [{ name: plain["name"], "ansible.builtin.debug": { msg: "always" } }],
        }
      );
    },
  },
  {
    id: "unt",
    name: "`until` with what fails",
    at: "/srv/ctx/@",
    task: (subject, plain) =>
      registers(failing(subject, plain, { until: "r is succeeded", retries: 1, delay: 0 })),
  },
  {
    id: "lop",
    name: "a loop with what fails in it",
    at: "/srv/ctx/@",
    task: (subject, plain) => registers(failing(subject, plain, { loop: [1, 2] })),
  },
  {
    id: "whf",
    name: "`when: false` with what fails",
    at: "/srv/ctx/@",
    task: (subject, plain) => registers(failing(subject, plain, { when: "not true" })),
  },
  {
    id: "chk",
    name: "`check_mode: true`",
    at: "/srv/ctx/@",
    task: (_, plain) => registers({ ...plain, check_mode: true }),
  },
  {
    id: "chw",
    name: "`check_mode: true` with what fails",
    at: "/srv/ctx/@",
    task: (subject, plain) => registers(failing(subject, plain, { check_mode: true })),
  },
  {
    id: "nol",
    name: "`no_log`, and what is registered",
    at: "/srv/ctx/@",
    task: (_, plain) => registers({ ...plain, no_log: true }),
  },
  {
    id: "del",
    name: "`delegate_to` the host itself, in a loop",
    at: "/srv/ctx/@",
    task: (_, plain) => registers({ ...plain, loop: [1], delegate_to: "{{ inventory_hostname }}" }),
  },
  {
    id: "onc",
    name: "`run_once`",
    at: "/srv/ctx/@",
    task: (_, plain) => registers({ ...plain, run_once: true }),
  },
  {
    id: "asy",
    name: "`async` with a `poll`",
    at: "/srv/ctx/@",
    task: (_, plain) => registers({ ...plain, async: 20, poll: 1 }),
  },
  ...(
    [
      ["sfi", "a file beside the playbook", ".", false],
      ["sff", "a file in `files/`", "files", false],
      ["sft", "a file in `templates/`", "templates", false],
      ["sfv", "a file in `vars/`", "vars", false],
      ["srr", "a file in a role", "roles/ctx", true],
      ["srf", "a file in a role's `files/`", "roles/ctx/files", true],
      ["srt", "a file in a role's `templates/`", "roles/ctx/templates", true],
      ["srv", "a file in a role's `vars/`", "roles/ctx/vars", true],
      ["srk", "a file in a role's `tasks/`", "roles/ctx/tasks", true],
      ["srd", "a file in a role's `tasks/files/`", "roles/ctx/tasks/files", true],
      ["srp", "a role's task, and the file beside the playbook", ".", true],
      ["srq", "a role's task, and the file in the playbook's `files/`", "files", true],
    ] as const
  ).map(([id, name, sources, isRole]): Context => ({
    id,
    name,
    sources,
    at: "/srv/ctx/@",
    task: ofSources,
    ...(isRole && { inRole: true as const }),
  })),
];
