import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { dirname } from "node:path";
import { HostRun } from "../apply/host-run.ts";
import { InputError, type Place } from "../errors.ts";
import { parseExtraVars } from "../inventory/extra-vars.ts";
import { loadInventory } from "../inventory/load.ts";
import type { Inventory } from "../inventory/model.ts";
import { expandLimit } from "../inventory/limit.ts";
import { matchHosts } from "../inventory/patterns.ts";
import { hostVars } from "../inventory/precedence.ts";
import { variableFiles, type Decrypt } from "../inventory/variable-files.ts";
import { plainOrigin, standardEnvironment, type Environment } from "../jinja/template.ts";
import type { OpenSession } from "../plan/observe.ts";
import type { Host, WalkOptions } from "../plan/state.ts";
import { Variables, type Layer } from "../plan/variables.ts";
import { walkHost } from "../plan/walk.ts";
import { controllerFiles, type ControllerFiles } from "../playbook/files.ts";
import { loadPlaybook, type PlaybookFiles } from "../playbook/load.ts";
import { controllerOutside } from "../playbook/outside.ts";
import type { Playbook } from "../playbook/play.ts";
import { createTransport } from "../transport/connect.ts";
import type { Connection, Session, Transport } from "../transport/transport.ts";
import type { Mask } from "../vault/mask.ts";
import { Vault } from "../vault/vault.ts";
import { connectionOf } from "./connection.ts";
import { FactMemory } from "./fact-memory.ts";
import { magicLayer, type Fleet } from "./magic.ts";
import type { RunFlags } from "./options.ts";

/** A run that is ready to plan: everything is read and checked, no host has been touched. */
export interface Prepared {
  playbook: Playbook;
  runs: HostRun[];
  /** Takes what was decrypted out of whatever is shown or kept. */
  mask: Mask;
  /** Questions and programs that a host was sent after login. */
  rounds(host: string): number;
  close(): Promise<void>;
}

// Reads playbook, inventory and variables, and finds the hosts of each play. Throws InputError.
export async function prepare(file: string, flags: RunFlags, checkMode: boolean, becomePassword: string | undefined, warn: (message: string, place?: Place) => void, vault = new Vault()): Promise<Prepared> {
  const files = controllerFiles(undefined, vault);
  const decrypt: Decrypt = (text, place) => vault.text(text, place);
  const playbook = loadPlaybook(readPlaybook(file, vault), file, playbookFiles(files, vault), warn);
  const inventory = await loadInventory(flags.inventory ?? [], warn, decrypt);
  const folders = [await variableFiles(dirname(file), inventory, warn, decrypt)];
  const extra: Layer = { nodes: await parseExtraVars(flags.extraVars ?? [], warn, decrypt) };
  const env = templateEnvironment(files, dirname(file), vault);
  const layers = (name: string) => ({ inventory: { nodes: hostVars(inventory, folders, name) }, extra });
  const fleet: Fleet = { inventory, playbook: file, checkMode, env, runs: new Map(), layers };
  const plays = await hostsOfPlays(playbook, inventory, extra, fleet, flags, warn);
  const options: WalkOptions = {
    tags: flags.tags ?? [], skipTags: flags.skipTags ?? [], checkMode, become: flags.become ?? false,
    ...(flags.becomeUser === undefined ? {} : { becomeUser: flags.becomeUser }), ...(becomePassword === undefined ? {} : { becomePassword }),
  };
  const logins = new Logins(flags.verbose >= 3 ? traced(createTransport(), vault.mask) : createTransport());
  const memory = new FactMemory();
  const addresses = new Map<string, HostRun>();
  const run = { nonce: () => randomBytes(9).toString("hex"), run: runName(), owner: `${userInfo().username}@${hostname()} pid ${process.pid} since ${new Date().toISOString()}` };
  for (const [name, numbers] of plays) {
    const magic = magicLayer(fleet, name);
    const { inventory: own } = layers(name);
    const connection = connectionOf(name, new Variables([own, extra, magic], env), flags);
    const host: Host = { name, login: connection.user, isLocal: connection.kind === "local", playbook, plays: numbers, inventory: own, extra, magic, options, files, env };
    const address = `${connection.user}@${connection.host}:${connection.port}`;
    const hostRun = new HostRun(host, (again) => logins.open(connection, again), run, memory.guesses(address));
    fleet.runs.set(name, hostRun);
    addresses.set(address, hostRun);
  }
  const runs = [...fleet.runs.values()];
  for (const hostRun of runs) refuseMistakes(hostRun);
  await refuseLocked(files, runs);
  return { playbook, runs, mask: vault.mask, rounds: (name) => logins.rounds(name), close: async () => { memory.save(addresses); await logins.close(); } };
}

// What can be seen to be wrong before any host is asked is refused before any host is touched.
function refuseMistakes(run: HostRun): void {
  run.walk = walkHost(run.host, run.known);
  const { failed } = run.walk;
  if (failed?.failure?.place) throw new InputError(`${failed.failure.message} (task "${failed.task}", host ${run.host.name})`, failed.failure.place, failed.failure.hint);
}

