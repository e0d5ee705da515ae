import { InputError } from "../errors.ts";
import type { Common } from "../playbook/play.ts";
import { Unknown } from "../value.ts";
import type { Identity } from "./entry.ts";
import { asFlag, flagOf, keywordValue, type Keyed } from "./flags.ts";
import { NotKnown } from "./signals.ts";
import type { Variables } from "./variables.ts";
import { keyword, type Walk } from "./state.ts";

// Whom a task runs as: the variables of the host win over the keywords, those over the command line, as in Ansible.
export function identityOf(walk: Walk, around: readonly Common[], variables: Variables): Identity {
  const { options, login } = walk.host;
  const pick = (variable: string, word: string): unknown => {
    const value = variables.lookup(variable) ?? keywordValue({ around, variables }, word)?.value;
    if (value instanceof Unknown) throw new NotKnown(value);
    return value;
  };
  const method = pick("ansible_become_method", "become_method") ?? "sudo";
  if (method !== "sudo") throw new InputError(`become_method "${String(method)}" is not supported`, keyword(around, "become_method")?.place, "use sudo");
  if (!(becomes({ around, variables }) ?? options.become)) return { user: login };
  const user = String(pick("ansible_become_user", "become_user") ?? options.becomeUser ?? "root");
  if (user === login) return { user };
  const password = variables.lookup("ansible_become_password") ?? variables.lookup("ansible_become_pass") ?? options.becomePassword;
  return { user, become: { user, ...(password === undefined ? {} : { password: String(password) }) } };
}

// Whether a task runs as somebody else; undefined: nothing says so.
function becomes(keyed: Keyed): boolean | undefined {
  const { variables } = keyed;
  const own = variables.lookup("ansible_become") ?? undefined;
  const flag = own instanceof Unknown ? own : asFlag("ansible_become", own, variables.node("ansible_become"));
  const value = flag ?? flagOf(keyed, "become");
  if (value instanceof Unknown) throw new NotKnown(value);
  return value;
}
