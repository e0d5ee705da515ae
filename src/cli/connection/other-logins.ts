import type { Environment } from "../../jinja/template.ts";
import type { LoginSaid, OtherLogin } from "../../plan/model/host.ts";
import { Variables } from "../../plan/model/variables.ts";
import type { SshConfigs } from "../../transport/ssh/config/config.ts";
import type { Connection } from "../../transport/transport.ts";
import { wrapScalar } from "../../yaml/data.ts";
import { LOGIN_KEYWORDS } from "../../plan/scope/login.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { connect, connectionVariables, wantedLogin, type ConnectionSource } from "./connection.ts";
import { canonical } from "../../canonical.ts";

/** What distinguishes the logins of one host. */
export interface UsualLogin {
  source: ConnectionSource;
  connection: Connection;
}

/**
 * The logins of one host that are not its usual one, each made once a run from what is said of it.
 */
export class OtherLogins {
  readonly #usual: UsualLogin;
  readonly #configs: SshConfigs;
  readonly #env: Environment;
  readonly #bySaid = new Map<string, OtherLogin | undefined>();
  readonly #byConnection = new Map<string, OtherLogin | undefined>();
  readonly #connections = new Map<string, Connection>();

  readonly #conceal: (password: string) => void;

  constructor(
    usual: UsualLogin,
    configs: SshConfigs,
    env: Environment,
    conceal: (password: string) => void,
  ) {
    this.#usual = usual;
    this.#conceal = conceal;
    this.#configs = configs;
    this.#env = env;
    this.#byConnection.set(keyOf(usual.connection), undefined);
  }

  /** How the login of an id is made. */
  connection(id: string): Connection {
    return this.#connections.get(id)!;
  }

  /**
   * The login for a specification; undefined: the usual one. `machine` names the run's host for
   * another machine. Throws InputError for what is wrong or not supported.
   */
  of(said: LoginSaid, machine: (connection: Connection) => string): OtherLogin | undefined {
    const key = canonical([...said].map(([name, { value }]) => [name, String(value)]));
    if (!this.#bySaid.has(key)) this.#bySaid.set(key, this.#make(said, machine));
    return this.#bySaid.get(key);
  }

  #make(said: LoginSaid, machine: (connection: Connection) => string): OtherLogin | undefined {
    const { source: usual, connection: before } = this.#usual;
    const source = sourceOf(said, usual, this.#env);
    const connection = connect(wantedLogin(source), this.#configs);
    const key = keyOf(connection);
    if (this.#byConnection.has(key)) return this.#byConnection.get(key);
    const { user, host, port, kind, password } = connection;
    if (password !== undefined) this.#conceal(password);
    const where = kind === "local" ? "this machine" : `${user}@${host}:${port}`;
    const made: OtherLogin = {
      id: this.#connections.has(where) ? `${where} (${this.#connections.size})` : where,
      user,
      connection: connectionVariables(source),
    };
    if (kind !== before.kind || host !== before.host) made.elsewhere = machine(connection);
    this.#connections.set(made.id, connection);
    this.#byConnection.set(key, made);
    return made;
  }
}

// The key that distinguishes one login from another.
function keyOf(connection: Connection): string {
  const { config, ...plain } = connection;
  return JSON.stringify([plain, config && [...config.values], config?.question.words]);
}

// What is said of a login, as if a host's variables and a play's keywords said it. The
// values are rendered already.
function sourceOf(said: LoginSaid, usual: ConnectionSource, env: Environment): ConnectionSource {
  const isKeyword = (name: string): boolean => (LOGIN_KEYWORDS as readonly string[]).includes(name);
  const nodes = [...said].map(([name, { value, place }]): [string, YamlNode] => [
    name,
    { ...wrapScalar(value, place ?? { file: name, line: 1, column: 1 }), tag: "!unsafe" },
  ]);
  const { keywords: _, variables: __, ...rest } = usual;
  return {
    ...rest,
    variables: new Variables([{ nodes: new Map(nodes.filter(([name]) => !isKeyword(name))) }], env),
    keywords: new Map(nodes.filter(([name]) => isKeyword(name))),
  };
}

/** A machine that tasks of a host go to. */
export interface Elsewhere {
  connection: Connection;
  of: string;
}

// The host of the run for a machine that a task reaches by another login: localhost for this
// machine, else one that is named after both.
export function elsewhere(
  known: Map<string, Elsewhere>,
  to: Connection,
  isHere: (host: string) => boolean,
): string {
  if (to.kind === "local" && isHere("localhost")) return "localhost";
  const name = `${to.name} (${to.kind === "local" ? "this machine" : to.host})`;
  known.set(name, { connection: { ...to, name }, of: to.name });
  return name;
}
