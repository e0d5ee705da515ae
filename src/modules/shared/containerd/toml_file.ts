import { contentText, type PathState } from "../../../probes/files/path.ts";
import { hideSecretValue } from "../../../secrets.ts";
import { differences, equalToml } from "../../../toml/compare.ts";
import { parseToml } from "../../../toml/parse.ts";
import { stringifyToml } from "../../../toml/stringify.ts";
import { isTable, newTable, type TomlTable } from "../../../toml/value.ts";
import type { Diff } from "../../contract/module.ts";
import { planText, type TextPlacement, type WantedText } from "./place.ts";
import { attempt } from "../../../instead-of.ts";

/** The wanted TOML file on the host. */
export interface WantedToml extends Omit<WantedText, "text" | "same"> {
  tree: TomlTable;
  /** The comment above it. */
  title: string;
  /** Comments below it. */
  remarks?: string[];
  /**
   * What holds where the file says nothing: keys that go and said just that change
   * nothing, and are only counted.
   */
  defaults?: TomlTable | undefined;
  /** Whether a file with an equal tree also reads alike to containerd. */
  alike?(text: string, tree: TomlTable): boolean;
}

// The file's text.
export function tomlText({ title, remarks = [], tree }: WantedToml): string {
  return `# ${title}; changes by hand are found and undone.\n${remarks.map((one) => `${one}\n`).join("")}${stringifyToml(tree)}`;
}

// Plans a TOML file: one with the same meaning is not changed, whatever its comments and format.
export function planToml(wanted: WantedToml, before: PathState): TextPlacement | null {
  const text = tomlText(wanted);
  const same = (old: string): boolean => {
    const tree = parsed(old);
    return (
      tree !== undefined && equalToml(tree, wanted.tree) && (wanted.alike?.(old, tree) ?? true)
    );
  };
  const placing = planText({ ...wanted, text, same }, before);
  return placing?.rewrites
    ? { ...placing, diff: [...keyDiff(before, wanted, text), ...placing.diff] }
    : placing;
}

// What changes, by key; a file that is not TOML, or only changes the order of its
// tables, is shown as text.
function keyDiff(before: PathState, { path, tree, defaults }: WantedToml, text: string): Diff[] {
  const old = before ? contentText(before) : "";
  const oldTree = old === undefined ? undefined : parsed(old);
  const idle =
    oldTree && defaults ? idleKeys(oldTree, tree, defaults) : { rest: oldTree, count: 0 };
  const found = idle.rest ? differences(idle.rest, tree) : [];
  const counted: Diff[] =
    idle.count > 0
      ? [
          {
            kind: "note",
            title: `${idle.count} keys are removed that only repeat containerd's defaults`,
          },
        ]
      : [];
  if (found.length === 0 && idle.count > 0) return counted;
  if (found.length === 0) return [{ kind: "text", title: path, before: old ?? "", after: text }];
  return [
    ...found.map(({ key, ...sides }): Diff => ({
      kind: "field",
      title: key,
      ...hideSecretValue(key, sides),
    })),
    ...counted,
  ];
}

// A file without the keys that go and said only what holds anyway, and how many those are.
function idleKeys(
  old: TomlTable,
  wanted: TomlTable,
  defaults: TomlTable,
): { rest: TomlTable; count: number } {
  const rest = newTable();
  let count = 0;
  for (const [key, value] of Object.entries(old)) {
    const [kept, standard] = [wanted[key], defaults[key]];
    if (isTable(value) && (kept === undefined || isTable(kept)) && isTable(standard)) {
      const inside = idleKeys(value, kept ?? newTable(), standard);
      count += inside.count;
      if (Object.keys(inside.rest).length > 0) rest[key] = inside.rest;
    } else if (kept === undefined && standard !== undefined && equalToml(value, standard)) count++;
    else rest[key] = value;
  }
  return { rest, count };
}

function parsed(text: string): TomlTable | undefined {
  return attempt(() => parseToml(text));
}
