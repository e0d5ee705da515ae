import { splitOnce } from "../../../split-once.ts";
import type { Json } from "../../../value.ts";

/** What a host is, by Ansible's names without the `ansible_` in front. */
export type Facts = { [name: string]: Json };

/** The host's answer to the one program about facts, cut into its parts. */
export interface Answer {
  /** Text of small files that the host has and we may read, by path. */
  files: ReadonlyMap<string, string>;
  /** Matching lines of long files (cpuinfo, meminfo, mounts, modules, hosts, passwd), by path. */
  lines: ReadonlyMap<string, string[]>;
  /** Paths from a fixed list that exist. */
  exists: ReadonlySet<string>;
  /** What the shell itself said, one line a name: `host`, `uid`, `machine`. */
  words: ReadonlyMap<string, string>;
  /** Lines of `ip -o`, `date`, `stat -f` and `getent`. */
  ip: string[];
  date: string;
  sizes: string[];
  names: string[];
}

const SECTION = /\n--(words|exists|lines|sizes|names|ip|date|files)--\n/;

// Splits the host's output into its parts; the files come last, because only
// they may contain any text.
export function readAnswer(output: string): Answer {
  const parts = new Map<string, string>();
  let rest = `\n${output}`;
  for (
    let match = SECTION.exec(rest), name = "";
    match;
    match = name === "files" ? null : SECTION.exec(rest)
  ) {
    if (name) parts.set(name, rest.slice(0, match.index));
    name = match[1]!;
    rest = rest.slice(match.index + match[0].length);
    parts.set(name, rest);
  }
  const linesOf = (name: string): string[] => (parts.get(name) ?? "").split("\n").filter(Boolean);
  return {
    files: readFiles(parts.get("files") ?? ""),
    lines: byFile(linesOf("lines")),
    exists: new Set(linesOf("exists")),
    words: new Map(linesOf("words").map((line) => splitOnce(line, " "))),
    ip: linesOf("ip"),
    date: parts.get("date") ?? "",
    sizes: linesOf("sizes"),
    names: linesOf("names"),
  };
}

// Reads what `tail -v` prints of many files.
export function readFiles(text: string): Map<string, string> {
  const files = new Map<string, string>();
  const heads = [...text.matchAll(/(?:^|\n)==> (\/.*) <==\n/g)];
  heads.forEach((head, i) => {
    const content = text.slice(head.index + head[0].length, heads[i + 1]?.index ?? text.length);
    files.set(head[1]!, content.replace(/\n+$/, ""));
  });
  return files;
}

// Reads what `grep -H` prints: path, colon, line.
function byFile(lines: string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [path, line] of lines.map((text) => splitOnce(text, ":"))) {
    const same = found.get(path);
    if (same) same.push(line);
    else found.set(path, [line]);
  }
  return found;
}

// Reads lines of KEY=VALUE as os-release has them, quotes removed.
export function readAssignments(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^\s*([A-Za-z_]\w*)=(?:"(.*)"|'(.*)'|(.*?))\s*$/.exec(line);
    if (match)
      values.set(
        match[1]!,
        (match[2] ?? match[3] ?? match[4] ?? "").replace(/\\([\\"$`'])/g, "$1"),
      );
  }
  return values;
}
