import type { Diff } from "../../modules/contract/module.ts";
import { contentText, type PathState } from "../../probes/files/path.ts";
import type { Json } from "../../value.ts";

// Shows a change by its states, where the module does not show it itself.
export function deriveDiff(before: Record<string, Json>, after: Record<string, Json>): Diff[] {
  return Object.keys(after).flatMap((name) =>
    diffState(name, before[name] ?? null, after[name] ?? null),
  );
}

// Files and directories by their fields, texts as texts, everything else by its keys.
function diffState(name: string, before: Json, after: Json): Diff[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (looksLikePath(before) || looksLikePath(after))
    return diffPath(name, before as PathState, after as PathState);
  if (isPlain(before) && isPlain(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      field(key, before[key] ?? null, after[key] ?? null),
    );
  return field(name, before, after);
}

function diffPath(name: string, before: PathState, after: PathState): Diff[] {
  if (before === null || after === null)
    return [
      { kind: "field", title: name, before: before && before.type, after: after && after.type },
    ];
  const [old, now] = [contentText(before), contentText(after)];
  const text: Diff[] =
    old !== undefined && now !== undefined && old !== now
      ? [{ kind: "text", title: name, before: old, after: now }]
      : [];
  const fields = (["type", "owner", "group", "target"] as const).flatMap((key) =>
    field(key, before[key] ?? null, after[key] ?? null),
  );
  const mode = field("mode", octal(before.mode), octal(after.mode));
  const digest =
    text.length === 0 ? field("sha256", before.sha256 ?? null, after.sha256 ?? null) : [];
  return [...text, ...fields, ...mode, ...digest];
}

// One field, if it differs.
function field(title: string, before: Json, after: Json): Diff[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const show = (value: Json): string | null => {
    if (value === null) return null;
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  return [{ kind: "field", title, before: show(before), after: show(after) }];
}

function octal(mode: number | undefined): Json {
  return mode === undefined ? null : mode.toString(8).padStart(4, "0");
}

function isPlain(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function looksLikePath(value: Json): boolean {
  return (
    isPlain(value) &&
    typeof value["type"] === "string" &&
    ("mode" in value || "target" in value || value["type"] === "file")
  );
}
