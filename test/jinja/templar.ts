import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError, TaskFailure } from "../../src/errors.ts";
import { namedHosts } from "../../src/inventory/named-hosts.ts";
import { plainOrigin, standardEnvironment, type Environment } from "../../src/jinja/template.ts";
import { Variables } from "../../src/plan/model/variables.ts";
import { controllerFiles } from "../../src/controller/files.ts";
import { controllerOutside } from "../../src/controller/template-io.ts";
import { Unknown } from "../../src/value.ts";
import { nodeOf } from "../../src/yaml/data.ts";
import { loadYaml } from "../../src/yaml/load.ts";
import type { YamlNode } from "../../src/yaml/node.ts";
import { python } from "./oracle.ts";

/** One value of a playbook, and the variables that it sees; both as YAML. */
export interface ValueCase {
  value: string;
  vars: string;
}

/** What came of it. */
export interface ValueOutcome {
  value?: unknown;
  error?: string;
}

const SCRIPT = fileURLToPath(new URL("templar.py", import.meta.url));

// Renders all cases with Ansible's own templating, files beside `folder`.
export function askTemplar(
  cases: readonly ValueCase[],
  folder: string,
  native = true,
): ValueOutcome[] {
  const input = JSON.stringify({ folder, native, cases });
  const answer = spawnSync(python ?? "python3", [SCRIPT], {
    input,
    maxBuffer: 1 << 28,
    encoding: "utf8",
    env: { ...process.env, PYTHONHASHSEED: "0" },
  });
  if (answer.status !== 0) throw new Error(`Ansible failed: ${answer.stderr}`);
  return JSON.parse(answer.stdout) as ValueOutcome[];
}

// What Hullwright makes of a case, with the real files of this machine.
export function renderOwn({ value, vars }: ValueCase, folder: string): ValueOutcome {
  const files = controllerFiles(join(tmpdir(), "hullwright-test-cache"));
  const outside = { ...controllerOutside(files, folder), hosts: namedHosts };
  const env: Environment = {
    ...standardEnvironment(outside),
    loadTemplate: (name, from) => {
      const path = outside.find(name, "templates", from);
      return typeof path !== "string"
        ? undefined
        : { source: outside.read(path), origin: plainOrigin(path, "") };
    },
  };
  files.generated.begin();
  try {
    const nodes = entriesOf(vars, folder);
    const node = loadYaml(value, join(folder, "play.yml"));
    const variables = new Variables(
      [{ nodes }, { values: new Map([["playbook_dir", folder]]) }],
      env,
    );
    const found = node ? variables.render(node) : null;
    return found instanceof Unknown ? { error: `Unknown: ${found.why}` } : { value: plain(found) };
  } catch (error) {
    if (error instanceof InputError || error instanceof TaskFailure)
      return { error: error.message };
    throw error;
  }
}

// Variables from YAML.
function entriesOf(vars: string, folder: string): Map<string, YamlNode> {
  const root = loadYaml(vars, join(folder, "vars.yml")) ?? nodeOf({}, "vars.yml");
  return root.kind === "map"
    ? new Map(root.entries.map(({ key, value }) => [String(key.value), value]))
    : new Map();
}

// A value as JSON has it.
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) => {
      if (part instanceof Map) return Object.fromEntries(part);
      return typeof part === "bigint" ? Number(part) : part;
    }) ?? "null",
  ) as unknown;
}
