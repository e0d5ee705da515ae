import type { Place } from "../../../errors.ts";
import type { YamlNode } from "../../../yaml/node.ts";

/** A variable and what the user has written for it. */
export interface Written {
  name: string;
  node: YamlNode;
}

interface Candidate {
  name: string;
  place: Place;
  /** How many of the names that lead there, and of its values, the message has. */
  score: number;
  depth: number;
}

// Finds the position for a message about the whole config: that of the deepest key whose
// name the message mentions.
export function placeOfFault(
  message: string,
  written: readonly Written[],
): { name: string; place: Place } | undefined {
  // of several faults the first one
  const first = message.split("\n").slice(0, 2).join(" ");
  const all = written.flatMap(({ name, node }) => {
    const own = name.replace(/^containerd_/, "");
    const score = tells(first, own) ? 1 : 0;
    return candidates(first, { name, place: node.place, score, depth: 0 }, node);
  });
  const [best] = all.sort((a, b) => b.score - a.score || b.depth - a.depth);
  return best;
}

// A node and all below it.
function candidates(message: string, here: Candidate, node: YamlNode): Candidate[] {
  if (node.kind === "map")
    return [
      here,
      ...node.entries.flatMap(({ key, value }) =>
        candidates(message, below(message, here, String(key.value), key.place), value),
      ),
    ];
  if (node.kind === "seq")
    return [
      here,
      ...node.items.flatMap((item) =>
        candidates(message, { ...here, place: item.place, depth: here.depth + 1 }, item),
      ),
    ];
  if (!tells(message, String(node.value))) return [here];
  return [{ ...here, score: here.score + 1, place: here.score > 0 ? node.place : here.place }];
}

function below(message: string, here: Candidate, key: string, place: Place): Candidate {
  const isTold = tells(message, key);
  // a key that is not mentioned leads nowhere, unless one below it is
  return {
    ...here,
    score: here.score + (isTold ? 1 : 0),
    depth: here.depth + (isTold ? 1 : 0),
    place: isTold ? place : here.place,
  };
}

// Whether a message has a name or value as a whole word.
function tells(message: string, word: string): boolean {
  if (word === "") return false;
  const at = message.indexOf(word);
  const isEdge = (char: string | undefined): boolean => char === undefined || !/\w/.test(char);
  return at >= 0 && isEdge(message[at - 1]) && isEdge(message[at + word.length]);
}
