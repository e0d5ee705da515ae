import type { Finding } from "./finding.ts";

// Whether a warning is silenced by `# noqa` on its line, or on that of the task's first key; with
// names after it, only for those rules.
export function isSilenced({ rule, place: { text = "", line } }: Finding): boolean {
  const lines = text.split("\n");
  const start = lines.slice(0, line).findLastIndex((one) => /^\s*- /.test(one));
  return [line - 1, start].some((index) => silences(lines[index] ?? "", rule));
}

function silences(line: string, rule: string): boolean {
  const words = /#\s*noqa\b:?(.*)$/i.exec(line)?.[1];
  if (words === undefined) return false;
  const names = words
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((word) => word.replace(/\[.*\]$/, ""));
  return names.length === 0 || names.includes(rule);
}
