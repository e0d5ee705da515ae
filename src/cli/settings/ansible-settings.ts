import { toBoolean } from "../../boolean.ts";
import { UnplacedError } from "../../errors.ts";
import type { AnsibleConfig } from "./ansible-cfg.ts";
import { HEEDED_SETTINGS } from "./heeded-settings.ts";
import type { AnsibleSetting } from "./setting-groups.ts";
import { UNHEEDED_SETTINGS } from "./unheeded-settings.ts";

/**
 * Every setting of ansible-core, by each of its names; a test holds it against
 * `ansible-config list`.
 */
export const ANSIBLE_SETTINGS: ReadonlyMap<string, AnsibleSetting> = new Map(
  [...HEEDED_SETTINGS, ...UNHEEDED_SETTINGS].flatMap(([use, note, names, usual = []]) =>
    names
      .split(/\s+/)
      .filter(Boolean)
      .map((name) => [name, { use, note, usual }] as const),
  ),
);

/** Sections of other commands. */
const OTHER_COMMANDS = /^galaxy(\.|_|$)/;

// What is set here without effect, as people name it. Throws InputError for a setting without which
// the run would be another one.
export function unheardSettings(
  { sections, setting, file = "ansible.cfg" }: AnsibleConfig,
  environment: { readonly [name: string]: string | undefined } = process.env,
): string[] {
  const inFile = [...sections].flatMap(([section, keys]) =>
    OTHER_COMMANDS.test(section)
      ? []
      : keys.map((key) => {
          const value = setting({ section, key, environment: [] })?.value ?? "";
          return { name: `${section}.${key}`, shown: `[${section}] ${key}`, value, source: file };
        }),
  );
  const outside = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && ANSIBLE_SETTINGS.has(name)
      ? [{ name, shown: name, value, source: "the environment" }]
      : [],
  );
  return [...inFile, ...outside].flatMap(({ name, shown, value, source }) => {
    const { use, note, usual } = ANSIBLE_SETTINGS.get(name) ?? {
      use: "warned",
      note: "",
      usual: [],
    };
    if (use === "honoured" || use === "needless" || isUsual(value, usual)) return [];
    if (use === "warned") return [shown];
    throw new UnplacedError(
      `${shown} = ${value} is not supported (${source})`,
      `${note} Take it out, or run with another ansible.cfg (ANSIBLE_CONFIG)`,
    );
  });
}

// Whether a value, each of its words where it lists some, asks for what is done anyway.
function isUsual(value: string, usual: readonly string[]): boolean {
  const plain = (one: string): string => String(toBoolean(one) ?? one).toLowerCase();
  return value.split(",").every((one) => usual.includes(plain(one.trim())));
}

// Tells once what is set without effect.
export function warnOfUnheard(settings: AnsibleConfig, warn: (message: string) => void): void {
  const unheard = unheardSettings(settings);
  if (unheard.length === 0) return;
  const where = settings.file === undefined ? "the environment" : settings.file;
  warn(
    `${where} has settings that have no effect here: ${unheard.join(", ")} (docs/settings.md says why)`,
  );
}
