import { expect, test } from "vitest";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";
import type { Item } from "../../../src/playbook/play.ts";
import { startAt } from "../../../src/playbook/load/start-at.ts";

const TEXT = `
- hosts: all
  pre_tasks: [{name: pre, debug: }]
  tasks:
    - {name: one, debug: , tags: t}
    - block: [{name: in block, debug: }, {name: later in block, debug: }]
      rescue: [{name: rescue, debug: }]
      always: [{name: always, debug: }]
    - import_tasks: more.yml
    - {include_tasks: more.yml}
- hosts: all
  tasks: [{name: one, debug: }, {name: second play, debug: }]
`;
const files = {
  read: () => "- {name: imported, debug: }\n",
  find: (name: string) => (name === "/more.yml" ? name : undefined),
};

// The names of all tasks that are left.
function left(
  pattern: string,
  isChosen: (tags: readonly string[]) => boolean = () => true,
): string[] {
  const name = (item: Item): string[] =>
    item.kind === "block"
      ? [...item.block, ...item.rescue, ...item.always].flatMap(name)
      : [String(item.name?.value ?? "include")];
  const cut = startAt(loadPlaybook(TEXT, "/site.yml", files), pattern, isChosen);
  return "playbook" in cut
    ? cut.playbook.plays.flatMap(({ sections }) =>
        sections.flatMap(({ items }) => items.flatMap(name)),
      )
    : ["none"];
}

const SECOND = ["one", "second play"];

test.each([
  [
    "pre",
    [
      "pre",
      "one",
      "in block",
      "later in block",
      "rescue",
      "always",
      "imported",
      "include",
      ...SECOND,
    ],
  ],
  ["later*", ["later in block", "rescue", "always", "imported", "include", ...SECOND]],
  ["always", ["always", "imported", "include", ...SECOND]],
  ["impor?ed", ["imported", "include", ...SECOND]],
  ["include_tasks", ["include", ...SECOND]],
  ["second play", ["second play"]],
  ["One", ["none"]],
  ["rescue", ["none"]],
])("starting at %j leaves the tasks from there on", (pattern, names) => {
  expect(left(pattern)).toEqual(names);
});

test("only a task that the tags choose is started at", () => {
  expect(left("one", (tags) => !tags.includes("t"))).toEqual(SECOND);
});
