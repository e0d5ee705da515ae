import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { makeCgroups, removeCgroups, thawCgroups } from "./cgroups.ts";
import { run, until } from "./command.ts";
import { inside } from "./inside.ts";
import { end, firstInside, identify, isAlive } from "./processes.ts";
import type { HostState } from "./state.ts";

// The shell enters the host's cgroups before it becomes systemd-nspawn, so that all its children are born there.
const enter = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 1; shift; done; shift; exec "$@"';

/** Has the host see cgroup v2 alone, whatever the outer machine has: systemd 258 and newer run with nothing else. */
const UNIFIED = { SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" };

// The words that boot the host's own systemd; none is needed on the outer machine.
function nspawn(host: HostState, bridge: string): string[] {
  const binds = [
    ["/dev/fuse", "/dev/fuse"],
    ...host.binds.map(([inside, outside]) => [outside, inside]),
  ];
  return [
    "systemd-nspawn",
    "-q",
    "--boot",
    "--register=no",
    "--keep-unit",
    "-D",
    host.root,
    "-M",
    host.machine,
    `--hostname=${host.name}`,
    `--network-bridge=${bridge}`,
    "--capability=all",
    "--system-call-filter=@keyring bpf",
    "--resolv-conf=off",
    "--timezone=off",
    "--link-journal=no",
    ...binds.map(([from, to]) => `--bind=${String(from)}:${String(to)}`),
  ];
}

// Switches a host on, and returns when it has booted and its sshd answers; its console is kept in its folder. `record` is
// called as soon as there is a process to end, so that a lab whose owner dies right then can be cleaned up.
export async function bootHost(host: HostState, bridge: string, record: () => void): Promise<void> {
  const console = openSync(join(host.folder, "console.log"), "a");
  const words = ["-c", enter, "sh", ...makeCgroups(host.machine), "--", ...nspawn(host, bridge)];
  const child = spawn("sh", words, {
    detached: true,
    stdio: ["ignore", console, console],
    env: host.unified ? { ...process.env, ...UNIFIED } : process.env,
  });
  closeSync(console);
  child.unref();
  if (child.pid === undefined) throw new Error("sh cannot be started");
  host.supervisor = identify(child.pid);
  record();
  host.leader = identify(await until(`${host.name} to boot`, () => leaderOf(host)));
  record();
  await until(`${host.name} to answer on port 22`, () => banner(host.ip));
  // until the boot is over, pam_nologin sends everyone but root away
  await inside(host, "systemctl is-system-running --wait");
}

// Finds the host's PID 1, or says what the console says when the boot has failed.
function leaderOf(host: HostState): number | undefined {
  const supervisor = host.supervisor;
  if (supervisor === undefined || !isAlive(supervisor)) {
    throw new Error(
      `${host.name} did not boot:\n${readFileSync(join(host.folder, "console.log"), "utf8").slice(-2000)}`,
    );
  }
  return firstInside(supervisor.pid);
}

// Asks for the greeting of sshd; nothing within a blink is no answer yet.
function banner(ip: string): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(22, ip);
    const finish = (answer: true | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(150, () => {
      finish(undefined);
    });
    socket.once("error", () => {
      finish(undefined);
    });
    socket.once("data", () => {
      finish(true);
    });
  });
}

// Cuts the power: every process of the host ends at once, its disk stays as it is.
export async function cutPower(host: HostState): Promise<void> {
  thawCgroups(host.machine);
  for (const victim of [host.leader, host.supervisor]) {
    if (victim !== undefined) await end(victim);
  }
  await forget(host);
}

// Shuts the host down as `systemctl poweroff` does (SIGRTMIN+4), and cuts the power if it takes too long.
export async function shutDown(host: HostState, limit = 20_000): Promise<void> {
  const { leader, supervisor } = host;
  if (leader !== undefined && supervisor !== undefined && isAlive(leader)) {
    process.kill(leader.pid, 34 + 4);
    await until(
      `${host.name} to shut down`,
      () => (isAlive(supervisor) ? undefined : true),
      limit,
    ).catch(() => undefined);
  }
  await cutPower(host);
}

// Boots a host again once it has gone down by itself, as a machine does whose system reboots.
export async function bootAgain(
  host: HostState,
  bridge: string,
  record: () => void,
): Promise<void> {
  const { supervisor } = host;
  if (supervisor !== undefined)
    await until(`${host.name} to go down`, () => (isAlive(supervisor) ? undefined : true), 300_000);
  await cutPower(host);
  await bootHost(host, bridge, record);
}

// Clears what the outer machine kept of a host that is off.
async function forget(host: HostState): Promise<void> {
  delete host.leader;
  delete host.supervisor;
  await until(
    `the last processes of ${host.name} to end`,
    () => removeCgroups(host.machine) || undefined,
  );
  await removeLink(`vb-${host.machine}`);
  rmSync(`/run/systemd/nspawn/propagate/${host.machine}`, { recursive: true, force: true });
}

// Takes away the outer end of a host's network cable: the kernel does so itself only some time after the last process of
// the host has ended, and until then a host of the same name cannot boot.
async function removeLink(link: string): Promise<void> {
  await run(["ip", "link", "delete", link]);
  await until(`${link} to go away`, () => !existsSync(`/sys/class/net/${link}`) || undefined);
}
