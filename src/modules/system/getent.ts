import { command } from "../../probes/command.ts";
import { ask } from "../../probes/probe.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import { Unknown } from "../../value.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

/** Databases whose fields have colons between; those of all others have blanks. */
const COLONS = ["passwd", "shadow", "group", "gshadow"];

const schema = {
  description:
    "Queries the host's name databases (passwd, group, hosts, services ...). ansible_facts.getent_DATABASE has the fields by key.",
  example: `name: Look the users up
getent: {database: passwd, key: root}`,
  returns: ["ansible_facts.getent_DATABASE: the entries by their keys"],
  arguments: {
    database: { type: "str", required: true, description: "The database, as getent knows it." },
    key: { type: "str", description: "The key to look up; all of them by default." },
    service: { type: "str", description: "The service to query, such as files." },
    split: {
      type: "str",
      description: "The separator of fields, if it is not the one that the database uses.",
    },
    fail_key: {
      type: "bool",
      default: true,
      description: "Fails if the key is not found; false sets its fields to none.",
    },
  },
} as const satisfies Schema;

type GetentArgs = ArgsOf<typeof schema>;

/** What the host's databases of names say, whichever services answer for them. */
export const getent: Module<GetentArgs, Record<never, never>> = {
  name: "getent",
  readOnly: true,
  onController: { kind: "facts", names: ["getent_{database}"] },
  schema,
  observe: () => ({}),
  probe: (args) => ask(command, { script: script(args).sh, isTimed: false }),
  plan: () => null,
  result(args, _state, outputs) {
    const fact = `getent_${args.database}`;
    const output = outputs?.[0];
    if (!output) return { ansible_facts: { [fact]: new Unknown(fact) } };
    if (output.code !== 0) return { msg: output.stderr.trim() };
    if (output.stdout === NOT_FOUND)
      return { ansible_facts: { [fact]: { [args.key!]: null } }, msg: MESSAGES[2] };
    return { ansible_facts: { [fact]: records(output.stdout, args) } };
  },
};

/** What getent's codes mean. */
const MESSAGES = {
  1: "Missing arguments, or database unknown.",
  2: "One or more supplied key could not be found in the database.",
  3: "Enumeration not supported on this database.",
} as const;

/** What the question prints for a key that need not be there; getent prints no such line. */
const NOT_FOUND = "\n\n";

// Asks, and says in words what a code means. A key that need not be there is no failure.
function script({ database, key, service, fail_key }: GetentArgs): Script {
  const isOptional = key !== undefined && !fail_key;
  return lines([
    sh`hw_o=$(getent ${service === undefined ? [] : ["-s", service]} -- ${[database, ...(key === undefined ? [] : [key])]} 2>/dev/null); hw_c=$?`,
    sh`case $hw_c in
0) printf '%s\n' "$hw_o"; exit 0 ;;
1) echo ${MESSAGES[1]} >&2 ;;
2) ${isOptional ? sh`printf ${NOT_FOUND}; exit 0` : sh`echo ${MESSAGES[2]} >&2`} ;;
3) echo ${MESSAGES[3]} >&2 ;;
*) echo 'Unexpected failure! Is getent on the host?' >&2 ;;
esac
exit "$hw_c"`,
  ]);
}

// The fields of each key; a key with several lines has a list of them.
function records(
  text: string,
  { database, split }: GetentArgs,
): { [key: string]: string[] | string[][] } {
  const found = new Map<string, string[][]>();
  for (const line of text.split("\n").filter(Boolean)) {
    const separator = split ?? (COLONS.includes(database) ? ":" : undefined);
    const [key = "", ...fields] =
      separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
    found.set(key, [...(found.get(key) ?? []), fields]);
  }
  return Object.fromEntries(
    [...found].map(([key, each]) => [key, each.length === 1 ? each[0]! : each]),
  );
}
