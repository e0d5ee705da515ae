import { expect, test } from "vitest";
import { allowedFailures, batchesOf } from "../../../src/plan/model/batches.ts";
import { OMIT } from "../../../src/plan/model/omit.ts";
import { eachLimited } from "../../../src/limit.ts";
import { standardEnvironment } from "../../../src/jinja/template.ts";
import { Variables } from "../../../src/plan/model/variables.ts";
import type { Play } from "../../../src/playbook/play.ts";
import { nodeOf, wrapScalar } from "../../../src/yaml/data.ts";

const hosts = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const play = (serial: unknown): Play =>
  ({
    keywords: new Map(serial === undefined ? [] : [["serial", nodeOf(serial, "play")]]),
  }) as unknown as Play;

const none = new Variables([], standardEnvironment());

const cases: [serial: unknown, count: number, sizes: number[]][] = [
  [undefined, 5, [5]],
  [undefined, 0, []],
  [2, 5, [2, 2, 1]],
  ["40%", 10, [4, 4, 2]],
  ["10%", 4, [1, 1, 1, 1]],
  [[1, 2], 6, [1, 2, 2, 1]],
  [[1, "50%"], 6, [1, 3, 2]],
  [0, 3, [3]],
  [10, 3, [3]],
];

test.each(cases)("serial %j of %i hosts makes batches of %j", (serial, count, sizes) => {
  const batches = batchesOf(play(serial), hosts(count), none);
  expect(batches.map((batch) => batch.length)).toEqual(sizes);
  expect(batches.flat()).toEqual(hosts(count));
});

test("serial that is neither number nor percentage is refused", () => {
  expect(() => batchesOf(play("few"), hosts(2), none)).toThrow(/serial takes a number/);
});

test.each([[-5], [101], ["few"], [{ a: 1 }]])("max_fail_percentage %j is refused", (percentage) => {
  expect(() => allowedFailures(nodeOf(percentage, "play"), none)).toThrow(
    /max_fail_percentage takes a percentage from 0 to 100/,
  );
});

test("all hosts may fail where max_fail_percentage is not set", () => {
  expect(allowedFailures(undefined, none)).toBe(100);
  expect(allowedFailures(nodeOf("", "play"), none)).toBe(100);
});

test("a wrong value is told as the variable that holds it, where that is set", () => {
  const place = { file: "group_vars/all.yml", line: 3, column: 9 };
  const variables = none.with({ nodes: new Map([["size", wrapScalar("few", place)]]) });
  const error = caught(() => batchesOf(play("{{ size | default([]) }}"), hosts(2), variables));
  expect(error).toMatchObject({
    message: expect.stringMatching(/^size \(serial of the play\) takes a number/) as string,
    place,
  });
});

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

test("no more are at work at once than the limit, and each is done once", async () => {
  let [now, most] = [0, 0];
  const done: number[] = [];
  await eachLimited(hosts(20), 3, async (host) => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    done.push(host);
    now--;
  });
  expect(most).toBe(3);
  expect(done.toSorted((a, b) => a - b)).toEqual(hosts(20));
});

test("what is omitted of a play's keywords is not there", () => {
  const omit = new Variables([{ values: new Map([["omit", OMIT]]) }], standardEnvironment());
  const left = "{{ nothing | default(omit) }}";
  expect(batchesOf(play(left), hosts(3), omit)).toEqual([hosts(3)]);
  expect(allowedFailures(nodeOf(left, "play"), omit)).toBe(100);
});
