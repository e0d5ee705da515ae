import { InputError } from "../../errors.ts";
import type { Become, BecomeMethod } from "../../transport/transport.ts";
import type { Common } from "../../playbook/play.ts";
import { Unknown } from "../../value.ts";
import type { Identity } from "../model/entry.ts";
import type { BecomeDefaults, OtherLogin } from "../model/host.ts";
import { machineOf, otherLogin } from "./login.ts";
import { asFlag, flagOf, keywordValue, type Keyed } from "./flags.ts";
import { NotKnown } from "../model/signals.ts";
import type { Variables } from "../model/variables.ts";
import { keyword, type Walk } from "../model/state.ts";

const METHODS: readonly string[] = ["sudo", "su", "doas", "runuser"] satisfies BecomeMethod[];

/** The machine that something runs on, and the user that it runs as. */
export interface Acting {
  on: Walk;
  identity: Identity;
}

// The machine and the user of what surrounds a task: its login may lead to another machine.
export function whereOf(walk: Walk, around: readonly Common[], variables: Variables): Acting {
  const login = otherLogin(walk, around, variables);
  const on = machineOf(walk, login);
  return { on, identity: identityOf(on, on === walk ? login : undefined, around, variables) };
}

// Whom a task runs as: the variables of the host win over the keywords, those over the command
// line, as in Ansible; of several variables the last that is set counts, there as here.
export function identityOf(
  walk: Walk,
  by: OtherLogin | undefined,
  around: readonly Common[],
  variables: Variables,
  written: Variables = variables,
): Identity {
  const { options } = walk.host;
  const login = by?.user ?? walk.host.login;
  const who = (identity: Identity): Identity => (by ? { ...identity, login: by.id } : identity);
  const pick = (word: string, ...names: string[]): unknown => {
    const own = names
      .map((name) => variables.lookup(name))
      .findLast((found) => found !== undefined && found !== null);
    const value = own ?? keywordValue({ around, variables: written }, word)?.value;
    if (value instanceof Unknown) throw new NotKnown(value);
    return value;
  };
  const named = String(
    pick("become_method", "ansible_become_method") ?? options.becomeMethod ?? "sudo",
  );
  const method = named.replace(/^(ansible\.builtin|community\.general)\./, "");
  if (!isMethod(method)) {
    const place =
      variables.node("ansible_become_method")?.place ?? keyword(around, "become_method")?.place;
    throw new InputError(
      `become_method "${named}" is not supported`,
      place,
      "use sudo, su, doas or runuser",
    );
  }
  if (!(becomes({ around, variables: written }, variables) ?? options.become))
    return who({ user: login });
  const own: BecomeDefaults =
    method === "sudo" || method === "su" ? (options.becomeMethods?.[method] ?? {}) : {};
  const user = String(
    pick("become_user", "ansible_become_user", `ansible_${method}_user`) ??
      options.becomeUser ??
      own.user ??
      "root",
  );
  if (user === login) return who({ user });
  const become: Become = { user };
  const password =
    pick("", "ansible_become_password", "ansible_become_pass", `ansible_${method}_pass`) ??
    options.becomePassword ??
    own.password;
  const exe =
    pick("become_exe", "ansible_become_exe", `ansible_${method}_exe`) ??
    options.becomeExe ??
    own.exe;
  const flags =
    pick("become_flags", "ansible_become_flags", `ansible_${method}_flags`) ??
    options.becomeFlags ??
    own.flags;
  if (password !== undefined) {
    become.password = String(password);
    walk.host.conceal?.(become.password);
  }
  if (method !== "sudo") become.method = method;
  if (exe !== undefined && exe !== "") become.exe = String(exe);
  if (flags !== undefined) become.flags = String(flags).split(/\s+/).filter(Boolean);
  return who({ user, become });
}

function isMethod(name: string): name is BecomeMethod {
  return METHODS.includes(name);
}

// Whether a task runs as somebody else; undefined: nothing says so.
function becomes(keyed: Keyed, variables: Variables): boolean | undefined {
  const own = variables.lookup("ansible_become") ?? undefined;
  const flag =
    own instanceof Unknown ? own : asFlag("ansible_become", own, variables.node("ansible_become"));
  const value = flag ?? flagOf(keyed, "become");
  if (value instanceof Unknown) throw new NotKnown(value);
  return value;
}
