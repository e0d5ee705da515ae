import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLab, type Lab } from "../../lab/lab.ts";
import { laid } from "../commands.ts";
import { measured } from "../measured.ts";
import type { Section } from "../section.ts";
import { takeTurns, usageTable, type Contender } from "../turns.ts";

const ENTRIES = 200;
/** What takes less than a second is measured so many times a round, in turns. */
const TURNS = 5;
const PLAY = [
  {
    hosts: "all",
    gather_facts: false,
    tasks: [{ file: { path: "/etc", state: "directory" } }],
  },
];

// A configuration of so many entries, the lab's hosts the last of them, each with an address, a user and a key of its own.
function configOf(lab: Lab): string {
  const entry = (name: string, address: string): string =>
    `Host ${name} ${name}.example.org\n  HostName ${address}\n  User root\n  IdentityFile ${lab.keyFile}\n  UserKnownHostsFile ${lab.knownHosts}\n  BatchMode yes\n`;
  const others = Array.from({ length: ENTRIES - lab.hosts.length }, (_, i) =>
    entry(`other${i}`, `192.0.2.${i % 250}`),
  );
  return [...others, ...lab.hosts.map(({ name, ip }) => entry(name, ip))].join("");
}

// ssh and Hullwright, both with the configuration of a home or without any.
function pair(
  what: string,
  home: string,
  ssh: string[],
  names: string[],
  args: string[],
): Contender[] {
  const program = ["env", `HOME=${home}`, process.execPath, "dist/main.js", "apply", ...args];
  const input = names.map((name) => `${name}\n`).join("");
  const each = ["xargs", "-P", String(names.length), "-I{}", "ssh", ...ssh, "{}", "true"];
  return [
    { name: `\`ssh host true\`, in parallel, ${what}`, run: () => measured(each, { input }) },
    { name: `hullwright apply, ${what}`, run: () => measured([...program, "--yes"]) },
  ];
}

export const largeConfig: Section = {
  name: "ssh-config",
  title: `A configuration of ssh with ${ENTRIES} entries, nothing to do`,
  async measure({ rounds, hosts }) {
    const lab = await startLab({ hosts });
    const folder = mkdtempSync(join(tmpdir(), "hullwright-bench-"));
    try {
      for (const name of ["with", "without"])
        mkdirSync(join(folder, name, ".ssh"), { recursive: true });
      const config = laid(join(folder, "with", ".ssh"), "config", configOf(lab));
      const playbook = laid(folder, "play.yml", PLAY);
      const names = lab.hosts.map(({ name }) => name);
      const bare = laid(folder, "bare.json", {
        all: { hosts: Object.fromEntries(names.map((name) => [name, null])) },
      });
      const whole = laid(folder, "whole.yml", lab.inventory({ ansible_user: "root" }));
      const options = ["-F", "/dev/null", "-l", "root", "-i", lab.keyFile, "-o", "BatchMode=yes"];
      const contenders = [
        ...pair(
          "without it",
          join(folder, "without"),
          [...options, "-o", `UserKnownHostsFile=${lab.knownHosts}`],
          lab.hosts.map(({ ip }) => ip),
          [playbook, "-i", whole],
        ),
        ...pair("with it", join(folder, "with"), ["-F", config], names, [playbook, "-i", bare]),
      ];
      const medians = await takeTurns(contenders, rounds, TURNS);
      const all = [...medians.values()];
      const ratio = (of: number, to: number): string => (all[of]!.wall / all[to]!.wall).toFixed(2);
      return [
        `One directory to check on ${hosts} hosts; medians of ${rounds} rounds of ${TURNS} each. Without the configuration, the inventory says where hosts are; with it,`,
        `only ssh's configuration does. Hullwright takes ${ratio(1, 0)} times as long as ssh without it, and ${ratio(3, 2)} times as long with it.`,
        "",
        ...usageTable(medians),
      ];
    } finally {
      await lab.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
