import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { renderPlanSum, renderRecap, renderTimes } from "../../src/report/recap.ts";
import { jsonReport, type HostReport, type RunReport } from "../../src/report/summary.ts";
import { renderChanges, type Showing } from "../../src/report/text.ts";
import type { TaskReport } from "../../src/report/tasks.ts";

const showing: Showing = {
  colours: pc.createColors(false),
  diffs: "short",
  verbose: 0,
  words: (host) => [host],
};
const run: RunReport = {
  command: "plan",
  playbook: "site.yml",
  started: "",
  ended: "",
  seconds: 3.21,
  warnings: [],
  left_out_by_tags: [],
};
const counts = { ok: 1, changed: 0, skipped: 0, failed: 0, ignored: 0, rescued: 0 };
const ok: HostReport = {
  status: "ok",
  counts,
  changes: [],
  failed: null,
  deferred: [],
  tasks: [],
  rounds: 1,
};
const task = (name: string, more: Partial<TaskReport> = {}): TaskReport => ({
  task: name,
  module: "command",
  play: "p",
  place: `site.yml:${name.length}:1`,
  status: "ok",
  ...more,
});
const reportOf = (hosts: Record<string, HostReport>): ReturnType<typeof jsonReport> =>
  jsonReport(run, new Map(Object.entries(hosts)));

const changed: HostReport = {
  ...ok,
  status: "changed",
  counts: { ...counts, ok: 3, changed: 2 },
  changes: [
    {
      task: "link",
      module: "file",
      item: "/usr/bin/runc",
      diff: [{ kind: "field", title: "type", before: null, after: "link" }],
      undo: "rm x",
    },
    { task: "run", module: "command", diff: [], undo: null },
  ],
  tasks: [
    task("link", {
      module: "file",
      status: "changed",
      items: [{ item: "/usr/bin/runc", status: "changed", change: 0 }],
    }),
    task("see"),
    task("run", {
      status: "changed",
      change: 1,
      output: { code: 0, stdout: "out\n", stderr: "err" },
      seconds: 1.5,
    }),
  ],
};
const failed: HostReport = {
  ...ok,
  status: "failed",
  failed: { task: "check", message: "no room\nat all", hint: "make room", place: "site.yml:3:5" },
};
const away: HostReport = {
  ...ok,
  status: "unreachable",
  failed: { task: "", message: "connection refused", hint: "is sshd running?" },
};
const cut: HostReport = { ...ok, status: "not_reached", cut: "no host is left" };

const report = reportOf({ a: changed, b: ok, c: changed, d: failed, e: away, f: cut });

test("hosts with the same changes stand together, failures say why and what helps", () => {
  expect(renderChanges(report, showing)).toEqual([
    "",
    "a, c: changed",
    "  ~ link [/usr/bin/runc] (file)",
    "      + type: link",
    "  ~ run (command, no undo)",
    "",
    "b: ok",
    "",
    "d: failed",
    "  x check: no room",
    "    at all",
    "    at site.yml:3:5",
    "    hint: make room",
    "",
    "e: unreachable",
    "  x connection refused",
    "    hint: is sshd running?",
    "",
    "f: not reached",
    "  - not reached: no host is left",
  ]);
});

test("the totals count hosts by status, and changes over all hosts", () => {
  expect(report.totals).toEqual({
    hosts: 6,
    ok: 1,
    changed: 2,
    not_reached: 1,
    failed: 1,
    unreachable: 1,
    changes: 4,
  });
  expect(renderPlanSum(report)).toBe(
    "4 changes on 2 hosts (6 hosts looked at: 1 failed, 1 unreachable, 1 not reached).",
  );
  expect(renderRecap(report, showing).at(-1)).toBe(
    "6 hosts: 1 ok, 2 changed, 1 not reached, 1 failed, 1 unreachable; 4 changes",
  );
});

test.each([
  [4, "4 changes"],
  [9, "9 changes in 4 tasks"],
  [0, "0 changes"],
])(
  "the totals say in how many tasks there were %i changes, where they are fewer",
  (changes, said) => {
    const totals = { ...report.totals, changes };
    expect(renderRecap({ ...report, totals }, showing).at(-1)).toMatch(new RegExp(`; ${said}$`));
  },
);

test("a host that was asked nothing is not said to have been looked at", () => {
  const unasked = { ...ok, rounds: 0 };
  const sums = [
    { a: unasked },
    { a: unasked, b: ok, c: ok },
    { a: { ...changed, rounds: 0 }, b: unasked },
    { a: { ...changed, rounds: 0 }, b: ok, c: away },
  ].map((hosts) => renderPlanSum(reportOf(hosts)));
  expect(sums).toEqual([
    "Nothing to do (1 host, not contacted).",
    "Nothing to do (2 hosts looked at, 1 not contacted).",
    "2 changes on 1 host (2 hosts, not contacted).",
    "2 changes on 1 host (2 hosts looked at, 1 not contacted: 1 unreachable).",
  ]);
});

