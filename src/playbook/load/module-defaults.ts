import { InputError } from "../../errors.ts";
import { isForeignModule } from "../../modules/catalogue/foreign.ts";
import { findModule, moduleNames, type AnyModule } from "../../modules/index.ts";
import { didYouMean } from "../../suggest.ts";
import { kindName, mapGet, type MapEntry, type MapNode, type YamlNode } from "../../yaml/node.ts";
import { checkGiven } from "../keywords/arguments.ts";
import { checkArgumentTemplates } from "../keywords/check-templates.ts";
import { nodesOf } from "../nodes.ts";

/** The parameters that tasks of a module take where they do not set them, by module. */
export type ModuleDefaults = ReadonlyMap<AnyModule, MapNode>;

// Adds a `module_defaults` to those around it. What it says of a module replaces all that they say
// of it, as in Ansible. Names of other modules than ours are left out.
export function addDefaults(
  around: ModuleDefaults,
  node: YamlNode | undefined,
  isOther: (name: string) => boolean,
): ModuleDefaults {
  if (!node || (node.kind === "scalar" && node.value === null)) return around;
  const all = new Map(around);
  for (const part of nodesOf(node)) {
    for (const { key, value } of entriesOf(part)) {
      const name = String(key.value);
      if (isOther(name) || (!findModule(name) && isForeignModule(name))) continue;
      const module = moduleOf(name, key.place);
      all.set(module, checkDefaults(module, value));
    }
  }
  return all;
}

// The modules that a part of module_defaults names.
function entriesOf(part: YamlNode): readonly MapEntry[] {
  if (part.kind === "map") return part.entries;
  throw new InputError(
    `module_defaults takes modules with their parameters, but here it is ${kindName(part)}`,
    part.place,
    'write it as: module_defaults: {copy: {mode: "0644"}}',
  );
}

// The module that a key names, short or with its collection.
function moduleOf(name: string, place: InputError["place"]): AnyModule {
  if (name.startsWith("group/"))
    throw new InputError(
      `module_defaults of a group ("${name}") are not supported`,
      place,
      "name each module",
    );
  const module = findModule(name);
  if (!module)
    throw new InputError(
      `module_defaults: unknown module "${name}"`,
      place,
      didYouMean(name, moduleNames()) ?? '"hullwright doc" lists the modules',
    );
  return module;
}

// Refuses parameters that the module does not have, and values that cannot be right.
function checkDefaults(module: AnyModule, value: YamlNode): MapNode {
  if (value.kind === "scalar" && value.value === null)
    return { kind: "map", entries: [], place: value.place };
  if (value.kind !== "map")
    throw new InputError(
      `module_defaults of "${module.name}" take parameters, but this is ${kindName(value)}`,
      value.place,
      "write them as a mapping below it",
    );
  checkGiven(module.schema, module.name, value);
  checkArgumentTemplates(module.schema, value, () => {});
  return value;
}

// A task's arguments with the defaults that it does not set itself.
export function withDefaults(args: MapNode, defaults: MapNode | undefined): MapNode {
  if (!defaults) return args;
  return {
    ...args,
    entries: [
      ...defaults.entries.filter(({ key }) => !mapGet(args, String(key.value))),
      ...args.entries,
    ],
  };
}
