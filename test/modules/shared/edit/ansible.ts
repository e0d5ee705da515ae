import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The Python that Debian's Ansible runs under. */
const PYTHON = "/usr/bin/python3";

/** Why Ansible cannot be asked; undefined: it can. */
export const noAnsible =
  spawnSync(PYTHON, ["-c", "import ansible"]).status === 0
    ? undefined
    : "there is no Ansible on this machine";

/** What Ansible says of one task. */
export interface AnsibleResult {
  changed?: boolean;
  failed?: boolean;
  msg?: string;
  [key: string]: unknown;
}

// Runs Ansible's own modules, all in one process: a JSON list of tasks in, a list of results out.
const RUNNER = `
import contextlib, importlib, io, json, sys
from ansible.module_utils import basic
tmpdir = sys.argv[1]
def run(task):
    module = importlib.import_module("ansible.modules." + task["module"])
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": dict(task["args"], _ansible_tmpdir=tmpdir)}).encode()
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            module.main()
    except SystemExit:
        pass
    except Exception as e:
        return {"failed": True, "msg": str(e)}
    return json.loads(out.getvalue())
print(json.dumps([run(task) for task in json.load(sys.stdin)]))
`;

// Has Ansible's modules do tasks on this machine, one after the other; failures stop nothing.
export async function askAnsible(
  tasks: readonly { module: string; args: object }[],
): Promise<AnsibleResult[]> {
  const child = spawn(PYTHON, ["-c", RUNNER, mkdtempSync(join(tmpdir(), "hw-ansible-"))], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(JSON.stringify(tasks));
  await new Promise((resolve) => child.on("close", resolve));
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as AnsibleResult[];
}
