import { describe, expectTypeOf, test } from "vitest";
import type { ArgsOf, Schema } from "../../../src/modules/contract/schema.ts";

const schema = {
  description: "Every kind of parameter once.",
  example: "",
  returns: [],
  arguments: {
    name: { type: "str", required: true, description: "." },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      foreignChoices: ["latest"],
      description: ".",
    },
    count: { type: "int", description: "." },
    force: { type: "bool", default: false, description: "." },
    words: { type: "list", elements: "str", default: [], description: "." },
    kinds: { type: "list", elements: "str", choices: ["deb", "deb-src"], description: "." },
    anything: { type: "raw", required: true, description: "." },
    free: { type: "dict", description: "." },
    hosts: {
      type: "list",
      elements: "dict",
      required: true,
      description: ".",
      options: {
        url: { type: "str", required: true, description: "." },
        port: { type: "int", description: "." },
      },
    },
  },
} as const satisfies Schema;

type Args = ArgsOf<typeof schema>;

// The compiler checks these: a wrong one fails `npm run check`.
describe("types of arguments", () => {
  test("what is required or has a default is there", () => {
    expectTypeOf<Args["name"]>().toEqualTypeOf<string>();
    expectTypeOf<Args["force"]>().toEqualTypeOf<boolean>();
    expectTypeOf<Args["anything"]>().toEqualTypeOf<unknown>();
  });

  test("what is neither may be missing", () => {
    expectTypeOf<Pick<Args, "count">>().toEqualTypeOf<{ readonly count?: number }>();
    expectTypeOf<NonNullable<Args["free"]>>().toEqualTypeOf<{ [key: string]: unknown }>();
  });

  test("choices are a union, without those that only Ansible has", () => {
    expectTypeOf<Args["state"]>().toEqualTypeOf<"present" | "absent">();
    expectTypeOf<NonNullable<Args["kinds"]>>().toEqualTypeOf<("deb" | "deb-src")[]>();
  });

  test("lists have their elements, and dicts their options", () => {
    expectTypeOf<Args["words"]>().toEqualTypeOf<string[]>();
    expectTypeOf<Args["hosts"][number]["url"]>().toEqualTypeOf<string>();
    expectTypeOf<Args["hosts"][number]["port"]>().toEqualTypeOf<number | undefined>();
  });
});
