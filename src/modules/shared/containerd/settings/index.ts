import { KUBERNETES } from "./cri.ts";
import { DAEMON } from "./daemon.ts";
import { PLUGINS } from "./plugins.ts";
import type { Line, ConfigSetting } from "./setting.ts";

/** Every setting of config.toml that has a name here, the same for all versions. */
export const SETTINGS = { ...DAEMON, ...KUBERNETES, ...PLUGINS };

/** The path of a setting in files of one version; `*` is a name that the user chooses. */
export interface Standing {
  /** What the user calls it: runtimes[].io_type. */
  name: string;
  path: readonly string[];
  setting: ConfigSetting;
  from?: Line | undefined;
  until?: Line | undefined;
}

// The path of a setting below that of its group; undefined: such files have no place for it.
export function pathOf(
  above: readonly string[],
  name: string,
  { at, options, named }: ConfigSetting,
  file: 2 | 3,
): readonly string[] | undefined {
  // a group of groups is no table of its own
  if (at === undefined && name === "snapshotters") return above;
  const own = at === undefined ? [name] : at[file];
  if (own === undefined) return undefined;
  return [...above, ...own, ...(named && options ? ["*"] : [])];
}

// All settings below a group, each with its place; those that these files have
// no place for are left out.
export function standings(
  file: 2 | 3,
  settings: { readonly [name: string]: ConfigSetting } = SETTINGS,
  above: Pick<Standing, "name" | "path" | "from" | "until"> = { name: "", path: [] },
): Standing[] {
  return Object.entries(settings).flatMap(([key, setting]): Standing[] => {
    const path = pathOf(above.path, key, setting, file);
    if (path === undefined || (key === "name" && path.at(-2) === "*")) return [];
    const one: Standing = {
      name: above.name + key,
      path,
      setting,
      from: setting.from ?? above.from,
      until: setting.until ?? above.until,
    };
    if (setting.options === undefined) return [one];
    const inside = { ...one, name: `${one.name}${setting.named ? "[]" : ""}.` };
    return standings(file, setting.options, inside);
  });
}
