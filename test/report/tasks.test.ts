import pc from "picocolors";
import { expect, test } from "vitest";
import { jsonReport, reportHost, type RunReport } from "../../src/report/summary.ts";
import { renderChanges } from "../../src/report/text.ts";
import { testHost } from "../plan/host.ts";

const about: RunReport = {
  command: "plan",
  playbook: "site.yml",
  started: "",
  ended: "",
  seconds: 1,
  warnings: [],
  left_out_by_tags: [],
};

const cases: [what: string, tasks: string, ...lines: string[]][] = [
  [
    "a condition of several lines in one",
    `
    - debug: { msg: x }
      when: >
        false and
        (1 == 2 or
          2 == 3)`,
    "  - debug (debug): skipped, false and (1 == 2 or 2 == 3) is false",
  ],
  [
    "what no_log hides without a reason that it must not give",
    `
    - { name: act, command: "true", register: out }
    - { name: hide, command: "{{ out.stdout }}", no_log: true }
    - { name: say, debug: { msg: "{{ out.stdout }}" } }`,
    "  ~ act (command, no undo)",
    "      + run: true",
    "  ? hide: known after apply",
    "  = say (debug): known after apply, it needs what command prints",
  ],
];

test.each(cases)("-v shows %s", async (_what, tasks, ...lines) => {
  const { run, session } = testHost(`- hosts: all\n  gather_facts: false\n  tasks:${tasks}`);
  await run.plan();
  const report = jsonReport(about, new Map([["h", reportHost(run, { rounds: 0 }, false)]]));
  const showing = { colours: pc.createColors(false), diffs: "short", verbose: 1 } as const;
  const shown = renderChanges(report, { ...showing, words: (host) => [host] });
  expect(shown.slice(2)).toEqual(lines);
  await (await session).close();
});
