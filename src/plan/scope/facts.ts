import { factVariables, type Facts } from "../../probes/system/facts.ts";
import type { Play } from "../../playbook/play.ts";
import { Unasked, Unknown } from "../../value.ts";
import { ask, type Probe, type ProbeKind } from "../../probes/probe.ts";
import { questionsFor } from "./fact-questions.ts";
import { gathersFacts } from "./play-flags.ts";
import { identityOf } from "./become.ts";
import { machineOf, otherLogin, vainLogin, whoOf } from "./login.ts";
import type { OtherLogin } from "../model/host.ts";
import { NotKnown } from "../model/signals.ts";
import { Variables, type Layer } from "../model/variables.ts";
import type { Walk } from "../model/state.ts";

/** Before a host has facts, there is the dict of them all the same. */
export const NO_FACTS: Layer = { values: new Map([["ansible_facts", {}]]) };

// Facts are asked of the host when a task first looks at one: a play that uses none costs
// no question. What an earlier play or a setup task has gathered stays known, also where a
// play gathers none itself.
export function factLayer(walk: Walk, play: Play): Layer {
  if (gathersFacts(play, walk.pass)) gather(walk, play);
  if (!walk.gathered)
    return {
      why: (name) =>
        isFact(name)
          ? "if this is a fact: no play has gathered facts yet, because gather_facts is false"
          : undefined,
    };
  return {
    values: {
      get: (name) => (isFact(name) ? factOf(walk, walk.gatheredBy?.play ?? play, name) : undefined),
    },
  };
}

// Notes that a play gathers facts. By another login they may be others.
function gather(walk: Walk, play: Play): void {
  walk.gathered = true;
  const before = walk.gatheredBy;
  if (before?.play === play) return;
  walk.gatheredBy = { play, login: loginOfPlay(walk, play) };
  walk.factsCleared = false;
  gatherAnew(walk, false);
  if (before && before.login !== walk.gatheredBy.login) walk.facts.clear();
}

// Notes that a task has gathered facts.
export function noteGathered(walk: Walk): void {
  walk.gathered = true;
  walk.factsCleared = false;
}

// Notes that facts are gathered at this place: by a play, or by a setup task. What was done on the
// host since they were asked for may have changed them.
function gatherAnew(walk: Walk, bySetup: boolean): void {
  const doubtful = walk.view.blurredBy;
  walk.factsDoubt = doubtful === undefined ? undefined : { task: doubtful, bySetup };
  if (walk.factsSince === walk.changesMade) return;
  walk.factsSince = walk.changesMade;
  walk.facts.clear();
  for (const name of walk.madeFacts.keys()) if (isFact(name)) walk.madeFacts.delete(name);
}

// A setup task gathers facts, whatever was asked for before.
export function gatherBySetup(walk: Walk): void {
  walk.gathered = true;
  gatherAnew(walk, true);
}

// Forgets what was gathered (meta: clear_facts).
export function clearFacts(walk: Walk): void {
  walk.facts.clear();
  walk.madeFacts.clear();
  walk.factsCleared = true;
}

// A question for facts that is distinct from all others: an answer from before changes
// does not hold after them.
export function askedSince<S>(walk: Walk, probe: Probe<S>): Probe<S> {
  const { factsSince: since } = walk;
  if (since === 0) return probe;
  return ask(probe.kind as ProbeKind<object, S>, { ...(probe.arg as object | null), since });
}

/** Facts that no command of a playbook changes while the host runs. */
const STABLE =
  /^ansible_(system|system_vendor|architecture|machine|machine_id|userspace_\w+|distribution\w*|os_family|lsb|processor\w*|memtotal_mb|(product|bios|board|chassis|user|real|effective|virtualization)_\w+|form_factor|pkg_mgr|service_mgr|kernel\w*|env|python\w*)$/;

