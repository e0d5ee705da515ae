import { InputError } from "../../errors.ts";
import { isForeignCollection } from "../../modules/catalogue/foreign.ts";
import { collectionNames } from "../../modules/index.ts";
import { didYouMean } from "../../suggest.ts";
import { kindName, type YamlNode } from "../../yaml/node.ts";
import { nodesOf } from "../nodes.ts";

// Refuses what can be no collection; the short names of our modules need no list, and of foreign
// collections no module is taken by its short name.
export function checkCollections(node: YamlNode | undefined): void {
  for (const entry of nodesOf(node)) {
    if (entry.kind !== "scalar")
      throw new InputError(
        `collections names collections, but here it is ${kindName(entry)}`,
        entry.place,
      );
    const [name, known] = [String(entry.value), collectionNames()];
    if (!isForeignCollection(name))
      throw new InputError(
        `there is no collection "${name}"`,
        entry.place,
        didYouMean(name, known) ?? "write NAMESPACE.NAME",
      );
  }
}
