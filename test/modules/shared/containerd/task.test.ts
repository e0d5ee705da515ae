import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findModule } from "../../../../src/modules/index.ts";
import type { Step } from "../../../../src/modules/contract/module.ts";
import { argumentsFor, givenWith } from "../../case.ts";
import { cases as absent } from "../../containerd/containerd_absent.cases.ts";
import { ThisHost } from "../../execute.ts";
import { has, skipReason } from "../../../requires.ts";

/**
 * A ctr whose container has left its cgroup, as somebody may move it: `kill -a` reaches nothing, and says so to nobody. One that
 * handles SIGTERM as it likes (lasting) only ends by SIGKILL.
 */
const CTR = `#!/bin/sh
d=\${0%/*}
echo "$*" >> "$d/calls"
case "$*" in
  *"tasks kill -a"*) ;;
  *"tasks kill"*SIGKILL* | *"tasks kill"*" web") echo STOPPED > "$d/status" ;;
  *"tasks rm"*) rm -f "$d/status" ;;
  *"tasks ls"*) echo 'TASK PID STATUS'; [ ! -f "$d/status" ] || for c in lasting web; do echo "$c    12    $(cat "$d/status")"; done ;;
esac
`;

let host: ThisHost;
let ctr: string;
beforeEach(() => {
  host = new ThisHost();
  ctr = join(host.root, "ctr");
  writeFileSync(ctr, CTR);
  chmodSync(ctr, 0o755);
  writeFileSync(join(host.root, "status"), "RUNNING\n");
});
afterEach(() => host.remove());

// Runs a step, and answers what was asked of ctr; the container must have ended.
function run({ run }: Step): string {
  expect(host.runSteps([{ run }])).toMatchObject([{ code: 0, stderr: "" }]);
  return readFileSync(join(host.root, "calls"), "utf8");
}

const skip = !has("dash");
const reason = skipReason("dash");

test.skipIf(skip)(`ctr_task ends a container that has left its cgroup${reason}`, () => {
  const module = findModule("ctr_task")!;
  const args = argumentsFor(module, { name: "lasting", state: "stopped", grace: 0, ctr });
  const before = { container: { up: true, container: {}, task: "RUNNING" } };
  const change = module.plan(args, before, givenWith({}))!;
  expect(run(change.steps[0]!)).toContain("SIGKILL lasting");
});

test.skipIf(skip)(`containerd_absent ends a container that has left its cgroup${reason}`, () => {
  const module = findModule("containerd_absent")!;
  const one = absent.find(
    ({ name }) => name === "containers that may be ended, and their images removed",
  )!;
  const args = argumentsFor(module, { ...one.args, ctr });
  const { steps } = module.plan(args, one.before as never, givenWith({}))!;
  expect(run(steps[0]!)).toContain("SIGTERM web");
});
