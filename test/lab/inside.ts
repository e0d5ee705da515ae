import { run, type Output } from "./command.ts";
import type { HostState } from "./state.ts";

const clean = [
  "env",
  "-i",
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "HOME=/root",
  "LANG=C.UTF-8",
];

// Runs a line of shell as root in a host's namespaces; what it leaves behind is not in the host's cgroups,
// so a daemon is to be started through systemd (`systemctl`, `systemd-run`).
export async function inside(host: HostState, command: string, input = ""): Promise<Output> {
  if (host.leader === undefined) throw new Error(`${host.name} is off`);
  return await run(
    [
      "nsenter",
      "-t",
      String(host.leader.pid),
      "-m",
      "-u",
      "-i",
      "-n",
      "-p",
      "-C",
      ...clean,
      "sh",
      "-c",
      command,
    ],
    input,
  );
}
