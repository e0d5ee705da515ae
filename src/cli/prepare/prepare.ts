import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { accountName } from "../../transport/account.ts";
import { describeHolder } from "./holder.ts";
import { HostRun } from "../../run/host-run.ts";
import { tellShared, type HostRunOptions } from "../../run/machine.ts";
import { Relays } from "../../run/relay/relay.ts";
import { Run } from "../../run/run.ts";
import type { Place } from "../../errors.ts";
import { expandLimit } from "../../inventory/limit.ts";
import type { InventoryView } from "../../plan/model/fleet.ts";
import { Variables, type Layer } from "../../plan/model/variables.ts";
import type { Play } from "../../playbook/play.ts";
import { screen } from "../../report/screen.ts";
import { createTransport } from "../../transport/connect.ts";
import { Vault } from "../../vault/vault.ts";
import { checkLimit, NO_HOSTS, refuseEmpty } from "./check-hosts.ts";
import {
  connect,
  connectionVariables,
  passwordsOf,
  wantedLogin,
  type WantedLogin,
  type ConnectionSource,
} from "../connection/connection.ts";
import { variableLayers, warnOfNearMisses, warnOfUnsupported } from "../connection/near-misses.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { NewFact } from "./fact-memory.ts";
import { growsInventory } from "./grows-inventory.ts";
import { readsHostvars } from "../../plan/walk/late-hosts.ts";
import { InventoryFleet } from "./fleet.ts";
import { journalOptions, runName } from "./journal-head.ts";
import { Logins } from "../connection/logins.ts";
import { magicLayer } from "./static-variables.ts";
import type { RunFlags } from "../settings/options.ts";
import { askPassphrase } from "../connection/passphrase.ts";
import { retryFile } from "../run/retry.ts";
import { optimizeLate } from "../late-optimization.ts";
import { keepHeapSmall } from "./small-heap.ts";
import { walkOptions } from "./walk-options.ts";
import { mistakeIn, refuseMistakes } from "./mistakes.ts";
import type { RunSettings } from "./run-settings.ts";
import { withRunVariables } from "./run-variables.ts";
import { asksNothing } from "./playbook/prompts-and-start.ts";
import { traced } from "./trace.ts";
import type { Host } from "../../plan/model/host.ts";
import type { Prepared } from "./prepared.ts";
import { isListing } from "./playbook/list.ts";
import { partHosts, readOrPart } from "./read-or-part.ts";
import { readOnce, readSources } from "./sources.ts";
import { relaySources } from "./relay-sources.ts";
import { addressOf, machineAddress, machineOf } from "../connection/address.ts";
import { elsewhere, OtherLogins, type Elsewhere } from "../connection/other-logins.ts";
import { noteUnrepeatable } from "../../disk/reading.ts";
import { defined } from "../../defined.ts";

