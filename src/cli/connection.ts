import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { InputError, type Place } from "../errors.ts";
import type { Variables } from "../plan/variables.ts";
import type { Play } from "../playbook/play.ts";
import type { YamlNode } from "../yaml/node.ts";
import type { Connection } from "../transport/transport.ts";
import { refuseUnheard } from "./connection-variables.ts";
import type { RunFlags } from "./options.ts";
import { shellWords } from "./ssh-words.ts";

// How a host is reached: its variables win over the keywords of its plays, those over the command line, as in Ansible.
export function connectionOf(name: string, variables: Variables, flags: RunFlags, plays: readonly Play[] = []): Connection {
  const find = (variable: string): YamlNode | undefined => plays.map((play) => play.vars.get(variable)).find((node) => node !== undefined) ?? variables.node(variable);
  const text = (...names: string[]): string | undefined => {
    const value = names.map((variable) => sharedVariable(name, variable, plays, variables) ?? variables.lookup(variable)).find((found) => found !== undefined && found !== null);
    return value === undefined ? undefined : String(value);
  };
  const word = (...names: string[]): string | undefined => shared(name, names, plays, variables);
  const kind = text("ansible_connection") ?? word("connection") ?? "ssh";
  if (!["ssh", "local", "smart", "paramiko", "ansible.builtin.ssh", "ansible.builtin.local"].includes(kind)) {
    throw new InputError(`host "${name}": ansible_connection "${kind}" is not supported`, undefined, "use ssh or local");
  }
  const local = kind.endsWith("local");
  refuseUnheard(name, local, find);
  const port = Number(text("ansible_port", "ansible_ssh_port") ?? word("port") ?? 22);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new InputError(`host "${name}": ansible_port is not a port number`);
  const key = text("ansible_ssh_private_key_file", "ansible_private_key_file") ?? flags.privateKey;
  return {
    name, kind: local ? "local" : "ssh", host: text("ansible_host", "ansible_ssh_host") ?? name, port,
    user: local ? userInfo().username : (text("ansible_user", "ansible_ssh_user") ?? word("remote_user", "user") ?? flags.user ?? userInfo().username),
    privateKeyFile: key?.replace(/^~(?=\/)/, homedir()), password: text("ansible_password", "ansible_ssh_pass", "ansible_ssh_password"),
    timeoutMs: flags.timeout * 1000, acceptNew: flags.acceptNew ?? false,
    knownHostsFiles: local ? [] : knownHosts(name, ["ansible_ssh_args", "ansible_ssh_common_args", "ansible_ssh_extra_args"].map((variable) => ({ variable, text: text(variable) ?? "", place: find(variable)?.place }))),
  };
}

// A keyword that all plays of a host agree on: one login serves them all.
function shared(host: string, names: readonly string[], plays: readonly Play[], variables: Variables): string | undefined {
  const nodes = plays.map((play) => names.map((name) => play.keywords.get(name)).find((node) => node !== undefined));
  return agreed(host, names[0]!, nodes, variables);
}

// The same for a variable of the connection among those of the plays, which win over the inventory's.
function sharedVariable(host: string, name: string, plays: readonly Play[], variables: Variables): string | undefined {
  return agreed(host, name, plays.map((play) => play.vars.get(name)), variables);
}

// The one value of what several plays say of a login. Throws InputError where they say different things.
function agreed(host: string, name: string, nodes: readonly (YamlNode | undefined)[], variables: Variables): string | undefined {
  const values = nodes.map((node) => (node ? String(variables.render(node)) : undefined));
  const place = nodes.find((node) => node !== undefined)?.place;
  if (new Set(values).size > 1) throw new InputError(`the plays of host "${host}" do not agree on ${name}`, place, "one login serves a host for the whole run: say the same in all its plays, or set it in the inventory");
  return values[0];
}

/** Options of ssh as a variable has them. */
interface SshArgs {
  variable: string;
  text: string;
  place: Place | undefined;
}

/** Options of ssh that change nothing here: connections are always shared, and are never forwarded or shown. */
const NEEDLESS_OPTIONS = /^(Control(Master|Path|Persist)|Compression|LogLevel|BatchMode|ForwardAgent|ForwardX11|RequestTTY)$/i;
const NEEDLESS_FLAGS = /^-[CqvTxan]+$/;

// The user's own files of known hosts, or the ones that the host's ssh options name. Throws InputError for any other option.
function knownHosts(host: string, all: readonly SshArgs[]): string[] {
  const named = all.map((args) => knownHostsOption(host, args)).find((files) => files !== undefined);
  return named ?? [join(homedir(), ".ssh", "known_hosts"), join(homedir(), ".ssh", "known_hosts2"), "/etc/ssh/ssh_known_hosts"];
}

function knownHostsOption(host: string, { variable, text, place }: SshArgs): string[] | undefined {
  const words = shellWords(text);
  if (!words) throw new InputError(`host "${host}": ${variable} has a quote that is not closed`, place);
  let found: string[] | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (NEEDLESS_FLAGS.test(word)) continue;
    const option = word === "-o" ? words[(at += 1)] : word.slice(2);
    const [, key = "", value = ""] = /^\s*(\w+)\s*[=\s]\s*(.*)$/s.exec(word.startsWith("-o") ? (option ?? "") : "") ?? [];
    if (/^UserKnownHostsFile$/i.test(key)) found ??= value.split(/\s+/).map((file) => file.replace(/^"|"$/g, "").replace(/^~(?=\/)/, homedir()));
    else if (!NEEDLESS_OPTIONS.test(key)) throw new InputError(`host "${host}": the option ${key || word} of ${variable} is not supported`, place, "of ssh's options UserKnownHostsFile is heeded; take the others out");
  }
  return found;
}
