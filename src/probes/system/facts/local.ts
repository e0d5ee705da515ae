import { lines, sh, type Script } from "../../../script/sh.ts";
import type { Json } from "../../../value.ts";
import { AFTER_EACH_CHANGE, ask, type Probe, type ProbeKind } from "../../probe.ts";
import { splitOnce } from "../../../split-once.ts";
import { readFiles, type Facts } from "./answer.ts";

/** Where they lie unless fact_path says otherwise. */
export const LOCAL_FACTS = "/etc/ansible/facts.d";

/**
 * Only the facts in a directory, which tasks may write: they are asked for again when
 * facts are gathered again.
 */
export const local: ProbeKind<{ folder: string }, Facts> = {
  name: "local",
  holds: { asked: AFTER_EACH_CHANGE },
  subject: ({ folder }) => folder,
  planned: {
    madeOf: ({ folder }, kind, subject) => kind === "path" && subject.startsWith(`${folder}/`),
  },
  script: (args) =>
    lines([
      sh`hw_local() {`,
      listFacts(args.map(({ folder }) => folder)),
      sh`[ "$#" = 0 ] || tail -v -n +1 -- "$@"`,
      RUN_FACTS,
      sh`}
hw_local; :`,
    ]),
  parse: (output, args) => args.map(({ folder }) => localFacts(readFiles(output), folder)),
};

// Asks for the facts in a directory.
export function askLocalFacts(folder: string): Probe<Facts> {
  return ask(local, { folder });
}

// Puts the files of facts into $@.
export function listFacts(folders: readonly string[]): Script {
  return sh`set --; for hw_p in ${{ sh: folders.map((folder) => sh`${folder}/*.fact`.sh).join(" ") }}; do [ ! -f "$hw_p" ] || set -- "$@" "$hw_p"; done`;
}

/** Of the files in $@, programs say their facts themselves. */
export const RUN_FACTS = sh`for hw_p; do
  if [ -x "$hw_p" ]; then printf '\n==> %s <==\n' "$hw_p"; "$hw_p" < /dev/null || printf '\n\\001%s\n' "$?"; fi
done`;

// Facts that the host's owner keeps in a directory: JSON or INI, or programs
// that print one of them.
export function localFacts(files: ReadonlyMap<string, string>, folder: string): Facts {
  const found = [...files].filter(
    ([path]) =>
      path.startsWith(`${folder}/`) &&
      path.endsWith(".fact") &&
      !path.slice(folder.length + 1).includes("/"),
  );
  return {
    ansible_local: Object.fromEntries(
      found.map(([path, text]) => [
        path.slice(folder.length + 1, -".fact".length),
        read(path, text),
      ]),
    ),
  };
}

// One file; what cannot be read becomes a text that says so, as in Ansible.
function read(path: string, text: string): Json {
  const broken = /\n\u0001(\d+)\n?$/.exec(text)?.[1];
  if (broken !== undefined) return `Failure executing fact script (${path}), rc: ${broken}, err: `;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return readIni(text) ?? `error loading facts as JSON or ini - please check content: ${path}`;
  }
}

// Sections of INI, their keys in small letters; undefined: it is none.
function readIni(text: string): Json | undefined {
  const facts: { [section: string]: { [key: string]: Json } } = {};
  let section: { [key: string]: Json } | undefined;
  for (const line of text
    .split("\n")
    .map((one) => one.trim())
    .filter((one) => one !== "" && !/^[#;]/.test(one))) {
    const head = /^\[(.+)\]$/.exec(line)?.[1];
    if (head !== undefined) section = facts[head] ??= {};
    else if (!section || !/[=:]/.test(line)) return undefined;
    else {
      const [key, value] = splitOnce(line, /[=:]/.exec(line)![0]);
      section[key.trim().toLowerCase()] = value.trim();
    }
  }
  return facts;
}
