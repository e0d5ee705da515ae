import type { LookWord } from "../../probes/probe.ts";
import { describePath } from "../../probes/files/describe-path.ts";
import { wordsOf, type Looked } from "../../plan/model/looks.ts";

// What looks found that is not what was wanted, in plain words; `printed` has a line for each look.
// "": nothing can be said of it.
export function tellFound(
  looks: readonly Looked[],
  which: "before" | "after",
  printed: string,
): string {
  const lines = printed.trim().split("\n");
  const told = looks.flatMap((one, index) => {
    const line = lines.length === looks.length ? lines[index] : undefined;
    const words = wordsOf(one, which, false);
    return line !== undefined && isAs(words, line) ? [] : [tellOne(one, which, words, line)];
  });
  return [...new Set(told)].join("; ");
}

// One that is not as it was wanted; without a line it is only named.
function tellOne(
  { probe, look }: Looked,
  which: "before" | "after",
  words: readonly LookWord[],
  line: string | undefined,
): string {
  const { kind, arg } = probe;
  const about = look.about?.(arg);
  if (about?.path === undefined) {
    const subject = about?.subject ?? `${kind.name} ${kind.subject(arg as never)}`;
    return `${subject} is not as ${which === "before" ? "it was" : "it should be"}`;
  }
  const name = about.path.path;
  if (line === undefined) return name;
  const now = describePath(line.split(" "));
  const wanted = describePath(words);
  if (wanted === undefined || now === undefined) return `${name} ${now ?? "is something else"}`;
  if (wanted === now) return `${name} has other content`;
  return which === "before"
    ? `${name} ${now} now, and ${wanted.replace(/^is/, "was")}`
    : `${name} ${now}, and should be otherwise: ${wanted.replace(/^is /, "")}`;
}

// Whether a line has the words of a state.
function isAs(words: readonly LookWord[], line: string): boolean {
  const patterns = words.map((word) => {
    if (word === null) return "[^]*";
    return typeof word === "string" ? escapePattern(word) : `${escapePattern(word.begins)}\\S*`;
  });
  return new RegExp(`^${patterns.join(" ")}$`).test(line);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
