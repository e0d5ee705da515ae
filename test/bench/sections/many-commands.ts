import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLab } from "../../lab/lab.ts";
import { applying, laid, sshTo } from "../commands.ts";
import { measured } from "../measured.ts";
import type { Section } from "../section.ts";
import { takeTurns, usageTable, type Contender } from "../turns.ts";

const COUNTS = [200, 800];

// A playbook of so many tasks.
function playOf(count: number): unknown {
  const tasks = Array.from({ length: count }, (_, i) => ({ command: `/bin/true ${i}` }));
  return [{ hosts: "all", gather_facts: false, tasks }];
}

export const manyCommands: Section = {
  name: "commands",
  title: "Many commands on one host",
  async measure({ rounds }) {
    const lab = await startLab({ hosts: 1 });
    try {
      const folder = mkdtempSync(join(tmpdir(), "hullwright-bench-"));
      const inventory = laid(folder, "hosts.yaml", lab.inventory());
      const login = sshTo(lab, lab.hosts[0]!.ip);
      const lines: string[] = [];
      for (const count of COUNTS) {
        const playbook = laid(folder, `play${count}.yml`, playOf(count));
        const script = Array.from({ length: count }, (_, i) => `/bin/true ${i}\n`).join("");
        const contenders: Contender[] = [
          {
            name: `${count} times \`/bin/true\` in one ssh session`,
            run: () => measured([...login, "sh -s"], { input: script }),
          },
          {
            name: `hullwright apply, ${count} tasks of command`,
            run: () => applying(playbook, inventory, count),
          },
        ];
        lines.push("", ...usageTable(await takeTurns(contenders, rounds)));
      }
      return [
        `Medians of ${rounds} rounds. Goal: at most 1.3 times the wall time of the session, and processor time that grows in proportion to the tasks.`,
        ...lines,
      ];
    } finally {
      await lab.stop();
    }
  },
};
