import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must } from "../lab/command.ts";
import type { Lab } from "../lab/lab.ts";
import type { Site } from "./fit-out.ts";

/** One way to do the work (or, for ssh, to do nothing). `run` fails where it changed anything. */
export interface Contender {
  name: string;
  /** Takes many seconds. */
  slow?: boolean;
  run(): Promise<unknown>;
}

/** Where Debian's ansible-mitogen puts its strategies. */
const MITOGEN = "/usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy";

// All that are installed here; ssh is first, as the others are held against it.
export async function contenders(lab: Lab, site: Site, quick: boolean): Promise<Contender[]> {
  const all: Contender[] = [
    {
      name: "`ssh host true`, in parallel",
      run: () => Promise.all(lab.hosts.map(({ ip }) => must(sshTrue(lab, ip)))),
    },
    { name: "hullwright apply", run: () => hullwright(site) },
  ];
  if (quick || !existsSync("/usr/bin/ansible-playbook")) return all;
  // their state of the hosts must be the same before they are measured
  await ansible(lab, site, [], true);
  all.push({ name: "ansible-playbook, pipelining", slow: true, run: () => ansible(lab, site) });
  if (existsSync(MITOGEN))
    all.push({
      name: "ansible-playbook, Mitogen",
      slow: true,
      run: () =>
        ansible(lab, site, [
          `ANSIBLE_STRATEGY_PLUGINS=${MITOGEN}`,
          "ANSIBLE_STRATEGY=mitogen_linear",
        ]),
    });
  return all;
}

function sshTrue(lab: Lab, ip: string): string[] {
  return [
    "ssh",
    "-i",
    lab.keyFile,
    "-o",
    `UserKnownHostsFile=${lab.knownHosts}`,
    "-o",
    "BatchMode=yes",
    `root@${ip}`,
    "true",
  ];
}

// Applies, and refuses a run that was not empty.
async function hullwright(site: Site): Promise<void> {
  const output = await must([
    process.execPath,
    "dist/main.js",
    "apply",
    "containerd.yml",
    "-i",
    site.inventory,
    "--yes",
    "--json",
  ]);
  const { totals } = JSON.parse(output) as { totals: { changes: number } };
  if (totals.changes !== 0) throw new Error(`hullwright had ${totals.changes} changes to make`);
}

// Runs the playbook for Ansible with as many forks as hosts. No connection outlives a run, as none of the others' does.
async function ansible(
  lab: Lab,
  site: Site,
  settings: string[] = [],
  mayChange = false,
): Promise<void> {
  const sockets = mkdtempSync(join(tmpdir(), "hullwright-bench-"));
  const env = [
    `ANSIBLE_FORKS=${lab.hosts.length}`,
    "ANSIBLE_PIPELINING=1",
    `ANSIBLE_SSH_CONTROL_PATH_DIR=${sockets}`,
    "ANSIBLE_NOCOLOR=1",
    ...settings,
  ];
  const output = await must([
    "env",
    ...env,
    "ansible-playbook",
    "-i",
    site.inventory,
    site.ansible,
  ]);
  if (!mayChange && /changed=[1-9]/.test(output))
    throw new Error(`Ansible had something to change:\n${output}`);
}
