import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { InputError } from "../../src/errors.ts";
import type { Edges } from "../../src/jinja/syntax/delimiters.ts";
import { JsonReader } from "../../src/jinja/python/json.ts";
import {
  parseTemplate,
  plainOrigin,
  renderTemplate,
  standardEnvironment,
} from "../../src/jinja/template.ts";
import { dictGet } from "../../src/jinja/core/dict.ts";
import type { Dict } from "../../src/jinja/core/value.ts";
import { Unknown } from "../../src/value.ts";
import { testOutside } from "./outside.ts";
import { defined } from "../../src/defined.ts";

/** One case: a template, its variables as JSON text, and the templates that it may include. */
export interface Case {
  template: string;
  vars?: string;
  files?: { [name: string]: string };
  options?: { trimBlocks?: boolean; lstripBlocks?: boolean; edges?: Edges };
}

/** What came out: the text, or the message of the error. */
export interface Outcome {
  text?: string;
  error?: string;
}

export const SKIP_REASON = "skipped: needs python3-jinja2 and ansible-core";
const SCRIPT = fileURLToPath(new URL("oracle.py", import.meta.url));

// The Python that has Jinja2 and Ansible's filters: Debian's own first, as its packages are where the tests install them.
export const python = ["/usr/bin/python3", "python3"].find(
  (name) =>
    spawnSync(name, ["-c", "import jinja2, yaml; from ansible.template import _unroll_iterator"])
      .status === 0,
);

// Renders all cases with the real Jinja2, in one process.
export function askOracle(cases: Case[]): Outcome[] {
  const bodies = cases.map(({ template, vars = "{}", files = {}, options = {} }) => {
    const settings = {
      ...defined({
        trim_blocks: options.trimBlocks,
        lstrip_blocks: options.lstripBlocks,
        edges: options.edges ? options.edges : undefined,
      }),
    };
    return `{"template": ${JSON.stringify(template)}, "files": ${JSON.stringify(files)}, "options": ${JSON.stringify(settings)}, "vars": ${vars}}`;
  });
  return runOracle(`{"cases": [${bodies.join(",")}]}`) as Outcome[];
}

// The names of all filters, tests and globals of the real Jinja2 and Ansible.
export function oracleNames(): { filters: string[]; tests: string[]; globals: string[] } {
  return runOracle('{"names": true}') as { filters: string[]; tests: string[]; globals: string[] };
}

function runOracle(input: string): unknown {
  const answer = spawnSync(python ?? "python3", ["-W", "ignore", SCRIPT], {
    input,
    maxBuffer: 1 << 28,
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"] ?? "",
      LANG: "C.UTF-8",
      PYTHONIOENCODING: "utf-8",
      PYTHONHASHSEED: "0",
      TZ: process.env["TZ"] ?? "",
    },
  });
  if (answer.status !== 0) throw new Error(`the oracle failed: ${answer.stderr}`);
  return JSON.parse(answer.stdout) as unknown;
}

const env = standardEnvironment(testOutside());

// Renders one case with the code under test.
export function renderCase({ template, vars = "{}", files = {}, options = {} }: Case): Outcome {
  const values = new JsonReader(vars).read() as Dict;
  const loadTemplate = (name: string) =>
    files[name] === undefined
      ? undefined
      : { source: files[name], origin: plainOrigin(name, files[name]) };
  try {
    const parsed = parseTemplate(template, plainOrigin("case.j2", template), { env, ...options });
    const text = renderTemplate(
      parsed,
      { lookup: (name) => dictGet(values, name) },
      { ...env, loadTemplate },
    );
    return text instanceof Unknown ? { error: `Unknown: ${text.why}` } : { text };
  } catch (error) {
    if (error instanceof InputError) return { error: error.message };
    throw error;
  }
}
