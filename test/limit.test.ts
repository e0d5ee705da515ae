import { expect, test } from "vitest";
import { eachLimited } from "../src/limit.ts";

test("at most so many are at work at once, and all are done", async () => {
  let [now, most] = [0, 0];
  const done: number[] = [];
  await eachLimited([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
    done.push(item);
  });
  expect(most).toBe(2);
  expect(done).toEqual([1, 2, 3, 4, 5]);
});

test("once it is to stop, no further one is begun, and those that were are waited for", async () => {
  const stop = new AbortController();
  const done: number[] = [];
  await eachLimited(
    [1, 2, 3, 4, 5],
    2,
    async (item) => {
      if (item === 2) stop.abort();
      await Promise.resolve();
      done.push(item);
    },
    stop.signal,
  );
  expect(done).toEqual([1, 2]);
});
