import { shellWords } from "../../inventory/words.ts";
import { homedir } from "node:os";
import { accountName } from "../../transport/account.ts";
import { InputError } from "../../errors.ts";
import type { Variables } from "../../plan/model/variables.ts";
import { SshConfigs, type SshQuestion } from "../../transport/ssh/config/config.ts";
import { resolve, type HostToResolve } from "../../transport/ssh/config/resolve.ts";
import type { Connection } from "../../transport/transport.ts";
import { Unknown } from "../../value.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { AnsibleConfig } from "../settings/ansible-cfg.ts";
import type { CONNECTION_SETTINGS } from "./connection-settings.ts";
import { settingOf } from "./connection-settings.ts";
import { CONNECTION_VARIABLES, refuseUnheard } from "./connection-variables.ts";
import type { RunFlags } from "../settings/options.ts";
import { attempt } from "../../instead-of.ts";
import { timerMs } from "../../timer.ts";

/**
 * What a host's connection follows from, strongest first: its variables, keywords, flags, settings.
 */
export interface ConnectionSource {
  name: string;
  variables: Variables;
  /** What a play or a task says beside variables. */
  keywords?: ReadonlyMap<string, YamlNode>;
  flags: RunFlags;
  settings?: AnsibleConfig | undefined;
}

/** Ansible's names of the connections that there are. */
const KINDS: Readonly<Record<string, "local" | "ssh" | "openssh">> = {
  local: "local",
  "ansible.builtin.local": "local",
  ssh: "ssh",
  "ansible.builtin.ssh": "ssh",
  smart: "ssh",
  paramiko: "ssh",
  paramiko_ssh: "ssh",
  "ansible.builtin.paramiko_ssh": "ssh",
  openssh: "openssh",
};

const YES = ["true", "yes", "on", "y", "1", "t"];

/** A login that is not asked about yet: over ssh, or on this machine. */
export type WantedLogin = HostToResolve | { name: string; isLocal: true };

// How a host is reached. Throws InputError for what is wrong or not supported.
export function connectionOf(source: ConnectionSource, configs = new SshConfigs()): Connection {
  return connect(wantedLogin(source), configs);
}

// The connection of a login, once ssh has said what its configuration adds.
export function connect(wanted: WantedLogin, configs: SshConfigs): Connection {
  if (!("isLocal" in wanted)) return resolve(wanted, configs);
  const local = {
    kind: "local",
    host: wanted.name,
    port: 22,
    user: accountName(),
    timeoutMs: 10_000,
    acceptNew: false,
    knownHostsFiles: [],
  } as const;
  return { ...local, name: wanted.name, knownHostsFiles: [] };
}

// What is said of a host's login: its variables win over the keywords of its plays, those over the
// command line, as in Ansible.
export function wantedLogin(source: ConnectionSource): WantedLogin {
  const { name, flags } = source;
  const look = new Lookup(source);
  const named =
    look.variable("ansible_connection") ??
    look.keyword("connection") ??
    flags.connection ??
    look.setting("connection") ??
    "ssh";
  const kind = KINDS[named];
  if (kind === undefined)
    throw new InputError(
      `host "${name}": the connection "${named}" is not supported`,
      look.place("ansible_connection") ?? source.keywords?.get("connection")?.place,
      "use ssh, openssh or local",
    );
  refuseUnheard(name, kind === "local", (variable) => look.node(variable));
  if (kind === "local") return { name, isLocal: true };
  const port = look.port();
  const user =
    look.variable("ansible_user", "ansible_ssh_user") ??
    look.keyword("remote_user", "user") ??
    flags.user ??
    look.setting("remote_user");
  const key =
    look.variable("ansible_private_key_file", "ansible_ssh_private_key_file") ??
    flags.privateKey ??
    flags.keyFile ??
    look.setting("private_key_file");
  const program = look.variable("ansible_ssh_executable") ?? look.setting("ssh_executable");
  const isOwnProgram = program !== undefined && !["ssh", "/usr/bin/ssh"].includes(program);
  const privateKeyFile = key?.replace(/^~(?=\/)/, homedir());
  const question: SshQuestion = {
    ...look.options({ user, port, privateKeyFile }),
    destination: look.variable("ansible_host", "ansible_ssh_host") ?? name,
  };
  if (isOwnProgram) question.program = program;
  return {
    name,
    destination: question.destination,
    user,
    port,
    privateKeyFile,
    question,
    password:
      look.variable("ansible_password", "ansible_ssh_pass", "ansible_ssh_password") ??
      flags.connectionPassword,
    timeoutMs: look.seconds(),
    acceptNew: flags.acceptNew ?? false,
    byOpenssh: kind === "openssh" || isOwnProgram,
    retries: look.retries(),
  };
}

