import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Case } from "./cases.ts";
import { isListed, outcomeOf, type HostRan, type Ran } from "./outcome.ts";

/** A result, as ansible/callback/tell.py tells it. */
interface Told {
  host: string;
  task: string;
  action: string;
  status: "ok" | "failed" | "skipped" | "unreachable";
  ignored: boolean | null;
  result: { [key: string]: unknown; results?: { [key: string]: unknown }[] };
}

type Line = Told | { recap: { [host: string]: { failures: number; unreachable: number } } };

/** Why Ansible cannot be asked here; undefined: it can. */
export const noAnsible = existsSync("/usr/bin/ansible-playbook")
  ? undefined
  : "needs Debian's ansible-core";

/** The collection ansible.posix, which Debian's package ansible brings, and ansible-core does not. */
export const hasPosix = existsSync(
  "/usr/lib/python3/dist-packages/ansible_collections/ansible/posix",
);

// Ansible can be asked about a case only where it has the collections that the case names; says so where not.
export function canAsk({ feature, name, needsCollections }: Case): boolean {
  if (hasPosix || !needsCollections) return true;
  process.stdout.write(`not run: ${feature}: ${name}: it needs Debian's package ansible\n`);
  return false;
}

const PLUGINS = fileURLToPath(new URL("ansible", import.meta.url));

// Values keep their types in Ansible too, as they do from 2.19 on, where a case does not say otherwise.
const SETTINGS = {
  ANSIBLE_STDOUT_CALLBACK: "tell",
  ANSIBLE_CALLBACK_PLUGINS: join(PLUGINS, "callback"),
  ANSIBLE_JINJA2_NATIVE: "1",
  ANSIBLE_PIPELINING: "1",
  ANSIBLE_NOCOLOR: "1",
  ANSIBLE_SSH_ARGS: "-o ControlMaster=auto -o ControlPersist=60s",
  ANSIBLE_PYTHON_INTERPRETER: "/usr/bin/python3",
  ANSIBLE_DEPRECATION_WARNINGS: "0",
  ANSIBLE_RETRY_FILES_ENABLED: "0",
};

/** Ansible, loaded once; every run is a fork of it. */
export class Ansible {
  readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting = new Map<string, (code: number) => void>();
  private count = 0;

  constructor(folder: string, python: readonly string[] = ["/usr/bin/python3"]) {
    const [program = "", ...words] = python;
    this.child = spawn(program, [...words, join(PLUGINS, "serve.py")], {
      cwd: folder,
      env: { ...process.env, ...SETTINGS },
    });
    this.child.stderr.pipe(process.stderr);
    createInterface(this.child.stdout).on("line", (line) => {
      const [id = "", code] = line.split(" ");
      this.waiting.get(id)?.(Number(code));
    });
    this.child.on("close", () => this.waiting.forEach((tell) => tell(250)));
  }

  // Runs a playbook, whatever becomes of its hosts.
  async run(args: readonly string[], out: string, native = true): Promise<Ran> {
    const id = String(this.count++);
    this.child.stdin.write(`${JSON.stringify({ id, args, out, native })}\n`);
    await new Promise((resolve) => this.waiting.set(id, resolve));
    return ranOf(readFileSync(out, "utf8"));
  }

  close(): void {
    this.child.stdin.end();
  }
}

// Reads what a run told; one that told no recap was refused.
function ranOf(text: string): Ran {
  const lines = text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
  const hosts = new Map<string, HostRan>();
  const recap = lines.findLast((line) => "recap" in line)?.recap;
  if (!recap) return { hosts, refused: text.replace(/^.*ERROR! /s, "") };
  for (const [host, { failures, unreachable }] of Object.entries(recap))
    hosts.set(host, {
      outcomes: [],
      failed: failures + unreachable > 0,
      unreachable: unreachable > 0,
    });
  for (const line of lines) if ("host" in line && isListed(line.action)) take(hosts, line);
  return { hosts };
}

// Keeps one result, or those of the items of a loop.
function take(
  hosts: Map<string, HostRan>,
  { host, task, action, status, ignored, result }: Told,
): void {
  const ran = hosts.get(host) ?? { outcomes: [], failed: false, unreachable: false };
  hosts.set(host, ran);
  const items =
    result.results === undefined || result.results.length === 0
      ? [{ ...result, ...(status !== "ok" && { [status]: true }) }]
      : result.results;
  for (const each of items) ran.outcomes.push(outcomeOf(task, action, each, ignored === true));
}