test("a plan that is not exact says so", () => {
  expect(
    renderPlanSum(reportOf({ a: { ...ok, deferred: ["x: known after apply, needs y"] } })),
  ).toMatch(/are not exact/);
});

test("-v shows tasks that are ok or skipped, with reasons, and what commands printed", () => {
  const tasks = [
    task("a"),
    task("b", { status: "skipped", reason: "x is false" }),
    task("c", { status: "ok", output: { code: 0, stdout: "one\ntwo\n", stderr: "" } }),
  ];
  expect(renderChanges(reportOf({ h: { ...ok, tasks } }), { ...showing, verbose: 1 })).toEqual([
    "",
    "h: ok",
    "  = a (command): ok",
    "  - b (command): skipped, x is false",
    "  = c (command): ok",
    "      | one",
    "      | two",
  ]);
});

test("what printed nothing new is not shown without -v, but what debug says is", () => {
  const tasks = [task("a"), task("b", { module: "debug", says: "hello\nyou" })];
  expect(renderChanges(reportOf({ h: { ...ok, tasks } }), showing)).toEqual([
    "",
    "h: ok",
    "  > b",
    "      hello",
    "      you",
  ]);
});

test("ignored and rescued failures are shown, in short", () => {
  const tasks = [
    task("a", { status: "ignored", reason: "ended\nlong" }),
    task("b", { status: "rescued", reason: "no" }),
  ];
  expect(renderChanges(reportOf({ h: { ...ok, tasks } }), showing)).toEqual([
    "",
    "h: ok",
    "  ! a: ended (failed, ignored)",
    "  ! b: no (failed, rescued)",
  ]);
});

test("each item of a loop that failed is told", () => {
  const items = [
    { item: "a", message: "no a" },
    { item: "b", message: "no b", hint: "make b" },
  ];
  const host: HostReport = {
    ...failed,
    failed: { task: "install", message: "2 of 3 items failed", items },
  };
  expect(renderChanges(reportOf({ h: host }), showing).slice(2)).toEqual([
    "  x install: 2 of 3 items failed",
    "    [a] no a",
    "    [b] no b",
    "      hint: make b",
  ]);
  expect(renderRecap(reportOf({ h: host }), showing)).toContain(
    "    install [a]: no a (and 1 more)",
  );
});

/** Many hosts, each made from its number. */
const many = (make: (number: number) => HostReport, count = 200): Record<string, HostReport> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, number) => [
      `node${String(number).padStart(3, "0")}`,
      make(number),
    ]),
  );
const greeting = (text: string): HostReport => ({
  ...changed,
  changes: [
    {
      task: "greet",
      module: "copy",
      diff: [{ kind: "text", title: "/etc/motd", before: "", after: `${text}\n` }],
      undo: "x",
    },
  ],
  tasks: [task("greet", { module: "copy", status: "changed", change: 0 })],
});

test("hosts whose lines differ by their own names alone stand together", () => {
  const hosts = many((number) => greeting(`This is node${String(number).padStart(3, "0")}.`));
  expect(renderChanges(reportOf(hosts), showing)).toEqual([
    "",
    "node000, node001, node002, node003 ... node199 (200 hosts): changed, for example on node000",
    "  ~ greet (copy)",
    "      /etc/motd",
    "      @@ -0,0 +1 @@",
    "      +This is node000.",
  ]);
});

test("hosts whose keys are not known yet stand together, though each key is another", () => {
  const hosts = many((number) => ({
    ...away,
    failed: {
      task: "",
      message: `the key of node${String(number).padStart(3, "0")} is not known: ssh-ed25519 SHA256:${String(number).padStart(43, "a")}`,
    },
  }));
  expect(renderChanges(reportOf(hosts), showing)).toEqual([
    "",
    "node000, node001, node002, node003 ... node199 (200 hosts): unreachable, for example on node000",
    `  x the key of node000 is not known: ssh-ed25519 SHA256:${"0".padStart(43, "a")}`,
  ]);
});

test("diffs that are not shown keep no hosts apart", () => {
  expect(
    renderChanges(reportOf(many((number) => greeting(String(number)))), {
      ...showing,
      diffs: "none",
    }),
  ).toHaveLength(3);
});

test("many groups are told by task, and only the largest are shown; --diff=full shows all", () => {
  const hosts = reportOf(many((number) => greeting(`${number} is odd`)));
  const lines = renderChanges(hosts, showing);
  expect(lines.slice(0, 3)).toEqual(["", "By task", "  200 hosts  ~ greet (copy)"]);
  expect(lines.at(-1)).toBe(
    "... and 188 more groups of hosts, each with different lines (--diff=full shows all)",
  );
  expect(lines.length).toBeLessThan(90);
  expect(
    renderChanges(hosts, { ...showing, diffs: "full" }).filter((line) =>
      line.endsWith(": changed"),
    ),
  ).toHaveLength(200);
});

