import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { expandedWords } from "../../../../src/modules/commands/command/words.ts";

const env = { PATH: "/usr/bin:/bin", HOME: "/root", TWO: "a  b", EMPTY: "", STAR: "*" };
const WORDS = [
  "plain",
  "",
  "$HOME",
  "${HOME}/x y",
  "a$TWO'b",
  "$EMPTY",
  "$EMPTY.",
  "$STAR",
  "$NOT_SET",
  "${NOT_SET}x",
  "$",
  "$1",
  "${}",
  '"$HOME"',
  "$(id)",
  "`id`",
  "a\\$HOME",
  "~",
  "~/",
  "~/x y",
  "~root",
  "~root/$TWO",
  "~nobodythere/x",
  "a~",
  "x=~",
  "~a b/c",
  "$HOME$TWO${TWO}",
];

// What Python makes of them, as Ansible asks it.
const python = [
  "-c",
  "import json, os, sys; print(json.dumps([os.path.expanduser(os.path.expandvars(word)) for word in sys.argv[1:]]))",
  ...WORDS,
];
const isMissing = spawnSync("python3", ["--version"]).error !== undefined;

test.skipIf(isMissing).each([[["dash"]], [["bash"]], [["busybox", "sh"]]])(
  `%s writes the words of a command out as Python does${isMissing ? " (skipped: no python3)" : ""}`,
  ([shell, ...more]) => {
    const printed = execFileSync(
      shell!,
      [...more, "-c", `printf '%s\\0' ${expandedWords(WORDS).sh}`],
      { encoding: "utf8", env },
    );
    const theirs = JSON.parse(
      execFileSync("python3", python, { encoding: "utf8", env }),
    ) as string[];
    // busybox loses what stands behind a user whom nobody knows
    expect(printed.split("\0").slice(0, -1)).toEqual(
      shell === "busybox"
        ? theirs.map((word) => word.replace("nobodythere/x", "nobodythere"))
        : theirs,
    );
  },
);
