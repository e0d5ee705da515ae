import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context, Task } from "./contexts.ts";
import type { Subject } from "./subjects.ts";

/** One module in one context. */
export interface Cell {
  context: Context;
  subject: Subject;
  /** The name of its tasks and of its directory. */
  id: string;
  /** The same as a word, for names of users and the like. */
  word: string;
  tasks: readonly Task[];
}

/** What both hosts have before the first context. */
export const PREPARE = `
systemctl is-active -q ctx 2>/dev/null || {
printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' > /etc/systemd/system/ctx.service
systemctl daemon-reload; }
mkdir -p /srv/ctx /srv/home; ln -sfn ctx /srv/link
`;

/** What both hosts do before each context, so that none depends on the ones before it. */
export const RESET = `
hostname ctx-host; echo ctx-host > /etc/hostname; echo sed install | dpkg --set-selections
systemctl disable -q --now ctx
`;

// The cells of a context; a subject for which it is nothing has none.
export function cellsOf(context: Context, subjects: readonly (Subject | undefined)[]): Cell[] {
  return subjects.flatMap((subject, number) => {
    if (subject === undefined) return [];
    const id = `${context.id}-${String(number).padStart(2, "0")}`;
    const word = id.replace("-", "");
    const free = subject.isFree === true;
    const plain: Task = {
      name: id,
      [`ansible.builtin.${subject.module}`]: free ? subject.args["_raw_params"] : subject.args,
      ignore_errors: true,
    };
    const made = context.task(subject, plain);
    if (made === undefined) return [];
    const at = (context.at ?? "/srv/ctx/@").replace("@", id);
    const tasks = (Array.isArray(made) ? made : [made]).map((task: Task) => ({
      ...(JSON.parse(JSON.stringify(task).replaceAll("@", at).replaceAll("%", word)) as Task),
      name: id,
    }));
    return [{ context, subject, id, word, tasks }];
  });
}

// A shell script that makes the directories of the cells where the context has them: on a host, or here for a local connection.
export function layHere(
  { at = "/srv/ctx/@", isLocal, sources = "." }: Context,
  cells: readonly Cell[],
  isHere: boolean,
): string {
  const names = cells.map(({ id }) => id).join(" ");
  const fill = [
    "mkdir -p $d/sub",
    'printf "one\\ntwo\\nthree\\n" > $d/file',
    "echo inner > $d/sub/inner",
    "tar -czf $d/archive.tar.gz --mtime=@0 --owner=0 --group=0 -C $d/sub inner; echo old > $d/sub/inner",
  ].join("; ");
  const place = (root: string): string => `for i in ${names}; do d=${root}/$i; ${fill}; done`;
  if (!isHere) {
    const roots =
      at.startsWith("/") || at.startsWith("~deploy")
        ? [at.startsWith("/") ? "/srv/ctx" : "/home/deploy/ctx"]
        : ["/root/ctx", "/home/deploy/ctx", "/srv/home/ctx"];
    return [
      "umask 022",
      "rm -rf /srv/ctx/* /root/ctx /home/deploy/ctx /srv/home/ctx",
      "mkdir -p /srv/ctx/x",
      ...roots.map(place),
    ].join("\n");
  }
  const files = [
    `mkdir -p ${sources}`,
    `echo here > ${sources}/ctx-file`,
    `echo 'v: 1' > ${sources}/ctx-vars.yml`,
    `echo '{{ 1 + 1 }} {{ inventory_hostname }}' > ${sources}/ctx-template`,
    `printf '#!/bin/sh\\n{ pwd; umask; echo $HOME $A $B; } > $1\\n' > ${sources}/ctx-script`,
    `mkdir t; echo inner > t/inner; tar -czf ${sources}/ctx-archive.tar.gz --mtime=@0 --owner=0 --group=0 -C t inner; rm -r t`,
  ];
  return ["umask 022", ...files, ...(isLocal === true ? [place("ctx")] : [])].join("\n");
}

/** A playbook, and which cell each line of its file is of. */
export interface Laid {
  file: string;
  lines: ReadonlyMap<number, string>;
}

// Writes the playbook of a context, a line a task, so that a place in it tells the cell.
export function layBook(folder: string, context: Context, cells: readonly Cell[]): Laid {
  const head = {
    hosts: "host",
    gather_facts: false,
    ...(context.isLocal === true && {
      connection: "local",
      vars: { ansible_python_interpreter: "/usr/bin/python3" },
    }),
    ...context.play,
  };
  const file = join(folder, "play.yml");
  const each = cells.flatMap(({ id, tasks }) =>
    tasks.map((task) => [id, JSON.stringify(task)] as const),
  );
  const keys = Object.entries(head).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`);
  const play = ["-", ...keys];
  const inRole = context.inRole === true;
  const tasksFile = inRole ? join(folder, "roles/ctx/tasks/main.yml") : file;
  const before = inRole ? [] : [...play, "  tasks:"];
  const indent = inRole ? "" : "    ";
  if (inRole) {
    mkdirSync(join(folder, "roles/ctx/tasks"), { recursive: true });
    writeFileSync(file, [...play, "  roles: [ctx]", ""].join("\n"));
  }
  writeFileSync(
    tasksFile,
    [...before, ...each.map(([, text]) => `${indent}- ${text}`), ""].join("\n"),
  );
  return { file, lines: new Map(each.map(([id], at) => [before.length + at + 1, id])) };
}

// The cell for which a playbook was refused, by the line that the message names; undefined: it names none.
export function withoutCell(
  message: string,
  lines: ReadonlyMap<number, string>,
): string | undefined {
  const line = /(?:\.yml:|line )(\d+)/.exec(message)?.[1];
  return line === undefined ? undefined : lines.get(Number(line));
}
