import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadPlaybook } from "../../src/playbook/load/load.ts";
import { Run } from "../../src/run/run.ts";
import { reportHost } from "../../src/report/summary.ts";
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
async function lookups(count: number): Promise<number> {
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
  await run.read();
  expect(run.hosts.map(({ walk }) => walk?.entries.length)).toEqual(
    names.map((_, index) => (index === 0 ? 2 : 1)),
  );
  return asked;
}

test("hosts of which one looks at others are walked together at once, and not each alone first", async () => {
  expect(await lookups(40)).toBeLessThanOrEqual(4 * (await lookups(10)));
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

test.each([
  ["is looked at again where time has passed since it was shown", true, "theirs", false],
  ["is done as planned at once where none has", false, "mine", true],
])("what is planned anew while it is done %s", async (_, hasTimePassed, end, isDone) => {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-run-"));
  const at = (name: string): string => join(folder, name);
  const fleet = testFleet(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: run, command: "touch ${at("ran")}" }
    - { name: other, copy: { content: "mine", dest: "${at("other")}" } }
`,
    { all: ["a"] },
  );
  try {
    await fleet.run.plan(() => undefined);
    fleet.run.bind({ looksAgain: hasTimePassed });
    if (hasTimePassed) writeFileSync(at("other"), "theirs");
    await fleet.run.apply(() => undefined);
    expect(readFileSync(at("other"), "utf8")).toBe(end);
    expect(existsSync(at("ran"))).toBe(isDone);
  } finally {
    await fleet.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

const LOOKS = `
- hosts: all
  gather_facts: false
  tasks:
    - file: { path: "/", state: directory }
    - debug: { msg: "{{ word }}" }
`;
const MISTAKE = `
- hosts: all
  gather_facts: false
  tasks:
    - file: { path: "/", state: directory }
    - debug: { msg: "{{ nowhere }}" }
      when: inventory_hostname == 'b'
`;
const COUPLED = `
- hosts: all
  gather_facts: false
  tasks:
    - file: { path: "/", state: directory }
    - file: { path: "/", state: directory }
      run_once: true
`;
const NOTHING = `
- hosts: all
  gather_facts: false
  tasks: [{ debug: { msg: "{{ word }}" } }]
`;

// Whoever is there twice was logged in on, and then asked.
test.each([
  ["hosts are asked while others are walked", LOOKS, 5, "aabbcc", "abc"],
  ["no more of them than work at once", LOOKS, 2, "aabb", "abc"],
  ["hosts that look at each other are asked when all are walked", COUPLED, 5, "aabbcc", "abc"],
  ["a host with a mistake is left alone", MISTAKE, 5, "aacc", "abc"],
  ["a host of which nothing is wanted is left alone", NOTHING, 5, "", ""],
])("while a run is read, %s", async (_, playbook, forks, ahead, asked) => {
  const fleet = testFleet(playbook, { all: ["a", "b", "c"] }, { word: "x" }, forks, true);
  try {
    await fleet.run.read();
    expect(fleet.reached.toSorted().join("")).toBe(ahead);
    await fleet.run.plan(() => undefined);
    expect(fleet.asked.toSorted().join("")).toBe(asked);
  } finally {
    await fleet.close();
  }
});

test("nobody is asked while a run is read that is not to ask before all is checked", async () => {
  const fleet = testFleet(LOOKS, { all: ["a", "b", "c"] }, { word: "x" });
  try {
    await fleet.run.read();
    expect(fleet.reached).toEqual([]);
  } finally {
    await fleet.close();
  }
});

// The mistake is far down, so that the walk pauses before it.
const LATE_MISTAKE = `
- hosts: all
  gather_facts: false
  tasks:
    - file: { path: "/", state: directory }
    - set_fact: { long: "{{ range(0, 100000) | list | length }}" }
    - debug: { msg: "{{ nowhere }}" }
`;

test.each([
  ["is connected to while it is walked, where logins wait", LATE_MISTAKE, true, "a", 0],
  ["is left alone until it is walked, where they do not", LATE_MISTAKE, false, "", 0],
  ["without a mistake has logins begin", LOOKS, true, "aa", 1],
])("the first host %s", async (_, playbook, waits, reached, times) => {
  let sounds = 0;
  const sound = (): void => void sounds++;
  const fleet = testFleet(
    playbook,
    { all: ["a"] },
    { word: "x" },
    5,
    true,
    waits ? sound : undefined,
  );
  try {
    await fleet.run.read();
    expect(fleet.reached.join("")).toBe(reached);
    expect(sounds).toBe(times);
  } finally {
    await fleet.close();
  }
});

test("hosts behind a play that all of its hosts fail are not reached, also those that would fail themselves", async () => {
  const fleet = testFleet(
    `
- hosts: one
  gather_facts: false
  tasks:
    - fail: { msg: on purpose }
- hosts: two
  gather_facts: false
  tasks:
    - fail: { msg: here too }
      when: inventory_hostname == 'b'
`,
    { all: ["a", "b", "c"], one: ["a"], two: ["b", "c"] },
    {},
    2,
  );
  try {
    await fleet.run.plan(() => undefined);
    const reports = fleet.run.hosts.map((run) => reportHost(run, { rounds: 0 }, false));
    expect(reports.map(({ status, changes }) => [status, changes.length])).toEqual([
      ["failed", 0],
      ["not_reached", 0],
      ["not_reached", 0],
    ]);
    expect(reports[1]).toMatchObject({ failed: null, cut: 'all hosts of "one" failed' });
  } finally {
    await fleet.close();
  }
});
