import { expect, test } from "vitest";
import { codeFrame, withoutHidden } from "../src/code-frame.ts";

const text = `- hosts: all
  tasks:
    - name: hidden
      copy:
        content: SECRET
      no_log: true
    - name: open
      uri: { url_password: SECRET, wrong: 1 }
    - no_log: yes
      block:
        - command: echo SECRET
    - { command: echo SECRET, no_log: true }
    - name: after
      no_log: false
      command: echo open
`;

test.each([
  ["a task with no_log", 5, []],
  ["its first line", 3, []],
  ["a task of a block with no_log", 11, []],
  ["a task on one line", 12, []],
  [
    "a play",
    2,
    ["    1 | - hosts: all", "  > 2 |   tasks:", "      | ^", "    3 | (hidden, as no_log is set)"],
  ],
  [
    "what is open, beside what is hidden",
    13,
    [
      "    12 | (hidden, as no_log is set)",
      "  > 13 |     - name: after",
      "       | ^",
      "    14 |       no_log: false",
    ],
  ],
  [
    "what looks like a secret",
    8,
    [
      "    7 |     - name: open",
      "  > 8 |       uri: { url_password: (hidden), wrong: 1 }",
      "      | ^",
      "    9 | (hidden, as no_log is set)",
    ],
  ],
])("shows of %s what may be shown", (_what, line, shown) => {
  expect(codeFrame({ text, line, column: 1 })).toEqual(shown);
});

test.each([
  ["in the middle", 301, `…${"-".repeat(60)}x${"-".repeat(59)}…`, 61],
  ["at the end", 600, `…${"-".repeat(119)}x`, 120],
  ["at the start", 1, `x${"-".repeat(119)}…`, 0],
])(
  "of a very long line the part around the column is shown: %s",
  (_where, column, shown, caret) => {
    const line = `${"-".repeat(column - 1)}x`.padEnd(600, "-");
    expect(codeFrame({ text: `a: 1\n${line}\n${"+".repeat(500)}`, line: 2, column })).toEqual([
      "    1 | a: 1",
      `  > 2 | ${shown}`,
      `      | ${" ".repeat(caret)}^`,
      `    3 | ${"+".repeat(120)}…`,
    ]);
  },
);

test("a caret stands where it points at what is shown", () => {
  expect(codeFrame({ text, line: 8, column: 36 })).not.toContainEqual(expect.stringContaining("^"));
  expect(codeFrame({ text, line: 8, column: 12 })).toContain("      |            ^");
});

test.each([
  [
    '"copy" takes text, but this is "SECRET"',
    4,
    '"copy" takes text, but this is (hidden, as no_log is set)',
  ],
  ['"copy" takes text, but this is "SECRET"', 8, '"copy" takes text, but this is "SECRET"'],
])("%s, at line %d", (message, line, shown) => {
  expect(withoutHidden(message, { text, line, column: 1 })).toBe(shown);
});
