import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLab, type Lab } from "../../lab/lab.ts";
import { startProxy } from "../../lab/proxy.ts";
import { applying, laid, sshTo } from "../commands.ts";
import { measured } from "../measured.ts";
import type { Section } from "../section.ts";

/** How late each round trip is, in milliseconds. */
const DELAYS = [50, 200];

/** Ways of the program and of ssh to one host. */
interface Way {
  name: string;
  inventory: string;
  ssh: string[];
}

const PLAY = (gathers: boolean): unknown => [
  {
    hosts: "all",
    gather_facts: gathers,
    tasks: [
      { file: { path: "/etc", state: "directory" } },
      { copy: { dest: "/srv/one", content: "one\n" } },
      ...(gathers ? [{ file: { path: "/{{ ansible_system | lower }}", state: "absent" } }] : []),
    ],
  },
];

// The way through the proxy, to the host itself or by way of another one.
function ways(lab: Lab, folder: string, port: number): Way[] {
  const [host, jump] = lab.hosts;
  const vars = (more: object): unknown => ({
    all: {
      hosts: {
        one: {
          ansible_user: "root",
          ansible_ssh_private_key_file: lab.keyFile,
          ansible_ssh_common_args: "",
          ...more,
        },
      },
    },
  });
  const known = `-o UserKnownHostsFile=${lab.knownHosts}`;
  const direct = vars({
    ansible_host: "127.0.0.1",
    ansible_port: port,
    ansible_ssh_common_args: `${known} -o HostKeyAlias=${host!.ip}`,
  });
  // ssh goes on from the jump host itself: the delay stands before that
  const jumpConfig = laid(
    folder,
    "jump_config",
    `Host jump\n  HostName 127.0.0.1\n  Port ${port}\n  HostKeyAlias ${host!.ip}\nHost *\n  User root\n  IdentityFile ${lab.keyFile}\n  UserKnownHostsFile ${lab.knownHosts}\n  BatchMode yes\nHost ${jump!.ip}\n  ProxyJump jump\n`,
  );
  const behind = vars({
    ansible_host: jump!.ip,
    ansible_ssh_common_args: `-F ${jumpConfig}`,
  });
  return [
    {
      name: "direct",
      inventory: laid(folder, "direct.json", direct),
      ssh: sshTo(lab, "127.0.0.1", ["-p", String(port), "-o", `HostKeyAlias=${host!.ip}`]),
    },
    {
      name: "through a jump host",
      inventory: laid(folder, "jump.json", behind),
      ssh: ["ssh", "-F", jumpConfig, `root@${jump!.ip}`],
    },
  ];
}

export const roundTrips: Section = {
  name: "round-trips",
  title: "Round trips",
  async measure({ rounds }) {
    const lab = await startLab({ hosts: 2 });
    const folder = mkdtempSync(join(tmpdir(), "hullwright-bench-"));
    const lines = [
      "A proxy delays what is sent each way. Turns: how often the direction changed towards the host, login included. Rounds: programs that",
      `the host was sent after login. Medians of ${rounds} rounds; nothing to do.`,
      "",
      "| way | delay of a round trip, ms | | seconds | ratio | turns | rounds |",
      "|---|---:|---|---:|---:|---:|---:|",
    ];
    try {
      for (const host of lab.hosts) await host.must("echo one > /srv/one");
      const plays = [
        { name: "hullwright apply", path: laid(folder, "plain.yml", PLAY(false)) },
        {
          name: "hullwright apply, a path made of facts",
          path: laid(folder, "facts.yml", PLAY(true)),
        },
      ];
      for (const delay of DELAYS) {
        const proxy = await startProxy({ host: lab.hosts[0]!.ip }, delay / 2);
        try {
          for (const { name, inventory, ssh } of ways(lab, folder, proxy.port)) {
            const all = [
              {
                name: "`ssh host true`",
                run: async () => ({ ...(await measured([...ssh, "true"])), after: "" }),
              },
              ...plays.map((play) => ({
                name: play.name,
                run: async () => {
                  const usage = await applying(play.path, inventory, 0);
                  return { ...usage, after: String(Object.values(usage.told.hosts)[0]!.rounds) };
                },
              })),
            ];
            let floor: number | undefined;
            for (const one of all) {
              const seen: { wall: number; turns: number; after: string }[] = [];
              for (let round = 0; round < rounds; round++) {
                const before = proxy.turns;
                const { wall, after } = await one.run();
                seen.push({ wall, turns: proxy.turns - before, after });
              }
              seen.sort((a, b) => a.wall - b.wall);
              const { wall, turns, after } = seen[Math.floor((seen.length - 1) / 2)]!;
              floor ??= wall;
              lines.push(
                `| ${name} | ${delay} | ${one.name} | ${wall.toFixed(2)} | ${(wall / floor).toFixed(2)} | ${turns} | ${after} |`,
              );
            }
          }
        } finally {
          await proxy.close();
        }
      }
      return lines;
    } finally {
      await lab.stop();
    }
  },
};
