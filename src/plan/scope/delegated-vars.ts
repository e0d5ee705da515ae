import { LazyDict } from "../../jinja/template.ts";
import type { Common } from "../../playbook/play.ts";
import { Unknown } from "../../value.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { isOmitted } from "../model/omit.ts";
import { HostVars } from "./hostvars.ts";
import { keyword, type Walk } from "../model/state.ts";
import type { Layer, Variables } from "../model/variables.ts";

// The variables of a task: one that is delegated also has ansible_delegated_vars, those of the
// hosts that it goes to: in a loop, that of each item, as in Ansible.
export function withDelegatedVars(
  walk: Walk,
  around: readonly Common[],
  variables: Variables,
  loop?: { readonly length: number; at(turn: number): { layer: Layer } },
): Variables {
  const node = keyword(around, "delegate_to");
  if (!node) return variables;
  const own = (key: string): unknown =>
    around.some(({ vars }) => vars.has(key)) ? variables.lookup(key) : undefined;
  const get = (name: string): unknown => {
    if (name !== "ansible_delegated_vars") return undefined;
    const turns = Array.from({ length: loop?.length ?? 0 }, (_, turn) => loop!.at(turn).layer);
    const each = [variables, ...turns.map((turn) => variables.with(turn))];
    const hosts = each.map((one) => hostOf(node, one)).filter((host) => !isOmitted(host));
    return (
      hosts.find((host) => host instanceof Unknown) ??
      Object.fromEntries(
        hosts.map((host) => [String(host), new DelegatedVars(walk, String(host), own)]),
      )
    );
  };
  return variables.with({ values: { get } });
}

function hostOf(node: YamlNode, variables: Variables): string | Unknown {
  const name = variables.render(node);
  return name instanceof Unknown ? name : String(name);
}

/** Who a host is, where nothing says otherwise. */
const UNSET: readonly string[] = ["ansible_port", "ansible_user"];

/**
 * Variables of a host for a task that goes there: of the host itself, and what
 * the task and the play say.
 */
class DelegatedVars extends LazyDict {
  private readonly walk: Walk;
  private readonly host: string;
  private readonly own: (key: string) => unknown;

  constructor(walk: Walk, host: string, own: (key: string) => unknown) {
    super();
    [this.walk, this.host, this.own] = [walk, host, own];
  }

  // `inventory_hostname` stays that of the host for which the task is done, as in Ansible.
  get(key: unknown): unknown {
    const name = String(key);
    if (name === "inventory_hostname") return this.walk.host.name;
    const value = this.own(name) ?? this.hostvars?.get(name);
    if (value !== undefined) return value;
    if (name === "ansible_host") return this.host;
    return UNSET.includes(name) ? null : undefined;
  }

  keys(): Iterable<unknown> {
    return new Set([
      ...(this.hostvars?.keys() ?? []),
      "inventory_hostname",
      "ansible_host",
      ...UNSET,
    ]);
  }

  private get hostvars(): LazyDict | undefined {
    return new HostVars(this.walk).get(this.host) as LazyDict | undefined;
  }
}
