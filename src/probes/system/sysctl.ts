import { sh } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";

/**
 * A parameter of the running kernel, its blanks made one; null: the kernel does not have it (yet).
 */
export type SysctlState = string | null;

/**
 * One `head` for all parameters: /proc/sys gives a value only to who reads it at once,
 * which a shell's read does not.
 */
export const sysctlKind: ProbeKind<{ name: string }, SysctlState> = {
  name: "sysctl",
  subject: (arg) => sysctlPath(arg.name),
  script: (args) => sh`head -v -n 64 -- ${args.map((arg) => sysctlPath(arg.name))}`,
  parse(output, args) {
    const values = new Map(
      [...`\n${output}`.matchAll(/\n==> (\S+) <==\n([\s\S]*?)(?=\n\n==> |\n==> |$)/g)].map(
        (match) => [match[1]!, oneLine(match[2]!)],
      ),
    );
    return args.map(({ name }) => values.get(sysctlPath(name)) ?? null);
  },
  look: {
    script: ({ name }) =>
      sh`tr -s '\t\n' '  ' < ${sysctlPath(name)} 2>/dev/null | { read -r hw_l; printf '%s\n' "${{ sh: "${hw_l:--}" }}"; }`,
    words: (state) => [state === "" ? "-" : state],
  },
};

// Asks for a parameter.
export function askSysctl(name: string): Probe<SysctlState> {
  return ask(sysctlKind, { name });
}

// The path of a parameter. Of dots and slashes, the one that comes first in the name is the
// separator (man 8 sysctl).
export function sysctlPath(name: string): string {
  const dotted = /^[^/]*\./.test(name);
  return `/proc/sys/${dotted ? name.replaceAll(/[./]/g, (sign) => (sign === "." ? "/" : ".")) : name}`;
}

// A value with its blanks made one, as values are compared.
export function oneLine(value: string): string {
  return value.split(/\s+/).filter(Boolean).join(" ");
}
