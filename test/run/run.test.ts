import { expect, test } from "vitest";
import { loadPlaybook } from "../../src/playbook/load/load.ts";
import { Run } from "../../src/run/run.ts";
import { testFleet } from "../plan/fleet.ts";
import { unreachedFleet } from "../plan/unreached-fleet.ts";

const PLAYBOOK = `
- hosts: all
  gather_facts: false
  tasks:
    - set_fact: { own: "{{ inventory_hostname }}" }
    - debug: { msg: "{{ groups.hosts | map('extract', hostvars, 'own') | list | length }}" }
      run_once: true
`;

// How often the variables of a host are looked up in a first walk for so many hosts, each of which looks at all others.
function lookups(count: number): number {
  const playbook = loadPlaybook(PLAYBOOK, "/test/play.yml", {
    read: () => "",
    find: () => undefined,
  });
  const fleet = unreachedFleet(
    playbook,
    Array.from({ length: count }, (_, number) => `h${number}`),
  );
  const names = fleet.begin(playbook.plays);
  const view = fleet.view([]);
  let asked = 0;
  const counted = {
    ...view,
    variables: (name: string) => {
      asked++;
      return view.variables(name);
    },
  };
  Object.assign(fleet, { view: () => counted });
  const hosts = names.map((name) => fleet.run(name, view));
  const run = new Run({
    fleet,
    playbook,
    hosts,
    find: (name) => fleet.runs.get(name)!,
    forks: 5,
  });
  expect(run.hosts.map(({ walk }) => walk?.entries.length)).toEqual(
    names.map((_, index) => (index === 0 ? 2 : 1)),
  );
  return asked;
}

test("hosts of which one looks at others are walked together at once, and not each alone first", () => {
  expect(lookups(40)).toBeLessThanOrEqual(4 * lookups(10));
});

test.each([
  ["of many hosts, one with nothing to do is let go of once it is planned", 1, ["a", "c"]],
  ["of hosts that are all at work at once, none is", 3, []],
])("%s", async (_, forks, released) => {
  const fleet = testFleet(
    `
- hosts: all
  gather_facts: false
  tasks:
    - command: /bin/true
      when: inventory_hostname == 'b'
    - command: /bin/true
      args: { creates: / }
`,
    { all: ["a", "b", "c"] },
    {},
    forks,
  );
  try {
    await fleet.run.plan(() => undefined);
    expect(fleet.released.toSorted()).toEqual(released);
  } finally {
    await fleet.close();
  }
});
