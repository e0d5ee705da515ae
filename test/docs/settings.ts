import { ANSIBLE_SETTINGS } from "../../src/cli/settings/ansible-settings.ts";

const WORDS = {
  honoured: "honoured",
  needless: "needless",
  warned: "told in a warning",
  refused: "**refused**",
};

// The page of all settings of Ansible.
export function settingsPage(): string {
  const groups = new Map<string, { use: keyof typeof WORDS; note: string; names: string[] }>();
  for (const [name, { use, note, usual }] of ANSIBLE_SETTINGS) {
    const but = usual.filter(Boolean).map((value) => `\`${value}\``);
    const whole = but.length === 0 ? note : `${note} Without effect, hence taken: ${but.join(", ")}.`;
    const group = groups.get(`${use} ${whole}`) ?? { use, note: whole, names: [] };
    group.names.push(name.includes(".") ? `\`[${name.replace(".", "] ")}\`` : `\`${name}\``);
    groups.set(`${use} ${whole}`, group);
  }
  const rows = [...groups.values()].map(
    ({ use, note, names }) => `| ${names.join(", ")} | ${WORDS[use]} | ${note} |`,
  );
  return [
    "# Settings of Ansible",
    "",
    "Written by `npm run docs`. Hullwright reads the `ansible.cfg` that Ansible would read: the one that `ANSIBLE_CONFIG` names, else that of the",
    "current directory (unless everybody may write there), else `~/.ansible.cfg`, else `/etc/ansible/ansible.cfg`. The environment wins over it.",
    "",
    "Every setting of ansible-core (`ansible-config list -t all`) has its line; `[galaxy]` is for another command. What is told in a warning has no effect",
    "here, and a run says so once; so is what ansible-core does not know. What is refused would make the run another one: it ends before any host is asked.",
    "Variables of hosts are in [variables and options of connections](connection-variables.md).",
    "",
    "| Setting | Here | |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
