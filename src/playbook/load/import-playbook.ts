import { InputError } from "../../errors.ts";
import { allNames } from "../../modules/index.ts";
import { kindName, mapGet, type MapNode, type ScalarNode, type YamlNode } from "../../yaml/node.ts";
import { unquote } from "../../jinja/formats/key-values.ts";
import { splitText } from "../keywords/arguments.ts";
import { loadCommon } from "./items.ts";
import type { Loading } from "./loading.ts";
import { nodesOf } from "../nodes.ts";
import type { Common, Play } from "../play.ts";

const WORDS = allNames("import_playbook");
/**
 * What an import lays on the plays that it brings; Ansible takes other keywords there,
 * and does nothing with them.
 */
const LAID = ["name", "vars", "when", "tags"];

/** An import_playbook: the file, and what it lays on every play of it. */
export interface PlaybookImport extends Common {
  target: ScalarNode;
}

// Reads an import of a playbook; undefined: the mapping is a play.
export function playbookImport(
  map: MapNode,
  tags: readonly string[],
  loading: Loading,
): PlaybookImport | undefined {
  const target = WORDS.map((word) => mapGet(map, word)).find((node) => node !== undefined);
  if (!target) return undefined;
  const entries = map.entries.filter(({ key }) => !WORDS.includes(String(key.value)));
  const other = entries.find(({ key }) => !LAID.includes(String(key.value)));
  if (other)
    throw new InputError(
      `"${String(other.key.value)}" is not supported with import_playbook`,
      other.key.place,
      "set it in the imported plays",
    );
  if (target.kind !== "scalar" || target.value === null)
    throw new InputError(
      `import_playbook takes a file, but this is ${kindName(target)}`,
      target.place,
    );
  if (/\{\{|\{%/.test(String(target.value)))
    throw new InputError(
      "import_playbook is read before any variable is known",
      target.place,
      "name the file, and put a condition under when",
    );
  return {
    ...loadCommon("block", { ...map, entries }, "", tags, loading),
    target: fileOf(target, loading),
  };
}

// Only the file: Ansible reads what follows it as parameters, which it no longer uses.
function fileOf(target: ScalarNode, { warn }: Loading): ScalarNode {
  const [file, ...rest] = splitText(String(target.value));
  if (!file || rest.length === 0) return target;
  warn(
    `import_playbook takes a file: ${rest.map(({ word }) => `"${word.trim()}"`).join(", ")} after it is not used; set variables under vars`,
    target.place,
  );
  return { ...target, value: unquote(file.word.trim()) };
}

// A play as an import wants it: its variables win over the play's own, and its condition is
// asked first for every task.
export function underImport(play: Play, { vars, keywords }: PlaybookImport): Play {
  const when = keywords.get("when");
  const conditions: YamlNode | undefined = when && {
    kind: "seq",
    items: [...nodesOf(when), ...nodesOf(play.keywords.get("when"))],
    place: when.place,
  };
  return {
    ...play,
    vars: new Map([...play.vars, ...vars]),
    keywords: conditions ? new Map([...play.keywords, ["when", conditions]]) : play.keywords,
  };
}
