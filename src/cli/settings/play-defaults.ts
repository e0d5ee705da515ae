import { InputError } from "../../errors.ts";
import { checkForm } from "../../playbook/keywords/types.ts";
import { KEYWORDS } from "../../playbook/keywords/keywords.ts";
import type { Play, Playbook } from "../../playbook/play.ts";
import { loadYaml } from "../../yaml/load.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { settingOf } from "../connection/connection-settings.ts";
import type { AnsibleConfig } from "./ansible-cfg.ts";

/** The settings that say what a keyword is where a play does not have it. */
const KEYWORDS_OF_SETTINGS = {
  any_errors_fatal: "any_errors_fatal",
  force_handlers: "force_handlers",
  gather_subset: "gather_subset",
  gather_timeout: "gather_timeout",
  fact_path: "fact_path",
  no_log: "no_log",
  strategy: "strategy",
  task_timeout: "timeout",
} as const;

// The playbook with what ansible.cfg and the environment say where plays say
// nothing. Throws InputError.
export function withPlayDefaults(playbook: Playbook, settings: AnsibleConfig): Playbook {
  const defaults = playDefaults(settings);
  if (defaults.size === 0) return playbook;
  const add = (play: Play): Play => ({
    ...play,
    keywords: new Map([...defaults, ...play.keywords]),
  });
  return { ...playbook, plays: playbook.plays.map(add) };
}

// The words of a list with commas between. Quoted, `!all` is no tag of YAML.
function listed(value: string): string[] {
  return value
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
}

// Keywords by name, as the settings have them.
function playDefaults(settings: AnsibleConfig): Map<string, YamlNode> {
  const defaults = new Map<string, YamlNode>();
  for (const [name, keyword] of Object.entries(KEYWORDS_OF_SETTINGS)) {
    const setting = settingOf(settings, name as keyof typeof KEYWORDS_OF_SETTINGS);
    if (setting === undefined) continue;
    const { value, source } = setting;
    const text = keyword === "gather_subset" ? JSON.stringify(listed(value)) : value;
    const node = loadYaml(text, source);
    if (node === undefined) continue;
    if (keyword === "timeout" && node.kind === "scalar" && node.value === 0) continue;
    checkForm(keyword, KEYWORDS.play[keyword]!, node);
    defaults.set(keyword, node);
  }
  const gathers = gathersByDefault(settings);
  if (gathers) defaults.set("gather_facts", gathers);
  return defaults;
}

// The default of gather_facts, if a setting changes it.
function gathersByDefault(settings: AnsibleConfig): YamlNode | undefined {
  const gathering = settingOf(settings, "gathering");
  if (gathering && !["implicit", "explicit", "smart"].includes(gathering.value))
    throw new InputError(
      `gathering takes implicit, explicit or smart, but here it is "${gathering.value}" (${gathering.source})`,
    );
  return gathering?.value === "explicit" ? loadYaml("false", gathering.source) : undefined;
}
