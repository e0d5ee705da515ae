import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { load } from "js-yaml";
import { ansiblePlaybook, askAnsible, realPlace } from "../../src/cli/compare/ansible.ts";
import { ourSteps } from "../../src/cli/compare/ours.ts";
import { InputError } from "../../src/errors.ts";
import {
  comparisonSum,
  compareSteps,
  renderComparison,
  type Compared,
  type HostSteps,
  type ToldTask,
} from "../../src/report/comparison.ts";
import type { LabHost } from "../lab/host.ts";
import { startLab, type Lab } from "../lab/lab.ts";
import { prepareRun } from "./hullwright.ts";
import { booksOf, strike, type Book } from "./target.ts";

/** A directory of roles and playbooks that were made for Ansible. */
export interface Target {
  directory: string;
  /** A script of the shell that is run on the hosts first. */
  before?: string;
  /** More words of both programs, such as -e x=1. */
  args?: readonly string[];
}

/** Why a task was taken out of our copy, by FILE:LINE below its root. */
type Struck = Map<string, string>;

/** Settings under which both keep types of values alike. */
const ANSIBLE = {
  ANSIBLE_JINJA2_NATIVE: "1",
  ANSIBLE_PIPELINING: "1",
  ANSIBLE_SSH_ARGS: "-o ControlMaster=auto -o ControlPersist=60s",
  ANSIBLE_PYTHON_INTERPRETER: "/usr/bin/python3",
};

/** How many tasks are taken out of one playbook before it is given up. */
const MOST = 200;

// Runs all that is to be run in a directory by both programs, each on a fresh host and from a copy of its own, and goes on behind
// what fails and what is refused. Answers the tasks of each playbook.
export async function runTarget(
  { directory, before, args = [] }: Target,
  tell: (text: string) => void,
): Promise<Compared[]> {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "hullwright-target-")));
  try {
    const name = basename(resolve(directory));
    const roots = ["ansible", "hullwright"].map((side) => join(scratch, side));
    for (const root of roots) cpSync(directory, join(root, name), { recursive: true });
    const [books] = roots.map((root) => booksOf(root, name));
    if (books!.length === 0)
      throw new Error(`there is nothing to run in ${directory}: no playbook, no scenario, no role`);
    const all: Compared[] = [];
    for (const book of books!) {
      const found = await runBook(book, scratch, name, { before, args });
      tell([`== ${book.name}`, ...renderComparison(found, false), ""].join("\n"));
      all.push(...found);
    }
    if (books!.length > 1) tell(`all: ${comparisonSum(all)}`);
    return all;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Given {
  before: string | undefined;
  args: readonly string[];
}

// Runs one playbook by both.
async function runBook(
  book: Book,
  scratch: string,
  name: string,
  { before, args }: Given,
): Promise<Compared[]> {
  const lab = await startLab({ hosts: 2, base: "python" });
  try {
    if (before !== undefined) {
      const script = readFileSync(before, "utf8");
      await Promise.all(lab.hosts.map(async (host) => host.must(script)));
    }
    const [theirs, mine] = ["ansible", "hullwright"].map((side, number) => {
      const root = join(scratch, side);
      const inventory = join(scratch, `${side}.yml`);
      writeFileSync(inventory, inventoryOf(lab, lab.hosts[number]!));
      const roles = [root, join(root, name, "roles"), join(root, name, "..")].join(":");
      return {
        root,
        roles,
        files: book.files.map((file) => join(root, file)),
        words: ["-i", inventory, ...args],
      };
    }) as [Side, Side];
    const struck: Struck = new Map();
    const [ansible, ours] = await Promise.all([theirSteps(theirs), stepsOfOurs(mine, struck)]);
    const steps = [below(ansible, theirs.root), below(ours, mine.root)] as const;
    return compareSteps("host", ...steps, { isDry: false }).map((one) => struckAs(one, struck));
  } finally {
    await lab.stop();
  }
}

interface Side {
  root: string;
  roles: string;
  files: string[];
  words: string[];
}

// The one host of a side, under the name that both sides have it by.
function inventoryOf(lab: Lab, machine: LabHost): string {
  const { all } = load(lab.inventory()) as {
    all: { vars: object; hosts: Record<string, object> };
  };
  const host = all.hosts[machine.name];
  return JSON.stringify({ all: { vars: all.vars, hosts: { host } } });
}

// What Ansible comes to; a playbook that it refuses is told as such.
async function theirSteps({ files, words, roles }: Side): Promise<HostSteps> {
  try {
    const told = await askAnsible({
      program: ansiblePlaybook(),
      args: [...files, ...words],
      env: { ...ANSIBLE, ANSIBLE_ROLES_PATH: roles },
    });
    return certain(told.get("host") ?? { steps: [] });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { steps: [], ended: error.message };
  }
}

// What we come to. A task for which the playbook is refused as a whole is taken out, and it is tried again.
async function stepsOfOurs(
  { root, files, words, roles }: Side,
  struck: Struck,
): Promise<HostSteps> {
  for (let left = MOST; left > 0; left--) {
    try {
      const more = { ignoreFailures: true, rolesPath: roles.split(":"), yes: true as const };
      const { prepared } = await prepareRun(files, words, more);
      try {
        await prepared.run.plan(() => {});
        await prepared.run.apply(() => {});
        return certain(ourSteps(prepared.runs.find(({ host }) => host.name === "host")!));
      } finally {
        await prepared.close();
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (!takeOut(root, error, struck)) return { steps: [], ended: error.message };
    }
  }
  return { steps: [], ended: `more than ${MOST} tasks are refused` };
}

// Takes the task out of our copy for which the playbook was refused; false: it is no task, or was taken out before.
function takeOut(root: string, { message, place }: InputError, struck: Struck): boolean {
  if (!place?.file.startsWith(`${root}/`)) return false;
  const done = strike(readFileSync(place.file, "utf8"), place.line);
  if (!done) return false;
  const key = relative(root, realPlace(`${place.file}:${done.line}`));
  if (struck.has(key)) return false;
  writeFileSync(place.file, done.text);
  struck.set(key, message);
  return true;
}

// A run that is no dry one tells all of its tasks for certain.
function certain({ steps, ended }: HostSteps): HostSteps {
  return {
    steps: steps.map(({ untold, ...step }) =>
      step.status === "deferred" && untold !== undefined ? { ...step, untold } : step,
    ),
    ended,
  };
}

// Places below the copy of a side.
function below({ steps, ended }: HostSteps, root: string): HostSteps {
  const moved = (step: ToldTask): ToldTask => ({ ...step, place: relative(root, step.place) });
  return { steps: steps.map(moved), ended };
}

// A task that was taken out of our copy is refused, and not another one.
function struckAs(one: Compared, struck: Struck): Compared {
  const why = struck.get(one.place);
  return why === undefined || one.hullwright !== undefined
    ? one
    : { ...one, likeness: "refused", why };
}
