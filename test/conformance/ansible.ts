import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Case } from "./cases.ts";
import { isListed, outcomeOf, type Outcome, type Ran } from "./outcome.ts";

type Result = { readonly [key: string]: unknown; action: string; results?: { [key: string]: unknown }[] };

/** The document of Ansible's JSON callback. */
interface Document {
  plays: { tasks: { task: { name: string }; hosts: { [name: string]: Result } }[] }[];
  stats: { [host: string]: { failures: number; unreachable: number } };
}

/** Why Ansible cannot be asked here; undefined: it can. */
export const noAnsible = (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, "ansible-playbook"))) ? undefined : "needs Debian's ansible-core";

// Values keep their types in Ansible too, as they do from 2.19 on.
const SETTINGS = {
  ANSIBLE_STDOUT_CALLBACK: "json", ANSIBLE_JINJA2_NATIVE: "1", ANSIBLE_PIPELINING: "1", ANSIBLE_SSH_ARGS: "-o ControlMaster=auto -o ControlPersist=60s",
  ANSIBLE_PYTHON_INTERPRETER: "/usr/bin/python3", ANSIBLE_DEPRECATION_WARNINGS: "0", ANSIBLE_RETRY_FILES_ENABLED: "0",
};

// Runs many cases as the plays of one playbook, so that Python starts once. A play whose only host fails ends
// the run; the cases behind it are run by another.
export async function runAnsible(folder: string, inventory: string, cases: readonly Case[], extra: readonly string[]): Promise<Map<string, Ran>> {
  const [playbook, hosts] = [join(folder, "all.yml"), join(folder, "ansible-hosts.yml")];
  writeFileSync(hosts, inventory);
  const ran = new Map<string, Ran>();
  while (ran.size < cases.length) {
    const left = cases.slice(ran.size);
    writeFileSync(playbook, left.map(({ file }) => `- import_playbook: ${file}\n`).join(""));
    const document = read(await call(folder, ["-i", hosts, playbook, ...extra, ...left[0]!.args]));
    for (const { id } of left.slice(0, document.plays.length)) ran.set(id, ranOf(document, id));
  }
  return ran;
}

// Finds the document in what was printed.
function read(text: string): Document {
  const begin = text.indexOf('{\n    "custom_stats"');
  if (begin < 0) throw new Error(`Ansible refused the cases: ${text}`);
  return JSON.parse(text.slice(begin, text.lastIndexOf("}") + 1)) as Document;
}

// Answers what Ansible printed, whatever became of its hosts.
async function call(folder: string, args: readonly string[]): Promise<string> {
  const child = spawn("ansible-playbook", args, { cwd: folder, env: { ...process.env, ...SETTINGS }, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => { stdout += chunk.toString(); });
  child.stderr.on("data", (chunk: Buffer) => { stderr += chunk.toString(); });
  const code = await new Promise((resolve) => child.on("close", resolve));
  return code === 0 || stdout.includes('"plays"') ? stdout : stdout + stderr;
}

// The part of one host, which is one case.
function ranOf({ plays, stats }: Document, id: string): Ran {
  const outcomes: Outcome[] = [];
  for (const { task, hosts } of plays.flatMap((play) => play.tasks)) {
    const result = hosts[id];
    if (!result || !isListed(result.action)) continue;
    for (const each of result.results ?? [result]) outcomes.push(outcomeOf(task.name, result.action, each));
  }
  const { failures = 0, unreachable = 0 } = stats[id] ?? {};
  return { outcomes, failed: failures + unreachable > 0 };
}
