import { InputError, type Place } from "../../errors.ts";
import {
  evaluateCondition,
  evaluateExpression,
  hasLookup,
  hasTemplate,
  LazyDict,
  renderData,
  renderExpression,
  renderValue,
  type Environment,
  type Scope,
} from "../../jinja/template.ts";
import { nodeOf, toValue, wrapScalar } from "../../yaml/data.ts";
import type { ScalarNode, YamlNode } from "../../yaml/node.ts";

/** One level of variables: YAML whose templates are rendered when asked for, or plain values. */
export interface Layer {
  nodes?: ReadonlyMap<string, YamlNode>;
  values?: { get(name: string): unknown; keys?(): Iterable<string> };
  /** It only describes how things are; nobody has written it. */
  describes?: boolean;
  /** Whether the playbook itself says its values; without it, they come from hosts and others. */
  isOwn?(): boolean;
  /** Why it does not have a name that one would look for here. */
  why?(name: string): string | undefined;
}

/** Values that come from hosts and others. */
const NOT_OWN = (): boolean => false;

/** Names that Ansible sets by itself, and facts that most playbooks use. */
const GIVEN: readonly string[] = [
  "inventory_hostname",
  "inventory_hostname_short",
  "inventory_dir",
  "inventory_file",
  "group_names",
  "groups",
  "hostvars",
  "playbook_dir",
  "role_name",
  "role_path",
  "ansible_check_mode",
  "ansible_facts",
  "ansible_host",
  "ansible_play_hosts",
  "ansible_user",
  "ansible_architecture",
  "ansible_default_ipv4",
  "ansible_distribution",
  "ansible_distribution_release",
  "ansible_distribution_version",
  "ansible_fqdn",
  "ansible_hostname",
  "ansible_os_family",
];

/**
 * The variables that one task sees. Layers are ordered from the weakest to the strongest, by
 * Ansible's precedence. A variable is rendered when it is first used, and then kept.
 */
export class Variables implements Scope {
  readonly given = GIVEN;
  private readonly layers: readonly Layer[];
  private readonly env: Environment;
  private readonly rendered = new Map<string, unknown>();
  private readonly path: string[] = [];
  /**
   * What tells whether the values looked up so far are the playbook's own, and those of each
   * variable that was rendered.
   */
  private sources = new Set<() => boolean>();
  private readonly sourcesOf = new Map<string, ReadonlySet<() => boolean>>();

  constructor(layers: readonly Layer[], env: Environment) {
    this.layers = layers;
    this.env = env;
  }

  // The same variables with stronger ones on top.
  with(...layers: Layer[]): Variables {
    return new Variables([...this.layers, ...layers], this.env);
  }

