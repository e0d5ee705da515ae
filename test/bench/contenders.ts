import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../lab/lab.ts";
import { findingNothing, shellWords, sshTo } from "./commands.ts";
import type { Site } from "./fit-out.ts";
import { measured, type Usage } from "./measured.ts";
import type { Contender } from "./turns.ts";

/** Where Debian's ansible-mitogen puts its strategies. */
const MITOGEN = "/usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy";

// All that are installed here; ssh is first, as the others are held against it.
export async function contenders(lab: Lab, site: Site, quick: boolean): Promise<Contender[]> {
  const all: Contender[] = [
    {
      name: "`ssh host true`, in parallel",
      run: () => measured(["sh", "-c", allAtOnce(lab)]),
    },
    { name: "hullwright apply", run: () => findingNothing("containerd.yml", site.inventory) },
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

// A line of shell that logs into all hosts at once, and fails where one login does.
function allAtOnce(lab: Lab): string {
  const logins = lab.hosts.map(
    ({ ip }) => `${shellWords([...sshTo(lab, ip), "true"])} & p="$p $!"`,
  );
  return `${logins.join("\n")}\nfor one in $p; do wait $one || exit; done`;
}

// Runs the playbook for Ansible with as many forks as hosts. No connection outlives a run, as none of the others' does.
async function ansible(
  lab: Lab,
  site: Site,
  settings: string[] = [],
  mayChange = false,
): Promise<Usage> {
  const sockets = mkdtempSync(join(tmpdir(), "hullwright-bench-"));
  const env = [
    `ANSIBLE_FORKS=${lab.hosts.length}`,
    "ANSIBLE_PIPELINING=1",
    `ANSIBLE_SSH_CONTROL_PATH_DIR=${sockets}`,
    "ANSIBLE_NOCOLOR=1",
    ...settings,
  ];
  const usage = await measured([
    "env",
    ...env,
    "ansible-playbook",
    "-i",
    site.inventory,
    site.ansible,
  ]);
  if (!mayChange && /changed=[1-9]/.test(usage.stdout))
    throw new Error(`Ansible had something to change:\n${usage.stdout}`);
  return usage;
}
