import { UnsupportedError } from "../../errors.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { Unknown } from "../../value.ts";
import type { Invocation } from "../model/invocation.ts";
import { Variables } from "../model/variables.ts";
import type { Walk } from "../model/state.ts";

/** The variables of a login, those that mean the same together. A test holds them against the table of connection variables. */
export const LOGIN_VARIABLES: readonly (readonly string[])[] = [
  ["ansible_connection"],
  ["ansible_host", "ansible_ssh_host"],
  ["ansible_port", "ansible_ssh_port"],
  ["ansible_user", "ansible_ssh_user"],
  ["ansible_password", "ansible_ssh_pass", "ansible_ssh_password"],
  ["ansible_ssh_private_key_file", "ansible_private_key_file"],
  ["ansible_ssh_common_args"],
  ["ansible_ssh_extra_args"],
  ["ansible_ssh_args"],
  ["ansible_ssh_executable"],
  ["ansible_ssh_retries"],
  ["ansible_ssh_timeout", "ansible_timeout"],
  ["ansible_host_key_checking", "ansible_ssh_host_key_checking"],
  ["ansible_ssh_pkcs11_provider"],
];

const ALIASES: ReadonlyMap<string, readonly string[]> = new Map(
  LOGIN_VARIABLES.flatMap((names) => names.map((name) => [name, names] as const)),
);

/** Tasks of these reach no host: what is said of a login around them changes nothing. */
const REACH_NO_HOST = new Set([
  "add_host",
  "assert",
  "debug",
  "fail",
  "group_by",
  "include_vars",
  "pause",
  "set_fact",
  "set_stats",
  "validate_argument_spec",
]);

const HINT = "a run logs in to a host once; set it in the inventory or on the play";

// Refuses a task or a block whose `vars` say another login than the one that the task's host has.
export function refuseOtherLogin(on: Walk, { task, around, variables }: Invocation): void {
  if (REACH_NO_HOST.has(task.module.name)) return;
  for (const { vars } of around.slice(1)) {
    for (const [name, node] of vars)
      if (ALIASES.has(name)) refuse(on, name, node, variables.lookup(name));
  }
}

// Refuses facts (set_fact) that say another login than the one that the host has.
export function refuseLoginFacts(on: Walk, { task }: Invocation, args: unknown): void {
  if (task.module.setsFacts !== true) return;
  for (const [name, value] of Object.entries(args as { [name: string]: unknown })) {
    const said = task.args.entries.find(({ key }) => key.value === name)?.value ?? task.args;
    if (mayChange(on, name)) refuse(on, name, said, value);
  }
}

// Refuses variables of a file (include_vars) that say another login than the one that the host has.
export function refuseLoginFile(
  walk: Walk,
  { variables }: Invocation,
  read: ReadonlyMap<string, YamlNode>,
): void {
  for (const [name, node] of read)
    if (mayChange(walk, name)) refuse(walk, name, node, variables.render(node));
}

// Tells whether a variable is one of the login that nothing stronger (-e) keeps as it is.
function mayChange({ host }: Walk, name: string): boolean {
  return ALIASES.has(name) && host.extra.nodes?.has(name) !== true;
}

// Refuses a value of a variable of the login where the login has another.
function refuse(on: Walk, name: string, { place }: YamlNode, value: unknown): void {
  if (value === undefined || value === null || value === "" || value instanceof Unknown) return;
  if (on.host.isLocal && name !== "ansible_connection") return;
  if (plain(name, value) === plain(name, loginValue(on, name))) return;
  throw new UnsupportedError(
    `${name} of host "${on.host.name}" cannot change while the run goes on`,
    place,
    HINT,
  );
}

/** What a login has where nothing says it. */
const USUAL: { readonly [name: string]: unknown } = {
  ansible_port: 22,
  ansible_ssh_executable: "ssh",
  ansible_ssh_retries: 0,
  ansible_host_key_checking: true,
};

// What the login of a host was made from.
function loginValue({ host, pass }: Walk, name: string): unknown {
  if (name === "ansible_connection" && host.isLocal) return "local";
  const names = ALIASES.get(name)!;
  const plays = host.playbook.plays.filter((play) => pass.view.isIn(play, host.name));
  const login = new Variables(
    [
      host.connection ?? {},
      pass.view.variables(host.name),
      ...plays.map((play) => ({ nodes: play.vars })),
      host.extra,
      host.magic,
    ],
    host.env,
  );
  const said = names.map((one) => login.lookup(one)).find((one) => one !== undefined && one !== "");
  return said ?? (names[0] === "ansible_user" ? host.login : USUAL[names[0]!]);
}

// A value as it is compared: names of connections without their collection, yes and no in one way.
function plain(name: string, value: unknown): string {
  const text = String(value);
  if (name === "ansible_connection")
    return text
      .replace(/^ansible\.builtin\./, "")
      .replace(/^(smart|paramiko|paramiko_ssh)$/, "ssh");
  return name.includes("host_key_checking") ? text.toLowerCase().replace("yes", "true") : text;
}
