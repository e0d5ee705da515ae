import { LazyDict } from "../../jinja/template.ts";
import type { Play } from "../../playbook/play.ts";
import { LOCAL_NAMES } from "../../local-names.ts";
import { FURTHER, Unknown } from "../../value.ts";
import { factOf, NO_FACTS } from "./facts.ts";
import { gathersFacts } from "./play-flags.ts";
import {
  couple,
  type HostVariables,
  type Pass,
  type VariablesOfHost,
  type Walk,
} from "../model/state.ts";
import { Variables, type Layer } from "../model/variables.ts";

/**
 * The variables of all hosts, as they are where the pass is: rendered once, for
 * all hosts that look at them.
 */
export class RenderedOnce implements HostVariables {
  private readonly pass: Pass;
  private readonly known = new Map<string, RenderedVariables>();

  constructor(pass: Pass) {
    this.pass = pass;
  }

  of(name: string): RenderedVariables | undefined {
    const known = this.known.get(name);
    if (known?.isFresh()) return known;
    const isThere =
      this.pass.view.hosts.has(name) || this.pass.walks.has(name) || LOCAL_NAMES.includes(name);
    if (!isThere) return undefined;
    const made = new RenderedVariables(this.pass, name);
    this.known.set(name, made);
    return made;
  }
}

// A task of a host begins, which has looked at no other host.
export function beginReading(walk: Walk): void {
  walk.readOtherHosts = false;
}

/** hostvars, as the task of one host sees them. */
export class HostVars extends LazyDict {
  private readonly reader: Walk;

  constructor(reader: Walk) {
    super();
    this.reader = reader;
  }

  get(key: unknown): unknown {
    const variables = this.reader.pass.hostvars.of(String(key));
    return variables && new HostVarsOfHost(this.reader, variables);
  }

  keys(): Iterable<unknown> {
    return this.reader.pass.view.hosts;
  }
}

/** One host of hostvars. Who looks at what tasks made known there must wait for them. */
class HostVarsOfHost extends LazyDict {
  private readonly reader: Walk;
  private readonly variables: VariablesOfHost;

  constructor(reader: Walk, variables: VariablesOfHost) {
    super();
    [this.reader, this.variables] = [reader, variables];
  }

  get(key: unknown): unknown {
    const { reader, variables } = this;
    const { name } = variables;
    const isOwn = reader.host.name === name;
    if (reader.pass.partial && !isOwn) couple(reader.pass);
    const { value, isRegistered } = variables.lookup(String(key));
    if (isRegistered && !isOwn) reader.readOtherHosts = true;
    if (value !== undefined || !reader.pass.partial || isOwn) return value;
    return new Unknown(`what is known of ${name}`);
  }

  keys(): Iterable<unknown> {
    return this.variables.names();
  }

  // Files of variables that apply reads bring names that nobody knows yet.
  get [FURTHER](): Unknown | undefined {
    return this.reader.pass.walks.get(this.variables.name)?.includes;
  }
}

/** The variables of one host: inventory, facts, and what register and set_fact made there. */
class RenderedVariables implements VariablesOfHost {
  readonly name: string;
  private readonly pass: Pass;
  private readonly variables: Variables;
  private readonly version: number | undefined;
  private readonly additions: number;
  /** Those whose values depend on what tasks made known. */
  private readonly dependent = new Set<string>(["vars"]);
  private registeredReads = 0;

  constructor(pass: Pass, name: string) {
    [this.pass, this.name] = [pass, name];
    const { extra, env } = pass.fleet;
    this.version = this.walk?.version;
    this.additions = pass.added.length;
    this.variables = new Variables(
      [
        NO_FACTS,
        pass.view.variables(name),
        this.facts(),
        this.included(),
        this.registered(),
        extra,
        this.magic(),
      ],
      env,
    );
    for (const read of this.walk?.included.keys() ?? []) this.dependent.add(read);
  }

  // Whether nothing was registered for the host since, and the inventory has not grown.
  isFresh(): boolean {
    return this.walk?.version === this.version && this.pass.added.length === this.additions;
  }

  // A variable, and whether its value depends on what tasks made known.
  lookup(key: string): { value: unknown; isRegistered: boolean } {
    const before = this.registeredReads;
    const value = this.variables.lookup(key);
    if (this.registeredReads > before) this.dependent.add(key);
    return { value, isRegistered: value !== undefined && this.dependent.has(key) };
  }

  names(): Set<string> {
    return this.variables.names();
  }

  private get walk(): Walk | undefined {
    return this.pass.walks.get(this.name);
  }

  // Facts, if a play up to now or a setup task has gathered any there.
  private facts(): Layer {
    const { walk, pass } = this;
    const bySetup = walk?.gathered ? walk.host.playbook.plays[pass.play] : undefined;
    const play = walk && (gatheringPlay(pass, walk) ?? bySetup);
    return play ? { values: { get: (name) => factOf(walk, play, name) } } : {};
  }

  // What Ansible sets by itself. That of any host is the same, but for what the host is called.
  private magic(): Layer {
    const { name, pass } = this;
    const own = new Map<string, unknown>([
      ["inventory_hostname", name],
      ["inventory_hostname_short", name.split(".")[0]],
      ["group_names", pass.view.groupNames(name)],
      ["groups", pass.view.groups],
    ]);
    const [walk] = pass.walks.values();
    const common = walk?.host.magicVariables.values;
    return {
      values: {
        get: (key) => own.get(key) ?? common?.get(key),
        keys: () => [...own.keys(), ...(common?.keys?.() ?? [])],
      },
    };
  }

  // What files of variables brought that tasks read.
  private included(): Layer {
    const get = (name: string): unknown => {
      const unknown = name.startsWith("ansible_") ? undefined : this.walk?.includes;
      if (unknown) this.registeredReads++;
      return unknown;
    };
    return { nodes: this.walk?.included ?? new Map(), values: { get, keys: () => [] } };
  }

  // What tasks made known.
  private registered(): Layer {
    const get = (name: string): unknown => {
      const value = this.walk?.registered.get(name) ?? this.walk?.madeFacts.get(name);
      if (value !== undefined) this.registeredReads++;
      return value;
    };
    const keys = (): string[] => [
      ...(this.walk?.registered.keys() ?? []),
      ...(this.walk?.madeFacts.keys() ?? []),
    ];
    return { values: { get, keys } };
  }
}

// The last play up to now that gathered facts of a host.
function gatheringPlay(pass: Pass, { host }: Walk): Play | undefined {
  const plays = host.playbook.plays.slice(0, pass.play + 1);
  return plays.findLast((play) => gathersFacts(play, pass) && pass.view.isIn(play, host.name));
}
