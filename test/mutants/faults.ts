/** A fault to plant: what stands in a file, what is put in its place, and the tests that must find it. */
export interface Fault {
  name: string;
  file: string;
  before: string;
  after: string;
  tests: readonly string[];
}

type Row = [name: string, before: string, after: string, ...tests: string[]];

// The faults of one file; tests are named below test/ and without their ending.
function inFile(file: string, rows: readonly Row[]): Fault[] {
  return rows.map(([name, before, after, ...tests]) => ({
    name,
    file: `src/${file}`,
    before,
    after,
    tests: tests.map((test) => `test/${test}.test.ts`),
  }));
}

const BATCHES = "plan/model/batches";
const TAGS = "plan/walk/tags";
const BARRIER = "plan/entry/barrier";
const MADE = "run/made";
const STATUS = "plan/call/status";
const UNTIL = "plan/call/until";
const PASS = "plan/walk/pass";
const WALK = "plan/walk/walk";
const AGAIN = "plan/walk/again";
const LOOKING = "plan/looking";
const FAILED_WHEN = "plan/failed-when";
const TOGETHER = "plan/entry/together";
const HOSTVARS = "plan/scope/hostvars";
const HOST_RUN = "run/host-run";
const BUILD = "run/program/build";
const VIEW = "plan/view/host-view";
const PATHS = "plan/view/planned-paths";
const NO_USER = "plan/no-user";
const PENDING = "plan/model/pending-files";
const SCHEDULE = "run/schedule";
const FOREIGN = "plan/foreign-text";
const STAT = "modules/files/stat";

