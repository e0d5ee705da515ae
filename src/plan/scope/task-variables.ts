import type { Environment } from "../../jinja/template.ts";
import type { Common, Play } from "../../playbook/play.ts";
import { Unknown } from "../../value.ts";
import { factLayer, NO_FACTS } from "./facts.ts";
import { connectionLayer } from "./login.ts";
import { magicLayer } from "./magic.ts";
import { roleDefaults, roleNames, roleParams, roleVars } from "./role-layers.ts";
import { varsFileLayers } from "./vars-files.ts";
import { Variables, type Layer } from "../model/variables.ts";
import type { Walk } from "../model/state.ts";

// The variables that a task sees, weakest first, as Ansible orders them.
export function taskVariables(
  walk: Walk,
  around: readonly Common[],
  stronger: readonly Layer[] = [],
): Variables {
  const play = around[0] as Play;
  const task = around.at(-1)!;
  const { host } = walk;
  const seen = [...play.roles, ...walk.broughtByIncludes.roles];
  const facts = factLayer(walk, play);
  const top = [host.extra, host.magicVariables, magicLayer(walk), roleNames(play, seen, task)];
  const weaker: Layer[] = [
    { values: { get: (name: string) => (isGiven(host.env, name) ? undefined : walk.brings) } },
    connectionLayer(walk, around, (): Variables => variables),
    NO_FACTS,
    ...roleDefaults(seen, task.role),
    walk.pass.view.variables(host.name),
    facts,
    { values: { get: (name: string) => madeFact(walk, facts, name) } },
    { nodes: play.vars },
  ];
  const variables: Variables = new Variables(
    [
      ...weaker,
      ...varsFileLayers(play, { weaker, stronger: top, env: host.env }),
      ...roleVars(seen, task.role),
      ...around.slice(1).map((item) => ({ nodes: item.vars })),
      {
        nodes: walk.included,
        values: {
          get: (name: string) => (name.startsWith("ansible_") ? undefined : walk.includes),
        },
      },
      { values: walk.registered },
      ...roleParams(task.role),
      ...stronger,
      ...top,
    ],
    host.env,
  );
  return variables;
}

// Whether a name has a meaning of its own, or may be set by what surrounds a task.
export function isGiven(env: Environment, name: string): boolean {
  return GIVEN.test(name) || env.globals.has(name);
}

/** Names that Ansible gives a meaning. */
const GIVEN =
  /^(ansible|facter|ohai|inventory|role|play|group|parent)_|^(item|omit|vars|hostvars|groups|environment|playbook_dir)$/;

// A fact that a module answered in this run; `ansible_facts` has them all, over what was gathered.
function madeFact({ madeFacts }: Walk, gathered: Layer, name: string): unknown {
  if (name !== "ansible_facts" || madeFacts.size === 0) return madeFacts.get(name);
  const before = gathered.values?.get("ansible_facts");
  const made = [...madeFacts].map(([fact, value]) => [
    fact.replace(/^ansible_(?!local$)/, ""),
    value,
  ]);
  return before instanceof Unknown
    ? before
    : { ...(before as object | undefined), ...(Object.fromEntries(made) as object) };
}

// A host's own variables, whichever task looks: they decide how it is reached and who works there.
// What surrounds a task that is delegated to it is heard as well.
export function hostVariables(
  { pass, host, registered }: Walk,
  around: readonly Common[] = [],
): Variables {
  return new Variables(
    [
      pass.view.variables(host.name),
      ...around.map(({ vars }) => ({ nodes: vars })),
      { values: registered },
      host.extra,
      host.magicVariables,
    ],
    host.env,
  );
}