// Why a fact is not known: a task before it was gathered may change it. A plan continues with the
// present value, except for facts that the owner sets on the host, and after a setup task, which is
// there because something has changed.
function doubtOf({ factsDoubt, known }: Walk, name: string): Unknown | undefined {
  if (!factsDoubt) return undefined;
  const mayDiffer =
    factsDoubt.bySetup || known.applying ? !STABLE.test(name) : name === "ansible_local";
  return mayDiffer ? new Unknown(`task "${factsDoubt.task}"`) : undefined;
}

// The login that a play begins with; Unknown while it cannot be determined.
function loginOfPlay(walk: Walk, play: Play): OtherLogin | Unknown | undefined {
  const { pass, host, registered, included } = walk;
  const variables = new Variables(
    [
      pass.view.variables(host.name),
      { nodes: play.vars },
      { nodes: included },
      { values: registered },
      host.extra,
      host.magicVariables,
    ],
    host.env,
  );
  try {
    return otherLogin(walk, [play], variables);
  } catch (error) {
    if (error instanceof NotKnown) return error.unknown;
    throw error;
  }
}

/** Variables of connections and of the run bear the same prefix, but no host is asked for them. */
const NOT_FACTS =
  /^ansible_(host|host_key_checking|(sudo|su|doas|runuser)_.*|port|user|connection|ssh_.*|become.*|password|check_mode|loop.*|play_.*|run_tags|skip_tags|verbosity|version|failed_.*|group_priority|python_interpreter|shell.*|diff_mode|forks|inventory_sources|limit|index_var|config_file|playbook_python|parent_role.*|role_.*|search_path|dependent_role.*|remote_tmp|pipelining|timeout|private_key_file|common_remote_group|async_dir|facts_parallel|no_log|delegated_vars|scp_.*|sftp_.*|paramiko.*|winrm.*)$/;

// Whether a variable is one that a host is asked for.
function isFact(name: string): boolean {
  return name.startsWith("ansible_") && !NOT_FACTS.test(name);
}

/**
 * A fact of a host, looked up once a pass, or Unknown while the host was not asked. undefined:
 * the host has no such fact.
 */
export function factOf(walk: Walk, play: Play, name: string): unknown {
  if (!isFact(name) || walk.factsCleared) return undefined;
  const doubt = doubtOf(walk, name);
  if (doubt) return doubt;
  if (!walk.facts.has(name)) walk.facts.set(name, lookupFact(walk, play, name));
  return walk.facts.get(name);
}

// Facts are gathered as the play's user: first the few that cost next to nothing, the rest when a
// task uses one that is not among them.
function lookupFact(walk: Walk, play: Play, name: string): unknown {
  const variables = withoutFacts(walk, play);
  const login = walk.gatheredBy ? walk.gatheredBy.login : loginOfPlay(walk, play);
  if (login instanceof Unknown) return login;
  const on = machineOf(walk, login);
  const identity = identityOf(on, on === walk ? login : undefined, [play], variables);
  if (on.known.noUsers.has(identity.user))
    return new Unknown(`the user ${identity.user}, who does not exist on the host yet`);
  const vain = vainLogin(on, identity.login);
  if (vain) return vain;
  const who = whoOf(identity);
  for (const plain of questionsFor(name, play, variables)) {
    const probe = askedSince(walk, plain);
    const answer = on.view.get(probe, who);
    if (answer instanceof Unknown) return answer;
    if (answer === undefined) {
      on.missing.set(`${who} ${probe.key}`, { probe, identity });
      return guessFact(walk, probe.key, name) ?? new Unasked("facts of the host");
    }
    const value = factVariables(answer as Facts).get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

// What is known before any fact is.
function withoutFacts({ pass, host }: Walk, play: Play): Variables {
  return new Variables(
    [pass.view.variables(host.name), { nodes: play.vars }, host.extra, host.magicVariables],
    host.env,
  );
}

// The value of the fact in an earlier run. The pass continues with it only to find out what else to
// ask: since the facts themselves are missing, there will be another pass, with the true ones.
function guessFact(walk: Walk, key: string, name: string): unknown {
  const guess = walk.known.guesses.get(key);
  if (guess === undefined) return undefined;
  walk.guessed = true;
  return factVariables(guess as Facts).get(name);
}
