import { constants } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { accessSync, existsSync, statSync } from "../../disk/reading.ts";
import { readText } from "../../disk/text.ts";
import { InputError } from "../../errors.ts";
import { Fault } from "../../jinja/core/fault.ts";
import { IniFile } from "../../jinja/formats/ini-file.ts";
import { attempt, succeeds } from "../../instead-of.ts";

/**
 * How a setting is named: in the environment (the last one that is set counts), and in ansible.cfg.
 */
export interface SettingName {
  environment: readonly string[];
  section: string;
  key: string;
}

/** A setting as somebody wrote it. */
export interface Setting {
  value: string;
  /** Where it was found, in words: "ANSIBLE_ROLES_PATH", or "ansible.cfg [defaults] roles_path". */
  source: string;
  /** The directory at which its relative paths begin. */
  directory: string;
}

/** What is set for Ansible on this machine: in the environment, and in one ansible.cfg. */
export interface AnsibleConfig {
  /** The absolute path of ansible.cfg; undefined: there is none. */
  file: string | undefined;
  /** A setting: the environment wins over the file. Undefined: it is set in neither. */
  setting(name: SettingName): Setting | undefined;
  /** All that the file sets: its sections, and their keys. */
  sections: ReadonlyMap<string, readonly string[]>;
}

/** Where ansible.cfg is looked for. */
export interface ConfigPlaces {
  environment: { readonly [name: string]: string | undefined };
  directory: string;
  home: string;
  system: string;
}

// Reads the ansible.cfg that Ansible would read: that of ANSIBLE_CONFIG, else of this directory, of
// the home, or of the system.
export function readAnsibleConfig(
  warn: (message: string) => void,
  places: ConfigPlaces = usualPlaces(),
): AnsibleConfig {
  const file = findConfig(warn, places);
  const ini = file === undefined ? undefined : readIni(file);
  return {
    file,
    sections: new Map(
      (ini?.names() ?? []).map((section) => [section, [...(ini?.items(section)?.keys() ?? [])]]),
    ),
    setting({ environment, section, key }) {
      const name = environment.findLast((one) => places.environment[one] !== undefined);
      if (name !== undefined)
        return { value: places.environment[name]!, source: name, directory: places.directory };
      const value = ini?.items(section)?.get(key);
      if (value === undefined || value === null) return undefined;
      return {
        value: unquoted(value),
        source: `${file!} [${section}] ${key}`,
        directory: dirname(file!),
      };
    },
  };
}

// The paths of a setting that lists them with colons between; relative ones
// begin where the setting says.
export function pathsOf(
  { value, directory }: Setting,
  { environment, home, directory: current }: ConfigPlaces = usualPlaces(),
): string[] {
  const expand = (path: string): string =>
    path
      .replaceAll("{{CWD}}", current)
      .replace(/^~(?=\/|$)/, home)
      .replace(
        /\$(?:(\w+)|\{(\w+)\})/g,
        (whole, plain?: string, braced?: string) => environment[plain ?? braced!] ?? whole,
      );
  return value.split(":").map((path) => resolve(directory, expand(path.trim())));
}

// The path of a setting that names one, which may hold colons.
export function pathOf(setting: Setting): string {
  const value = setting.value.replaceAll(":", "\0");
  return pathsOf({ ...setting, value })[0]!.replaceAll("\0", ":");
}

// The first ansible.cfg that exists and may be read.
function findConfig(
  warn: (message: string) => void,
  { environment, directory, home, system }: ConfigPlaces,
): string | undefined {
  const named = environment["ANSIBLE_CONFIG"];
  const here = join(directory, "ansible.cfg");
  const isOpen = (statSync(directory).mode & 0o002) !== 0;
  const candidates = [
    ...(named === undefined ? [] : [namedConfig(named, directory, home)]),
    ...(isOpen ? [] : [here]),
    join(home, ".ansible.cfg"),
    system,
  ];
  const found = candidates.find(isReadable);
  if (isOpen && existsSync(here) && found !== candidates[0])
    warn(
      `${here} is not read, as everybody may write to its directory: chmod o-w ${directory}, or name the file in ANSIBLE_CONFIG`,
    );
  return found;
}

// The file that ANSIBLE_CONFIG names, or that is in the directory which it names.
function namedConfig(named: string, directory: string, home: string): string {
  return inDirectory(resolve(directory, named.replace(/^~(?=\/)/, home)));
}

// The file itself, or ansible.cfg in the directory that is named.
function inDirectory(path: string): string {
  return existsSync(path) && statSync(path).isDirectory() ? join(path, "ansible.cfg") : path;
}

function isReadable(path: string): boolean {
  const isFile = attempt(() => statSync(path).isFile()) ?? false;
  return isFile && succeeds(() => accessSync(path, constants.R_OK));
}

// Reads the file; after a blank, `;` begins a comment.
function readIni(file: string): IniFile {
  const ini = new IniFile({ keepCase: false, allowNoValue: false });
  const text = readText(file)
    .split("\n")
    .map((line) => line.replace(/(^|\s);.*$/, "$1"))
    .join("\n");
  try {
    ini.read(text, file);
  } catch (error) {
    if (error instanceof Fault)
      throw new InputError(
        `ansible.cfg cannot be read: ${error.message}`,
        { file, line: 1, column: 1 },
        "correct it, or name another file in ANSIBLE_CONFIG",
      );
    throw error;
  }
  return ini;
}

// A value without the quotes around it.
function unquoted(value: string): string {
  return /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value;
}

function usualPlaces(): ConfigPlaces {
  return {
    environment: process.env,
    directory: process.cwd(),
    home: homedir(),
    system: "/etc/ansible/ansible.cfg",
  };
}