export const FAULTS: readonly Fault[] = [
  ...inFile("plan/model/batches.ts", [
    [
      "a list of serial does not go on with its last size",
      "sizes.length - 1)]!",
      "sizes.length)] ?? 1",
      BATCHES,
    ],
    [
      "serial 0 is no host",
      "count === 0 && !match[2] ? hosts",
      "count === 0 && match[2] ? hosts",
      BATCHES,
    ],
    ["a small percentage is no host", "Math.max(1, count)", "Math.max(2, count)", BATCHES],
    ["a percentage of serial is a number", "if (!match) {", "if (!match || match[2]) {", BATCHES],
    ["max_fail_percentage may be negative", "percentage >= 0 && percentage", "percentage", BATCHES],
    [
      "max_fail_percentage is 0 where it is not set",
      'value === "") return 100',
      'value === "") return 0',
      BATCHES,
    ],
  ]),
  ...inFile("plan/walk/tags.ts", [
    ["never runs", 'return !own.includes("never")', "return true", TAGS],
    [
      "always is skipped by other tags",
      'const isAlways = own.includes("always")',
      'const isAlways = own.includes("sometimes")',
      TAGS,
    ],
    [
      "untagged means tagged",
      "own.length === 0 || own.includes(tag)",
      "own.length > 0 || own.includes(tag)",
      TAGS,
    ],
    ["skipping all skips always", "!isAlways || skipTags", "isAlways || skipTags", TAGS],
  ]),
  ...inFile("plan/walk/pass.ts", [
    [
      "hosts in other batches go on after the end",
      "if (isOver()) cutOff",
      "if (!isOver()) cutOff",
      PASS,
    ],
    [
      "a host that ended stays ended in the next play",
      "setEnded(walk, false);",
      "walk.ended ||= false;",
      TOGETHER,
    ],
  ]),
  ...inFile("plan/walk/linear.ts", [
    ["the threshold of failures is reached too early", "* 100 <= allowed", "* 100 < allowed", PASS],
    ["no failure stops the others", "if (!fatal && (failed", "if (true || (failed", PASS],
    [
      "a host of which nothing is left is walked on",
      "if (open.length === 0) {",
      "if (open.length === turns.length) {",
      PASS,
      TOGETHER,
    ],
  ]),
  ...inFile("plan/call/until.ts", [
    ["one try too few", "if (runs <= retries) {", "if (runs < retries) {", UNTIL],
    ["until is not looked at", "=== true;", "!== undefined;", AGAIN, WALK, LOOKING],
    ["a question has one try too few", "if (tries >= retries)", "if (tries + 1 >= retries)", UNTIL],
  ]),
  ...inFile("plan/call/status.ts", [
    [
      "changed_when: false stays a change",
      'changed ? "changed" : "ok");\n    if (changed === false',
      'changed ? "ok" : "changed");\n    if (changed === false',
      WALK,
      LOOKING,
    ],
    [
      "what changed_when: false does is loud",
      "silent: true, opaque: true",
      "opaque: true",
      WALK,
      LOOKING,
      HOST_RUN,
      STATUS,
    ],
    [
      "failed_when: false is a failure",
      "failed === undefined ? told.failure : failed === true",
      "failed === undefined ? told.failure : failed === false",
      FAILED_WHEN,
    ],
    ["a failure has no code", "code === 1 ? words", "code !== 1 ? words", BUILD, HOST_RUN, STATUS],
    [
      "failed_when takes back that the tries of until are over",
      "if (error instanceof JudgedFailure) return false",
      "if (error instanceof JudgedFailure) return true",
      FAILED_WHEN,
    ],
  ]),
  ...inFile("plan/entry/notify.ts", [
    [
      "handlers are not notified",
      'if (hasStatus(entry, "changed")) setNotifies',
      'if (hasStatus(entry, "ok")) setNotifies',
      WALK,
    ],
    [
      "a left-over handler that is notified again is dropped",
      "walk.leftOver.delete(handler.id);",
      "",
      WALK,
      "cli/left-over-handlers.local",
    ],
  ]),
  ...inFile("plan/model/entry.ts", [
    ["an ignored failure counts", ' && entry.verdict.scope !== "ignored"', "", WALK],
  ]),
  ...inFile("plan/entry/together.ts", [
    [
      "a task that runs once runs on each host",
      "if (known) return { result: known, isPlannedHere: false };",
      "",
      TOGETHER,
    ],
    [
      "max_fail_percentage makes no barrier",
      "keyed.variables) < 100",
      "keyed.variables) > 100",
      TOGETHER,
      SCHEDULE,
    ],
    ["what reads other hosts does not wait for them", "    walk.readOtherHosts ||\n", "", BARRIER],
    [
      "a throttle is no barrier",
      "    throttle !== undefined ||\n    entry.on",
      "    entry.on",
      BARRIER,
    ],
  ]),
  ...inFile("run/schedule.ts", [
    [
      "a barrier is not waited for",
      "comparePositions(entry.at, barrier.at) < 0",
      "comparePositions(entry.at, barrier.at) <= 0",
      SCHEDULE,
    ],
    [
      "a later batch goes on",
      "entry.at.slice(0, 2), other.at.slice(0, 2)) > 0",
      "entry.at.slice(0, 2), other.at.slice(0, 2)) > 1",
      SCHEDULE,
    ],
    ["throttle is not heeded", "Math.min(forks, barrier.throttle)", "forks", SCHEDULE],
    [
      "a task that is tried again counts as done",
      "&& retryOf(entry) === undefined",
      "",
      SCHEDULE,
      AGAIN,
    ],
  ]),
  ...inFile("plan/model/pending-files.ts", [
    [
      "files that a command may make are missing",
      "if (change.opaque === true || ",
      "if (",
      PENDING,
    ],
    [
      "files that a task makes are missing",
      "paths.includes(subject.replace",
      "!paths.includes(subject.replace",
      PENDING,
    ],
    ["other hosts make files here", "&& isHere(entry) &&", "&&", PENDING],
    [
      "tasks that are done still make files",
      "!known.completed.has(entry.id) && !entry.readOnly",
      "!entry.readOnly",
      PENDING,
    ],
  ]),
  ...inFile("plan/view/host-view.ts", [
    [
      "what a command may change is believed",
      "blurred !== undefined) return",
      "blurred === undefined) return",
      LOOKING,
      VIEW,
    ],
    [
      "a path that goes is still there",
      "if (made?.state === null) return { state: null };",
      "",
      VIEW,
      PATHS,
    ],
    [
      "what root sees is what others see",
      'return `${kind.holds?.isForAll ? "" : who}\\n${key}`;',
      "return key;",
      VIEW,
      NO_USER,
      LOOKING,
    ],
  ]),
  ...inFile("plan/scope/hostvars.ts", [
    [
      "a variable that was rendered before depends on no task",
      "this.dependent.add(key);",
      "this.dependent.size;",
      HOSTVARS,
    ],
    [
      "a host waits for its own results",
      "if (isRegistered && !isOwn)",
      "if (isRegistered)",
      HOSTVARS,
    ],
  ]),
  ...inFile("plan/scope/facts.ts", [
    [
      "the memory of facts is believed without asking",
      "walk.guessed = true;",
      "",
      "plan/scope/facts",
    ],
    [
      "no fact is remembered",
      "if (guess === undefined) return undefined;",
      "if (guess !== undefined) return undefined;",
      "plan/scope/facts",
    ],
    ["connection variables are asked for", "&& !NOT_FACTS.test(name)", "", "plan/scope/facts"],
  ]),
  ...inFile("plan/task/loop-items.ts", [
    [
      "the first item waits",
      "pause: index === 0 ? 0 : control.pause",
      "pause: control.pause",
      "plan/task/loop-items",
    ],
    [
      "the last item is not the last",
      "last: index + 1 === length",
      "last: index === length",
      "plan/task/loop-items",
    ],
    [
      "revindex counts from 0",
      "revindex: length - index,",
      "revindex: length - index - 1,",
      "plan/task/loop-items",
    ],
  ]),
  ...inFile("run/host-run.ts", [
    [
      "a task of which nothing came is done with",
      "if (waits) return;",
      "",
      HOST_RUN,
      "run/commands",
    ],
  ]),
  ...inFile("run/learn.ts", [
    [
      "states stay known behind a failure",
      'outcome.status === "failed" ||\n    change.opaque',
      "change.opaque",
      HOST_RUN,
      "run/commands",
    ],
    ["what a run made is forgotten", "known.changes.push(...made);", "", MADE],
  ]),
  ...inFile("run/ask.ts", [
    [
      "a host that asks in circles is never given up",
      "const MOST_VAIN_TURNS = 300;",
      "const MOST_VAIN_TURNS = 3e9;",
      HOST_RUN,
    ],
  ]),
  ...inFile("jinja/runtime/guard.ts", [
    [
      "text of hosts is evaluated as a condition",
      "if (!isForeign || typeof",
      "if (isForeign || typeof",
      FOREIGN,
    ],
    [
      "text of hosts that a variable kept is the playbook's own",
      "if (!this.isPlain) this.isForeign = isForeign;",
      "",
      FOREIGN,
    ],
    ["what lookups bring is the playbook's own", "= hasLookup(source);", "= false;", FOREIGN],
  ]),
  ...inFile("plan/model/variables.ts", [
    [
      "one text of a host is forgotten behind another",
      "some((isOwn) => !isOwn())",
      "every((isOwn) => !isOwn())",
      FOREIGN,
    ],
  ]),
  ...inFile("run/fleet-run.ts", [
    [
      "what has changed since it was shown is done",
      "if (moved && !known.broken)",
      "if (moved && known.broken)",
      "run/shown",
    ],
  ]),
  ...inFile("run/run.ts", [
    ["apply does not look again", "if (this.looksAgain)", "if (!this.looksAgain)", "run/run"],
  ]),
  ...inFile("plan/view/planned-paths.ts", [
    [
      "the host is asked for what a task has yet to change with all below a directory",
      "order > this.doneAt && isBelow(location, folder)",
      "false",
      STAT,
    ],
    [
      "the host is asked for what goes with its directory",
      "      this.isGone(location, this.doneAt) ||\n",
      "",
      STAT,
    ],
  ]),
  ...inFile("modules/files/stat.ts", [
    [
      "what somebody else has changed since is told as it was",
      "host ? stateOf(host) : path!",
      "path ?? stateOf(host!)",
      STAT,
    ],
  ]),
  ...inFile("probes/files/links.ts", [
    [
      "the link at the end of a path is never looked at",
      "(isEnd ? AT_END : ON_THE_WAY)",
      "ON_THE_WAY",
      "plan/call/leave",
    ],
  ]),
  ...inFile("plan/call/leave.ts", [
    [
      "a link that is replaced is taken for one that is followed",
      "isEnd: !replaced.has(name)",
      "isEnd: true",
      "plan/call/leave",
    ],
  ]),
  ...inFile("script/write.sh", [
    [
      "a link of another user is followed to what is not theirs",
      '[ "$(stat -c %u .)" = "$hw_lu" ] || hw_others "$hw_lt" .',
      "true",
      "script/attack",
    ],
  ]),
];
