import { InputError, UnsupportedError, type Place } from "../../errors.ts";
import { standardEnvironment } from "../../jinja/template.ts";
import { didYouMean } from "../../suggest.ts";
import type { MapEntry, YamlNode } from "../../yaml/node.ts";
import { checkForm, type Form } from "./types.ts";
import { isForeignKeyword, keywordHint } from "./hints.ts";

/**
 * Every keyword that plays, blocks and tasks know, in Ansible's words; what is not here is refused.
 */
const SHARED: Record<string, Form> = {
  name: "text",
  vars: "vars",
  tags: "words",
  become: "bool",
  become_user: "text",
  become_method: "text",
  become_exe: "text",
  become_flags: "text",
  connection: "text",
  remote_user: "text",
  port: "number",
  environment: "environment",
  ignore_errors: "bool",
  ignore_unreachable: "bool",
  no_log: "bool",
  check_mode: "bool",
  diff: "bool",
  any_errors_fatal: "bool",
  run_once: "bool",
  throttle: "number",
  module_defaults: "any",
  timeout: "number",
  collections: "words",
};
const BLOCK: Record<string, Form> = {
  ...SHARED,
  when: "conditions",
  block: "items",
  rescue: "items",
  always: "items",
  notify: "words",
  delegate_to: "text",
  delegate_facts: "bool",
};
const TASK: Record<string, Form> = {
  ...SHARED,
  when: "conditions",
  loop: "loop",
  loop_control: "map",
  register: "variable",
  notify: "words",
  listen: "words",
  args: "map",
  changed_when: "conditions",
  failed_when: "conditions",
  until: "conditions",
  retries: "number",
  delay: "number",
  async: "number",
  poll: "number",
  delegate_to: "text",
  delegate_facts: "bool",
};
const PLAY: Record<string, Form> = {
  ...SHARED,
  hosts: "hosts",
  gather_facts: "bool",
  roles: "any",
  vars_files: "words",
  pre_tasks: "items",
  tasks: "items",
  post_tasks: "items",
  handlers: "items",
  serial: "sizes",
  max_fail_percentage: "number",
  force_handlers: "bool",
  strategy: "text",
  order: "text",
  user: "text",
  gather_subset: "words",
  gather_timeout: "number",
  fact_path: "text",
  vars_prompt: "any",
};

export const KEYWORDS = { play: PLAY, block: BLOCK, task: TASK } as const;
export type KeywordOwner = keyof typeof KEYWORDS;

// Refuses a keyword that does not exist, suggesting the nearest one that does; `others` are further
// keys that are allowed there.
export function checkKeyword(
  owner: KeywordOwner,
  { key, value }: MapEntry,
  others: Iterable<string> = [],
): void {
  if (owner === "task" && isLoopWord(key.value)) return;
  const known: Record<string, Form> = KEYWORDS[owner];
  const name = String(key.value);
  const form = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!form)
    throw new (isForeignKeyword(owner, name) ? UnsupportedError : InputError)(
      `unknown keyword "${name}" in a ${owner}`,
      key.place,
      keywordHint(owner, name, KEYWORDS, others),
    );
  checkForm(name, form, value);
  checkChoice(name, value);
}

/** Keywords that take one of some words. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  order: ["inventory", "reverse_inventory", "sorted", "reverse_sorted", "shuffle"],
  strategy: ["linear", "free", "host_pinned"],
};

// Refuses a word that the keyword does not know.
function checkChoice(name: string, value: YamlNode): void {
  const choices = Object.hasOwn(CHOICES, name) ? CHOICES[name]! : undefined;
  const word =
    value.kind === "scalar" ? String(value.value).replace(/^ansible\.(builtin|legacy)\./, "") : "";
  if (!choices || choices.includes(word) || word.includes("{{")) return;
  throw new InputError(
    `"${name}" takes ${choices.join(", ")}, but here it is "${word}"`,
    value.place,
    didYouMean(word, choices),
  );
}

const { lookups } = standardEnvironment();

// Whether a key is with_items or another loop over a lookup.
export function isLoopWord(key: unknown): key is string {
  return (
    typeof key === "string" && key.startsWith("with_") && lookups.has(key.slice("with_".length))
  );
}

// The position of a keyword, as precisely as it is known.
export function keyPlace(
  { keywords, place }: { keywords: ReadonlyMap<string, YamlNode>; place: Place },
  name: string,
): Place {
  return keywords.get(name)?.place ?? place;
}
