import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { call } from "./call.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-nothing-"));
const play = join(root, "play.yml");
const hosts = join(root, "hosts");
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => writeFileSync(hosts, "[web]\na ansible_connection=local\n[empty]\n"));

const debug = (pattern: string): string =>
  `- hosts: ${pattern}\n  gather_facts: false\n  tasks:\n    - debug: { msg: seen }\n`;
const group = (pattern: string): string =>
  `- hosts: ${pattern}\n  gather_facts: false\n  tasks:\n    - group_by: { key: made }\n`;

/** Exit codes of plan; what is a mistake is in test/refusal. */
const cases: [what: string, playbook: string, flags: string[], code: number, says: RegExp][] = [
  [
    "a group that is not there, where that is allowed",
    debug("nobody"),
    ["-i", hosts, "--allow-empty"],
    0,
    /no host was looked at/,
  ],
  [
    "no inventory, where that is allowed",
    debug("all"),
    ["--allow-empty"],
    0,
    /no host was looked at/,
  ],
  [
    "a limit that matches nothing, where that is allowed",
    debug("all"),
    ["-i", hosts, "--limit", "nobody", "--allow-empty"],
    0,
    /no host was looked at/,
  ],
  ["a group that is not there", debug("nobody"), ["-i", hosts], 1, /no play matches any host/],
  ["the implicit localhost without an inventory", debug("localhost"), [], 0, /seen/],
  [
    "one of several plays whose group is not there",
    debug("nobody") + debug("web"),
    ["-i", hosts],
    0,
    /no host or group matches "nobody"[\s\S]*seen/,
  ],
  [
    "a limit of which a part matches nothing, told once and of no play",
    debug("web") + debug("all"),
    ["-i", hosts, "-l", "web,nobody"],
    0,
    /^warning: --limit: no host or group matches "nobody"\n(?![\s\S]*nobody)[\s\S]*seen/,
  ],
  [
    "one of several plays whose group is empty",
    debug("empty") + debug("web"),
    ["-i", hosts],
    0,
    /seen/,
  ],
  ["a play whose group another one fills", group("web") + debug("made"), ["-i", hosts], 0, /seen/],
  [
    "a play whose group no other one fills",
    group("web") + debug("mdae"),
    ["-i", hosts],
    0,
    /no host matches "mdae"/,
  ],
];

test.each(cases)("%s", async (_what, playbook, flags, code, says) => {
  writeFileSync(play, playbook);
  const found = await call("plan", play, ...flags);
  expect(found.said).toMatch(says);
  expect(found.code).toBe(code);
});

/** Commands without a playbook of the user's: what is shown of them is theirs. */
const OWN: [words: string[], says: string][] = [
  [
    ["runs", "b", "-i", hosts],
    'error: no host of the inventory matches the pattern\n  hint: no host or group matches "b"; did you mean "a"?\n',
  ],
  [
    ["unlock", "nobody", "-i", hosts],
    'error: no host of the inventory matches the pattern\n  hint: no host or group matches "nobody"\n',
  ],
  [
    ["runs"],
    "error: no inventory was given, so there are no hosts\n  hint: name one with -i: a file, a directory, or host names with a trailing comma (-i host1,host2,)\n",
  ],
];
test.each(OWN)("%j", async (words, says) =>
  expect(await call(...words)).toEqual({ code: 1, said: says }),
);

test("a group that a play fills is not warned of", async () => {
  writeFileSync(play, group("web") + debug("made"));
  expect((await call("plan", play, "-i", hosts)).said).not.toMatch(/warning/);
});

test("hosts of which none can be reached are not said to have nothing to do", async () => {
  writeFileSync(
    hosts,
    "a ansible_host=127.0.0.1 ansible_port=9\nb ansible_host=127.0.0.1 ansible_port=9\n",
  );
  writeFileSync(play, "- hosts: all\n  tasks: [{ ping: }]\n");
  const { code, said } = await call("plan", play, "-i", hosts);
  expect(said).not.toMatch(/nothing to do/i);
  expect(said).toContain("No host could be looked at: 2 unreachable.");
  expect(code).toBe(4);
});

test("where some cannot be reached, only of the others it is said", async () => {
  writeFileSync(hosts, "a ansible_connection=local\nb ansible_host=127.0.0.1 ansible_port=9\n");
  writeFileSync(play, "- hosts: all\n  gather_facts: false\n  tasks: [{ stat: { path: / } }]\n");
  const { code, said } = await call("plan", play, "-i", hosts);
  expect(said).toContain("Nothing to do on 1 host; 1 unreachable (2 hosts).");
  expect(code).toBe(4);
});
