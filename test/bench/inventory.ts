import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cell, hullwright, inDirectory, measured } from "./used.ts";

const LISTED = [5_000, 50_000] as const;
const LOOKING = [500, 1_000, 2_000] as const;

// An inventory with variables of hosts and of groups, some in two groups.
function inventory(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `n${String(index).padStart(5, "0")}`);
  const web = names.map(
    (name, index) => `${name} rack=${index % 40} ip=10.0.${index >> 8}.${index & 255}`,
  );
  return [
    "[web]",
    ...web,
    "[db]",
    ...names.filter((_, index) => index % 10 === 0),
    "[site:children]\nweb\ndb\n[web:vars]\nport=80\nproxy=http://proxy:3128",
    "[db:vars]\ndbport=5432\n[all:vars]\nansible_user=deploy\nntp=pool\n",
  ].join("\n");
}

// Measures the reading and listing of large inventories, beside ansible-inventory.
export async function listingSection(): Promise<string[]> {
  return inDirectory((directory) => {
    writeFileSync(join(directory, "play.yml"), JSON.stringify([{ hosts: "all", tasks: [] }]));
    const rows = LISTED.map((count) => {
      writeFileSync(join(directory, "hosts.ini"), inventory(count));
      const list = ["plan", "play.yml", "-i", "hosts.ini", "--list-hosts"];
      const theirs = measured(directory, ["ansible-inventory", "-i", "hosts.ini", "--list"]);
      return { count, ours: hullwright(directory, list), theirs };
    });
    return Promise.resolve([
      "## Large inventories",
      "",
      "`hullwright plan --list-hosts` beside `ansible-inventory --list`, with variables of hosts and groups.",
      "",
      "| hosts | seconds | MB | ansible-inventory, seconds | MB | ratio of seconds |",
      "|---:|---:|---:|---:|---:|---:|",
      ...rows.map(
        ({ count, ours, theirs }) =>
          `| ${count} | ${cell(ours.wall, 2)} | ${cell(ours.megabytes, 0)} | ${cell(theirs.wall, 1)} | ${cell(theirs.megabytes, 0)} | ${cell(ours.wall / theirs.wall, 3)} |`,
      ),
    ]);
  });
}

// Measures hosts of which one looks at the variables of all.
export async function hostvarsSection(): Promise<string[]> {
  const tasks = [
    { set_fact: { ip: "10.0.0.{{ inventory_hostname[-2:] | int }}" } },
    {
      debug: { msg: "{{ groups.all | map('extract', hostvars, 'ip') | list | length }}" },
      run_once: true,
    },
  ];
  return inDirectory((directory) => {
    writeFileSync(
      join(directory, "play.yml"),
      JSON.stringify([{ hosts: "all", gather_facts: false, tasks }]),
    );
    const rows = LOOKING.map((count) => {
      writeFileSync(join(directory, "hosts"), `n[1:${count}] ansible_connection=local\n`);
      return { count, used: hullwright(directory, ["plan", "play.yml", "-i", "hosts"]) };
    });
    return Promise.resolve([
      "## hostvars of all hosts",
      "",
      "A task that runs once looks at a variable of every host.",
      "",
      "| hosts | CPU, seconds | MB |",
      "|---:|---:|---:|",
      ...rows.map(
        ({ count, used }) => `| ${count} | ${cell(used.cpu, 2)} | ${cell(used.megabytes, 0)} |`,
      ),
    ]);
  });
}
