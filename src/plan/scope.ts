import { factVariables, type Facts } from "../probes/facts.ts";
import { keywordBool } from "../playbook/nodes.ts";
import type { Common, Play } from "../playbook/play.ts";
import { Unknown } from "../value.ts";
import { questionsFor } from "./gathering.ts";
import { identityOf } from "./identity.ts";
import { roleDefaults, roleNames, roleParams, roleVars } from "./role-layers.ts";
import { varsFileLayers } from "./vars-files.ts";
import { Variables, type Layer } from "./variables.ts";
import type { Walk } from "./state.ts";

// The variables that a task sees, weakest first, as Ansible orders them.
export function taskVariables(walk: Walk, around: readonly Common[], stronger: readonly Layer[] = []): Variables {
  const play = around[0] as Play;
  const task = around.at(-1)!;
  const { host } = walk;
  const seen = [...play.roles, ...walk.brought.roles];
  const facts = factLayer(walk, play);
  const top = [host.extra, host.magic, roleNames(play, seen, task)];
  const weaker = [...roleDefaults(seen, task.role), host.inventory, facts, { values: { get: (name: string) => madeFact(walk, facts, name) } }, { nodes: play.vars }];
  return new Variables([
    ...weaker,
    ...varsFileLayers(play, { weaker, stronger: top, env: host.env }),
    ...roleVars(seen, task.role),
    ...around.slice(1).map((item) => ({ nodes: item.vars })),
    { nodes: walk.included, values: { get: (name: string) => (name.startsWith("ansible_") ? undefined : walk.includes) } },
    { values: walk.registered },
    ...roleParams(task.role),
    ...stronger,
    ...top,
  ], host.env);
}

// A fact that a module answered in this run; `ansible_facts` has them all, over what was gathered.
function madeFact({ madeFacts }: Walk, gathered: Layer, name: string): unknown {
  if (name !== "ansible_facts" || madeFacts.size === 0) return madeFacts.get(name);
  const before = gathered.values?.get("ansible_facts");
  const made = [...madeFacts].map(([fact, value]) => [fact.replace(/^ansible_/, ""), value]);
  return before instanceof Unknown ? before : { ...(before as object | undefined), ...Object.fromEntries(made) as object };
}

// Facts are asked of the host when a task first looks at one: a play that uses none costs no question.
function factLayer(walk: Walk, play: Play): Layer {
  if (keywordBool(play.keywords.get("gather_facts")) === false) return {};
  return { values: { get: (name) => (name.startsWith("ansible_") && !NOT_FACTS.test(name) ? lookupFact(walk, play, name) : undefined) } };
}

/** Variables of connections and of the run bear the same prefix, but no host is asked for them. */
const NOT_FACTS = /^ansible_(host|port|user|connection|ssh_.*|become.*|password|check_mode|loop.*|play_.*|run_tags|skip_tags|verbosity|version|failed_.*|group_priority|python.*|shell.*|diff_mode|forks|inventory_sources|limit|index_var|config_file|playbook_python|parent_role.*|role_.*|search_path|dependent_role.*|remote_tmp|pipelining|timeout|private_key_file|common_remote_group|async_dir|facts_parallel|no_log|delegated_vars|scp_.*|sftp_.*|paramiko.*|winrm.*)$/;

// One fact, or Unknown while the host was not asked. Facts are gathered as whom the play runs as: first the
// few that cost next to nothing, the rest when a task looks at one that is not among them.
function lookupFact(walk: Walk, play: Play, name: string): unknown {
  const withoutFacts = new Variables([walk.host.inventory, { nodes: play.vars }, walk.host.extra, walk.host.magic], walk.host.env);
  const identity = identityOf(walk, [play], withoutFacts);
  for (const probe of questionsFor(name, play, withoutFacts)) {
    const answer = walk.world.get(probe, identity.user);
    if (answer instanceof Unknown) return answer;
    if (answer === undefined) {
      walk.missing.set(`${identity.user} ${probe.key}`, { probe, identity });
      return guessFact(walk, probe.key, name) ?? new Unknown("facts of the host");
    }
    const value = factVariables(answer as Facts).get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

// What the fact was in an earlier run. The pass goes on with it only to find out what else to ask: since the
// facts themselves are missing, there is another pass, with the true ones.
function guessFact(walk: Walk, key: string, name: string): unknown {
  const guess = walk.known.guesses.get(key);
  if (guess === undefined) return undefined;
  walk.guessed = true;
  return factVariables(guess as Facts).get(name);
}
