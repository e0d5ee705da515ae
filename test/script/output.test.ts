import { expect, test } from "vitest";
import { timesOf } from "../../src/script/output.ts";

// The texts of delta are str() of Python's timedelta for the same spans.
test.each([
  [
    "a few microseconds",
    "1700000000.000001000_2023-11-14_22:13:20",
    "1700000000.002311999_2023-11-14_22:13:20",
    "0:00:00.002310",
  ],
  [
    "whole seconds",
    "1700000000.500000000_2023-11-14_22:13:20",
    "1700000061.500000000_2023-11-14_22:14:21",
    "0:01:01",
  ],
  [
    "a day",
    "1700000000.0_2023-11-14_22:13:20",
    "1700090000.0_2023-11-15_23:13:20",
    "1 day, 1:00:00",
  ],
  [
    "several days",
    "1700000000.0_2023-11-14_22:13:20",
    "1700259200.0_2023-11-17_22:13:20",
    "3 days, 0:00:00",
  ],
  [
    "a date without nanoseconds",
    "1700000000._2023-11-14_22:13:20",
    "1700000001.%N_2023-11-14_22:13:21",
    "0:00:01",
  ],
])("%s", (_name, begin, end, delta) => expect(timesOf([begin, end]).delta).toBe(delta));

test("begin and end are told by the host's clock, to the microsecond", () => {
  expect(
    timesOf(["1700000000.000001999_2023-11-14_23:13:20", "1700000001.25_2023-11-14_23:13:21"]),
  ).toMatchObject({ start: "2023-11-14 23:13:20.000001", end: "2023-11-14 23:13:21.250000" });
});