// A file of the controller that no password decrypts is refused before any host is touched, too.
async function refuseLocked(files: ControllerFiles, runs: readonly HostRun[]): Promise<void> {
  const wanted = runs.flatMap((run) => [...(run.walk?.wanted.values() ?? [])]).filter(({ kind }) => ["file", "tree", "vars"].includes(kind));
  await files.load(wanted);
  for (const request of wanted) {
    const answer = files.loaded(request);
    if (answer && "error" in answer && answer.error instanceof InputError) throw answer.error;
  }
}

// Which plays each host is in, in the order of the inventory.
async function hostsOfPlays(playbook: Playbook, inventory: Inventory, extra: Layer, fleet: Fleet, flags: RunFlags, warn: (message: string, place?: Place) => void): Promise<Map<string, Set<number>>> {
  const limit = flags.limit === undefined ? undefined : await expandLimit(flags.limit);
  const plays = new Map<string, Set<number>>();
  playbook.plays.forEach((play, number) => {
    const pattern = new Variables([{ nodes: play.vars }, extra], fleet.env).render(play.hosts);
    const patterns = Array.isArray(pattern) ? pattern.map(String) : String(pattern);
    for (const name of matchHosts(inventory, patterns, limit, (message) => warn(message, play.hosts.place))) plays.set(name, (plays.get(name) ?? new Set()).add(number));
  });
  return plays;
}

// Filters, tests and lookups; templates that others include are found as files are.
function templateEnvironment(files: ControllerFiles, folder: string, vault: Vault): Environment {
  const outside = controllerOutside(files, folder, vault);
  const loadTemplate: Environment["loadTemplate"] = (name, from) => {
    const path = outside.find(name, "templates", from);
    const source = path === undefined ? undefined : outside.read(path);
    return path === undefined || source === undefined ? undefined : { source, origin: plainOrigin(path, source) };
  };
  return { ...standardEnvironment(outside), loadTemplate };
}

// What the playbook's reader may read.
export function playbookFiles(files: ControllerFiles, vault: Vault): PlaybookFiles {
  return {
    find: (name, where, searchPath) => files.find(name, where, searchPath),
    read(path, from) {
      try {
        return readPlaybook(path, vault);
      } catch (error) {
        if (error instanceof InputError) throw error;
        throw new InputError(`"${path}" cannot be read: ${(error as Error).message}`, from);
      }
    },
  };
}

// The text of a file that the playbook's reader wants, decrypted if need be.
export function readPlaybook(path: string, vault: Vault): string {
  return vault.text(readFileSync(path, "utf8"), { file: path, line: 1, column: 1 });
}

// With -vvv: what each host is asked, and what it answers, on stderr.
function traced(transport: Transport, mask: Mask): Transport {
  const say = (host: string, what: string, text: string): void => void process.stderr.write(mask.hide(`--- ${host} ${what}\n${text}\n`));
  return {
    async open(connection) {
      const session = await transport.open(connection);
      const run: Session["run"] = async (program, options) => {
        say(connection.name, "is asked", program);
        const output = await session.run(program, options);
        say(connection.name, `answers (code ${output.code})`, `${output.stdout.toString("utf8")}\n${output.stderr}`);
        return output;
      };
      return { run, put: (...args) => session.put(...args), close: () => session.close(), get rounds() { return session.rounds; } };
    },
  };
}

/** One login a host, opened when it is first needed. */
class Logins {
  private readonly transport: Transport;
  private readonly opened = new Map<string, Promise<Session>>();
  private readonly sessions = new Map<string, Session>();
  private readonly earlier = new Map<string, number>();

  constructor(transport: Transport) {
    this.transport = transport;
  }

  async open(connection: Connection, again?: Parameters<OpenSession>[0]): Promise<Session> {
    const known = this.opened.get(connection.name);
    if (known && !again) return known;
    if (known) await this.giveUp(connection.name, known);
    const opening = this.transport.open({ ...connection, timeoutMs: again?.timeoutMs ?? connection.timeoutMs });
    this.opened.set(connection.name, opening);
    const session = await opening;
    this.sessions.set(connection.name, session);
    return session;
  }

  // Ends a login that may be dead already, and keeps the count of its rounds.
  private async giveUp(name: string, login: Promise<Session>): Promise<void> {
    const session = await login.catch(() => undefined);
    this.earlier.set(name, (this.earlier.get(name) ?? 0) + (session?.rounds ?? 0));
    this.sessions.delete(name);
    await session?.close();
  }

  rounds(name: string): number {
    return (this.sessions.get(name)?.rounds ?? 0) + (this.earlier.get(name) ?? 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.sessions.values()].map((session) => session.close()));
  }
}

// A name for this run whose order is that of time.
function runName(): string {
  return `${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "")}-${randomBytes(3).toString("hex")}`;
}
