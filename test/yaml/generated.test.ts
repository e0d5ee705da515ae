import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { InputError } from "../../src/errors.ts";
import { loadYaml } from "../../src/yaml/load.ts";
import { SKIP_REASON, python } from "../jinja/oracle.ts";
import { EXCUSES } from "./excused.ts";
import { YamlGenerator } from "./generator.ts";
import { shape } from "./shape.ts";

const ROUNDS = Number(process.env["YAML_ROUNDS"] ?? 4000);
const SEED = Number(process.env["YAML_SEED"] ?? 20260102);
const SCRIPT = fileURLToPath(new URL("ansible-loader.py", import.meta.url));

// What Hullwright reads.
function readOwn(text: string): unknown {
  try {
    const node = loadYaml(text, "t.yml");
    return [node ? shape(node) : null];
  } catch (error) {
    if (error instanceof InputError) return "error";
    throw error;
  }
}

// What Ansible reads.
function readAnsible(texts: readonly string[]): unknown[] {
  const answer = spawnSync(python ?? "python3", ["-W", "ignore", SCRIPT], {
    input: JSON.stringify(texts),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8" },
  });
  if (answer.status !== 0) throw new Error(answer.stderr);
  return JSON.parse(answer.stdout) as unknown[];
}

// Tells whether a difference is one of those that are listed.
function isExcused({
  text,
  wanted,
  got,
}: {
  text: string;
  wanted: unknown;
  got: unknown;
}): boolean {
  const refused = refusedBy(wanted, got);
  return EXCUSES.some((excuse) => excuse.refused === refused && excuse.text.test(text));
}

// Who refuses the text.
function refusedBy(wanted: unknown, got: unknown): string {
  if (wanted === "error") return "by Ansible";
  return got === "error" ? "by us" : "by nobody";
}

test.skipIf(python === undefined)(
  `Ansible reads ${ROUNDS} generated documents alike${python === undefined ? ` (${SKIP_REASON})` : ""}`,
  { timeout: 600_000 },
  () => {
    console.log(
      `generated YAML: seed ${SEED}, ${ROUNDS} rounds (set YAML_SEED and YAML_ROUNDS for others)`,
    );
    const generator = new YamlGenerator(SEED);
    const texts = Array.from({ length: ROUNDS }, () => generator.document());
    const wanted = readAnsible(texts);
    const differences = texts
      .map((text, index) => ({ text, wanted: wanted[index], got: readOwn(text) }))
      .filter((one) => JSON.stringify(one.wanted) !== JSON.stringify(one.got));
    const [excused, faults] = [
      differences.filter(isExcused),
      differences.filter((one) => !isExcused(one)),
    ];
    const errors = wanted.filter((one) => one === "error").length;
    console.log(
      `generated YAML: ${ROUNDS - errors} read, ${errors} refused by both, ${excused.length} excused`,
    );
    expect(
      faults
        .slice(0, 10)
        .map(({ text, wanted, got }) => [text, JSON.stringify(wanted), JSON.stringify(got)]),
    ).toEqual([]);
    expect(excused.length).toBeLessThan(ROUNDS * 0.08);
    expect(errors).toBeLessThan(ROUNDS * 0.75);
  },
);