const PASSWORD_VARIABLES = Object.keys(CONNECTION_VARIABLES).filter((name) =>
  /_pass(?:word)?$/.test(name),
);

// The passwords that are specified for a host's login, whether or not it asks for them; one that is
// not known yet is left out.
export function passwordsOf({ variables, flags }: ConnectionSource): string[] {
  const known = PASSWORD_VARIABLES.filter((name) => variables.node(name) !== undefined);
  const values = known.map((name) => attempt(() => variables.lookup(name)));
  const own = values.filter((value) => typeof value === "string");
  return flags.connectionPassword === undefined ? own : [...own, flags.connectionPassword];
}

// The connection variables that tasks see if nothing else sets them, under all the names that
// Ansible has for them. The run's other view of the host (hostvars) does not have them.
export function connectionVariables(source: ConnectionSource): ReadonlyMap<string, unknown> {
  const look = new Lookup(source);
  const { name, flags } = source;
  const kind =
    look.variable("ansible_connection") ??
    look.keyword("connection") ??
    flags.connection ??
    look.setting("connection") ??
    "ssh";
  const key =
    look.variable("ansible_private_key_file", "ansible_ssh_private_key_file") ??
    flags.privateKey ??
    flags.keyFile;
  const user =
    look.variable("ansible_user", "ansible_ssh_user") ??
    look.keyword("remote_user", "user") ??
    flags.user;
  const port = look.variable("ansible_port", "ansible_ssh_port") ?? look.setting("remote_port");
  const values: [names: string[], value: unknown][] = [
    [
      ["ansible_host", "ansible_ssh_host"],
      look.variable("ansible_host", "ansible_ssh_host") ?? name,
    ],
    [["ansible_user", "ansible_ssh_user"], user ?? look.setting("remote_user")],
    [["ansible_port", "ansible_ssh_port"], port === undefined ? undefined : Number(port)],
    [
      ["ansible_private_key_file", "ansible_ssh_private_key_file"],
      key ?? look.setting("private_key_file"),
    ],
    [["ansible_connection"], kind === "smart" ? "ssh" : kind],
    [["ansible_timeout", "ansible_ssh_timeout"], (look.seconds() ?? 10_000) / 1000],
    [["ansible_shell_executable"], "/bin/sh"],
    [["ansible_pipelining", "ansible_ssh_pipelining"], false],
  ];
  return new Map(
    values.flatMap(([names, value]) =>
      value === undefined ? [] : names.map((one) => [one, value] as const),
    ),
  );
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value instanceof Unknown;
}

/** What the sources say of one host. */
class Lookup {
  readonly #source: ConnectionSource;

  constructor(source: ConnectionSource) {
    this.#source = source;
  }

  node(variable: string): YamlNode | undefined {
    return this.#source.variables.node(variable);
  }

  place(variable: string): YamlNode["place"] | undefined {
    return this.node(variable)?.place;
  }

  // Of several variables the last that is set, as with Ansible. One that is not known yet is not
  // set: the tasks of its host wait for it, and then have a login of their own.
  variable(...names: string[]): string | undefined {
    const { variables } = this.#source;
    const values = names.map((one) => variables.lookup(one));
    const value = values.findLast((found) => !isUnset(found));
    return value === undefined ? undefined : String(value);
  }

