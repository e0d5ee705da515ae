import { InputError } from "../errors.ts";
import { collectionNames } from "../modules/index.ts";
import { didYouMean } from "../suggest.ts";
import { kindName, type YamlNode } from "../yaml/node.ts";
import { nodesOf } from "./nodes.ts";

// Refuses collections of which no module is here; the short names of those that are need no list.
export function checkCollections(node: YamlNode | undefined): void {
  for (const entry of nodesOf(node)) {
    if (entry.kind !== "scalar") throw new InputError(`collections names collections, but here it is ${kindName(entry)}`, entry.place);
    const [name, known] = [String(entry.value), collectionNames()];
    if (!known.includes(name)) throw new InputError(`no module of the collection "${name}" is here`, entry.place, didYouMean(name, known) ?? `modules are those of ${known.join(", ")}`);
  }
}
