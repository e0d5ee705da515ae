import { readPair } from "../../jinja/formats/key-values.ts";
import { toValue, wrapScalar } from "../../yaml/data.ts";
import { mapGet, type MapEntry, type MapNode, type Warn, type YamlNode } from "../../yaml/node.ts";
import { scalarPart, splitText } from "../keywords/arguments.ts";
import { isLoopWord } from "../keywords/keywords.ts";

/** The key of a task that names what it does, and its keywords. */
export interface Action {
  entry: MapEntry;
  keywords: MapNode;
}

// The `include` of Ansible before 2.16: an import, or an include of tasks where the file's name is
// a template or a loop gives it. `a=1` behind the file are variables.
export function modernInclude(entry: MapEntry, keywords: MapNode, warn: Warn): Action {
  if (!/^(ansible\.(builtin|legacy)\.)?include$/.test(String(entry.key.value)))
    return { entry, keywords };
  const { file, variables } = fileAndVariables(entry.value);
  const isLoop = keywords.entries.some(({ key }) => key.value === "loop" || isLoopWord(key.value));
  const isOpen = isLoop || JSON.stringify(toValue(file) ?? null).includes("{{");
  const word = isOpen ? "include_tasks" : "import_tasks";
  warn(
    `include is gone since Ansible 2.16: ${word} does the same`,
    entry.key.place,
    "deprecated-include",
  );
  return {
    entry: { key: { ...entry.key, value: word }, value: file },
    keywords: variables.length > 0 ? withVariables(keywords, variables) : keywords,
  };
}

// What an include names, and the variables behind it.
function fileAndVariables(value: YamlNode): { file: YamlNode; variables: MapEntry[] } {
  if (value.kind !== "scalar" || typeof value.value !== "string")
    return { file: value, variables: [] };
  const [first, ...rest] = splitText(value.value);
  const variables = rest.flatMap(({ word, start }) => {
    const pair = readPair(word);
    if (!pair) return [];
    const from = start + pair.name.length + 1;
    return [
      { key: wrapScalar(pair.name, value.at(start)), value: scalarPart(value, pair.value, from) },
    ];
  });
  const isWhole = !first || variables.length < rest.length;
  return isWhole
    ? { file: value, variables: [] }
    : { file: scalarPart(value, first.word.trim(), first.start), variables };
}

// Keywords with more variables under `vars`; those win over its own.
function withVariables(keywords: MapNode, variables: readonly MapEntry[]): MapNode {
  const own = mapGet(keywords, "vars");
  const names = new Set(variables.map(({ key }) => key.value));
  const kept = own?.kind === "map" ? own.entries.filter(({ key }) => !names.has(key.value)) : [];
  const value: MapNode = {
    kind: "map",
    entries: [...kept, ...variables],
    place: variables[0]!.key.place,
  };
  return {
    ...keywords,
    entries: [
      ...keywords.entries.filter(({ key }) => key.value !== "vars"),
      { key: wrapScalar("vars", value.place), value },
    ],
  };
}
