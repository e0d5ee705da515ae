import { toText } from "../../../jinja/core/text.ts";
import { InputError, UnplacedError } from "../../../errors.ts";
import type { Environment } from "../../../jinja/template.ts";
import { selected } from "../../../plan/walk/tags.ts";
import { Variables, type Layer } from "../../../plan/model/variables.ts";
import type { Play, Playbook, Prompt } from "../../../playbook/play.ts";
import { startAt } from "../../../playbook/load/start-at.ts";
import { screen } from "../../../report/screen.ts";
import { didYouMean } from "../../../suggest.ts";
import { wrapScalar } from "../../../yaml/data.ts";
import type { YamlNode } from "../../../yaml/node.ts";
import { askText } from "../../ask.ts";
import type { RunFlags } from "../../settings/options.ts";

// The playbook as this run needs it: from the task to start at, and with a person's
// answers. Throws InputError.
export async function shapePlaybook(
  playbook: Playbook,
  flags: RunFlags,
  extra: Layer,
  env: Environment,
): Promise<Playbook> {
  const cut = cutAt(playbook, flags);
  const plays: Play[] = [];
  for (const play of cut.plays)
    plays.push(play.prompts.length === 0 ? play : await answered(play, flags, extra, env));
  return { ...cut, plays };
}

// The playbook without the tasks before the one to start at.
function cutAt(playbook: Playbook, { startAtTask, tags = [], skipTags = [] }: RunFlags): Playbook {
  if (startAtTask === undefined) return playbook;
  const cut = startAt(playbook, startAtTask, (own) => selected(own, { tags, skipTags }));
  if ("playbook" in cut) return cut.playbook;
  throw new UnplacedError(
    `no task is named "${startAtTask}"`,
    didYouMean(startAtTask, cut.names) ??
      "it must be a task of the playbook itself or of what it imports; includes are read later",
  );
}

// A play whose variables hold the answers; what -e sets is not asked for, and if only a list is
// wanted, nothing is asked.
async function answered(
  play: Play,
  flags: RunFlags,
  extra: Layer,
  env: Environment,
): Promise<Play> {
  const vars = new Map(play.vars);
  const isListing = flags.listHosts ?? flags.listTasks ?? flags.listTags;
  for (const prompt of play.prompts) {
    if (extra.nodes?.has(prompt.name)) continue;
    const words = new Variables([{ nodes: vars }, extra], env);
    const fallback = prompt.fallback && defaultOf(prompt.fallback, words);
    vars.set(
      prompt.name,
      isListing
        ? (fallback ?? wrapScalar(null, prompt.place))
        : await answer(prompt, words, fallback),
    );
  }
  return { ...play, vars };
}

// The default of a prompt, which is text as an answer is: `no` is "False", as Ansible has it.
function defaultOf(node: YamlNode, words: Variables): YamlNode {
  const value = words.render(node);
  return wrapScalar(value === null ? null : toText(value), node.place);
}

// What a person answers to one prompt, twice the same where it must be
// confirmed; nothing is the default.
async function answer(
  prompt: Prompt,
  words: Variables,
  fallback: YamlNode | undefined,
): Promise<YamlNode> {
  const text = prompt.prompt ? String(words.render(prompt.prompt)) : prompt.name;
  const shown = fallback?.kind === "scalar" ? `${text} [${String(fallback.value)}]: ` : `${text}: `;
  for (;;) {
    const first = await askText(shown, prompt.isPrivate);
    if (first === undefined && !fallback) throw noTerminal(prompt);
    if (!first && fallback) return fallback;
    if (!prompt.isConfirmed || (await askText(`confirm ${shown}`, prompt.isPrivate)) === first)
      return { ...wrapScalar(first, prompt.place), tag: "!unsafe" };
    screen.warn("the two entries do not match");
  }
}

// Nobody is there who could answer.
function noTerminal({ name, place }: Prompt): InputError {
  return new InputError(
    `the play asks for "${name}", but there is no terminal to ask on`,
    place,
    `give it: -e ${name}=VALUE`,
  );
}

// Whether nobody is asked for variables of a play.
export function asksNothing({ prompts }: Play): boolean {
  return prompts.length === 0;
}
