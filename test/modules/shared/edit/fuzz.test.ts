import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { TaskFailure } from "../../../../src/errors.ts";
import type { PathState } from "../../../../src/probes/files/path.ts";
import { askAnsible, noAnsible } from "./ansible.ts";
import type { EditCase } from "./cases.ts";
import { planned } from "./plan.ts";
import { SEED } from "../../../seed.ts";
import { bytesOf } from "./state.ts";

const RUNS = Number(process.env["RUNS"] ?? 250);

const line = fc.constantFrom("a", "b", "ab", "a b", "", "# x", "x=1", "é", "a\r");
const text = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom("\n", ""))
  .map(([lines, end]) => lines.join("\n") + (lines.length > 0 ? end : ""));
const pattern = fc.constantFrom(
  "^a",
  "b$",
  "a",
  "^$",
  "(a)(b)?",
  "x=(\\d)",
  "\\s",
  "^\\S+$",
  "[^a]",
  "(?i)A",
  "z",
  ".",
);
const flag = fc.constantFrom(true, false);
const place = fc.oneof(
  fc.constant({}),
  fc.record({ insertafter: fc.oneof(pattern, fc.constantFrom("EOF", "BOF")) }),
  fc.record({ insertbefore: fc.oneof(pattern, fc.constant("BOF")) }),
);
const anchored = fc.tuple(place, flag).map(([where, firstmatch]) => ({ ...where, firstmatch }));
const wanted = fc.oneof(
  fc.constant({}),
  fc.record({ regexp: pattern }),
  fc.record({ search_string: fc.constantFrom("a", " ", "=", "q") }),
  fc.record({ regexp: pattern, backrefs: fc.constant(true) }),
);

const lineCase = fc
  .tuple(
    text,
    fc.oneof(line, fc.constantFrom("\\g<0>", "n")),
    wanted,
    anchored,
    fc.constantFrom("present", "present", "absent"),
  )
  .map(
    ([before, one, match, where, state]) =>
      ({
        module: "lineinfile",
        text: before,
        args: { line: one, ...match, ...where, state },
      }) as const,
  );
const blockLines = fc.constantFrom(
  "# BEGIN ANSIBLE MANAGED BLOCK",
  "# END ANSIBLE MANAGED BLOCK",
  "a",
  "b",
  "",
);
const blockText = fc
  .tuple(fc.array(blockLines, { maxLength: 7 }), fc.constantFrom("\n", "", "\r\n"))
  .map(([lines, end]) => lines.join("\n") + (lines.length > 0 ? end : ""));
const blockCase = fc
  .tuple(
    blockText,
    fc.constantFrom("", "x", "x\ny\n", "a"),
    place,
    fc.constantFrom("present", "absent"),
  )
  .map(
    ([before, block, where, state]) =>
      ({ module: "blockinfile", text: before, args: { block, ...where, state } }) as const,
  );
const replaceCase = fc
  .tuple(
    text,
    pattern,
    fc.constantFrom("", "q", "\\g<0>\\g<0>", "\\n", "ab"),
    fc.oneof(
      fc.constant({}),
      fc.record({ after: pattern }),
      fc.record({ before: pattern }),
      fc.record({ after: pattern, before: pattern }),
    ),
  )
  .map(
    ([before, regexp, replace, where]) =>
      ({ module: "replace", text: before, args: { regexp, replace, ...where } }) as const,
  );

// What becomes of a text here; undefined: it fails.
function ours(one: EditCase): string | undefined {
  try {
    const { change } = planned(one);
    return change
      ? Buffer.from((change.after["real"] as PathState)!.content!, "base64").toString("latin1")
      : bytesOf(one, one.text!).toString("latin1");
  } catch (error) {
    if (error instanceof TaskFailure) return undefined;
    throw error;
  }
}

/** Where a line is to go after a last line without line feed, Ansible joins the two. */
const isJoined = ({ module, text, args }: EditCase): boolean =>
  module === "lineinfile" && args["insertafter"] !== undefined && !/[\r\n]$/.test(text!);

test.skipIf(noAnsible)(
  `Ansible gives the same results for ${RUNS} random texts and arguments, seed ${SEED}`,
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "hw-fuzz-"));
    const cases: EditCase[] = fc
      .sample(fc.oneof(lineCase, blockCase, replaceCase), { numRuns: RUNS, seed: SEED })
      .map((one, i) => ({ ...one, name: String(i), becomes: null }))
      .filter((one) => !isJoined(one));
    for (const one of cases) writeFileSync(join(folder, one.name), bytesOf(one, one.text!));
    const results = await askAnsible(
      cases.map(({ module, name, args }) => ({
        module,
        args: { path: join(folder, name), ...args },
      })),
    );
    for (const [i, one] of cases.entries()) {
      const theirs = results[i]!.failed
        ? undefined
        : readFileSync(join(folder, one.name), "latin1");
      expect({ ...one, becomes: ours(one) }).toEqual({ ...one, becomes: theirs });
    }
  },
);
