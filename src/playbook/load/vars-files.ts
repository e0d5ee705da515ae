import { InputError } from "../../errors.ts";
import { loadYaml } from "../../yaml/load.ts";
import { kindName, type ScalarNode, type YamlNode } from "../../yaml/node.ts";
import type { Loading } from "./loading.ts";
import { nodesOf } from "../nodes.ts";
import type { VarsFile } from "../play.ts";

// Reads vars_files: each entry is a file, or a list of which the first that exists is taken. Names
// without templates are looked up at once, so that what is missing is found now.
export function loadVarsFiles(node: YamlNode | undefined, loading: Loading): VarsFile[] {
  return nodesOf(node).map((entry) => {
    const choices = (entry.kind === "seq" ? entry.items : [entry]).map(nameOf);
    const known = new Map<string, ReadonlyMap<string, YamlNode> | undefined>();
    const load = (name: string): ReadonlyMap<string, YamlNode> | undefined => {
      if (!known.has(name)) known.set(name, readVars(name, choices[0]!, loading));
      return known.get(name);
    };
    const file: VarsFile = { choices, place: entry.place, load };
    if (choices.every(isPlain) && !choices.some((choice) => load(String(choice.value))))
      throw missing(file, loading);
    return file;
  });
}

// The message if none of the files exists.
export function missing(
  { choices, place }: VarsFile,
  { searchPath }: Pick<Loading, "searchPath">,
): InputError {
  return new InputError(
    `there is no such variable file: ${choices.map(({ value }) => String(value)).join(", ")}`,
    place,
    `looked in ${searchPath.join(", ")}`,
  );
}

function nameOf(node: YamlNode): ScalarNode {
  if (node.kind === "scalar" && node.value !== null) return node;
  throw new InputError(`vars_files names files, but here it is ${kindName(node)}`, node.place);
}

// Whether a name is known without any variable.
export function isPlain({ value }: ScalarNode): boolean {
  return !/\{\{|\{%/.test(String(value));
}

// Reads a file of variables; undefined: there is none of that name.
function readVars(
  name: string,
  from: ScalarNode,
  { files, warn, searchPath }: Loading,
): ReadonlyMap<string, YamlNode> | undefined {
  const path = files.find(name, "vars", searchPath);
  if (path === undefined) return undefined;
  const vars = loadYaml(files.read(path, from.place), path, warn);
  if (vars && vars.kind === "scalar" && vars.value === null) return new Map();
  if (vars && vars.kind !== "map")
    throw new InputError(
      `a file of variables is a mapping, but this is ${kindName(vars)}`,
      vars.place,
    );
  return new Map((vars?.entries ?? []).map(({ key, value }) => [String(key.value), value]));
}
