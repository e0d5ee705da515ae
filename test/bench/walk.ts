import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startLab } from "../lab/lab.ts";
import { cell, hullwright, inDirectory, type Used } from "./used.ts";

/** How many commands are done on one host. */
const COMMANDS = [200, 800] as const;

/** How many hosts do tasks that need no host. */
const HOSTS = [100, 1000] as const;

// Commands of which each waits for the one before, so that each is planned anew.
function commands(count: number): string {
  const tasks = Array.from({ length: count }, (_, index) => ({
    name: `command ${index}`,
    command: "true",
    register: `r${index}`,
    ...(index > 0 && { when: `r${index - 1}.rc == 0` }),
  }));
  return JSON.stringify([{ hosts: "all", gather_facts: false, tasks }]);
}

// A hundred tasks that only the controller works at.
function localTasks(): string {
  const tasks = Array.from({ length: 50 }, (_, index) => [
    { name: `fact ${index}`, set_fact: { [`f${index}`]: `{{ base }}-${index}` } },
    {
      name: `tell ${index} {{ inventory_hostname }}`,
      debug: { msg: `{{ f${index} }} is {{ port }}` },
      when: `f${index} is defined`,
    },
  ]).flat();
  const vars = { base: "{{ inventory_hostname }}-x", port: 80 };
  return JSON.stringify([{ hosts: "all", gather_facts: false, vars, tasks }]);
}

// Measures many commands on one real host.
export async function commandsSection(): Promise<string[]> {
  const lab = await startLab({ hosts: 1 });
  try {
    return await inDirectory(async (directory) => {
      writeFileSync(join(directory, "hosts.yml"), lab.inventory());
      const rows = COMMANDS.map((count): [number, Used] => {
        writeFileSync(join(directory, "play.yml"), commands(count));
        return [count, hullwright(directory, ["apply", "play.yml", "-i", "hosts.yml", "--yes"])];
      });
      const [[, few], [, many]] = rows as [[number, Used], [number, Used]];
      return [
        "## Many commands on one host",
        "",
        "Each looks at the result of the one before, so that it is planned, sent and read by itself.",
        "",
        "| commands | seconds | CPU of the controller, seconds | MB |",
        "|---:|---:|---:|---:|",
        ...rows.map(
          ([count, { wall, cpu, megabytes }]) =>
            `| ${count} | ${cell(wall, 1)} | ${cell(cpu, 2)} | ${cell(megabytes, 0)} |`,
        ),
        "",
        `Four times as many take ${cell(many.cpu / few.cpu, 1)} times the CPU.`,
      ];
    });
  } finally {
    await lab.stop();
  }
}

// Measures tasks that need no host, on few and on many hosts.
export async function tasksSection(): Promise<string[]> {
  return inDirectory((directory) => {
    writeFileSync(join(directory, "play.yml"), localTasks());
    writeFileSync(join(directory, "none.yml"), JSON.stringify([{ hosts: "all", tasks: [] }]));
    const rows = HOSTS.map((count) => {
      writeFileSync(join(directory, "hosts"), `n[1:${count}]\n`);
      const used = hullwright(directory, ["apply", "play.yml", "-i", "hosts", "--yes"]);
      return { count, used, each: (used.cpu / count) * 1000 };
    });
    return Promise.resolve([
      "## A hundred tasks that need no host",
      "",
      "Fifty `set_fact` and fifty `debug` with a condition, for many hosts; Node's own start is counted.",
      "",
      "| hosts | seconds | CPU, seconds | CPU a host, ms | MB |",
      "|---:|---:|---:|---:|---:|",
      ...rows.map(
        ({ count, used, each }) =>
          `| ${count} | ${cell(used.wall, 1)} | ${cell(used.cpu, 2)} | ${cell(each, 1)} | ${cell(used.megabytes, 0)} |`,
      ),
    ]);
  });
}
