import type { ChildProcess } from "node:child_process";
import { until } from "../lab/command.ts";
import type { LabHost } from "../lab/host.ts";
import type { Way } from "./points.ts";

/** All that a fault may lay hands on. */
export interface Victim {
  host: LabHost;
  way: Way;
  tool: ChildProcess;
  /** A directory of the host with a file system of its own. */
  disk: string;
}

/** Something that befalls a run in the middle of it. */
export interface Interruption {
  name: string;
  /** It hits one of the host's disks, so that the host needs some of its own. */
  ofDisk?: true;
  /** Containers end with it, too. */
  endsContainers?: true;
  /** Befalls; what it does has been done when it answers. */
  strike(victim: Victim): unknown;
  /** Takes away what stays of it, once the tool has ended. */
  mend?(victim: Victim): unknown;
}

/** Ends all processes that came in over ssh, but for sshd's own. */
const END_SHELLS = `below() { for p in $(ps -o pid= --ppid "$1"); do below "$p"; echo "$p"; done; }
for s in $(pgrep -f '^sshd: .*@notty'); do for p in $(ps -o pid= --ppid "$s"); do case $(ps -o args= -p "$p") in sshd:*) ;; *) kill -9 "$p" $(below "$p") 2>/dev/null ;; esac; done; done; true`;

/** What may happen to a run. */
export const INTERRUPTIONS: readonly Interruption[] = [
  { name: "connection cut", strike: ({ way }) => way.cut() },
  {
    name: "packets lost",
    strike: ({ way }) => way.lose(),
    // in the end the host's own TCP gives up
    mend: ({ way }) => way.cut(),
  },
  { name: "tool killed", strike: ({ tool }) => void tool.kill("SIGKILL") },
  { name: "shell killed", strike: ({ host }) => host.run(END_SHELLS) },
  {
    name: "power off and on",
    endsContainers: true,
    async strike({ host, way }) {
      await host.cutPower();
      way.cut();
      await host.start();
    },
  },
  {
    name: "disk full",
    ofDisk: true,
    strike: ({ host, disk }) =>
      host.run(
        `fallocate -l $(($(stat -f -c '%a * %S' ${disk}) - 65536)) ${disk}/.fill; dd if=/dev/zero bs=1k >> ${disk}/.fill 2>/dev/null`,
      ),
    mend: ({ host, disk }) => host.must(`rm -f ${disk}/.fill`),
  },
  {
    name: "disk read-only",
    ofDisk: true,
    // a disk that is written to cannot become so right then
    strike: ({ host, disk }) =>
      host.run(
        `for i in $(seq 100); do mount -o remount,ro ${disk} 2>/dev/null && exit; sleep 0.02; done`,
      ),
    mend: ({ host, disk }) => writable(host, disk),
  },
];

// Makes a disk writable again, whether or not it was read-only.
async function writable(host: LabHost, disk: string): Promise<void> {
  await until(`${disk} to be writable`, async () => {
    const { code } = await host.run(
      `mount -o remount,rw ${disk} && : > ${disk}/.w && rm ${disk}/.w`,
    );
    return code === 0 ? true : undefined;
  });
}
