import { expect, test } from "vitest";
import { endOfLife } from "../../../../src/modules/shared/containerd/end_of_life.ts";
import { fullRelease } from "../../../../src/modules/shared/containerd/releases.ts";

const newest = (line: string): string => fullRelease(line)!;
const LAST = `${newest("2.3")} (supported until 2028-04)`;
const NEWER = `${newest("2.2")} (supported until 2026-11) or ${LAST}`;
/** The two of all lines that are supported the longest. */
const ALL = `${newest("2.0")} (supported until 2027-03) or ${LAST}`;

test.each([
  ["1.4.13", "containerd 1.4.13", "1.4 has ended", ALL],
  ["1.6", `containerd ${newest("1.6")}`, "1.6 ended in 2025-08", ALL],
  ["1.7.24", "containerd 1.7.24", "1.7 ended in 2026-09", ALL],
  ["1.6.20~ds1", "containerd 1.6.20~ds1", "1.6 ended in 2025-08", ALL],
  ["2.1.4", "containerd 2.1.4", "2.1 ended in 2026-07", NEWER],
])("%s is past its end of life", (version, named, ended, choices) => {
  expect(endOfLife(version)).toBe(
    `${named} is past its end of life: upstream's support of ${ended}; set containerd_version to ${choices}`,
  );
});

test.each(["2.0.11", "2.0", "2.2.7", "2.3", "2.3.0-rc.1", "2.4.0", "3.0.0"])(
  "%s is supported, or not known",
  (version) => {
    expect(endOfLife(version)).toBeUndefined();
  },
);
