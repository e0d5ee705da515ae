import { toBoolean } from "../../boolean.ts";
import { InputError, UnplacedError } from "../../errors.ts";
import { pathOf, type AnsibleConfig, type Setting } from "./ansible-cfg.ts";
import { settingOf } from "../connection/connection-settings.ts";
import type { BecomeDefaults } from "../../plan/model/host.ts";
import type { RunFlags } from "./options.ts";

const FORKS = 50;

/** Flags with all that is left to the environment and ansible.cfg filled in. */
export type SettledFlags = RunFlags & { forks: number };

// The flags as this run has them: what the command line leaves open is what the environment or
// ansible.cfg says. Throws InputError.
export function settledFlags(flags: RunFlags, settings: AnsibleConfig): SettledFlags {
  const get = (key: Parameters<typeof settingOf>[1]): Setting | undefined =>
    settingOf(settings, key);
  const settled: SettledFlags = {
    ...flags,
    forks: flags.forks ?? wholeNumber(get("forks")) ?? FORKS,
  };
  const inventory = flags.inventory ?? sources(get("inventory"));
  if (inventory) settled.inventory = inventory;
  if (!flags.become && isOn(get("become"))) settled.become = true;
  if (!flags.askBecomePass && isOn(get("become_ask_pass"))) settled.askBecomePass = true;
  if (!flags.askPass && isOn(get("ask_pass"))) settled.askPass = true;
  settled.becomeUser = flags.becomeUser ?? get("become_user")?.value;
  settled.becomeMethod = flags.becomeMethod ?? get("become_method")?.value;
  settled.becomeExe = get("become_exe")?.value;
  settled.becomeFlags = get("become_flags")?.value;
  settled.becomeMethods = { sudo: becomeDefaults("sudo", get), su: becomeDefaults("su", get) };
  settled.ansibleManaged = managed(get("ansible_managed"));
  settled.verbose = Math.max(flags.verbose, count(get("verbosity")) ?? 0);
  if (!flags.diff && isOn(get("diff_always"))) settled.diff = true;
  const tags = flags.tags ?? listOf(get("tags"));
  if (tags) settled.tags = tags;
  const skipTags = flags.skipTags ?? listOf(get("skip_tags"));
  if (skipTags) settled.skipTags = skipTags;
  settled.becomePasswordFile =
    flags.becomePasswordFile ?? flags.becomePassFile ?? path(get("become_password_file"));
  settled.connectionPasswordFile =
    flags.connectionPasswordFile ?? flags.connPassFile ?? path(get("connection_password_file"));
  return settled;
}

type Get = (key: Parameters<typeof settingOf>[1]) => Setting | undefined;

// Settings for one become method only.
function becomeDefaults(method: "sudo" | "su", get: Get): BecomeDefaults {
  return {
    user: get(`${method}_user`)?.value,
    exe: get(`${method}_exe`)?.value,
    flags: get(`${method}_flags`)?.value,
    password: get(`${method}_password`)?.value,
  };
}

// What templates see as ansible_managed. With a time in it, a file would never stay as it is.
function managed(setting: Setting | undefined): string | undefined {
  if (setting && /%[A-Za-z]|\{uid\}/.test(setting.value))
    throw new UnplacedError(
      `ansible_managed = ${setting.value} is not supported (${setting.source})`,
      "take out times (%Y), with which no file would ever stay as it is, and {uid}; {host} and {file} are fine",
    );
  return setting?.value;
}

function listOf(setting: Setting | undefined): string[] | undefined {
  return setting?.value
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
}

function count(setting: Setting | undefined): number | undefined {
  return setting && /^0+$/.test(setting.value) ? 0 : wholeNumber(setting);
}

function path(setting: Setting | undefined): string | undefined {
  return setting && pathOf(setting);
}

// The inventories that a setting names, with commas between; one that no file is
// named like is a list of hosts.
function sources(setting: Setting | undefined): string[] | undefined {
  if (setting === undefined) return undefined;
  if (setting.value.endsWith(",")) return [setting.value];
  return setting.value.split(",").map((one) => path({ ...setting, value: one.trim() })!);
}

// Whether a setting that is true or false is true. Throws InputError for one that is neither.
export function isOn(setting: Setting | undefined): boolean {
  if (setting === undefined) return false;
  const value = toBoolean(setting.value);
  if (value === undefined)
    throw new InputError(`"${setting.value}" is neither true nor false (${setting.source})`);
  return value;
}

function wholeNumber(setting: Setting | undefined): number | undefined {
  if (setting === undefined) return undefined;
  const number = Number(setting.value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InputError(`"${setting.value}" is not a whole number of 1 or more (${setting.source})`);
}
