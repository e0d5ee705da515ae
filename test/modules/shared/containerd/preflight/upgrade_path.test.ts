import { expect, test } from "vitest";
import {
  stepFindings,
  upgradePath,
} from "../../../../../src/modules/shared/containerd/preflight/upgrade_path.ts";

test.each([
  ["1.4", "1.5", ["1.5"]],
  ["1.6", "1.7", ["1.7"]],
  ["1.6", "2.0", ["2.0"]],
  ["1.7", "2.0", ["2.0"]],
  ["1.7", "2.3", ["2.3"]],
  ["1.6", "2.1", ["2.0", "2.1"]],
  ["1.4", "2.3", ["1.5", "1.6", "1.7", "2.3"]],
  ["2.1", "2.2", ["2.2"]],
  ["2.1", "1.7", undefined],
])("from %s to %s: %j", (from, to, way) => {
  expect(upgradePath(from, to)).toEqual(way);
});

test.each([
  ["1.7.24", "1.7.30", undefined],
  ["1.7.30", "1.7.24", undefined],
  ["1.7", "2.3.4", undefined],
  [
    "1.7.24",
    "2.1.9",
    /go by 2\.0, then 2\.1: set containerd_version to the newest of 2\.0 \(2\.0\.\d+\) first/,
  ],
  ["2.1", "1.7.24", /^keep 2\.1/],
  ["0.9.1", "1.7.24", undefined],
])("%s over %s", (from, to, hint) => {
  const [found] = stepFindings({ from, to });
  if (hint === undefined) expect(found).toBeUndefined();
  else expect(found?.hint).toMatch(hint);
});
