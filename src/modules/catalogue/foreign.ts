import { closest, editDistance } from "../../suggest.ts";
import { isOfOtherFamily } from "./foreign-families.ts";
import { FOREIGN_NAMES } from "./foreign-names.ts";
import { collectionNames, findModule } from "../index.ts";

/**
 * Collections whose modules are all known, here or as foreign ones: any other
 * name in them is a mistake.
 */
const WHOLE: readonly string[] = ["ansible.builtin", "ansible.posix", "hullwright.containerd"];

// Whether a name that is not one of our modules may be one of Ansible's: a known short name, or one
// in a collection that is not ours.
export function isForeignModule(name: string): boolean {
  const [, collection, short = ""] =
    /^((?!with_)\w+\.\w+)\.(\w+(?:\.\w+)*)$/.exec(
      name.replace(/^ansible\.legacy\./, "ansible.builtin."),
    ) ?? [];
  if (collection === undefined)
    return (
      Object.keys(FOREIGN_NAMES).some((one) => namesOf(one).has(name)) || isOfOtherFamily(name)
    );
  const known = namesOf(collection);
  if (known.has(short)) return true;
  // Ansible finds modules in its own collection that it has given to others.
  if (collection === "ansible.builtin" && isForeignModule(short)) return true;
  if (WHOLE.includes(collection) || !isForeignCollection(collection)) return false;
  return known.size === 0 || (!findModule(short) && closest(short, known) === undefined);
}

// Whether a collection may be one that Ansible has somewhere: a name that is almost one
// that is known is a mistake.
export function isForeignCollection(name: string): boolean {
  const known = [...collectionNames(), ...Object.keys(FOREIGN_NAMES)];
  return (
    known.includes(name) ||
    (/^\w+\.\w+$/.test(name) && known.every((one) => editDistance(one, name) > 2))
  );
}

// The foreign modules of a collection, as far as they are listed.
function namesOf(collection: string): ReadonlySet<string> {
  return new Set(
    Object.hasOwn(FOREIGN_NAMES, collection) ? FOREIGN_NAMES[collection]!.trim().split(/\s+/) : [],
  );
}
