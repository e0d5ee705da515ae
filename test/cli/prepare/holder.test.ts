import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { expect, test } from "vitest";
import { describeHolder } from "../../../src/cli/prepare/holder.ts";

const gone = spawnSync("true").pid;

test.each([
  [`me@${hostname()} pid ${process.pid} since noon`, "; that process runs on this machine"],
  [`me@${hostname()} pid ${gone} since noon`, "; that process has ended on this machine"],
  [`me@another.machine.example pid ${gone} since noon`, ""],
  ["somebody since noon", ""],
])("of %s is told what this machine knows", (owner, more) => {
  expect(describeHolder(owner)).toBe(owner + more);
});
