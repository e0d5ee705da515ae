import { lines, sh } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";

/** How old apt's lists of packages are; null: there are none. */
export type ListsState = null | {
  /** Seconds since the last update; 0: a task of this run updates them. */
  age: number;
  /** When that was, in seconds since 1970; null: not known before apply. */
  time: number | null;
};

/** The time of the last update, from apt's own stamp or the directory of lists. */
export const lists: ProbeKind<null, ListsState> = {
  name: "apt_lists",
  subject: () => "",
  script: () =>
    sh`date +%s; stat -c %Y /var/lib/apt/periodic/update-success-stamp || stat -c %Y /var/lib/apt/lists`,
  parse(output, args) {
    const [now = Number.NaN, time = Number.NaN] = output.split("\n").filter(Boolean).map(Number);
    return args.map(() => (Number.isNaN(time) ? null : { age: Math.max(1, now - time), time }));
  },
};

/**
 * What a .deb on the host holds, and which version of that package is
 * installed; null: no such file yet.
 */
export type DebState = null | {
  name: string | null;
  version: string | null;
  installed: string | null;
  /** For the file in question; null: it does not exist yet. */
  sha256: string | null;
};

/** dpkg-deb can look at one file only. */
export const deb: ProbeKind<{ path: string }, DebState> = {
  name: "deb",
  subject: (arg) => arg.path,
  script: (args) => lines([{ sh: DEB }, ...args.map((arg) => sh`hw_deb ${arg.path}`)]),
  parse: (output, args) =>
    args.map(({ path }) => {
      const fields = output
        .split("\n")
        .map((line) => line.split("\t"))
        .find((row) => row[0] === path && row.length === 5);
      return fields
        ? {
            name: fields[1]!,
            version: fields[2]!,
            installed: fields[3] || null,
            sha256: fields[4]!,
          }
        : null;
    }),
  look: {
    script: (arg) => lines([{ sh: DEB }, sh`hw_deb ${arg.path} | cut -f2,4`]),
    words: (state) => [
      state === null || state.name === null ? null : `${state.name}\t${state.installed ?? ""}`,
    ],
  },
};

const DEB = String.raw`hw_deb() {
  hw_l=$(dpkg-deb -W --showformat='\${Package}\t\${Version}' "$1" 2>/dev/null) || return 0
  hw_v=$(dpkg-query -W -f '\${db:Status-Status} \${Version}' "@{hw_l%%	*}" 2>/dev/null)
  case $hw_v in 'installed '*) hw_v=@{hw_v#* } ;; *) hw_v= ;; esac
  hw_s=$(sha256sum < "$1"); printf '%s\t%s\t%s\t%s\n' "$1" "$hw_l" "$hw_v" "@{hw_s%% *}"
}`
  .replaceAll("@{", "${")
  .replaceAll("\\${", "${");

/**
 * What apt-get would do to one package, or to its downloaded file: from one version to another;
 * null: it comes or goes.
 */
export type Simulated = { name: string; from: string | null; to: string | null };

/** What apt-get would do, by its own simulation, which writes nothing and takes no lock. */
export const simulation: ProbeKind<{ verb: string }, Simulated[]> = {
  name: "apt_simulation",
  subject: (arg) => arg.verb,
  holds: { unknownBehind: "starts" },
  script: (args) =>
    lines(
      args.map(
        ({ verb }) => sh`printf 'verb %s\n' ${verb}; LC_ALL=C apt-get -s -q ${verb.split(" ")}`,
      ),
    ),
  parse(output, args) {
    const parts = output.split(/^verb /m);
    return args.map(({ verb }) =>
      [
        ...(parts.find((part) => part.startsWith(`${verb}\n`)) ?? "").matchAll(
          /^(Inst|Remv|Del) (\S+)(?: \[(\S+)\]| (?=[^[(])(\S+))?(?: \((\S+))?/gm,
        ),
      ].map(([, word, name, from, file, to]) => ({
        name: name!,
        from: from ?? file ?? null,
        to: word === "Inst" ? (to ?? null) : null,
      })),
    );
  },
};

// Asks how old the lists are.
export function askLists(): Probe<ListsState> {
  return ask(lists, null);
}

// Asks what a .deb holds.
export function askDeb(path: string): Probe<DebState> {
  return ask(deb, { path });
}

// Asks what apt-get would do.
export function askSimulation(verb: string): Probe<Simulated[]> {
  return ask(simulation, { verb });
}