// Reads playbook, inventory and variables, and finds the hosts of each play. Throws InputError.
export async function prepare(
  books: readonly string[],
  flags: RunFlags,
  {
    becomePassword,
    settings,
    book: given,
    isEager = false,
    workers,
    part,
    kept,
    remembering,
  }: RunSettings,
  warn: (message: string, place?: Place) => void,
  vault = new Vault(),
): Promise<Prepared> {
  optimizeLate();
  const sources = await readOnce(kept, async () =>
    readSources(
      { books, flags, settings, given, printed: part?.printed ?? new Map() },
      warn,
      vault,
    ),
  );
  const { read, files, printed, inventory, folders, extra, env, playbook, configs, memory } =
    sources;
  const file = books[0]!;
  const limit =
    flags.limit === undefined ? undefined : await expandLimit(flags.limit, retryFile(file));
  checkLimit(inventory, limit, flags);
  const say = (message: string): void => {
    if (flags.verbose > 0) screen.tell("stderr", `${vault.mask.hide(message)}\n`);
  };
  // nobody is asked for a passphrase for a run that is refused the next moment
  let ready = (): void => undefined;
  const isReady = new Promise<void>((resolve) => (ready = resolve));
  // nobody is logged in on for a mistake that every host would show
  let sound = (): void => undefined;
  const isSound = new Promise<void>((resolve) => (sound = resolve));
  const plain = createTransport(configs, {
    mayLogIn: isSound,
    ask: async (prompt) => isReady.then(() => (part?.askPassphrase ?? askPassphrase)(prompt)),
    warn(message) {
      noteUnrepeatable("a warning about a connection");
      warn(message);
    },
    say,
  });
  const transport = remembering?.over(plain) ?? plain;
  const logins = new Logins(
    flags.verbose >= 3
      ? traced(transport, vault.mask, (text) => screen.tell("stderr", text))
      : transport,
  );
  const addresses = new Map<string, HostRun>();
  const machines = new Map<string, string>();
  const options = walkOptions(flags, becomePassword);
  const conceal = (text: string): void => vault.mask.learn(text);
  if (becomePassword !== undefined) conceal(becomePassword);
  const name = part?.run ?? runName();
  const run: HostRunOptions = {
    nonce: () => randomBytes(9).toString("hex"),
    run: name,
    journal: journalOptions(name, books, flags, vault.mask),
    owner: `${accountName()}@${hostname()} pid ${process.pid} since ${new Date().toISOString()}`,
    describeHolder,
    lockTimeout: flags.lockTimeout ?? 60,
    replans: flags.yes === true && !flags.promised,
    machines: new Map(),
    addresses: new Map(),
    ...defined({ turns: part?.turns }),
    say: (host: string, text: string) =>
      screen.tell("stderr", `${vault.mask.hide(`${host}: ${text}`)}\n`),
  };
  const magicOf = (name: string): Layer => withRunVariables(magicLayer(file, name), flags);
  const usualPlay = (name: string, view: InventoryView): Play | undefined =>
    playbook.plays.find((play) => view.isIn(play, name));
  const sourceOf = (name: string, view: InventoryView): ConnectionSource => {
    const play = usualPlay(name, view);
    const layers = [view.variables(name), { nodes: play?.vars ?? new Map() }, extra, magicOf(name)];
    return {
      name,
      variables: new Variables(layers, env),
      flags,
      settings,
      ...defined({ keywords: play?.keywords }),
    };
  };
  const machinesElsewhere = new Map<string, Elsewhere>();
  const early = new Map<string, WantedLogin>();
  const open = (name: string, view: InventoryView): HostRun => {
    const magic = magicOf(name);
    const source = sourceOf(name, view);
    const connection =
      machinesElsewhere.get(name)?.connection ??
      connect(early.get(name) ?? wantedLogin(source), configs);
    const others = new OtherLogins({ source, connection }, configs, env, conceal);
    const host: Host = {
      name,
      login: connection.user,
      isLocal: connection.kind === "local",
      machine: machineAddress(connection),
      playbook,
      extra,
      magicVariables: magic,
      connection: { values: connectionVariables(source) },
      usualPlay: usualPlay(name, view),
      elsewhereOf: connection.kind === "ssh" ? machinesElsewhere.get(name)?.of : undefined,
      loginFor: (said, isHere) =>
        machinesElsewhere.has(name)
          ? undefined
          : others.of(said, (to) => elsewhere(machinesElsewhere, to, isHere)),
      options,
      conceal,
      files,
      env,
    };
    passwordsOf(source).forEach(conceal);
    const address = addressOf(connection);
    const hostRun = new HostRun(
      host,
      (again, login) =>
        logins.open(
          login === undefined ? connection : others.connection(login),
          again,
          login ?? (machinesElsewhere.has(name) ? "elsewhere" : undefined),
        ),
      run,
      memory.guesses(address),
    );
    addresses.set(address, hostRun);
    machines.set(name, connection.host);
    return hostRun;
  };
  const mismatches: [message: string, place?: Place][] = [];
  const warnOfPattern = (message: string, place?: Place): void =>
    void mismatches.push(place ? [message, place] : [message]);
  const fleet = new InventoryFleet({
    inventory,
    folders,
    limit,
    ...defined({ only: flags.hosts && new Set(flags.hosts) }),
    extra,
    env,
    warn: warnOfPattern,
    open,
  });
  const names = fleet.begin(playbook.plays);
  refuseEmpty(
    { inventory, playbook, hosts: names, mismatches: mismatches.map(([message]) => message) },
    flags,
  );
  const findsHosts = growsInventory(playbook) || playbook.plays.some(readsHostvars);
  if (!findsHosts) for (const [message, place] of mismatches) warn(message, place);
  if (inventory.hosts.size === 0 && names.length > 0) warn(NO_HOSTS);
  const opened = isListing(flags) ? [] : names;
  const forks = flags.forks ?? 50;
  const relays = relaySources({ fleet, sourceOf, configs, logins, say: run.say });
  run.relays = new Relays(relays);
  const loginOf = (name: string): WantedLogin => wantedLogin(sourceOf(name, fleet.view([])));
  // Opens hosts, and walks them for the first time.
  const readRun = async (some: readonly string[], mayAsk: boolean): Promise<Run> => {
    if (some.length > forks) keepHeapSmall();
    for (const name of some) early.set(name, loginOf(name));
    await configs.prefetch(
      [...early.values()].flatMap((wanted) => ("isLocal" in wanted ? [] : [wanted.question])),
    );
    const hosts = some.map((name) => fleet.run(name, fleet.view([])));
    for (const name of some) relays.relaysOf(name);
    early.clear();
    const made = new Run({
      fleet,
      playbook,
      hosts,
      find: (name) => fleet.runs.get(name)!,
      forks,
      isEager: mayAsk,
      sound,
      release: (name) => logins.end(name),
      ...defined({ others: part?.others }),
    });
    try {
      await made.read();
      const wrong = made.hosts.find(mistakeIn);
      if (wrong) part?.mistaken(wrong.host.name);
      if (wrong) refuseMistakes(wrong);
      return made;
    } catch (error) {
      await logins.close();
      throw error;
    }
  };
  const mayPart = !findsHosts && read.areLasting && playbook.plays.every(asksNothing);
  const many = mayPart ? (workers?.(flags, opened.length) ?? 1) : 1;
  const wanted = partHosts(opened, many, (name) => machineOf(loginOf(name)));
  const { whole, parts } = await readOrPart(opened, wanted, readRun, read, isEager);
  sound();
  if (!part) {
    warnOfUnsupported(playbook, warn);
    warnOfNearMisses(
      [...variableLayers(inventory, folders, playbook), extra.nodes ?? new Map<string, YamlNode>()],
      (name) => read.hasWord(name),
      warn,
    );
  }
  ready();
  let present = whole;
  const foreign: NewFact[] = [];
  return {
    name: run.run,
    playbook,
    names: opened,
    parts,
    printed,
    get run() {
      return present;
    },
    read,
    mask: vault.mask,
    get runs() {
      return present.hosts;
    },
    openAll: async () => {
      present = await readRun(opened, isEager);
    },
    remember: (news) => void foreign.push(...news),
    hostsOf: (play) => fleet.view([]).hostsOf(play),
    variablesOf: (play) => fleet.variablesOf(play),
    emptyPlays: () => (findsHosts ? present.emptyPlays() : []),
    rounds: (name) => logins.rounds(name),
    connecting: (name) => logins.connecting(name),
    addressOf: (name) => machines.get(name) ?? name,
    close: async () => {
      tellShared(run);
      const news = memory.news(addresses);
      if (part) part.keepFacts(news);
      else if (kept) kept.news.push(...news);
      else memory.save([...news, ...foreign], warn);
      await logins.close();
    },
  };
}
