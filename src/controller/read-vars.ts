import { readFile } from "../disk/reading.ts";
import { utf8Text } from "../disk/text.ts";
import { InputError } from "../errors.ts";
import { loadYaml } from "../yaml/load.ts";
import type { Vault } from "../vault/vault.ts";
import { kindName, type MapNode } from "../yaml/node.ts";

// Reads a file of variables while the hosts are planned; an empty one has none. Throws
// InputError with the place.
export async function readVars(path: string, vault: Vault): Promise<MapNode> {
  const node = loadYaml(
    vault.text(utf8Text(await readFile(path), path), { file: path, line: 1, column: 1 }),
    path,
  );
  if (!node) return { kind: "map", entries: [], place: { file: path, line: 1, column: 1 } };
  if (node.kind !== "map")
    throw new InputError(
      `${path} must be a mapping of variables, but it is ${kindName(node)}`,
      node.place,
    );
  return node;
}
