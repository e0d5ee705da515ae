import { perObject } from "../../remember.ts";
import type { Common } from "../../playbook/play.ts";
import { Unknown } from "../../value.ts";
import type { Identity } from "../model/entry.ts";
import type { LoginSaid, OtherLogin } from "../model/host.ts";
import { walkOf } from "../model/pass-walks.ts";
import { NotKnown } from "../model/signals.ts";
import { couple, keyword, type Walk } from "../model/state.ts";
import type { Layer, Variables } from "../model/variables.ts";

/**
 * The variables of a login, those that mean the same together: as with Ansible, the last of them
 * that is set counts. A test holds them against the table of connection variables.
 */
export const LOGIN_VARIABLES: readonly (readonly string[])[] = [
  ["ansible_connection"],
  ["ansible_host", "ansible_ssh_host"],
  ["ansible_port", "ansible_ssh_port"],
  ["ansible_user", "ansible_ssh_user"],
  ["ansible_password", "ansible_ssh_pass", "ansible_ssh_password"],
  ["ansible_private_key_file", "ansible_ssh_private_key_file"],
  ["ansible_ssh_common_args"],
  ["ansible_ssh_extra_args"],
  ["ansible_ssh_args"],
  ["ansible_ssh_executable"],
  ["ansible_ssh_retries"],
  ["ansible_timeout", "ansible_ssh_timeout"],
  ["ansible_host_key_checking", "ansible_ssh_host_key_checking"],
  ["ansible_ssh_pkcs11_provider"],
];

/**
 * Variables that Ansible heeds and that are refused here, wherever they are set. The same test
 * holds them against that table.
 */
export const UNSUPPORTED_VARIABLES: readonly string[] = [
  "ansible_ssh_private_key_passphrase",
  "ansible_paramiko_host",
  "ansible_paramiko_user",
  "ansible_paramiko_pass",
  "ansible_paramiko_password",
  "ansible_paramiko_host_key_checking",
  "ansible_runas_flags",
  "ansible_runas_pass",
  "ansible_runas_user",
  "ansible_shell_type",
  "ansible_shell_executable",
];

const NAMES: ReadonlySet<string> = new Set([...LOGIN_VARIABLES.flat(), ...UNSUPPORTED_VARIABLES]);

/** The keywords of a login, and the older name of one. */
export const LOGIN_KEYWORDS = ["connection", "port", "remote_user", "user"] as const;

/**
 * The login that applies to a task, if it differs from the host's usual one: from variables of any
 * kind, then from keywords, as in Ansible. Throws NotKnown while it cannot be determined.
 */
export function otherLogin(
  walk: Walk,
  around: readonly Common[],
  variables: Variables,
): OtherLogin | undefined {
  if (walk.host.loginFor === undefined || !mayDiffer(walk, around, variables)) return undefined;
  const said = variablesSaid(variables);
  for (const name of LOGIN_KEYWORDS) {
    const node = keyword(around, name);
    if (node) said.set(name, { value: known(variables.render(node)), place: node.place });
  }
  return walk.host.loginFor(said, isHere(walk));
}

// The login of a host that a task is delegated to: its own, overridden by variables around the
// task, and with the task's `remote_user` if nothing else names a user.
export function delegatedLogin(
  { host, pass }: Walk,
  around: readonly Common[],
  variables: Variables,
  written: Variables = variables,
): OtherLogin | undefined {
  const user = keyword(around, "remote_user") ?? keyword(around, "user");
  const isSaid =
    around.some(({ vars }) => hasLoginVariable(vars)) || variables.from.some(isSaidByTask);
  if (host.loginFor === undefined || (!user && !isSaid)) return undefined;
  const said = variablesSaid(variables);
  for (const name of ["connection", "port"]) {
    const node = host.usualPlay?.keywords.get(name);
    if (node) said.set(name, { value: known(variables.render(node)), place: node.place });
  }
  if (user) said.set("remote_user", { value: known(written.render(user)), place: user.place });
  return host.loginFor(said, isHere({ pass }));
}

// Whether a host of the run is this machine.
function isHere({ pass }: Pick<Walk, "pass">): (host: string) => boolean {
  return (host) => pass.view.member(host).host.isLocal;
}

