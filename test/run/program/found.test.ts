import { expect, test } from "vitest";
import { looksOf } from "../../../src/plan/model/looks.ts";
import type { Entry } from "../../../src/plan/model/entry.ts";
import { statPath, type PathState } from "../../../src/probes/files/path.ts";
import { tellFound } from "../../../src/run/program/found.ts";

const file: PathState = { type: "file", mode: 0o644, owner: "root", group: "root", sha256: "aa" };
const probe = statPath("/etc/x", { digest: true });
const looksFor = (before: PathState, after: PathState): ReturnType<typeof looksOf> =>
  looksOf({ probes: [[probe, before, after]] } as unknown as Entry);

test.each<[what: string, before: PathState, printed: string, told: string]>([
  [
    "is there",
    null,
    "81a4 root root bb",
    "/etc/x is a file (0644 root:root) now, and was not there",
  ],
  ["is gone", file, "absent", "/etc/x is not there now, and was a file (0644 root:root)"],
  ["is a link", null, "a1ff root root /a b", "/etc/x is a link to /a b now, and was not there"],
  [
    "has another mode",
    file,
    "8180 root root aa",
    "/etc/x is a file (0600 root:root) now, and was a file (0644 root:root)",
  ],
  ["has other content", file, "81a4 root root bb", "/etc/x has other content"],
  ["is as it was", file, "81a4 root root aa", ""],
  ["answers something else", file, "81a4 root\nroot aa", "/etc/x"],
])("what %s is told in plain words", (_what, before, printed, told) => {
  expect(tellFound(looksFor(before, null), "before", `${printed}\n`)).toBe(told);
});

test("what a task should have made is told, too", () => {
  expect(tellFound(looksFor(null, file), "after", "absent\n")).toBe(
    "/etc/x is not there, and should be otherwise: a file (0644 root:root)",
  );
});
