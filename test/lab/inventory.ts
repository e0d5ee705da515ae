import { dump } from "js-yaml";
import type { HostState } from "./state.ts";

// Writes the hosts as an inventory that Ansible reads too; keys of hosts are checked against the lab's own file.
export function inventoryText(
  hosts: HostState[],
  keyFile: string,
  knownHosts: string,
  vars: Record<string, unknown>,
): string {
  const reach = {
    ansible_user: "root",
    ansible_ssh_private_key_file: keyFile,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${knownHosts}`,
  };
  const addresses = Object.fromEntries(hosts.map(({ name, ip }) => [name, { ansible_host: ip }]));
  return dump({ all: { vars: { ...reach, ...vars }, hosts: addresses } }, { lineWidth: -1 });
}
