import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { patience } from "../../src/transport/patience.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a limit is over after its time", () => {
  const late = vi.fn();
  patience(1000, late);
  vi.advanceTimersByTime(999);
  expect(late).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(late).toHaveBeenCalledOnce();
});

test("what has come is not late", () => {
  const late = vi.fn();
  patience(1000, late).end();
  vi.advanceTimersByTime(2000);
  expect(late).not.toHaveBeenCalled();
});

test("after Ctrl-Z and fg the time begins anew, and ends all the same", () => {
  const late = vi.fn();
  const limit = patience(1000, late);
  vi.advanceTimersByTime(500);
  process.emit("SIGCONT");
  vi.advanceTimersByTime(500);
  expect(late).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(late).toHaveBeenCalledOnce();
  limit.end();
});
