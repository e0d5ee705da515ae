import { findModule } from "../../../src/modules/index.ts";
import type { Undoing } from "../../../src/modules/journal/entry.ts";
import type { RunJournal } from "../../../src/probes/journal/journal.ts";
import type { LookWord } from "../../../src/probes/probe.ts";
import type { Case } from "../case.ts";

const RUN = "00007-20261126-abcd";

/** What a look at a path prints: how a run has left it, and how it had found it. */
const LEFT = "81a4 root root -";
const FOUND = "8180 root root -";

const NEWER = `${RUN}/00001/0`;
const OLDER = `${RUN}/00000/0`;
const AROUND = `${RUN}/00001/1`;

/** A change of a run: another mode. */
const newer = (more: Partial<Undoing> = {}): Undoing => ({
  journal: RUN,
  number: "00001",
  name: "Mode",
  diff: [{ kind: "field", title: "mode", before: "0644", after: "0600" }],
  steps: [{ undo: "hw_restore /etc/motd", redo: "kept" }],
  looks: [look(NEWER, LEFT.split(" "), FOUND.split(" "))],
  isCut: false,
  mark: "undone",
  marked: ["00001"],
  ...more,
});

/** The change before that one, which made the file. */
const older = (left: string): Undoing =>
  newer({ number: "00000", name: "Write", looks: [look(OLDER, left.split(" "), ["absent"])] });

function look(id: string, from: LookWord[], to: LookWord[]): Undoing["looks"][number] {
  const path = { path: "/etc/motd", follow: false };
  return { id, subject: "path /etc/motd", path, script: "hw_look '' plain /etc/motd", from, to };
}

const journal: RunJournal = { name: RUN, head: null, entries: [], log: [], left: {} };

const one = (
  module: string,
  name: string,
  args: object,
  before: object,
  expect: Case["expect"],
): Case => ({ name: `${module}: ${name}`, module: findModule(module)!, args, before, expect });

const checked = (name: string, changes: Undoing[], before: object, failure?: RegExp): Case =>
  one("journal_check", name, { changes }, before, failure ? { failure } : { unchanged: true });

const undone = (name: string, change: Undoing, before: object, expect: Case["expect"]): Case =>
  one("journal_undo", name, { change }, before, expect);

export const cases: readonly Case[] = [
  one("journal_info", "all runs", {}, { all: { kept: [journal], gone: [] } }, { unchanged: true }),
  one("journal_info", "one run", { run: "abcd" }, { one: [journal] }, { unchanged: true }),
  one("journal_info", "no name", { run: "../etc" }, {}, { failure: /"\.\.\/etc" is not the name/ }),

  one(
    "lock_info",
    "a run has the lock",
    {},
    { lock: { isHeld: true, pid: 7, owner: "ann@desk", run: RUN, by: "sshd" } },
    { unchanged: true },
  ),

  checked("nothing to compare", [], {}),
  checked("as the run left it", [newer()], { [NEWER]: LEFT }),
  checked("as the run found it", [newer()], { [NEWER]: FOUND }),
  checked(
    "another mode by now",
    [newer()],
    { [NEWER]: "81ff root root -" },
    /has changed since:\n\/etc\/motd \("Mode"\): is a file \(0777 root:root\) now$/,
  ),
  checked(
    "the run was cut off",
    [newer({ isCut: true })],
    { [NEWER]: "" },
    /is something else now, and its run was cut off in the middle of it$/,
  ),
  checked("an older change, as the undo of the newer one will leave it", [newer(), older(FOUND)], {
    [NEWER]: LEFT,
    [OLDER]: LEFT,
  }),
  checked(
    "an older change that the undo of the newer one does not lead back to",
    [newer(), older("81c0 root root -")],
    { [NEWER]: LEFT, [OLDER]: LEFT },
    /has changed since:\n\/etc\/motd \("Write"\)/,
  ),

  checked(
    "what the run made, and somebody took away with the directory around it",
    [
      newer({
        looks: [
          look(NEWER, LEFT.split(" "), ["absent"]),
          {
            ...look(AROUND, ["41ed", "root", "root", "-"], ["41ed", "root", "root", "-"]),
            subject: "path /etc",
            path: { path: "/etc", follow: true },
          },
        ],
      }),
    ],
    { [NEWER]: "absent", [AROUND]: "absent" },
  ),
  checked("what the run made and changed, and somebody took away", [newer(), older(FOUND)], {
    [NEWER]: "absent",
    [OLDER]: "absent",
  }),
  checked(
    "what the run changed, and somebody took away",
    [newer()],
    { [NEWER]: "absent" },
    /is not there now$/,
  ),

  undone(
    "a change of an earlier run",
    newer(),
    { [NEWER]: "from" },
    {
      after: { [NEWER]: "to" },
      steps: [
        `U="$HW_STATE_DIR/journal/"${RUN}/00001\nhw_restore /etc/motd`,
        `[ ! -f "$HW_STATE_DIR/journal/"${RUN}/log ] || printf 'undone %s\\n' 00001 >> "$HW_STATE_DIR/journal/"${RUN}/log`,
      ],
    },
  ),
  undone(
    "a change of this very run, of which something waits",
    newer({ journal: "", mark: "part", marked: ["00001", "00002"] }),
    { [NEWER]: "from" },
    {
      steps: [
        `U="$HW_RUN_DIR/"00001\nhw_restore /etc/motd`,
        `[ ! -f "$HW_RUN_DIR/log" ] || printf 'part %s\\n' 00001 00002 >> "$HW_RUN_DIR/log"`,
      ],
    },
  ),
  {
    ...undone(
      "nothing to look at, and nothing to note",
      newer({ looks: [], marked: [] }),
      {},
      { steps: [`U="$HW_STATE_DIR/journal/"${RUN}/00001\nhw_restore /etc/motd`, ":"] },
    ),
    always: true,
  },
  undone(
    "a change of which a step cannot be done again: it has no undo",
    newer({ steps: [{ undo: "hw_restore /etc/motd", redo: "kept" }, { undo: "deluser ann" }] }),
    { [NEWER]: "from" },
    { undos: [] },
  ),
  undone("undone already", newer(), { [NEWER]: "to" }, { unchanged: true }),
];
