import { defined } from "../../../defined.ts";
import type { InventoryView } from "../../../plan/model/fleet.ts";
import type { Host } from "../../../plan/model/host.ts";
import type { OpenSession } from "../../../plan/model/session.ts";
import { Variables, type Layer } from "../../../plan/model/variables.ts";
import type { Play } from "../../../playbook/play.ts";
import { HostRun } from "../../../run/host-run.ts";
import type { HostRunOptions } from "../../../run/machine.ts";
import type { Connection } from "../../../transport/transport.ts";
import { addressOf, machineAddress } from "../../connection/address.ts";
import {
  connect,
  connectionVariables,
  passwordsOf,
  wantedLogin,
  type ConnectionSource,
  type WantedLogin,
} from "../../connection/connection.ts";
import type { Logins } from "../../connection/logins.ts";
import { elsewhere, OtherLogins, type Elsewhere } from "../../connection/other-logins.ts";
import type { RunRequest } from "../run-request.ts";
import type { Sources } from "../sources.ts";
import { walkOptions } from "../walk-options.ts";
import { withRunVariables } from "./run-variables.ts";
import { magicLayer } from "./static-variables.ts";

/** What hosts are opened with. */
export interface OpenerParts {
  request: RunRequest;
  sources: Sources;
  logins: Logins;
  options: HostRunOptions;
}

/** Opens hosts: finds out how each is reached, and makes its run. Nobody is logged in on yet. */
export class HostOpener {
  /** The hosts that are open, by their addresses. */
  readonly byAddress = new Map<string, HostRun>();
  private readonly parts: OpenerParts;
  private readonly walk: Host["options"];
  /** Where each host is reached that is open. */
  private readonly reachedAt = new Map<string, string>();
  /** Machines that tasks of a host go to, by the names that they have in the run. */
  private readonly machines = new Map<string, Elsewhere>();
  /** Logins that are known before their hosts are opened. */
  private readonly early = new Map<string, WantedLogin>();

  constructor(parts: OpenerParts) {
    this.parts = parts;
    const { flags, becomePassword } = parts.request;
    this.walk = walkOptions(flags, becomePassword);
    if (becomePassword !== undefined) this.conceal(becomePassword);
  }

  // Opens many hosts with `open`: ssh is asked about all their logins at once. Throws InputError.
  async openMany<T>(
    names: readonly string[],
    view: InventoryView,
    open: (name: string) => T,
  ): Promise<T[]> {
    for (const name of names) this.early.set(name, this.loginOf(name, view));
    const questions = [...this.early.values()].flatMap((login) =>
      "isLocal" in login ? [] : [login.question],
    );
    await this.parts.sources.configs.prefetch(questions);
    const opened = names.map(open);
    this.early.clear();
    return opened;
  }

  // Makes the run of a host. Throws InputError where its connection is wrong or not supported.
  open(name: string, view: InventoryView): HostRun {
    const { logins, options, sources } = this.parts;
    const source = this.sourceOf(name, view);
    const away = this.machines.get(name);
    const connection = away?.connection ?? this.connect(source);
    const others = new OtherLogins({ source, connection }, sources.configs, sources.env, (word) =>
      this.conceal(word),
    );
    const host = this.hostOf(view, source, connection, others);
    passwordsOf(source).forEach((password) => this.conceal(password));
    const session: OpenSession = async (again, login) =>
      login === undefined
        ? logins.open(connection, again, away && "elsewhere")
        : logins.open(others.connection(login), again, login);
    const address = addressOf(connection);
    const run = new HostRun(host, session, options, sources.memory.guesses(address));
    this.byAddress.set(address, run);
    this.reachedAt.set(name, connection.host);
    return run;
  }

  // What a host's connection follows from.
  sourceOf(name: string, view: InventoryView): ConnectionSource {
    const { sources, request } = this.parts;
    const { extra, env } = sources;
    const play = this.usualPlay(name, view);
    const playVars: Layer = { nodes: play?.vars ?? new Map() };
    return {
      name,
      variables: new Variables([view.variables(name), playVars, extra, this.magicOf(name)], env),
      flags: request.flags,
      settings: request.settings,
      ...defined({ keywords: play?.keywords }),
    };
  }

  // How a host is to be logged in on. Throws InputError.
  loginOf(name: string, view: InventoryView): WantedLogin {
    return wantedLogin(this.sourceOf(name, view));
  }

  // Where a host is reached.
  addressOf(name: string): string {
    return this.reachedAt.get(name) ?? name;
  }

  private hostOf(
    view: InventoryView,
    source: ConnectionSource,
    connection: Connection,
    others: OtherLogins,
  ): Host {
    const { name } = source;
    const { playbook, extra, files, env } = this.parts.sources;
    const away = this.machines.get(name);
    return {
      name,
      login: connection.user,
      isLocal: connection.kind === "local",
      machine: machineAddress(connection),
      playbook,
      extra,
      magicVariables: this.magicOf(name),
      connection: { values: connectionVariables(source) },
      usualPlay: this.usualPlay(name, view),
      elsewhereOf: connection.kind === "ssh" ? away?.of : undefined,
      loginFor: (said, isHere) =>
        away ? undefined : others.of(said, (to) => elsewhere(this.machines, to, isHere)),
      options: this.walk,
      conceal: (text) => this.conceal(text),
      files,
      env,
    };
  }

  private connect(source: ConnectionSource): Connection {
    const login = this.early.get(source.name) ?? wantedLogin(source);
    return connect(login, this.parts.sources.configs);
  }

  // The first play that a host is in.
  private usualPlay(name: string, view: InventoryView): Play | undefined {
    return this.parts.sources.playbook.plays.find((play) => view.isIn(play, name));
  }

  private magicOf(name: string): Layer {
    const { books, flags } = this.parts.request;
    return withRunVariables(magicLayer(books[0]!, name), flags);
  }

  private conceal(text: string): void {
    this.parts.request.vault.mask.learn(text);
  }
}
