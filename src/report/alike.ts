import { visible } from "./visible.ts";

/** One host's answer to a command that all hosts were given. */
export interface HostAnswer {
  host: string;
  /** "ok", "changed", "failed, exit 3" ... */
  status: string;
  lines: readonly string[];
}

// Groups hosts with identical answers, as `clush -b` does, in the order of their first hosts.
export function renderAlike(answers: readonly HostAnswer[]): string[] {
  const groups = new Map<string, HostAnswer[]>();
  for (const answer of answers) {
    const key = JSON.stringify([answer.status, answer.lines]);
    groups.set(key, [...(groups.get(key) ?? []), answer]);
  }
  return [...groups.values()].flatMap((group, index) => {
    const { status, lines } = group[0]!;
    const names = group.map(({ host }) => host).join(", ");
    const count = group.length === 1 ? "" : ` (${group.length} hosts)`;
    return [
      ...(index === 0 ? [] : [""]),
      visible(`${names}${count}: ${status}`),
      ...lines.map((line) => `  ${visible(line)}`),
    ];
  });
}
