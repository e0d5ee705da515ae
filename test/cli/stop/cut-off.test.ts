import { expect, test } from "vitest";
import { renderCutOff } from "../../../src/cli/stop/cut-off.ts";
import { colours } from "../../../src/report/visible.ts";

test.each([
  [true, "finished changes stay, and notified handlers will still run."],
  [false, "finished changes stay."],
])("how a stopped run goes on tells of handlers only where one was notified: %j", (has, said) => {
  const hosts = { done: [], stopped: [], running: [], notBegun: ["a"] };
  expect(renderCutOff({ hosts, hasNotified: has }, "SIGINT", colours).at(-1)).toBe(
    `Run the same command again to continue: ${said}`,
  );
});
