import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLab, type Lab } from "../../lab/lab.ts";
import { findingNothing, laid } from "../commands.ts";
import { measured } from "../measured.ts";
import type { Section } from "../section.ts";
import { takeTurns, usageTable, type Contender } from "../turns.ts";

/** Held against the many, to tell what each more costs. */
const FEW = 100;
const HOSTS = 4;
const AT_ONCE = 50;

const PLAY = [
  {
    hosts: "all",
    gather_facts: false,
    tasks: [
      { file: { path: "/etc", state: "directory" } },
      { copy: { dest: "/srv/one", content: "one\n" } },
    ],
  },
];

/** Where the ports begin under which each host answers many times, so that each name is a machine. */
const FIRST_PORT = 10_000;

/** How a host is reached. */
interface Address {
  ansible_host: string;
  ansible_port: number;
}

// The names of an inventory, all of them of few hosts, each with a port of its own.
function names(lab: Lab, count: number): Record<string, Address> {
  const address = (i: number): Address => ({
    ansible_host: lab.hosts[i % lab.hosts.length]!.ip,
    ansible_port: FIRST_PORT + i,
  });
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`n${String(i).padStart(5, "0")}`, address(i)]),
  );
}

// The keys of the hosts, whatever their ports.
function keysOfAllPorts(lab: Lab): string {
  return readFileSync(lab.knownHosts, "utf8").replaceAll(/^(\S+) /gm, "[$1]:* ");
}

// An inventory of so many names.
function inventoryOf(lab: Lab, count: number, knownHosts: string): unknown {
  const vars = {
    ansible_user: "root",
    ansible_ssh_private_key_file: lab.keyFile,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${knownHosts}`,
  };
  return { all: { vars, hosts: names(lab, count) } };
}

// Plain ssh to all names, so many at once.
function plainSsh(lab: Lab, ssh: string, count: number): Contender {
  const input = Object.values(names(lab, count))
    .map((one) => `ssh://root@${one.ansible_host}:${String(one.ansible_port)}\n`)
    .join("");
  const each = ["xargs", "-P", String(AT_ONCE), "-I{}", "ssh", "-F", ssh, "{}", "true"];
  return { name: `\`xargs -P ${AT_ONCE} ssh\``, run: () => measured(each, { input }) };
}

// clush of Debian's clustershell, where it is installed. A name of it stands for an address once: it gets each of the few only once.
function clush(lab: Lab, ssh: string): Contender[] {
  if (!existsSync("/usr/bin/clush")) return [];
  const nodes = lab.hosts.map(({ ip }) => ip).join(",");
  const argv = ["/usr/bin/clush", "-f", String(AT_ONCE), "-o", `-F ${ssh}`, "-l", "root", "-w"];
  return [{ name: `clush, ${HOSTS} nodes alone`, run: () => measured([...argv, nodes, "true"]) }];
}

export const manyNames: Section = {
  name: "names",
  title: "Many names, nothing to do",
  async measure({ rounds, names: count }) {
    const lab = await startLab({ hosts: HOSTS });
    try {
      const folder = mkdtempSync(join(tmpdir(), "hullwright-bench-"));
      for (const host of lab.hosts)
        await host.must(
          "printf 'MaxStartups 1000\\n' > /etc/ssh/sshd_config.d/bench.conf; systemctl reload ssh; echo one > /srv/one; " +
            `iptables -t nat -A PREROUTING -p tcp --dport ${String(FIRST_PORT)}:$((${String(FIRST_PORT)} + ${String(count)})) -j REDIRECT --to-ports 22`,
        );
      const knownHosts = laid(folder, "known_hosts", keysOfAllPorts(lab));
      const ssh = laid(
        folder,
        "ssh_config",
        `Host *\n  IdentityFile ${lab.keyFile}\n  UserKnownHostsFile ${lab.knownHosts} ${knownHosts}\n  BatchMode yes\n`,
      );
      const playbook = laid(folder, "play.yml", PLAY);
      const inventory = laid(folder, "hosts.json", inventoryOf(lab, count, knownHosts));
      const few = laid(folder, "few.json", inventoryOf(lab, FEW, knownHosts));
      const own = (name: string, hosts: string): Contender => ({
        name,
        run: () => findingNothing(playbook, hosts, ["--forks", String(AT_ONCE)]),
      });
      const medians = await takeTurns(
        [
          plainSsh(lab, ssh, count),
          own(`hullwright apply, ${count} names`, inventory),
          own(`hullwright apply, ${FEW} names`, few),
          ...clush(lab, ssh),
        ],
        rounds,
      );
      const [many, some] = [
        medians.get(`hullwright apply, ${count} names`)!,
        medians.get(`hullwright apply, ${FEW} names`)!,
      ];
      const a = ((many.memory - some.memory) / (count - FEW)) * 1024;
      return [
        `Names of ${HOSTS} hosts, a directory and a file to check, ${AT_ONCE} at once; medians of ${rounds} rounds. Goal: at most half the time of ssh, and less`,
        `than 60 KiB for each name. From ${FEW} to ${count} names, each additional name took ${a.toFixed(0)} KiB and ${(((many.wall - some.wall) / (count - FEW)) * 1000).toFixed(1)} ms.`,
        "",
        ...usageTable(medians),
      ];
    } finally {
      await lab.stop();
    }
  },
};
