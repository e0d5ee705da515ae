import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { timerMs } from "../src/timer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([
  [0, 0],
  [1.5, 1500],
  [2_147_483, 2_147_483_000],
])("a timer of %d s takes %d ms", (seconds, milliseconds) => {
  expect(timerMs(seconds)).toBe(milliseconds);
});

test.each([2_147_484, 3e9, Infinity])("a timer of %d s is not over at once", (seconds) => {
  const over = vi.fn();
  setTimeout(over, timerMs(seconds));
  vi.advanceTimersByTime(24 * 24 * 60 * 60 * 1000);
  expect(over).not.toHaveBeenCalled();
});
