import type { Case } from "./cases.ts";

/** A source of numbers that are the same for the same seed. */
class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  // A whole number below another.
  below(limit: number): number {
    this.state = (Math.imul(this.state ^ (this.state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    const mixed = Math.imul(this.state ^ (this.state >>> 12), 0x297a2d39) >>> 0;
    return ((mixed ^ (mixed >>> 15)) >>> 0) % limit;
  }

  one<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  some<T>(items: readonly T[]): T[] {
    return items.filter(() => this.below(3) === 0);
  }
}

/** Values as INI has them, and the same as YAML has them. */
const VALUES: readonly (readonly [ini: string, yaml: string])[] = [
  ["1", "1"],
  ["0644", '"0644"'],
  ["true", '"true"'],
  ["True", "true"],
  ["word", "word"],
  ["'two words'", "two words"],
  ["[1,2]", "[1, 2]"],
  ["{'a':1}", "{a: 1}"],
  ["10.0.0.7", "10.0.0.7"],
  ["'{{ other }}'", "'{{ other }}'"],
  ["yes", '"yes"'],
  ["a-b_c", "a-b_c"],
];
const NAMES = ["port", "who", "mode", "flag", "ansible_user", "list"] as const;

/** What a random inventory is made of. */
interface Made {
  hosts: string[];
  groups: { name: string; hosts: string[]; children: string[]; vars: Map<string, number> }[];
  hostVars: Map<string, Map<string, number>>;
}

// A random inventory with group_vars, host_vars and patterns, the same for the same seed.
export function randomCase(seed: number): Case {
  const chance = new Chance(seed);
  const made = make(chance);
  const isIni = chance.below(2) === 0;
  const main = isIni ? "hosts.ini" : "hosts.yml";
  const files: Record<string, string> = { [main]: isIni ? asIni(made) : asYaml(made) };
  for (const { name } of chance.some(made.groups))
    files[
      `${chance.one(["", "play/"])}group_vars/${name}${chance.one(["", ".yml", "/main.yml"])}`
    ] = variables(chance);
  for (const name of chance.some(made.hosts)) files[`host_vars/${name}.yml`] = variables(chance);
  if (chance.below(3) === 0) files["group_vars/all.yml"] = variables(chance);
  const sources = [main];
  if (chance.below(4) === 0) {
    files["more.yml"] = asYaml(make(chance));
    sources.push("more.yml");
  }
  return { name: `seed ${seed}`, files, sources, patterns: patterns(chance, made) };
}

function make(chance: Chance): Made {
  const hosts = Array.from({ length: 1 + chance.below(7) }, (_, index) => `h${index}`);
  const names = Array.from({ length: 1 + chance.below(6) }, (_, index) => `g${index}`);
  const vars = (): Map<string, number> =>
    new Map(chance.some(NAMES).map((name) => [name, chance.below(VALUES.length)]));
  return {
    hosts,
    groups: names.map((name, index) => ({
      name,
      hosts: chance.some(hosts),
      children: chance.some(names.slice(index + 1)),
      vars: vars(),
    })),
    hostVars: new Map(chance.some(hosts).map((name) => [name, vars()])),
  };
}

function asIni({ hosts, groups, hostVars }: Made): string {
  const line = (name: string): string =>
    [
      name,
      ...[...(hostVars.get(name) ?? [])].map(([key, value]) => `${key}=${iniWord(value)}`),
    ].join(" ");
  const lines = hosts.map(line);
  for (const { name, hosts: own, children, vars } of groups) {
    lines.push(`[${name}]`, ...own);
    if (children.length > 0) lines.push(`[${name}:children]`, ...children);
    if (vars.size > 0)
      lines.push(
        `[${name}:vars]`,
        ...[...vars].map(([key, value]) => `${key}=${VALUES[value]![0]}`),
      );
  }
  return `${lines.join("\n")}\n`;
}

// A value on the line of a host, where the shell's quotes are taken off.
function iniWord(value: number): string {
  const [text] = VALUES[value]!;
  return text.startsWith("'") || !/['"{ ]/.test(text) ? text : `"${text}"`;
}

function asYaml({ hosts, groups, hostVars }: Made): string {
  const pairs = (vars: Map<string, number> | undefined): string =>
    `{${[...(vars ?? [])].map(([key, value]) => `${key}: ${VALUES[value]![1]}`).join(", ")}}`;
  const lines = [
    "all:",
    "  hosts:",
    ...hosts.map((name) => `    ${name}: ${pairs(hostVars.get(name))}`),
    "  children:",
  ];
  for (const { name, hosts: own, children, vars } of groups) {
    lines.push(
      `    ${name}:`,
      `      vars: ${pairs(vars)}`,
      "      hosts:",
      ...own.map((host) => `        ${host}:`),
    );
    lines.push("      children:", ...children.map((child) => `        ${child}:`));
  }
  return `${lines.join("\n")}\n`;
}

function variables(chance: Chance): string {
  const names = chance.some([...NAMES, "other", "extra"]);
  return names.length === 0
    ? "{}\n"
    : names.map((name) => `${name}: ${chance.one(VALUES)[1]}\n`).join("");
}

function patterns(chance: Chance, { hosts, groups }: Made): string[] {
  const names = [
    ...hosts,
    ...groups.map(({ name }) => name),
    "all",
    "ungrouped",
    "h*",
    "g[0:1]",
    "~h[12]",
    "*",
  ];
  return Array.from({ length: 6 }, () =>
    [
      chance.one(names),
      ...chance.some([`!${chance.one(names)}`, `&${chance.one(names)}`, chance.one(names)]),
    ].join(":"),
  );
}
