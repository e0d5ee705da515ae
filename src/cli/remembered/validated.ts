import { KERNEL_TREES } from "../../script/validator.ts";
import { SETTLED_SECONDS } from "../../disk/settled.ts";
import { splitOnce } from "../../split-once.ts";
import { sha256Hex } from "../../sha256.ts";
import type { Output } from "../../transport/transport.ts";
import { walk } from "../../probes/files/walk-path.ts";
import { blankAnswer } from "./blank.ts";

/** What is looked at with a validator: see `LOOK` in script/validator.ts. */
const LINE =
  /^(?<mode>[0-9a-f]{4}) (?<device>\d+) (?<identity>\d+ \S+ \S+ \d+ \d+) (?<size>\d+) (?<modified>\d+)\.\d+ (?<changed>\d+)\.\d+ (?<name>'.*)$/;
const NAME = /^'([^']*)'(?: -> '([^']*)')?$/;

type Looked = Record<
  "mode" | "device" | "identity" | "size" | "modified" | "changed" | "name",
  string
>;

// The digest of what a validator said, and of all before it, which it does not vouch for.
export function validatedDigest({ code, stdout }: Output, nonce: string): string {
  const { before, said } = parts(stdout.toString("utf8"), nonce);
  const lines = said.filter((line) => !line.startsWith("now ")).map(identityOf);
  return sha256Hex([code, blankAnswer(before, nonce), ...lines].join("\n"));
}

// Whether a validator can vouch for the answers that came with it: they rest on files alone, which
// were left alone for a while, have times of their own, and have no links that were not looked at.
export function canVouch({ stdout }: Output, nonce: string): boolean {
  const { said, behind } = parts(stdout.toString("utf8"), nonce);
  const now = Number(said.find((line) => line.startsWith("now "))?.slice("now ".length));
  const looked = said.flatMap((line) => (LINE.exec(line)?.groups as Looked | undefined) ?? []);
  const kernel = new Set(
    looked
      .filter(({ name }) => KERNEL_TREES.some((tree) => name === `'${tree}'`))
      .map(({ device }) => device),
  );
  return (
    !Number.isNaN(now) &&
    ![...said, ...behind].includes("live") &&
    looked.every((one) => isDirectory(one) || (isSettled(one, now) && !kernel.has(one.device))) &&
    leadsOnlyToLooked(looked)
  );
}

// An answer's part before the mark, the lines of its validator, and those of all behind it.
function parts(
  text: string,
  nonce: string,
): Record<"said" | "behind", string[]> & { before: string } {
  const mark = `\n@${nonce} validator\n`;
  const [before, rest] = splitOnce(text, mark);
  const [said, behind] = splitOnce(rest, `\n@${nonce} `);
  return { before, said: said.split("\n"), behind: behind.split("\n") };
}

// What counts of a line: of a directory neither size nor times, as what lies in it is looked at for
// itself.
function identityOf(line: string): string {
  const looked = LINE.exec(line)?.groups as Looked | undefined;
  if (!looked || !isDirectory(looked)) return line;
  const { mode, device, identity, name } = looked;
  return [mode, device, identity, name].join(" ");
}

function isDirectory({ mode }: Looked): boolean {
  return mode.startsWith("4");
}

function isSettled({ modified, changed }: Looked, now: number): boolean {
  return Math.max(Number(modified), Number(changed)) < now - SETTLED_SECONDS;
}

// Whether every link that leads somewhere leads through paths that were looked at.
function leadsOnlyToLooked(looked: readonly Looked[]): boolean {
  const [targets, ends] = [new Map<string, string>(), new Set<string>()];
  for (const { mode, name } of looked) {
    const [, path, target] = NAME.exec(name) ?? [];
    if (path === undefined && mode.startsWith("a")) return false;
    if (target !== undefined) targets.set(path!, target);
    else if (path !== undefined) ends.add(path);
  }
  return [...targets.keys()].every((link) => {
    if (!ends.has(link) && !ends.has(`${link}/.`)) return true;
    const targetAt = (at: string): string | null | undefined =>
      targets.get(at) ?? (ends.has(at) || link.startsWith(`${at}/`) ? null : undefined);
    return !("asks" in Object(walk(link, true, targetAt)));
  });
}
