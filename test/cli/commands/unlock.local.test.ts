import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endSession } from "../../../src/cli/commands/unlock.ts";
import { lockState } from "../../../src/probes/journal/lock.ts";
import { ask } from "../../../src/probes/probe.ts";
import { stateFolder } from "../../../src/script/state-folder.ts";
import { lines } from "../../../src/script/sh.ts";
import { ThisHost } from "../../modules/execute.ts";

let host: ThisHost;
const shells: number[] = [];
beforeEach(() => {
  host = new ThisHost();
  writeFileSync(join(host.hw, "lock"), "");
});
afterEach(() => {
  for (const pid of shells.splice(0)) if (existsSync(`/proc/${pid}`)) process.kill(pid, "SIGKILL");
  host.remove();
});

// Starts a shell that has the lock, as that of a run; answers its process id.
async function hold(command: string, ...words: string[]): Promise<number> {
  const file = join(host.folder, "holder");
  writeFileSync(
    file,
    `exec 9>> "${host.hw}/lock"; flock 9
printf '%s\\n' "stuck h1" $$ "ann@desk pid 1 since noon" > "${host.hw}/owner"; echo ready; exec sleep 600
`,
  );
  const child = spawn(command, [...words, file], { stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "data");
  child.stdout.destroy();
  const pid = Number(readFileSync(join(host.hw, "owner"), "utf8").split("\n")[1]);
  shells.push(pid);
  return pid;
}

const look = (): unknown => host.ask({ lock: ask(lockState, null) })["lock"];
const end = (pid: number): number => host.run(lines([stateFolder(false), endSession(pid)])).code;

test("a host that no run has locked", () => {
  expect(look()).toMatchObject({ isHeld: false });
  expect(end(process.pid), "nobody has the lock").toBe(3);
});

test("a run that somebody is behind is told from one that nobody is behind, which is ended", async () => {
  await hold("sh");
  const owner = "ann@desk pid 1 since noon";
  expect(look()).toMatchObject({ isHeld: true, owner, run: "stuck" });
  expect(look()).not.toMatchObject({ by: "" });
  for (const pid of shells.splice(0)) process.kill(pid, "SIGKILL");
  // the shell between ends at once, so that the one that has the lock belongs to nobody
  const pid = await hold("sh", "-c", `setsid sh "$0" &`);
  expect(look()).toMatchObject({ isHeld: true, owner, run: "stuck", pid, by: "" });
  expect(end(pid)).toBe(0);
  expect(look()).toMatchObject({ isHeld: false });
});
