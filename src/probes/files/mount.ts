import { defined } from "../../defined.ts";
import { sh } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";
import type { Exactly } from "../../exactly.ts";

/** What is mounted at a path, on top if there is more; null: nothing. */
export type MountState = null | Mount;

/** One mount. */
export type Mount = {
  source: string;
  fstype: string;
  /** Of the mount and of its file system, with commas between. */
  options: string;
  /** Which directory of the file system it is; not "/" for bind mounts. */
  root: string;
  /** What it covers at the same path, the next one first; absent where that is nothing. */
  covers?: Mount[];
};

/** One `grep` in the kernel's own table (man 5 proc_pid_mountinfo). */
export const mountKind: ProbeKind<{ path: string }, MountState> = {
  name: "mount",
  subject: (arg) => arg.path,
  script: (args) =>
    sh`grep -F ${args.flatMap((arg) => ["-e", ` ${escapeMount(arg.path)} `])} /proc/self/mountinfo; :`,
  parse: (output, args) =>
    args.map(({ path }) => {
      const [top, ...covers] = output
        .split("\n")
        .filter((line) => line.split(" ")[4] === escapeMount(path))
        .reverse()
        .map(readMount)
        .filter((mount) => mount !== null);
      return top
        ? { ...top, ...defined({ covers: covers.length > 0 ? covers : undefined }) }
        : null;
    }),
  look: {
    script: ({ path }) =>
      sh`if grep -q ${`^[^ ]* [^ ]* [^ ]* [^ ]* ${escapeMount(path).replaceAll(/[\\.*^$[\]]/g, "\\$&")} `} /proc/self/mountinfo; then echo mounted; else echo nothing; fi`,
    words: (state) => [state === null ? "nothing" : "mounted"],
  },
};

// Asks what is mounted at a path.
export function askMount(path: string): Probe<MountState> {
  return ask(mountKind, { path });
}

// A path as the kernel writes it in its table, and as fstab has it.
export function escapeMount(text: string): string {
  return text.replaceAll(
    /[\\ \t\n]/g,
    (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
}

function unescapeMount(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function readMount(line: string): MountState {
  const match = /^\S+ \S+ \S+ (\S+) \S+ (\S+) (?:.* )?- (\S+) (\S+) (\S*)$/.exec(line);
  if (!match) return null;
  const [, root, own, fstype, source, rest] = match as unknown as Exactly<6, string>;
  return {
    source: unescapeMount(source),
    fstype,
    options: [...new Set([...own.split(","), ...rest.split(",")])].filter(Boolean).join(","),
    root: unescapeMount(root),
  };
}
