import { InputError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import { kindName, mapGet, type MapNode, type YamlNode } from "../../yaml/node.ts";
import { keywordBool, nodesOf } from "../nodes.ts";
import type { Prompt } from "../play.ts";
import { defined } from "../../defined.ts";

const KEYS = ["name", "prompt", "default", "private", "confirm", "unsafe"];
/** Keys of Ansible that turn the answer into a hash. */
const HASHING = ["encrypt", "salt", "salt_size"];

// Reads vars_prompt: the variables that a person is asked for.
export function loadPrompts(node: YamlNode | undefined): Prompt[] {
  return nodesOf(node).map((entry) => {
    if (entry.kind !== "map")
      throw new InputError(
        `vars_prompt takes mappings, but this is ${kindName(entry)}`,
        entry.place,
        "write it as: - {name: VARIABLE, prompt: TEXT}",
      );
    checkKeys(entry);
    const name = mapGet(entry, "name");
    if (name?.kind !== "scalar")
      throw new InputError('this prompt does not say the "name" of its variable', entry.place);
    const [prompt, fallback] = [mapGet(entry, "prompt"), mapGet(entry, "default")];
    return {
      name: String(name.value),
      place: entry.place,
      isPrivate: flag(entry, "private") ?? true,
      isConfirmed: flag(entry, "confirm") ?? false,
      ...defined({
        prompt: prompt ? prompt : undefined,
        fallback: fallback ? fallback : undefined,
      }),
    };
  });
}

// Refuses keys that a prompt does not have.
function checkKeys({ entries }: MapNode): void {
  for (const { key } of entries) {
    const name = String(key.value);
    if (HASHING.includes(name))
      throw new InputError(
        `"${name}" of vars_prompt is not supported`,
        key.place,
        "ask for the hash itself",
      );
    if (!KEYS.includes(name))
      throw new InputError(
        `vars_prompt has no key "${name}"`,
        key.place,
        didYouMean(name, KEYS) ?? `it takes ${KEYS.join(", ")}`,
      );
  }
}

function flag(map: MapNode, name: string): boolean | undefined {
  const node = mapGet(map, name);
  const value = keywordBool(node);
  if (node && value === undefined)
    throw new InputError(
      `"${name}" takes true or false, but here it is ${kindName(node)}`,
      node.place,
    );
  return value;
}
