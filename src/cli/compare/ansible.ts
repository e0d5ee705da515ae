import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { defined } from "../../defined.ts";
import { canonical } from "../../canonical.ts";
import { InputError, UnplacedError } from "../../errors.ts";
import type { HostSteps, ToldTask } from "../../report/comparison.ts";
import callback from "./tell.py?raw";
import { attempt, succeeds } from "../../instead-of.ts";

/** A result as tell.py reports it. */
interface ToldResult {
  host: string;
  task: string;
  module: string;
  place: string;
  status: "ok" | "failed" | "skipped" | "unreachable";
  result: Result & { readonly results?: readonly Result[] };
}

interface Result {
  readonly [key: string]: unknown;
}

/** What ansible-playbook is called with. */
export interface AnsibleCall {
  /** Its path, from `ansiblePlaybook`. */
  program: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** Tasks that only one of the two lists: what brings tasks, what acts on the run, and the facts. */
const UNLISTED =
  /(^|\.)(include_tasks|import_tasks|include_role|import_role|include|meta|setup|gather_facts)$/;

// Whether a task of this module is compared.
export function isCompared(module: string): boolean {
  return !UNLISTED.test(module);
}

// The path of ansible-playbook. Throws InputError where there is none.
export function ansiblePlaybook(path = process.env["PATH"] ?? ""): string {
  const found = path
    .split(delimiter)
    .map((directory) => join(directory, "ansible-playbook"))
    .find(isProgram);
  if (found !== undefined) return found;
  throw new UnplacedError(
    "compare needs ansible-core here: there is no ansible-playbook on the PATH",
    "install ansible-core on this machine, or activate the virtual environment that has it; `hullwright lint` needs no Ansible",
  );
}

function isProgram(file: string): boolean {
  return succeeds(() => accessSync(file, constants.X_OK));
}

/** Settings that keep what Ansible prints out of the way. */
const SETTINGS = {
  ANSIBLE_STDOUT_CALLBACK: "hullwright_tell",
  ANSIBLE_CALLBACKS_ENABLED: "",
  ANSIBLE_NOCOLOR: "1",
  ANSIBLE_DEPRECATION_WARNINGS: "0",
  ANSIBLE_RETRY_FILES_ENABLED: "0",
};

// Runs ansible-playbook, and returns what it reports for each host. Throws InputError if
// Ansible refuses the playbook.
export async function askAnsible({
  program,
  args,
  env = {},
  signal,
}: AnsibleCall): Promise<Map<string, HostSteps>> {
  const directory = mkdtempSync(join(tmpdir(), "hullwright-compare-"));
  try {
    writeFileSync(join(directory, "hullwright_tell.py"), callback);
    const child = spawn(program, [...args], {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        ...SETTINGS,
        ANSIBLE_CALLBACK_PLUGINS: directory,
        HULLWRIGHT_TELL: "3",
        ...env,
      },
      ...defined({ signal }),
    });
    const ended = new Promise<void>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", () => resolve());
    });
    const [told, out, err] = await Promise.all([
      text(child.stdio[3] as Readable),
      text(child.stdout!),
      text(child.stderr!),
      ended,
    ]);
    return readTold(told, `${err}${out}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

// Reads the report; a run that reported no hosts at its end was refused or has crashed.
export function readTold(told: string, printed: string): Map<string, HostSteps> {
  const lines = told
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ToldResult | { hosts: string[] });
  if (!lines.some((line) => "hosts" in line)) {
    const said = printed.replace(/^[^]*?ERROR! /, "").trim();
    throw new InputError(`Ansible does not run this playbook: ${said}`);
  }
  const hosts = new Map<string, { steps: ToldTask[]; ended?: string }>();
  // the last task of a host, if it did not reach it: where more follows, that ended
  // nothing (ignore_unreachable)
  const unreached = new Map<string, ToldTask[]>();
  for (const line of lines) {
    if ("hosts" in line) continue;
    const host = hosts.get(line.host) ?? { steps: [] };
    hosts.set(line.host, host);
    const missed = unreached.get(line.host);
    if (missed) {
      host.steps.push(...missed);
      unreached.delete(line.host);
      delete host.ended;
    }
    const lost = lostBy(line);
    if (lost !== undefined) host.ended ??= lost;
    if (line.status === "unreachable") unreached.set(line.host, toldSteps(line));
    else if (host.ended === undefined && isCompared(line.module))
      host.steps.push(...toldSteps(line));
  }
  return hosts;
}

// Why Ansible can do nothing on a host: it is out of reach, or has no Python.
function lostBy({ status, result }: ToldResult): string | undefined {
  if (status === "unreachable") return `it cannot reach the host: ${textIn(result["msg"])}`;
  const isBare =
    status === "failed" &&
    /python[\d.]*(\\?['"])?:[^"]*not found|interpreter [^"]*was not found/i.test(
      JSON.stringify(result),
    );
  return isBare ? "it needs Python on the host, and finds none" : undefined;
}

// The step of a task, or those of the items of its loop.
function toldSteps({ task, module, place, status, result }: ToldResult): ToldTask[] {
  const where = { place: specPlace(result) ?? realPlace(place), task };
  const { results } = result;
  if (results === undefined || results.length === 0)
    return [{ ...where, ...stepOf({ ...result, [status]: true }, module) }];
  return results.map((each, number) => ({
    ...where,
    item: { number, label: labelOf(each) },
    ...stepOf(each, module),
  }));
}

function stepOf(
  result: Result,
  module: string,
): Pick<ToldTask, "status" | "message" | "shows" | "untold"> {
  if (result["unreachable"] === true) return { status: "unreachable", message: messageOf(result) };
  if (result["failed"] === true) return { status: "failed", message: messageOf(result) };
  if (result["skipped"] === true) {
    const isConditional =
      "false_condition" in result ||
      "skip_reason" in result ||
      "skipped_reason" in result ||
      result["_ansible_no_log"] === true;
    return isConditional
      ? { status: "skipped" }
      : { status: "skipped", untold: "Ansible's check mode leaves it out" };
  }
  const status = result["changed"] === true ? "changed" : "ok";
  return { status, ...defined({ shows: shownBy(module, result) }) };
}

// What a debug task prints: all of its result that is its own.
export function shownBy(module: string, result: Result): string | undefined {
  if (!/(^|\.)debug$/.test(module)) return undefined;
  const loop = String(result["ansible_loop_var"] ?? "");
  const own = Object.entries(result).filter(
    ([key]) =>
      !/^(_ansible_.*|ansible_(loop_var|index_var|loop)|ok|changed|failed)$/.test(key) &&
      key !== loop,
  );
  return canonical(own.map(([, value]) => asTexts(value)));
}

// A value whose numbers, booleans and nothings are texts: what a template prints is a number here
// and a text there, depending on settings of Ansible's.
function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value !== "object" || value === null) return value === null ? "" : String(value);
  const entries = Object.entries(value as Result);
  return Object.fromEntries(entries.map(([key, part]) => [key, asTexts(part)]));
}

// Why a task failed; of an assert also the condition.
function messageOf({ msg, assertion }: Result): string {
  const message = shortened(textIn(msg));
  return assertion === undefined
    ? message
    : `${message}: this condition is false: ${textIn(assertion)}`;
}

// What an item is called.
function labelOf(result: Result): string {
  const label =
    result["_ansible_item_label"] ?? result[String(result["ansible_loop_var"] ?? "item")];
  return typeof label === "string" ? label : JSON.stringify(label);
}

// The directory of the specification that a role's variables are checked against: the place of the
// task that checks them, for which Ansible names its play.
function specPlace({ validate_args_context: context }: Result): string | undefined {
  const { type, path } = (context ?? {}) as { type?: unknown; path?: string };
  return type === "role" && path !== undefined ? realPlace(join(path, "meta")) : undefined;
}

// What went wrong, without the lines of the playbook and the advice that Ansible adds.
function shortened(message: string): string {
  return message.split(/\n+The error appears to be in /)[0]!.trim();
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

// FILE:LINE, or a path, with symbolic links in it resolved, so that both programs
// name the same place alike.
export function realPlace(place: string): string {
  const [, file = place, line = ""] = /^(.*)(:\d+)$/s.exec(place) ?? [];
  return attempt(() => `${realpathSync(file)}${line}`) ?? place;
}
