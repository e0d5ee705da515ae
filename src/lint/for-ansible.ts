/** What a playbook uses that ansible-core does not have: the rule of `lint --for-ansible`. */
import type { Place } from "../errors.ts";
import { nodesOf } from "../playbook/nodes.ts";
import type { Playbook } from "../playbook/play.ts";
import { tasksOf, type PlacedTask } from "../playbook/visit.ts";
import type { YamlNode } from "../yaml/node.ts";
import type { Tell } from "./finding.ts";

export const FOR_ANSIBLE = {
  name: "for-ansible",
  about:
    "With --for-ansible: modules, parameters, keywords, filters and roles that ansible-core does not have.",
};

/** Parameters that only Hullwright has. */
export const OWN_PARAMETERS: { readonly [module: string]: readonly string[] } = {
  get_url: ["from"],
  systemd_service: ["keep_processes", "files"],
};

/**
 * What ansible-core has from a release on that is newer than 2.14: modules, and "module.parameter".
 */
export const LATER: { readonly [name: string]: string } = {
  deb822_repository: "2.15",
  "blockinfile.append_newline": "2.16",
  "blockinfile.prepend_newline": "2.16",
  "command.expand_argument_vars": "2.16",
  "shell.expand_argument_vars": "2.16",
};

/**
 * Words of a keyword or variable that Ansible has in a collection, or not at
 * all ("": Hullwright's own).
 */
const WORDS: { readonly [keyword: string]: { readonly [word: string]: string } } = {
  become_method: {
    doas: "community.general",
    runuser: "community.general",
  },
  connection: { openssh: "" },
};

/** Filters that only Hullwright has. */
export const OWN_FILTERS = ["to_toml", "from_toml"] as const;

/** Filters that ansible-core has from 2.15 on. */
export const LATER_FILTERS = ["commonpath", "normpath"] as const;

/** Filters of the collection ansible.utils. */
export const UTILS_FILTERS = [
  ...["cidr_merge", "ip4_hex", "ipaddr", "ipmath", "ipsubnet", "ipv4", "ipv6", "ipwrap"],
  ...["network_in_network", "network_in_usable", "next_nth_usable", "nthhost"],
  ...["previous_nth_usable", "reduce_on_network"],
] as const;

/**
 * What a text of a playbook, variable file or template may use: a pattern, and what Ansible lacks.
 */
const TEXTS: readonly { pattern: RegExp; what: (word: string) => string; hint: string }[] = [
  {
    pattern: new RegExp(
      `(?:\\|\\s*|\\bmap\\(\\s*["'])(?:hullwright\\.containerd\\.)?(${OWN_FILTERS.join("|")})\\b`,
      "g",
    ),
    what: (word) => `Ansible has no filter ${word}`,
    hint: "write TOML as text, in a template of its own",
  },
  {
    pattern: new RegExp(`(?:\\|\\s*|\\bmap\\(\\s*["'])(${LATER_FILTERS.join("|")})\\b`, "g"),
    what: (word) => `ansible-core before 2.15 has no filter ${word}`,
    hint: "realpath and relpath are in all releases",
  },
  {
    pattern: new RegExp(
      `(?:\\|\\s*|\\bmap\\(\\s*["'])(?:ansible\\.(?:utils|netcommon)\\.)?(${UTILS_FILTERS.join("|")})\\b`,
      "g",
    ),
    what: (word) => `ansible-core has no filter ${word}: it is in the collection ansible.utils`,
    hint: "ansible-galaxy collection install ansible.utils; it needs Python's netaddr",
  },
  {
    pattern: /\b(?:lookup|query|q)\(\s*["'](?:community\.general\.)?(flattened|cartesian)["']/g,
    what: (word) => `ansible-core has no lookup ${word}`,
    hint: "ansible-galaxy collection install community.general",
  },
  {
    pattern: /^\s*(?:- )?with_(?:community\.general\.)?(flattened|cartesian):/gm,
    what: (word) => `ansible-core has no lookup ${word}`,
    hint: "ansible-galaxy collection install community.general",
  },
];

/** A text that was read, and the place that named its file. */
export interface ReadText {
  file: string;
  text: string;
  from?: Place;
}

// Reports everything that a playbook uses and ansible-core does not have. What is below `shipped`
// comes with Hullwright: it is reported where it is named.
export function checkForAnsible(
  { plays }: Playbook,
  texts: readonly ReadText[],
  shipped: string,
  tell: Tell,
): void {
  const tellOther: Tell = (message, place, hint) => {
    if (!place.file.startsWith(shipped)) tell(message, place, hint);
  };
  for (const play of plays) {
    checkWords(play.keywords, play.vars, tellOther);
    for (const placed of tasksOf(play)) checkTask(placed, tellOther);
  }
  for (const { file, text, from } of texts)
    if (!file.startsWith(shipped)) checkText(file, text, tell);
    else if (from)
      tellOther("what is named here comes with Hullwright: Ansible does not have it", from);
}

function checkTask({ task, around }: PlacedTask, tell: Tell): void {
  for (const one of around) checkWords(one.keywords, one.vars, tell);
  const { name, schema } = task.module;
  const { collection = "ansible.builtin" } = schema;
  if (collection.startsWith("hullwright."))
    return tell(`Ansible has no module ${task.action}: it is Hullwright's own`, task.place);
  if (collection !== "ansible.builtin")
    tell(
      `the module ${task.action} is in the collection ${collection}, which ansible-core does not have`,
      task.place,
      `ansible-galaxy collection install ${collection}`,
    );
  tellLater(name, `the module ${name}`, task.place, tell);
  for (const { key } of task.args.entries) {
    const parameter = String(key.value);
    if (OWN_PARAMETERS[name]?.includes(parameter) === true)
      tell(`Ansible's ${name} has no parameter "${parameter}"`, key.place);
    tellLater(`${name}.${parameter}`, `the parameter "${parameter}" of ${name}`, key.place, tell);
  }
}

function tellLater(name: string, what: string, place: Place, tell: Tell): void {
  const release = Object.hasOwn(LATER, name) ? LATER[name] : undefined;
  if (release !== undefined) tell(`${what} needs ansible-core ${release}`, place);
}

type Named = ReadonlyMap<string, YamlNode>;

// Tells words of keywords, and of the variables that say the same, that Ansible does not have.
function checkWords(keywords: Named, vars: Named, tell: Tell): void {
  for (const [keyword, words] of Object.entries(WORDS))
    for (const node of [keywords.get(keyword), vars.get(`ansible_${keyword}`)].flatMap(nodesOf)) {
      const word = node.kind === "scalar" ? String(node.value) : "";
      const collection = Object.hasOwn(words, word) ? words[word] : undefined;
      if (collection === "") tell(`Ansible has no ${keyword} "${word}"`, node.place);
      else if (collection !== undefined)
        tell(
          `the ${keyword} "${word}" is in the collection ${collection}, which ansible-core does not have`,
          node.place,
          `ansible-galaxy collection install ${collection}`,
        );
    }
}

// Reports what a text uses, by its position. Comments do not count.
function checkText(file: string, text: string, tell: Tell): void {
  for (const { pattern, what, hint } of TEXTS)
    for (const found of text.matchAll(pattern)) {
      const [whole, word = ""] = found;
      const before = text.slice(0, found.index + whole.lastIndexOf(word));
      const line = before.split("\n").length;
      const column = before.length - before.lastIndexOf("\n");
      if (/^\s*#/.test(text.split("\n")[line - 1]!)) continue;
      tell(what(word), { file, line, column, text }, hint);
    }
}
