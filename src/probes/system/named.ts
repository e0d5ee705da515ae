import NAMED from "./named.sh?raw";
import { lines, sh, type Script } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** What a name is the name of. */
export type AccountKind = "user" | "group";

export interface NamedArg {
  of: AccountKind;
  name: string;
}

/** Whether chown would find the name on the host; null: the host cannot say. */
export type Named = boolean | null;

const ANSWERS: { readonly [word: string]: Named } = { y: true, n: false, "-": null };

/**
 * Whether users and groups exist, from all of the host's name services: in general one
 * `getent` for each of the two.
 */
export const named: ProbeKind<NamedArg, Named> = {
  name: "named",
  holds: { isForAll: true },
  subject: ({ of, name }) => `${of} ${name}`,
  script: (args) =>
    lines([
      { sh: NAMED },
      askDatabase("passwd", "-user", namesOf(args, "user")),
      askDatabase("group", "-group", namesOf(args, "group")),
    ]),
  parse(output, args) {
    const words = output.split("\n");
    const asked = [...namesOf(args, "user"), ...namesOf(args, "group")];
    const users = namesOf(args, "user").length;
    return args.map(({ of, name }) => {
      const at = asked.indexOf(name, of === "user" ? 0 : users);
      const answer = ANSWERS[words[at] ?? ""];
      if (answer === undefined) throw new ProbeError(`${of} ${name}: ${words[at]}`);
      return answer;
    });
  },
};

function askDatabase(database: string, test: string, names: readonly string[]): Script {
  return names.length === 0 ? sh`:` : sh`hw_named ${database} ${test} ${names}`;
}

function namesOf(args: readonly NamedArg[], kind: AccountKind): string[] {
  return args.filter(({ of }) => of === kind).map(({ name }) => name);
}

// Asks whether a user or a group exists.
export function askNamed(of: AccountKind, name: string): Probe<Named> {
  return ask(named, { of, name });
}