// The walk of the machine that a login leads to: the host's own, or that of the other machine.
export function machineOf(walk: Walk, login: OtherLogin | undefined): Walk {
  if (login?.elsewhere === undefined) return walk;
  couple(walk.pass);
  const there = walkOf(walk.pass, login.elsewhere);
  there.mustAnswer ||= !walk.hasPendingChange;
  return there;
}

// Why a login that was tried in vain is not known: it may become possible once what is planned
// before is done. Where nothing is, the error of the login is thrown.
export function vainLogin(
  { known, hasPendingChange }: Walk,
  id: string | undefined,
): Unknown | undefined {
  const error = id === undefined ? undefined : known.noLogins.get(id);
  if (error === undefined) return undefined;
  if (!hasPendingChange) throw error;
  return new Unknown(`a login as ${id}, which is not possible yet`);
}

// Who asks and what he asks through, in one word: what one user sees is not what another sees.
export function whoOf({ user, login }: Identity): string {
  return login === undefined ? user : `${user} by ${login}`;
}

// The connection variables that tasks see if nothing else sets them, according to their login.
export function connectionLayer(
  walk: Walk,
  around: readonly Common[],
  variables: () => Variables,
): Layer {
  const usual = walk.host.connection;
  if (usual === undefined) return {};
  const get = (name: string): unknown => {
    const value = usual.values?.get(name);
    if (value === undefined && !NAMES.has(name)) return undefined;
    const other = otherLogin(walk, around, variables());
    return other === undefined ? value : other.connection.get(name);
  };
  return { values: { get, keys: () => usual.values?.keys?.() ?? [] }, describes: true };
}

// What variables say of a login.
function variablesSaid(variables: Variables): LoginSaid {
  const said: LoginSaid = new Map();
  for (const names of [...LOGIN_VARIABLES, ...UNSUPPORTED]) {
    const name = names.findLast((one) => !isNothing(variables.lookupSaid(one)));
    if (name === undefined) continue;
    const value = known(variables.lookupSaid(name));
    said.set(name, { value, place: variables.node(name)?.place });
  }
  return said;
}

const UNSUPPORTED = UNSUPPORTED_VARIABLES.map((name) => [name]);

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function known(value: unknown): unknown {
  if (value instanceof Unknown) throw new NotKnown(value);
  return value;
}

// Tells cheaply whether the login around a task may be another: whether anything but what the usual
// one was made from says something of it.
function mayDiffer(
  { host, pass, included }: Walk,
  around: readonly Common[],
  { from }: Variables,
): boolean {
  const [play, ...inner] = around as [Common, ...Common[]];
  const { usualPlay } = host;
  if (inner.some(hasLoginKeyword)) return true;
  if (play !== usualPlay) {
    const plays = [play, ...(usualPlay ? [usualPlay] : [])];
    if (plays.some((one) => hasLoginKeyword(one) || hasLoginVariable(one.vars))) return true;
  }
  if ("varsFiles" in play && (play.varsFiles as readonly unknown[]).length > 0) return true;
  const inventory = pass.view.variables(host.name).nodes;
  // what was added in this run (add_host, group_by) may say more than what the
  // usual login was made from
  if (pass.added.length > 0 && inventory !== undefined && hasLoginVariable(inventory)) return true;
  const own = [inventory, host.extra.nodes, host.magicVariables.nodes, usualPlay?.vars];
  return from.some(({ nodes, values }) => {
    if (nodes !== undefined && nodes === included) return names(included);
    if (nodes !== undefined && !own.includes(nodes)) return hasLoginVariable(nodes);
    return values instanceof Map && names(values as ReadonlyMap<string, unknown>);
  });
}

// Whether a layer is one of what tasks made known (set_fact, register) that
// says something of a login.
function isSaidByTask({ values }: Layer): boolean {
  return values instanceof Map && names(values as ReadonlyMap<string, unknown>);
}

/** Whether the keywords of a play, a block or a task have one of the login. */
const haveLoginKeyword = perObject((keywords: Common["keywords"]) =>
  LOGIN_KEYWORDS.some((name) => keywords.has(name)),
);

function hasLoginKeyword({ keywords }: Common): boolean {
  return haveLoginKeyword(keywords);
}

/** Whether variables that never change hold one of the login. */
const hasLoginVariable = perObject(names);

function names(map: ReadonlyMap<string, unknown>): boolean {
  if (map.size < NAMES.size) return [...map.keys()].some((name) => NAMES.has(name));
  return [...NAMES].some((name) => map.has(name));
}