  // The first of several keywords that is set.
  keyword(...names: string[]): string | undefined {
    const { variables, keywords } = this.#source;
    const node = names.map((one) => keywords?.get(one)).find((one) => one !== undefined);
    return node && String(variables.render(node));
  }

  setting(key: keyof typeof CONNECTION_SETTINGS): string | undefined {
    return settingOf(this.#source.settings, key)?.value;
  }

  port(): number | undefined {
    const text =
      this.variable("ansible_port", "ansible_ssh_port") ??
      this.keyword("port") ??
      this.setting("remote_port");
    if (text === undefined) return undefined;
    const port = Number(text);
    if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
    throw new InputError(
      `host "${this.#source.name}": ansible_port is not a port number`,
      this.place("ansible_port"),
    );
  }

  // How long connecting may take, in milliseconds; undefined: ssh's own configuration says.
  seconds(): number | undefined {
    const { flags, name } = this.#source;
    const text =
      this.variable("ansible_timeout", "ansible_ssh_timeout") ??
      flags.timeout ??
      this.setting("timeout");
    if (text === undefined) return undefined;
    const seconds = Number(text);
    if (seconds > 0) return timerMs(seconds);
    throw new InputError(
      `host "${name}": the timeout "${text}" is not a number of seconds`,
      this.place("ansible_ssh_timeout"),
    );
  }

  // How often to retry a login that failed because of the network.
  retries(): number {
    const text = this.variable("ansible_ssh_retries") ?? this.setting("ssh_retries") ?? "0";
    const retries = Number(text);
    if (Number.isInteger(retries) && retries >= 0) return retries;
    throw new InputError(
      `host "${this.#source.name}": ansible_ssh_retries is not a whole number`,
      this.place("ansible_ssh_retries"),
    );
  }

  // The words of ssh, in the order in which Ansible gives them: of two that say the
  // same, ssh takes the first.
  options({
    user,
    port,
    privateKeyFile,
  }: {
    user: string | undefined;
    port: number | undefined;
    privateKeyFile: string | undefined;
  }): { words: string[]; hasOptions: boolean } {
    const { flags } = this.#source;
    const first = this.#words("ansible_ssh_args", this.setting("ssh_args"));
    const common = this.#words(
      "ansible_ssh_common_args",
      flags.sshCommonArgs ?? this.setting("ssh_common_args"),
    );
    const extra = this.#words(
      "ansible_ssh_extra_args",
      flags.sshExtraArgs ?? this.setting("ssh_extra_args"),
    );
    const token = this.variable("ansible_ssh_pkcs11_provider") ?? this.setting("pkcs11_provider");
    const checks =
      this.variable("ansible_host_key_checking", "ansible_ssh_host_key_checking") ??
      this.setting("host_key_checking");
    if (checks !== undefined && !YES.includes(checks.toLowerCase()))
      first.push("-o", "StrictHostKeyChecking=no");
    if (token) first.push("-o", `PKCS11Provider=${token}`);
    const own: string[] = [];
    if (port !== undefined) own.push("-o", `Port=${port}`);
    if (privateKeyFile !== undefined) own.push("-o", `IdentityFile="${privateKeyFile}"`);
    if (user !== undefined) own.push("-o", `User="${user}"`);
    return {
      words: [...first, ...own, ...common, ...extra],
      hasOptions: first.length + common.length + extra.length > 0,
    };
  }

  #words(variable: string, otherwise: string | undefined): string[] {
    const text = this.variable(variable) ?? otherwise ?? "";
    const words = shellWords(text, { comments: false });
    if (words) return words.map((word) => word.text);
    throw new InputError(
      `host "${this.#source.name}": ${variable} has an unclosed quote, or ends with a backslash`,
      this.place(variable),
    );
  }
}
