import { TaskFailure } from "../../errors.ts";

/** The words of a marker, and what was printed after it. */
interface Section {
  words: string[];
  text: string;
}

// Splits a stream at the marks.
export function sections(stream: string, nonce: string): Section[] {
  return stream
    .split(`\n@${nonce} `)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n");
      return { words: part.slice(0, end).split(" "), text: part.slice(end + 1) };
    });
}

// The markers of a stream, each with the number of later ones of the same entry and kind: of a long
// stderr only the end is kept.
export function countFromEnd(parts: readonly Section[]): string[] {
  const seen = new Map<string, number>();
  return parts
    .toReversed()
    .map(({ words: [word, number] }) => {
      const mark = `${word!} ${number ?? ""}`;
      const behind = seen.get(mark) ?? 0;
      seen.set(mark, behind + 1);
      return `${mark} ${behind}`;
    })
    .reverse();
}

// Finds what stderr has after a marker; nothing if there is no such marker.
export function errorsBy(sections: readonly Section[]): (mark: string) => string {
  const marks = countFromEnd(sections);
  const texts = new Map(sections.map(({ text }, at) => [marks[at]!, text]));
  return (mark) => texts.get(mark) ?? "";
}

// Why no change was heard of: the program did not start, or its report got lost on the way.
export function nothingHeard(stderr: string, nonce: string): TaskFailure {
  const [before = "", ...marks] = `\n${stderr}`.split(`\n@${nonce} `);
  if (marks.length > 0)
    return new TaskFailure(
      "the host sent an answer about the changes that cannot be parsed",
      "it is not known what was changed: run again to check, and to do the rest",
    );
  return new TaskFailure(
    before.trim() || "the program of changes did not start",
    "check the free space and the permissions of Hullwright's directory there (/var/lib/hullwright, or ~/.local/state/hullwright of the user)",
  );
}
