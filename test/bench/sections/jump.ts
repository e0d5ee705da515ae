import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLab } from "../../lab/lab.ts";
import { findingNothing, laid } from "../commands.ts";
import { measured } from "../measured.ts";
import type { Section } from "../section.ts";
import { takeTurns, usageTable } from "../turns.ts";

const NAMES = 100;
const AT_ONCE = 50;
const PLAY = [
  {
    hosts: "all",
    gather_facts: false,
    tasks: [{ file: { path: "/etc", state: "directory" } }],
  },
];

export const behindJump: Section = {
  name: "jump",
  title: "Names behind a jump host, nothing to do",
  async measure({ rounds }) {
    const lab = await startLab({ hosts: ["jump", "behind"] });
    try {
      const [jump, behind] = lab.hosts;
      const folder = mkdtempSync(join(tmpdir(), "hullwright-bench-"));
      const ssh = laid(
        folder,
        "ssh_config",
        `Host *
  User root
  IdentityFile ${lab.keyFile}
  UserKnownHostsFile ${lab.knownHosts}
  BatchMode yes
Host ${jump!.ip}
  ControlMaster auto
  ControlPath ${folder}/%C
  ControlPersist 60
`,
      );
      const playbook = laid(folder, "play.yml", PLAY);
      const hosts = Object.fromEntries(
        Array.from({ length: NAMES }, (_, i) => [`n${i}`, { ansible_host: behind!.ip }]),
      );
      const ansible_ssh_common_args = `-F ${ssh} -o ProxyJump=${jump!.ip}`;
      const inventory = laid(folder, "hosts.json", {
        all: { vars: { ansible_ssh_common_args }, hosts },
      });
      const each = ["xargs", "-P", String(AT_ONCE), "-I{}", "ssh", "-F", ssh, "-J", jump!.ip];
      const input = `${behind!.ip}\n`.repeat(NAMES);
      const medians = await takeTurns(
        [
          {
            name: `\`xargs -P ${AT_ONCE} ssh -J\`, with a master connection to the jump host`,
            run: () => measured([...each, "{}", "true"], { input }),
          },
          {
            name: "hullwright apply",
            run: () => findingNothing(playbook, inventory, ["--forks", String(AT_ONCE)]),
          },
        ],
        rounds,
      );
      return [
        `${NAMES} names of one host behind another, one directory to check, ${AT_ONCE} at once; medians of ${rounds} rounds. Hullwright logs in on the jump host`,
        "once a run, as its sshd's log shows in the tests; ssh's connection to it is made before the clock starts.",
        "",
        ...usageTable(medians),
      ];
    } finally {
      await lab.stop();
    }
  },
};
