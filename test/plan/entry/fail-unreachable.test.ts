import { expect, test } from "vitest";
import { UnreachableError } from "../../../src/errors.ts";
import { breakOff, loseContact, type HostKnowledge } from "../../../src/plan/model/host.ts";
import { hasStatus } from "../../../src/plan/model/entry.ts";
import { walkFleet } from "../../../src/plan/walk/pass.ts";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";
import { unreachedFleet } from "../unreached-fleet.ts";

const STUCK = { message: "no space left in /var/lib/hullwright", hint: "free some" };
const LOST = new UnreachableError("lost", "the connection was lost", "try again");

const cases: [
  what: string,
  ends: (known: HostKnowledge) => void,
  failure: object,
  result: { [key: string]: unknown },
][] = [
  [
    "cannot be reached",
    (known) => loseContact(known, LOST),
    { message: LOST.message, hint: LOST.hint },
    { unreachable: true, changed: false, msg: LOST.message },
  ],
  [
    "was reached, but can do nothing",
    (known) => breakOff(known, { task: "", ...STUCK }),
    STUCK,
    { failed: true, changed: false, msg: STUCK.message },
  ],
  [
    "can do nothing, and then cannot be reached",
    (known) => {
      breakOff(known, { task: "", ...STUCK });
      loseContact(known, LOST);
    },
    STUCK,
    { failed: true, changed: false, msg: STUCK.message },
  ],
];

test.each(cases)(
  "a task of a host that %s fails with the reason",
  (_what, ends, failure, result) => {
    const plays = [{ hosts: "a", gather_facts: false, tasks: [{ stat: { path: "/" } }] }];
    const playbook = loadPlaybook(JSON.stringify(plays), "/test/play.yml", {
      read: () => "[]",
      find: (name) => name,
    });
    const fleet = unreachedFleet(playbook, ["a"]);
    const names = fleet.begin(playbook.plays);
    ends(fleet.run("a", fleet.view([])).known);
    const [entry] = walkFleet(fleet, playbook, names).walks.get("a")!.entries;
    expect(hasStatus(entry!, "failed") && entry.verdict).toMatchObject({ failure });
    expect(entry!.result).toEqual(result);
  },
);
