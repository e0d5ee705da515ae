import { expect, test } from "vitest";
import { faultsOf, perform, sequenceOf } from "./sequences.ts";

/** The seeds; more by SEQUENCES=FROM-TO in the environment. */
const [from, to] = (process.env["SEQUENCES"] ?? "1-24").split("-").map(Number) as [number, number];
const seeds = Array.from({ length: to - from + 1 }, (_, index) => from + index);
/**
 * What was wrong once: links in a circle, two names of one file, a link in the place of a directory (also one
 * that leads to itself), a directory copied into itself by way of a link, a file copied in place of
 * a link to it, each with its seeds.
 */
const known = [208, 360, 437, 472, 32, 109, 461, 609, 74, 4344, 4502, 4945];

test("apply does what was planned, whatever earlier tasks make of links, files and directories", async () => {
  const faults: string[] = [];
  for (const seed of process.env["SEQUENCES"] === undefined ? [...known, ...seeds] : seeds) {
    const sequence = sequenceOf(seed);
    const came = await perform(sequence);
    const found = faultsOf(came);
    if (found.length > 0)
      faults.push(
        `seed ${seed}: ${found.join("; ")}\n  before ${JSON.stringify(sequence.before)}\n${sequence.tasks.map((task) => `  ${JSON.stringify(task)}`).join("\n")}\n  ${came.planned.join(", ")}\n  ${came.applied.join(", ")}\n  ${came.messages.join("; ")}`,
      );
  }
  expect(faults.join("\n\n")).toBe("");
}, 600_000);
