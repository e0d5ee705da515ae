import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/errors.ts";
import { loadYamlDocuments } from "../../src/yaml/load.ts";
import { documents, scalars } from "./documents.ts";
import { shape } from "./shape.ts";

// Reads a JSON list of texts, answers for each what PyYAML makes of it with libyaml, as Ansible uses it, in a form that keeps
// the kinds of keys and numbers apart.
const ORACLE = `
import json, sys, yaml
class Loader(yaml.CSafeLoader): pass
for tag in ("!vault", "!unsafe"):
    Loader.add_constructor(tag, lambda loader, node: loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else loader.construct_mapping(node, True) if isinstance(node, yaml.MappingNode) else loader.construct_sequence(node, True))
def plain(v):
    if isinstance(v, dict): return {"map": [[plain(k), plain(x)] for k, x in v.items()]}
    if isinstance(v, list): return [plain(x) for x in v]
    if isinstance(v, float): return {"float": str(v) if v != v or v in (float("inf"), float("-inf")) else v}
    if isinstance(v, int) and not isinstance(v, bool) and abs(v) > 2**53 - 1: return str(v)
    return v if v is None or isinstance(v, (bool, int, str)) else str(v)
def read(text):
    try: return [plain(d) for d in yaml.load_all(text, Loader)]
    except Exception as e: return "error"
print(json.dumps([read(t) for t in json.load(sys.stdin)]))
`;

function readOwn(text: string): unknown {
  try {
    return loadYamlDocuments(text, "t.yml").map(shape);
  } catch (error) {
    if (error instanceof InputError) return "error";
    throw error;
  }
}

const havePyYaml = spawnSync("/usr/bin/python3", ["-c", "import yaml"]).status === 0;
const texts = [...scalars.map((scalar) => `value: ${scalar}\n`), ...documents];

describe.skipIf(!havePyYaml)("reads as PyYAML does (skipped without Debian's python3-yaml)", () => {
  const answer = havePyYaml
    ? spawnSync("/usr/bin/python3", ["-c", ORACLE], {
        input: JSON.stringify(texts),
        encoding: "utf8",
      })
    : undefined;
  const expected = answer?.status === 0 ? (JSON.parse(answer.stdout) as unknown[]) : [];

  test("the oracle answered for every text", () => {
    expect(answer?.stderr).toBe("");
    expect(expected).toHaveLength(texts.length);
  });
  test.each(texts.map((text, index) => [JSON.stringify(text), index] as const))(
    "%s",
    (_name, index) => {
      expect(readOwn(texts[index]!)).toEqual(expected[index]);
    },
  );
});
