import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { toBoolean } from "../src/boolean.ts";
import { Float } from "../src/jinja/core/value.ts";
import { python, SKIP_REASON } from "./jinja/oracle.ts";
import { SPELLINGS } from "./spellings.ts";

test.each(SPELLINGS)("%j is read as %s", (written, read) => {
  expect(toBoolean(written)).toBe(read);
});

test.each([
  [new Float(1), true],
  [new Float(0), false],
  [new Float(2), undefined],
  [null, undefined],
  [undefined, undefined],
  [[], undefined],
  [{}, undefined],
  [["yes"], undefined],
])("so is %j", (value, read) => {
  expect(toBoolean(value)).toBe(read);
});

const program = `
import json, sys
from ansible.module_utils.parsing.convert_bool import boolean
def read(value):
    try: return boolean(value)
    except TypeError: return None
print(json.dumps([read(value) for value in json.load(sys.stdin)]))`;

test.skipIf(python === undefined)(
  python === undefined ? SKIP_REASON : "Ansible reads them in the same way",
  () => {
    const input = JSON.stringify(SPELLINGS.map(([written]) => written));
    const { stdout } = spawnSync(python!, ["-c", program], { input, encoding: "utf8" });
    expect(JSON.parse(stdout)).toEqual(SPELLINGS.map(([, read]) => read ?? null));
  },
);