test("the recap counts hosts that are ok from twenty on, and tells those that failed last, each with its reason", () => {
  const hosts = many((number) => {
    if (number === 7) return failed;
    return number < 100 ? ok : changed;
  });
  expect(
    renderRecap(reportOf(hosts), showing, {
      command: "hullwright apply site.yml --limit @f",
      again: [],
    }),
  ).toEqual([
    "",
    "Recap",
    "  99 hosts ok",
    "  node100, node101, node102, node103 ... node199 (100 hosts)  changed      ok=3 changed=2",
    `  ${"node007".padEnd(58)}  failed       ok=1 changed=0`,
    "    check: no room",
    "      at all",
    "200 hosts: 99 ok, 100 changed, 1 failed, 0 unreachable; 200 changes",
    "",
    "To continue with the hosts that are not finished: hullwright apply site.yml --limit @f",
  ]);
});

test("a recap of few hosts lists all, those that failed last", () => {
  expect(renderRecap(reportOf({ d: failed, a: changed, b: ok }), showing).slice(2, 6)).toEqual([
    "  a  changed      ok=3 changed=2",
    "  b  ok           ok=1 changed=0",
    "  d  failed       ok=1 changed=0",
    "    check: no room",
  ]);
});

test("the task at which a host was lost counts as unreachable", () => {
  const lost = { ...away, counts: { ...away.counts, failed: 1 } };
  expect(renderRecap(reportOf({ e: lost }), showing)[2]).toBe(
    "  e  unreachable  ok=1 changed=0 unreachable=1",
  );
});

test("a recap tells a long reason up to a bound", () => {
  const message = ["would not work here:", ...Array.from({ length: 9 }, (_, i) => `- ${i}`)];
  const host = { ...failed, failed: { task: "check", message: message.join("\n") } };
  expect(renderRecap(reportOf({ h: host }), showing).slice(3, -1)).toEqual([
    "    check: would not work here:",
    "      - 0",
    "      - 1",
    "      - 2",
    "      - 3",
    "      ... 5 more lines (above)",
  ]);
});

test("of many hosts those that failed for the same reason stand together, but for their names", () => {
  const hosts = many((number) => ({
    ...failed,
    failed: {
      task: "check",
      message: number < 150 ? "no room" : `node${number} is no name`,
    },
  }));
  expect(renderRecap(reportOf(hosts), showing)).toEqual([
    "",
    "Recap",
    "  node000, node001, node002, node003 ... node149 (150 hosts)  failed       ok=1 changed=0",
    "    check: no room",
    "  node150, node151, node152, node153 ... node199 (50 hosts)   failed       ok=1 changed=0",
    "    check: node150 is no name",
    "      (as node150 has it)",
    "200 hosts: 0 ok, 0 changed, 200 failed, 0 unreachable; 0 changes",
  ]);
});

describe("times", () => {
  const slow: HostReport = {
    ...ok,
    tasks: [task("see", { seconds: 0.2 }), task("run", { seconds: 3 })],
  };
  const title = "Time by task, on the host where it took longest (3.2 s in all)";
  test("are told by task, the longest first", () => {
    expect(renderTimes(reportOf({ a: changed, b: slow }), showing).slice(1, 3)).toEqual([
      title,
      "      3.00 s  run (command) on b",
    ]);
  });
  test("of what hosts answered for many tasks at once are told by question", () => {
    const asked = (seconds: number): HostReport => ({
      ...ok,
      connecting: seconds / 4,
      questions: [{ seconds: seconds / 2, facts: true }, { seconds }, { seconds: 0.01 }],
      tasks: [
        task("a", { questions: [1] }),
        task("bb", { items: [{ item: "x", status: "ok", questions: [1] }] }),
        task("ccc", { questions: [1] }),
        task("dddd", { seconds: 0.3, questions: [1] }),
        task("eeeee"),
        task("ffffff", { status: "skipped" }),
      ],
    });
    expect(renderTimes(reportOf({ h: asked(1), i: asked(2) }), showing)).toEqual([
      "",
      title,
      "      0.30 s  dddd (command) on h",
      "Time by question, each asked at once for these tasks",
      "      2.00 s  a, bb and 2 more on i",
      "      1.00 s  facts on i",
      "      0.01 s  what Hullwright keeps on h",
      "      0.50 s  to log in to i",
      "  2 tasks asked nothing and did nothing",
    ]);
  });
});

test("long output is cut, and says how to see it all", () => {
  const tasks = [task("c", { output: { code: 0, stdout: "x\n".repeat(100), stderr: "" } })];
  const lines = renderChanges(reportOf({ h: { ...ok, tasks } }), { ...showing, verbose: 1 });
  expect(lines.at(-1)).toBe("      ... 40 more lines (--diff=full shows all)");
  expect(
    renderChanges(reportOf({ h: { ...ok, tasks } }), { ...showing, verbose: 1, diffs: "full" }),
  ).toHaveLength(103);
});
