import { describe, expect, test } from "vitest";
import { Names, sharesOf } from "../../src/queue/protocol.ts";

const hosts = (count: number): string[] => Array.from({ length: count }, (_, i) => `h${i}`);

describe("shares", () => {
  test.each([
    [0, 50, []],
    [1, 50, [1]],
    [50, 50, [50]],
    [51, 50, [26, 25]],
    [7, 3, [3, 3, 1]],
    [4, 1, [1, 1, 1, 1]],
    [10, 4, [4, 4, 2]],
  ])("%i hosts, at most %i at once: %j", (count, most, sizes) => {
    const shares = sharesOf(hosts(count), most);
    expect(shares.map((share) => share.length)).toEqual(sizes);
    expect(shares.flat()).toEqual(hosts(count));
  });
});

test("the names of two keys in one Redis do not collide", () => {
  const [one, other] = [new Names("a"), new Names("b")];
  expect(one.bundle("x")).not.toBe(other.bundle("x"));
  expect(one.run("r", "done")).not.toBe(other.run("r", "done"));
});
