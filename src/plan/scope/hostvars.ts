import { LazyDict } from "../../jinja/template.ts";
import type { Play } from "../../playbook/play.ts";
import { Unknown } from "../../value.ts";
import { factOf, NO_FACTS } from "./facts.ts";
import { gathersFacts } from "./play-flags.ts";
import { couple, type Walk, type Pass } from "../model/state.ts";
import { Variables, type Layer } from "../model/variables.ts";

/** hostvars: the variables of any host, as they are where the pass is. One for all hosts that look. */
export class HostVars extends LazyDict {
  private readonly pass: Pass;
  private readonly known = new Map<string, VariablesOfHost>();

  constructor(pass: Pass) {
    super();
    this.pass = pass;
  }

  get(key: unknown): unknown {
    const name = String(key);
    const known = this.known.get(name);
    if (known?.isFresh()) return known;
    if (!this.pass.view.hosts.has(name) && !this.pass.walks.has(name)) return undefined;
    const made = new VariablesOfHost(this.pass, name);
    this.known.set(name, made);
    return made;
  }

  keys(): Iterable<unknown> {
    return this.pass.view.hosts;
  }
}

/** One host of hostvars: inventory, facts, and what register and set_fact made there. */
class VariablesOfHost extends LazyDict {
  private readonly pass: Pass;
  private readonly name: string;
  private readonly variables: Variables;
  private readonly version: number | undefined;
  private readonly additions: number;

  constructor(pass: Pass, name: string) {
    super();
    [this.pass, this.name] = [pass, name];
    const {
      host: { env, extra },
    } = pass.reader!;
    const own = new Map<string, unknown>([
      ["inventory_hostname", name],
      ["group_names", pass.view.groupNames(name)],
    ]);
    this.version = this.walk?.version;
    this.additions = pass.added.length;
    this.variables = new Variables(
      [
        NO_FACTS,
        pass.view.variables(name),
        this.facts(),
        this.registered(),
        extra,
        { values: own },
      ],
      env,
    );
  }

  // Whether nothing was registered for the host since, and the inventory has not grown.
  isFresh(): boolean {
    return this.walk?.version === this.version && this.pass.added.length === this.additions;
  }

  get(key: unknown): unknown {
    const { pass, name } = this;
    if (!pass.partial || pass.reader?.host.name === name) return this.variables.lookup(String(key));
    couple(pass);
    return this.variables.lookup(String(key)) ?? new Unknown(`what is known of ${name}`);
  }

  keys(): Iterable<unknown> {
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

  // What tasks made known; who looks at that must wait for them.
  private registered(): Layer {
    const get = (name: string): unknown => {
      const value = this.walk?.registered.get(name) ?? this.walk?.madeFacts.get(name);
      const { reader } = this.pass;
      if (value !== undefined && reader && reader !== this.walk) reader.readOtherHosts = true;
      return value;
    };
    return { values: { get } };
  }
}

// From now on it is the task of this walk that looks at hostvars.
export function beginReading(walk: Walk): void {
  walk.pass.reader = walk;
  walk.readOtherHosts = false;
}

// The last play up to now that gathered facts of a host.
function gatheringPlay(pass: Pass, { host }: Walk): Play | undefined {
  const plays = host.playbook.plays.slice(0, pass.play + 1);
  return plays.findLast((play) => gathersFacts(play, pass) && pass.view.isIn(play, host.name));
}
