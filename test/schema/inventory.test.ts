import { describe, expect, test } from "vitest";
import { inventorySchema } from "../../src/schema/inventory.ts";
import { cases } from "../inventory/cases.ts";
import { readCases } from "../refusal/cases.ts";
import { skipped, validate } from "./oracle.ts";

const BEYOND = new Set([
  "a connection that is not supported",
  "a port that is none",
  "a template that is not quoted in the inventory",
]);

describe.skipIf(skipped !== undefined)(
  `the JSON Schema of inventories${skipped ? ` (skipped: ${skipped})` : ""}`,
  () => {
    test("takes every inventory in YAML that is read as Ansible reads it", () => {
      const good = cases.flatMap(({ name, files }) =>
        Object.entries(files)
          .filter(([path]) => path === "hosts.yml")
          .map(([, text]) => ({ name, text })),
      );
      const answers = validate(
        inventorySchema(),
        good.map(({ text }) => text),
      );
      expect(good.length).toBeGreaterThan(5);
      expect(
        good.flatMap(({ name }, i) => (answers[i] === "" ? [] : [`${name}: ${answers[i]}`])),
      ).toEqual([]);
    });

    test("refuses what the reader refuses for its structure", () => {
      const wrong = readCases()
        .filter(({ path }) => path.includes("inventory"))
        .flatMap(({ cases: own }) => own)
        .filter(({ files }) => files.has("hosts.yml"));
      const answers = validate(
        inventorySchema(),
        wrong.map(({ files }) => files.get("hosts.yml")!),
      );
      expect(
        wrong
          .filter(({ name }, i) => answers[i] === "" && !BEYOND.has(name))
          .map(({ name }) => name),
      ).toEqual([]);
    });
  },
);
