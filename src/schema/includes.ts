import { allNames } from "../modules/index.ts";
import { anyOf, needsOne, ref, type JsonSchema } from "./json.ts";
import { fromKeys } from "../records.ts";

const ROLE_FILES = ["tasks_from", "vars_from", "defaults_from", "handlers_from"];

// What brings in other tasks, with its options; `keywords` are those that are allowed in `apply`.
export function includeProperties(keywords: { readonly [name: string]: JsonSchema }): {
  [name: string]: JsonSchema;
} {
  const apply: JsonSchema = { type: "object", properties: keywords, additionalProperties: false };
  const role = {
    apply,
    ...fromKeys(["name", "role", ...ROLE_FILES], () => ({ type: "string" })),
    public: ref("bool"),
    allow_duplicates: ref("bool"),
    rolespec_validate: ref("bool"),
  };
  const byText = anyOf(mapping(role, "name", "role"), {
    type: "string",
    pattern: "(^|\\s)(name|role)=",
  });
  const tasks = anyOf({ type: "string" }, mapping({ file: { type: "string" }, apply }, "file"));
  return Object.fromEntries([
    // the form of old playbooks
    ...allNames("include").map((name) => [name, tasks]),
    ...["include", "import"].flatMap((verb) => [
      ...allNames(`${verb}_tasks`).map((name) => [name, tasks]),
      ...allNames(`${verb}_role`).map((name) => [name, byText]),
    ]),
  ]);
}

// A mapping that has one of some keys.
function mapping(
  properties: { readonly [name: string]: JsonSchema },
  ...needed: readonly string[]
): JsonSchema {
  return { type: "object", properties, additionalProperties: false, ...needsOne(needed) };
}
