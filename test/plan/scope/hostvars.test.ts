import { expect, test } from "vitest";
import { testFleet } from "../fleet.ts";

/** Tasks of two hosts or more that look at each other: on which hosts they wait for those others. */
interface Case {
  name: string;
  /** What `seen` is in the inventory, for all hosts. */
  seen: string;
  msg: string;
  waits: string[];
}

const cases: Case[] = [
  {
    name: "each host that reads what a task registered on another one waits for it",
    seen: "x",
    msg: "{{ hostvars.a.made.stdout }}",
    waits: ["b", "c"],
  },
  {
    name: "so does each that reads it through a variable, which is rendered once for all of them",
    seen: "{{ made.stdout }}",
    msg: "{{ hostvars.a.seen }}",
    waits: ["b", "c"],
  },
  {
    name: "and through all variables of the other host",
    seen: "{{ made.stdout }}",
    msg: "{{ hostvars.a.vars.seen }}",
    waits: ["b", "c"],
  },
  {
    name: "none waits that reads only what the inventory says",
    seen: "x",
    msg: "{{ hostvars.a.seen }}",
    waits: [],
  },
];

test.each(cases)("$name", async ({ seen, msg, waits }) => {
  const playbook = `
- hosts: all
  gather_facts: false
  tasks:
    - { name: make, shell: "true", register: made, changed_when: false }
    - { name: tell, debug: { msg: "${msg}" } }`;
  const fleet = testFleet(playbook, { all: ["a", "b", "c"] }, { seen });
  try {
    await fleet.run.plan(() => undefined);
    const told = fleet.run.hosts.flatMap(({ host, walk }) =>
      walk!.entries
        .filter(({ task }) => task === "tell")
        .map((entry) => [host.name, entry] as const),
    );
    expect(told.filter(([, { barrier }]) => barrier).map(([name]) => name)).toEqual(waits);
  } finally {
    await fleet.close();
  }
});
