import { spawnSync } from "node:child_process";
import type { JsonSchema } from "../../src/schema/json.ts";

// Reads a schema and texts in YAML, answers for each what is wrong with it: nothing, or "path: message".
const ORACLE = `
import json, sys, yaml
from jsonschema import Draft7Validator
class Loader(yaml.SafeLoader): pass
Loader.add_multi_constructor("!", lambda loader, suffix, node: loader.construct_scalar(node))
asked = json.load(sys.stdin)
Draft7Validator.check_schema(asked["schema"])
validator = Draft7Validator(asked["schema"])
def wrong(text):
    try: document = yaml.load(text, Loader)
    except yaml.YAMLError as error: return "not YAML"
    errors = sorted(validator.iter_errors(document), key=lambda error: list(map(str, error.absolute_path)))
    return "; ".join("/".join(map(str, error.absolute_path)) + ": " + error.message[:200] for error in errors)
print(json.dumps([wrong(text) for text in asked["texts"]]))
`;

/** Why nobody can be asked; undefined: Debian's python3-jsonschema is there. */
export const skipped =
  spawnSync("/usr/bin/python3", ["-c", "import jsonschema, yaml"]).status === 0
    ? undefined
    : "needs python3-jsonschema";

// Holds texts against a schema.
export function validate(schema: JsonSchema, texts: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", ORACLE], {
    input: JSON.stringify({ schema, texts }),
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`the oracle failed: ${stderr}`);
  return JSON.parse(stdout) as string[];
}
