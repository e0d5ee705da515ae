import { contentText, type PathState } from "../../../probes/files/path.ts";
import { hideSecretValue } from "../../../secrets.ts";
import { differences, equalToml } from "../../../toml/compare.ts";
import { parseToml } from "../../../toml/parse.ts";
import { stringifyToml } from "../../../toml/stringify.ts";
import type { TomlTable } from "../../../toml/value.ts";
import type { Diff } from "../../contract/module.ts";
import { planText, type TextPlacement, type WantedText } from "./place.ts";

/** A TOML file that shall stand on the host. */
export interface WantedToml extends Omit<WantedText, "text" | "same"> {
  tree: TomlTable;
  /** The comment above it. */
  title: string;
  /** Tells whether a file with an equal tree also reads alike to containerd. */
  alike?(text: string, tree: TomlTable): boolean;
}

// The file's text.
export function tomlText({ title, tree }: WantedToml): string {
  return `# ${title}; changes by hand are found and undone.\n${stringifyToml(tree)}`;
}

// Plans a TOML file: one that says the same is left alone, whatever its comments and format.
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

// What changes, by key; a file that is not TOML, or only changes the order of its tables, is shown as text.
function keyDiff(before: PathState, { path, tree }: WantedToml, text: string): Diff[] {
  const old = before ? contentText(before) : "";
  const oldTree = old === undefined ? undefined : parsed(old);
  const found = oldTree ? differences(oldTree, tree) : [];
  if (found.length === 0) return [{ kind: "text", title: path, before: old ?? "", after: text }];
  return found.map(({ key, ...sides }) => ({
    kind: "field",
    title: key,
    ...hideSecretValue(key, sides),
  }));
}

function parsed(text: string): TomlTable | undefined {
  try {
    return parseToml(text);
  } catch {
    return undefined;
  }
}
