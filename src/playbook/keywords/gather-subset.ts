import { InputError, TaskFailure } from "../../errors.ts";
import { wantedSubsets } from "../../modules/system/setup.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { wordsOf } from "../nodes.ts";

// Refuses a gather_subset that names no set of facts; one with a template is
// looked at when it is rendered.
export function checkSubsets(node: YamlNode | undefined): void {
  const words = wordsOf(node)
    .flatMap((word) => word.split(","))
    .map((word) => word.trim());
  if (!node || words.some((word) => word.includes("{{"))) return;
  try {
    wantedSubsets(words);
  } catch (error) {
    throw error instanceof TaskFailure
      ? new InputError(error.message, node.place, error.hint)
      : error;
  }
}
