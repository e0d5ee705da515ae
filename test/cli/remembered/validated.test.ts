import { expect, test } from "vitest";
import { canVouch, validatedDigest } from "../../../src/cli/remembered/validated.ts";
import type { Output } from "../../../src/transport/transport.ts";

const FILE = "81a4 39 7 root root 0 0 3 100.000000000 100.000000000 '/etc/a'";
const ETC = "41ed 39 5 root root 0 0 4096 100.000000000 100.000000000 '/etc'";
const PROC = "416d 70 1 root root 0 0 0 100.000000000 100.000000000 '/proc'";

/** An answer at 1000 seconds, in which these lines are the validator. */
const said = (lines: readonly string[], behind = "", before = "yes"): Output => ({
  code: 0,
  stdout: Buffer.from(
    `\n@n unit\n${before}\n\n@n validator\nnow 1000\n${lines.join("\n")}\n\n@n path\n${behind}\n\n@n end\n`,
  ),
  stderr: "",
});

/** What was looked at -> whether a validator can vouch for what rests on it. */
const VOUCHED: readonly [what: string, output: Output, vouches: boolean][] = [
  ["a file that was left alone", said([PROC, ETC, FILE]), true],
  ["a file that is not there", said([ETC, "absent /etc/b"]), true],
  ["a file changed two seconds ago", said([FILE.replaceAll("100.", "998.")]), false],
  ["a file whose inode alone changed", said([FILE.replace("100.000000000 '", "999.9 '")]), false],
  ["a directory changed just now", said([ETC.replaceAll("100.", "1000.")]), true],
  ["a file of the kernel", said([PROC, FILE.replace(" 39 ", " 70 ")]), false],
  ["a directory of the kernel", said([PROC, ETC.replace(" 39 ", " 70 ")]), true],
  ["an answer that rests on more", said([FILE], "live"), false],
  ["a validator that knows of more", said([FILE, "live"]), false],
  ["a link to what was looked at", said([ETC, FILE, link("/etc/l", "a"), is("/etc/l")]), true],
  ["a link to another directory", said([ETC, link("/etc/l", "/srv/a"), is("/etc/l")]), false],
  ["a link to nothing", said([ETC, link("/etc/l", "/srv/a")]), true],
  ["a link with a strange name", said([ETC, link("/etc/l'$'\\n''", "a")]), false],
  ["links in a circle", said([ETC, link("/etc/l", "m"), link("/etc/m", "l")]), true],
  ["no clock", { ...said([]), stdout: Buffer.from("\n@n path\n\n@n end\n") }, false],
];

test.each(VOUCHED)("%s", (_what, output, vouches) => {
  expect(canVouch(output, "n")).toBe(vouches);
});

function link(path: string, target: string): string {
  return `a1ff 39 8 root root 0 0 1 100.000000000 100.000000000 '${path}' -> '${target}'`;
}

// The same path, looked at through its links.
function is(path: string): string {
  return FILE.replace("/etc/a", path);
}

const BEFORE = validatedDigest(said([ETC, FILE]), "n");

/** What is otherwise -> whether it counts. */
const COUNTED: readonly [what: string, output: Output, counts: boolean][] = [
  ["nothing", said([ETC, FILE]), false],
  ["the answer behind it", said([ETC, FILE], "other"), false],
  ["the answer before it", said([ETC, FILE], "", "no"), true],
  ["when a directory was changed", said([ETC.replaceAll("100.", "200."), FILE]), false],
  ["the size of a directory", said([ETC.replace("4096", "8192"), FILE]), false],
  ["the mode of a directory", said([ETC.replace("41ed", "41c0"), FILE]), true],
  ["the inode of a directory", said([ETC.replace(" 5 ", " 6 "), FILE]), true],
  ["when a file was changed", said([ETC, FILE.replace("100.000000000 '", "200.0 '")]), true],
  ["the owner of a file", said([ETC, FILE.replace("root root 0 0", "bin root 2 0")]), true],
  ["how the program ended", { ...said([ETC, FILE]), code: 1 }, true],
];

test.each(COUNTED)("another digest, or the same: %s", (_what, output, counts) => {
  expect(validatedDigest(output, "n") !== BEFORE).toBe(counts);
});
