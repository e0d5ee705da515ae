import { expect, test } from "vitest";
import { selected } from "../../../src/plan/walk/tags.ts";

const cases: [own: string[], tags: string[], skipTags: string[], runs: boolean][] = [
  [[], [], [], true],
  [["a"], [], [], true],
  [["never"], [], [], false],
  [["never", "a"], [], [], false],
  [["a"], ["a"], [], true],
  [["b"], ["a"], [], false],
  [[], ["a"], [], false],
  [["always"], ["a"], [], true],
  [["never", "a"], ["a"], [], true],
  [["always", "never"], [], [], true],
  [["always", "never"], ["b"], [], true],
  [["always", "never"], [], ["never"], false],
  [["never", "a"], ["never"], [], true],
  [["never", "a"], ["all"], [], false],
  [["a"], ["all"], [], true],
  [["a"], ["tagged"], [], true],
  [[], ["tagged"], [], false],
  [[], ["untagged"], [], true],
  [["a"], [], ["a"], false],
  [["a", "b"], ["b"], ["a"], false],
  [["always"], [], ["always"], false],
  [["always", "a"], [], ["a"], false],
  [[], [], ["a"], true],
  [["a"], [], ["all"], false],
  [["always"], [], ["all"], true],
  [["always"], [], ["all", "always"], false],
];

test.each(cases)(
  "a task tagged %j with --tags %j --skip-tags %j runs: %s",
  (own, tags, skipTags, runs) => {
    expect(selected(own, { tags, skipTags })).toBe(runs);
  },
);
