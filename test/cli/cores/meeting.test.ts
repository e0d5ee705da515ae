import { expect, test } from "vitest";
import { agreed, type Agreement } from "../../../src/cli/cores/meeting.ts";
import type { Meeting } from "../../../src/cli/cores/messages.ts";

const [ALIVE, FAILED, NONE] = [
  { alive: true, failed: false },
  { alive: true, failed: true },
  { alive: false, failed: true },
];
const first = { message: "wrong" };

const CASES: [what: string, met: Meeting[], agreement: Partial<Agreement>][] = [
  [
    "no task looks at other hosts",
    [
      { what: "read", together: false },
      { what: "read", together: false },
    ],
    { together: false },
  ],
  [
    "a task of one part does",
    [
      { what: "read", together: false },
      { what: "read", together: true },
    ],
    { together: true },
  ],
  [
    "a play in which all hosts of all parts fail is the last",
    [
      { what: "planned", together: false, plays: [ALIVE, FAILED, FAILED] },
      { what: "planned", together: false, plays: [FAILED, FAILED, FAILED] },
    ],
    { answer: 1, together: false },
  ],
  [
    "a play that has no host in one part ends with those of the other",
    [
      { what: "planned", together: false, plays: [NONE, ALIVE] },
      { what: "planned", together: false, plays: [FAILED, ALIVE] },
    ],
    { answer: 0 },
  ],
  [
    "hosts that none could be worked on end nothing",
    [
      { what: "ends", play: 0, count: NONE },
      { what: "ends", play: 0, count: NONE },
    ],
    { answer: false },
  ],
  [
    "a play of which all hosts have failed ends the run",
    [
      { what: "ends", play: 0, count: NONE },
      { what: "ends", play: 0, count: FAILED },
    ],
    { answer: true },
  ],
  [
    "a play begins with the hosts of all parts",
    [
      { what: "begins", play: 2, hosts: 3 },
      { what: "begins", play: 2, hosts: 4 },
    ],
    { begun: { play: 2, hosts: 7 } },
  ],
  [
    "mistakes of some hosts are those hosts' own",
    [
      { what: "mistakes", wrong: 4, first },
      { what: "mistakes", wrong: 0 },
    ],
    { answer: null },
  ],
  [
    "mistakes of all hosts refuse the run",
    [
      { what: "mistakes", wrong: 4, first },
      { what: "mistakes", wrong: 3, first: { message: "other" } },
    ],
    { mistake: first },
  ],
];

test.each(CASES)("%s", (_what, met, agreement) => {
  expect(agreed(met, 7)).toMatchObject(agreement);
  expect(agreed(met, 7).mistake).toEqual(agreement.mistake);
});
