import { factVariables, type Facts } from "../../probes/system/facts.ts";
import type { Play } from "../../playbook/play.ts";
import { Unasked, Unknown } from "../../value.ts";
import { questionsFor } from "../model/asking.ts";
import { gathersFacts } from "./play-flags.ts";
import { identityOf } from "./become.ts";
import { Variables, type Layer } from "../model/variables.ts";
import type { Walk } from "../model/state.ts";

/** Before a host has facts, there is the dict of them all the same. */
export const NO_FACTS: Layer = { values: new Map([["ansible_facts", {}]]) };

// Facts are asked of the host when a task first looks at one: a play that uses none costs no question. What an
// earlier play or a setup task has gathered stays known, also where a play gathers none itself.
export function factLayer(walk: Walk, play: Play): Layer {
  if (gathersFacts(play, walk.pass)) walk.gathered = true;
  if (!walk.gathered)
    return {
      why: (name) =>
        isFact(name)
          ? "if this is a fact: no play has gathered any so far, as gather_facts is false"
          : undefined,
    };
  return { values: { get: (name) => (isFact(name) ? factOf(walk, play, name) : undefined) } };
}

/** Variables of connections and of the run bear the same prefix, but no host is asked for them. */
const NOT_FACTS =
  /^ansible_(host|(sudo|su|doas|runuser)_.*|port|user|connection|ssh_.*|become.*|password|check_mode|loop.*|play_.*|run_tags|skip_tags|verbosity|version|failed_.*|group_priority|python_interpreter|shell.*|diff_mode|forks|inventory_sources|limit|index_var|config_file|playbook_python|parent_role.*|role_.*|search_path|dependent_role.*|remote_tmp|pipelining|timeout|private_key_file|common_remote_group|async_dir|facts_parallel|no_log|delegated_vars|scp_.*|sftp_.*|paramiko.*|winrm.*)$/;

// Tells whether a variable is one that a host is asked for.
function isFact(name: string): boolean {
  return name.startsWith("ansible_") && !NOT_FACTS.test(name);
}

/** A fact of a host, looked up once a pass, or Unknown while the host was not asked. undefined: the host has no such fact. */
export function factOf(walk: Walk, play: Play, name: string): unknown {
  if (!isFact(name) || walk.factsCleared) return undefined;
  if (!walk.facts.has(name)) walk.facts.set(name, lookupFact(walk, play, name));
  return walk.facts.get(name);
}

// Facts are gathered as whom the play runs as: first the few that cost next to nothing, the rest when a task
// looks at one that is not among them.
function lookupFact(walk: Walk, play: Play, name: string): unknown {
  const withoutFacts = new Variables(
    [
      walk.pass.view.variables(walk.host.name),
      { nodes: play.vars },
      walk.host.extra,
      walk.host.magic,
    ],
    walk.host.env,
  );
  const identity = identityOf(walk, [play], withoutFacts);
  if (walk.known.noUsers.has(identity.user))
    return new Unknown(`the user ${identity.user}, who is not on the host yet`);
  for (const probe of questionsFor(name, play, withoutFacts)) {
    const answer = walk.view.get(probe, identity.user);
    if (answer instanceof Unknown) return answer;
    if (answer === undefined) {
      walk.missing.set(`${identity.user} ${probe.key}`, { probe, identity });
      return guessFact(walk, probe.key, name) ?? new Unasked("facts of the host");
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
