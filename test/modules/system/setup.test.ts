import { describe, expect, test } from "vitest";
import { setup } from "../../../src/modules/system/setup.ts";
import { givenWith } from "../case.ts";

const controller = givenWith();
const facts = { kernel: "6.1", memtotal_mb: 1, memfree_mb: 2, eth0: {}, distribution: "Debian" };
const filtered = (...filter: string[]): string[] =>
  Object.keys(
    setup.result(
      { gather_subset: ["all"], gather_timeout: 10, filter, fact_path: "/etc/ansible/facts.d" },
      { facts, local: {} },
      undefined,
      controller,
    )["ansible_facts"] as object,
  );
const asked = (...gather_subset: string[]): unknown =>
  setup.observe(
    { gather_subset, gather_timeout: 10, filter: [], fact_path: "/etc/ansible/facts.d" },
    controller,
  ).facts.arg;

describe("setup", () => {
  test("facts have their long names", () => {
    expect(filtered()).toEqual([
      "ansible_kernel",
      "ansible_memtotal_mb",
      "ansible_memfree_mb",
      "ansible_eth0",
      "ansible_distribution",
    ]);
  });

  test.each([
    [["ansible_*_mb"], ["ansible_memtotal_mb", "ansible_memfree_mb"]],
    [["*_mb"], ["ansible_memtotal_mb", "ansible_memfree_mb"]],
    [
      ["kernel", "eth?"],
      ["ansible_kernel", "ansible_eth0"],
    ],
    [["mem[!f]*"], ["ansible_memtotal_mb"]],
    [["k.rnel"], []],
    [
      ["kernel", "*"],
      [
        "ansible_kernel",
        "ansible_memtotal_mb",
        "ansible_memfree_mb",
        "ansible_eth0",
        "ansible_distribution",
      ],
    ],
  ])("filter %j keeps %j", (filter, kept) => {
    expect(filtered(...filter)).toEqual(kept);
  });

  test.each([
    [["all"], null],
    [["min"], { subsets: [] }],
    [["!all"], { subsets: [] }],
    [["network"], { subsets: ["network"] }],
    [["!hardware"], { subsets: ["network", "virtual"] }],
    [["all", "!virtual"], { subsets: ["hardware", "network"] }],
    [["mounts", "distribution"], { subsets: ["hardware"] }],
    [["!mounts"], null],
  ])("gather_subset %j asks for %j", (names, arg) => {
    expect(asked(...names)).toEqual(arg);
  });

  test("a set that nobody knows is refused, with the one that was meant", () => {
    expect(() => asked("netwrok")).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('"netwrok"') as string,
        hint: 'did you mean "network"?',
      }),
    );
    expect(() => asked("!toString")).toThrow(/toString/);
  });

  test("a range that goes backwards matches nothing, as in Python", () => {
    expect(filtered("[z-a]")).toEqual([]);
  });

  test("it changes nothing", () => {
    expect(
      setup.plan(
        {
          gather_subset: ["all"],
          gather_timeout: 10,
          filter: [],
          fact_path: "/etc/ansible/facts.d",
        },
        { facts, local: {} },
        controller,
      ),
    ).toBeNull();
    expect(setup.readOnly).toBe(true);
  });
});
