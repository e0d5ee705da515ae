import { InputError, type Place } from "../errors.ts";
import { standardEnvironment } from "../jinja/template.ts";
import { didYouMean } from "../suggest.ts";
import { kindName, type MapEntry, type YamlNode } from "../yaml/node.ts";

/** How a keyword's value is written. */
type Form = "any" | "text" | "bool" | "number" | "map" | "list" | "words" | "conditions" | "items";

/** Every keyword that plays, blocks and tasks know, in Ansible's words; what is not here is refused. */
const SHARED: Record<string, Form> = {
  name: "text", vars: "map", tags: "words", become: "bool", become_user: "text", become_method: "text", environment: "any",
  ignore_errors: "bool", ignore_unreachable: "bool", no_log: "bool", check_mode: "bool", diff: "bool", any_errors_fatal: "bool", run_once: "bool", throttle: "number", module_defaults: "any", collections: "words",
};
const BLOCK: Record<string, Form> = { ...SHARED, when: "conditions", block: "items", rescue: "items", always: "items", notify: "words",
  delegate_to: "text", delegate_facts: "bool",
};
const TASK: Record<string, Form> = {
  ...SHARED, when: "conditions", loop: "any", loop_control: "map", register: "text", notify: "words", listen: "words", args: "map",
  changed_when: "conditions", failed_when: "conditions", until: "conditions", retries: "number", delay: "number",
  delegate_to: "text", delegate_facts: "bool",
};
const PLAY: Record<string, Form> = {
  ...SHARED, hosts: "any", gather_facts: "bool", roles: "any", vars_files: "words", pre_tasks: "items", tasks: "items", post_tasks: "items", handlers: "items",
  serial: "any", max_fail_percentage: "number", force_handlers: "bool", strategy: "text", order: "text",
  connection: "text", remote_user: "text", user: "text", port: "number", gather_subset: "words", gather_timeout: "number", vars_prompt: "any",
};

export const KEYWORDS = { play: PLAY, block: BLOCK, task: TASK } as const;
export type KeywordOwner = keyof typeof KEYWORDS;

/** Keywords of Ansible that we do not have, with what to do instead. */
const REFUSED: Record<string, string> = {
  async: "long work runs in the foreground here; drop async and poll",
  poll: "long work runs in the foreground here; drop async and poll",
  local_action: "write the module's name as the key and delegate the task",
  sudo: "use become",
  remote_user: "one login serves a host for the whole run: set remote_user on the play, or ansible_user in the inventory",
  connection: "one login serves a host for the whole run: set connection on the play, or ansible_connection in the inventory",
  port: "one login serves a host for the whole run: set port on the play, or ansible_port in the inventory",
  fact_path: "facts of the host's own are read from /etc/ansible/facts.d",
};

// Refuses a keyword that does not exist here, with the nearest one that does.
export function checkKeyword(owner: KeywordOwner, { key, value }: MapEntry, others: Iterable<string> = []): void {
  if (owner === "task" && isLoopWord(key.value)) return;
  const known: Record<string, Form> = KEYWORDS[owner];
  const name = String(key.value);
  const form = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!form) {
    const hint = (Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined) ?? didYouMean(name, [...Object.keys(known), ...others]);
    throw new InputError(`unknown keyword "${name}" in a ${owner}`, key.place, hint);
  }
  checkForm(name, form, value);
}

const { lookups } = standardEnvironment();

// Tells whether a key is with_items or another loop over a lookup.
export function isLoopWord(key: unknown): key is string {
  return typeof key === "string" && key.startsWith("with_") && lookups.has(key.slice("with_".length));
}

// Refuses a value whose YAML form cannot be right, whatever its template gives.
function checkForm(name: string, form: Form, value: YamlNode): void {
  const scalar = value.kind === "scalar" ? value : undefined;
  const template = typeof scalar?.value === "string" && scalar.value.includes("{{");
  const wrong = {
    any: false,
    text: !scalar || (scalar.value === null && name !== "name"),
    bool: !template && (!scalar || !isBoolText(scalar.value)),
    number: !template && (!scalar || !/^\d+(\.\d+)?%?$/.test(String(scalar.value))),
    map: value.kind !== "map" && scalar?.value !== null && !template,
    list: value.kind !== "seq",
    words: value.kind === "map" || (value.kind === "seq" && value.items.some((item) => item.kind === "map")),
    conditions: value.kind === "map" || (value.kind === "seq" && value.items.some((item) => item.kind !== "scalar")),
    items: value.kind !== "seq" && scalar?.value !== null,
  }[form];
  if (!wrong) return;
  const wanted = { text: "text", bool: "true or false", number: "a number", map: "a mapping", list: "a list", words: "a name or a list of names", conditions: "an expression or a list of expressions", items: "a list of tasks", any: "" }[form];
  throw new InputError(`"${name}" takes ${wanted}, but here it is ${kindName(value)}`, value.place, name === "when" ? "write it as text: when: a == b" : undefined);
}

// What YAML or a person may write for a boolean.
function isBoolText(value: unknown): boolean {
  return typeof value === "boolean" || /^(yes|no|true|false|on|off|0|1)$/i.test(String(value));
}

// Where a keyword stands, as near as it is known.
export function keyPlace({ keywords, place }: { keywords: ReadonlyMap<string, YamlNode>; place: Place }, name: string): Place {
  return keywords.get(name)?.place ?? place;
}
