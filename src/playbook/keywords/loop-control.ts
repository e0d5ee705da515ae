import { toBoolean } from "../../boolean.ts";
import { InputError, UnsupportedError } from "../../errors.ts";
import { LATER_HINT, LATER_LOOP_CONTROL } from "../../modules/catalogue/later.ts";
import { didYouMean } from "../../suggest.ts";
import { kindName, type YamlNode } from "../../yaml/node.ts";

/** The type of each key of loop_control; any of them may be a template. */
const KEYS: { readonly [name: string]: { wants: string; fits: (value: unknown) => boolean } } = {
  loop_var: { wants: "the name of a variable", fits: isName },
  index_var: { wants: "the name of a variable", fits: isName },
  label: { wants: "", fits: () => true },
  pause: {
    wants: "seconds",
    fits: (value) => typeof value === "number" || /^\d+(\.\d+)?$/.test(String(value)),
  },
  extended: { wants: "true or false", fits: isBool },
  extended_allitems: { wants: "true or false", fits: isBool },
};

// Refuses keys that loop_control does not have, and values that cannot be right.
export function checkLoopControl(node: YamlNode): void {
  if (node.kind !== "map") return;
  for (const { key, value } of node.entries) {
    const name = String(key.value);
    const known = Object.hasOwn(KEYS, name) ? KEYS[name]! : undefined;
    if (LATER_LOOP_CONTROL.includes(name))
      throw new UnsupportedError(`loop_control has no key "${name}"`, key.place, LATER_HINT);
    if (!known)
      throw new InputError(
        `loop_control has no key "${name}"`,
        key.place,
        didYouMean(name, Object.keys(KEYS)) ?? `it takes ${Object.keys(KEYS).join(", ")}`,
      );
    if (name === "label" || (value.kind === "scalar" && String(value.value).includes("{{")))
      continue;
    if (value.kind !== "scalar" || !known.fits(value.value))
      throw new InputError(
        `loop_control.${name} takes ${known.wants}, but here it is ${kindName(value)}`,
        value.place,
      );
  }
}

function isName(value: unknown): boolean {
  return typeof value === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value);
}

function isBool(value: unknown): boolean {
  return toBoolean(value) !== undefined;
}
