import { resolve } from "node:path";
import type { Layer } from "../../../plan/model/variables.ts";
import type { RunFlags } from "../../settings/options.ts";

/** The release of ansible-core whose language this is. */
const VERSION = { full: "2.14.18", major: 2, minor: 14, revision: 18, string: "2.14.18" };

// Adds the variables in which Ansible describes the run itself: its flags, and its version. A plan
// is what apply will do, so ansible_check_mode is true only with --check.
export function withRunVariables(magicVariables: Layer, flags: RunFlags): Layer {
  const sources = (flags.inventory ?? []).map((source) =>
    source.includes(",") ? source : resolve(source),
  );
  const values = new Map<string, unknown>([
    ["ansible_version", VERSION],
    ["ansible_run_tags", flags.tags?.length ? flags.tags : ["all"]],
    ["ansible_skip_tags", flags.skipTags ?? []],
    ["ansible_forks", flags.forks ?? 50],
    ["ansible_verbosity", flags.verbose],
    ["ansible_diff_mode", flags.diff ?? false],
    ["ansible_check_mode", flags.check ?? false],
    ["ansible_inventory_sources", sources],
    ["ansible_playbook_python", "/usr/bin/python3"],
    ["ansible_config_file", null],
    ...(flags.limit === undefined ? [] : [["ansible_limit", flags.limit] as const]),
  ]);
  const get = (name: string): unknown => magicVariables.values?.get(name) ?? values.get(name);
  const keys = (): string[] => [...(magicVariables.values?.keys?.() ?? []), ...values.keys()];
  return { ...magicVariables, values: { get, keys } };
}