  /**
   * The value of a variable; undefined: there is none. Throws InputError where
   * its template is wrong.
   */
  lookup(name: string): unknown {
    if (this.rendered.has(name)) {
      for (const source of this.sourcesOf.get(name) ?? []) this.sources.add(source);
      return this.rendered.get(name);
    }
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const node = this.layers[i]!.nodes?.get(name);
      if (node) return this.keep(name, node);
      const value = this.layers[i]!.values?.get(name);
      if (value === undefined) continue;
      this.sources.add(this.layers[i]!.isOwn ?? NOT_OWN);
      return value;
    }
    return name === "vars" ? new VariablesDict(this) : undefined;
  }

  /** The layers, weakest first. */
  get from(): readonly Layer[] {
    return this.layers;
  }

  // The value of a variable that somebody has written, rather than one that only
  // describes how things are.
  lookupSaid(name: string): unknown {
    const isSaid = this.layers.some(
      ({ nodes, values, describes }) =>
        !describes && (nodes?.has(name) === true || values?.get(name) !== undefined),
    );
    return isSaid ? this.lookup(name) : undefined;
  }

  // A variable with its templates as they are; undefined: there is none.
  node(name: string): YamlNode | undefined {
    for (const { nodes, values } of this.layers.toReversed()) {
      const node = nodes?.get(name);
      const value = node ? undefined : values?.get(name);
      if (node || value !== undefined) return node ?? nodeOf(value, name);
    }
    return undefined;
  }

  // Every name in any layer, as far as the layers know.
  names(): Set<string> {
    return namesIn(this.layers);
  }

  // The same without what only describes how things are.
  saidNames(): Set<string> {
    return namesIn(this.layers.filter(({ describes }) => !describes));
  }

  // Why a name does not exist, if a layer knows.
  why(name: string): string | undefined {
    for (const layer of this.layers) {
      const why = layer.why?.(name);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  // Renders a variable once, and says so where it needs itself.
  private keep(name: string, node: YamlNode): unknown {
    if (this.path.includes(name))
      throw new InputError(
        `the variable "${name}" refers to itself: ${[...this.path, name].join(" -> ")}`,
        node.place,
      );
    this.path.push(name);
    const before = this.sources;
    this.sources = new Set();
    try {
      const value = this.renderData(node);
      this.rendered.set(name, value);
      this.sourcesOf.set(name, this.sources);
      return value;
    } finally {
      this.path.pop();
      for (const source of this.sources) before.add(source);
      this.sources = before;
    }
  }

  // Renders all templates in a piece of YAML, with Unknown for whatever is not known yet. What is
  // longer than one expression is text.
  render(node: YamlNode): unknown {
    return this.renderWith(renderValue, node);
  }

  // The same where data is wanted, as in variables: a text that comes out as a list, a dict
  // or a boolean becomes such.
  renderData(node: YamlNode): unknown {
    return this.renderWith(renderData, node);
  }

  private renderWith(renderText: typeof renderValue, node: YamlNode): unknown {
    if (node.kind === "seq") return node.items.map((item) => this.renderWith(renderText, item));
    if (node.kind === "map") return this.renderMap(renderText, node.entries);
    if (node.tag === "!vault") return this.decrypt(node);
    if (typeof node.value !== "string" || node.tag === "!unsafe" || !hasTemplate(node.value))
      return toValue(node);
    if (hasLookup(node.value)) this.sources.add(NOT_OWN);
    return renderText(node.value, node, this, this.env);
  }

  // A value that ansible-vault encrypted; braces in it are no template.
  private decrypt(node: ScalarNode): string {
    const { outside } = this.env;
    if (!outside) throw new InputError("encrypted values cannot be read here", node.place);
    return outside.decrypt(String(node.value), node.place);
  }

  // Keeps the order and the kind of keys that an object would lose.
  private renderMap(
    renderText: typeof renderValue,
    entries: readonly { key: ScalarNode; value: YamlNode }[],
  ): unknown {
    const pairs = entries.map(
      ({ key, value }) => [key.value, this.renderWith(renderText, value)] as const,
    );
    const plain = pairs.every(
      ([key]) => typeof key === "string" && !/^(0|[1-9]\d{0,9})$/.test(key),
    );
    return plain
      ? Object.assign(Object.create(null) as object, Object.fromEntries(pairs))
      : new Map(pairs);
  }

  // Whether something looked up since this was last asked is not what the playbook itself says.
  takeForeign(): boolean {
    const isForeign = [...this.sources].some((isOwn) => !isOwn());
    this.sources = new Set();
    return isForeign;
  }

  // Whether the playbook itself says all that a piece of YAML comes to.
  isOwn(node: YamlNode): boolean {
    this.takeForeign();
    try {
      this.renderData(node);
    } catch {
      return false; // what fails is nobody's
    }
    return !this.takeForeign();
  }

  // What an expression with templates in it is once these are rendered; one without them, as it is.
  renderExpression(node: YamlNode): unknown {
    return node.kind === "scalar" && typeof node.value === "string" && hasTemplate(node.value)
      ? renderExpression(node.value, node, this, this.env)
      : this.renderData(node);
  }

  // The value of a bare expression, as `when` has it.
  evaluate(node: YamlNode): unknown {
    if (node.kind !== "scalar") return this.render(node);
    if (typeof node.value !== "string") return node.value;
    return evaluateExpression(node.value, node, this, this.env);
  }

  // The same for a condition, of which only the truth matters.
  evaluateCondition(node: YamlNode): unknown {
    return node.kind === "scalar" && typeof node.value === "string"
      ? evaluateCondition(node.value, node, this, this.env)
      : this.evaluate(node);
  }

  // The value of an expression that is text without a place of its own.
  evaluateText(text: string, place: Place): unknown {
    return this.evaluate(wrapScalar(text, place));
  }
}

// The names that some layers know.
function namesIn(layers: readonly Layer[]): Set<string> {
  return new Set(
    layers.flatMap(({ nodes, values }) => [...(nodes?.keys() ?? []), ...(values?.keys?.() ?? [])]),
  );
}

/** Variables as a dict by their names: `vars` of a task, and a host in hostvars. */
export class VariablesDict extends LazyDict {
  private readonly variables: Variables;

  constructor(variables: Variables) {
    super();
    this.variables = variables;
  }

  get(key: unknown): unknown {
    return this.variables.lookup(String(key));
  }

  keys(): Iterable<unknown> {
    return this.variables.saidNames();
  }
}
