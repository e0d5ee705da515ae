import { InputError, describeError } from "../../errors.ts";
import { moduleWithoutWork } from "../../modules/index.ts";
import type { Brought, Common, Include, Item, Play, Task } from "../../playbook/play.ts";
import { perObject } from "../../remember.ts";
import { Unknown } from "../../value.ts";
import type { ScalarNode } from "../../yaml/node.ts";
import { hasStatus, unknownOf, type Entry } from "../model/entry.ts";
import { defer, fail, setResult } from "../entry/write-entry.ts";
import { doubtIn } from "../task/doubt.ts";
import { planInvocation } from "../task/plan-task.ts";
import { addEntry } from "../entry/notify.ts";
import { taskVariables } from "../scope/task-variables.ts";
import { NotKnown } from "../model/signals.ts";
import { withSuffix, type Walk } from "../model/state.ts";
import { chain, each, inside, later, nothing, stopAt, type Steps } from "../model/steps.ts";
import { once } from "../entry/together.ts";
import { areTemplated, isEntered, withTags } from "./tags.ts";
import { loopTurns, tellFailure } from "../task/task.ts";
import type { LoopTurns } from "../task/loop-items.ts";
import type { Layer, Variables } from "../model/variables.ts";
import { defined } from "../../defined.ts";
import { insteadOf } from "../../instead-of.ts";

/** Walks items, with more variables. */
export type WalkItems = (
  walk: Walk,
  play: Play,
  items: readonly Item[],
  around: readonly Common[],
  extra?: Layer[],
) => Steps;

// Goes into an include where its `when` holds: once, or once for each item of its loop. Its
// keywords are for itself, as in Ansible, though what it hides stays hidden; with run_once, only
// one host does what it brings.
export function walkInclude(
  walk: Walk,
  play: Play,
  include: Include,
  around: readonly Common[],
  extra: readonly Layer[],
  walkItems: WalkItems,
): Steps {
  const { options } = walk.host;
  if (!areTemplated(include.tags) && !isEntered(include, options)) return nothing;
  const task = asTask(include);
  const going: Going = { walk, play, include, task, around, extra, walkItems };
  return chain(
    stopAt(walk),
    later(() => {
      const id = include.id + walk.suffix;
      const enclosing = [...around, task];
      const variables = taskVariables(walk, enclosing, [...extra, { nodes: include.vars }]);
      if (
        !isEntered(
          withTags(include, () => variables),
          options,
        )
      )
        return nothing;
      const loop = loopTurns(walk, task, id, variables);
      if (loop === undefined || loop instanceof Error)
        return visit(going, { variables, layers: [], id, stopped: loop });
      return visitEach(going, loop, variables);
    }),
  );
}

/** An include that is walked. */
interface Going {
  walk: Walk;
  play: Play;
  include: Include;
  task: Task;
  around: readonly Common[];
  extra: readonly Layer[];
  walkItems: WalkItems;
}

/** One time that an include is gone into. */
interface Visit {
  variables: Variables;
  layers: Layer[];
  id: string;
  label?: unknown;
  stopped: Error | undefined;
}

// Goes into an include for each item of its loop.
function visitEach(going: Going, loop: LoopTurns, variables: Variables): Steps {
  const { walk, include } = going;
  const visitTurn = (turn: number): Steps => {
    const { label, layer, stopped } = loop.at(turn);
    const id = `${include.id}${walk.suffix}`;
    return visit(going, { variables: variables.with(layer), layers: [layer], id, label, stopped });
  };
  return each([...Array(loop.length).keys()], (turn) =>
    inside(
      walk,
      turn,
      withSuffix(
        walk,
        `[${turn}]`,
        later(() => visitTurn(turn)),
      ),
    ),
  );
}

// Plans the include itself, and then what it brings.
function visit(going: Going, { variables, layers, id, label, stopped }: Visit): Steps {
  const { walk, play, include, task, around, extra, walkItems } = going;
  const item = {
    task,
    around: [...around, task],
    variables,
    id,
    needs: [include.target, ...include.from.values()],
    ...defined({ item: label, stopped }),
  };
  const { result: entry, isPlannedHere } = once(walk, item, () => planInvocation(walk, item));
  const brought =
    isPlannedHere && hasStatus(entry, "ok") ? expand(walk, include, variables, entry) : [];
  if (isPlannedHere && !hasStatus(entry, "ok")) addEntry(walk, entry, play);
  walk.brings ??= unknownOf(entry);
  if (walk.failed === entry) tellFailure(walk, entry, entry.result);
  const keywords = new Map([...include.keywords].filter(([name]) => name === "no_log"));
  return walkItems(
    walk,
    play,
    brought,
    [...around, { ...include, keywords, vars: new Map() }],
    [...extra, { nodes: include.vars }, ...layers],
  );
}

// The tasks of the file or role whose name the variables give; a name that
// leads nowhere fails the host.
function expand(walk: Walk, include: Include, variables: Variables, entry: Entry): readonly Item[] {
  try {
    const brought = broughtFor(include, variables);
    takeBrought(walk, include, brought);
    return brought.items;
  } catch (error) {
    if (error instanceof NotKnown) defer(entry, error.unknown);
    else if (error instanceof InputError) {
      const doubt = doubtIn(walk, variables, [include.target, ...include.from.values()]);
      if (doubt !== undefined) {
        defer(entry, new Unknown(`task "${doubt}"`));
        return [];
      }
      fail(entry, describeError(error));
      setResult(entry, { ...entry.result, failed: true, msg: error.message });
    } else throw error;
    return [];
  }
}

// From now on the play has the handlers that an include brings, and sees its
// roles where they are public.
function takeBrought(walk: Walk, { isPublic }: Include, { handlers, roles, role }: Brought): void {
  const { broughtByIncludes: known } = walk;
  walk.broughtByIncludes = {
    handlers: [...known.handlers, ...handlers],
    roles: [...known.roles, ...roles, ...(isPublic && role ? [role] : [])],
    uses: known.uses,
  };
}

/**
 * Whether a play has imports whose names variables give; it is walked often, and nearly none has.
 */
const hasOpenImports = perObject(({ sections }: Play) =>
  sections.some(({ items }) => items.some(isOpenImport)),
);

// Imports whose names variables give bring their handlers and roles before anything runs, as other
// imports do; one whose name cannot be said yet brings them when the host gets there.
export function takePlayImports(walk: Walk, play: Play): void {
  if (!hasOpenImports(play)) return;
  for (const { items } of play.sections) takeImports(walk, items, [play]);
}

function isOpenImport(item: Item): boolean {
  if (item.kind === "block")
    return [item.block, item.rescue, item.always].some((part) => part.some(isOpenImport));
  return item.kind === "include" && item.imported === true;
}

function takeImports(
  walk: Walk,
  items: readonly Item[],
  around: readonly Common[],
  extra: readonly Layer[] = [],
): void {
  for (const item of items) {
    if (item.kind === "block")
      for (const part of [item.block, item.rescue, item.always])
        takeImports(walk, part, [...around, item], extra);
    if (item.kind !== "include" || item.imported !== true) continue;
    const layers = [...extra, { nodes: item.vars }];
    const brought = broughtEarly(item, taskVariables(walk, around, layers));
    if (!brought) continue;
    takeBrought(walk, item, brought);
    takeImports(walk, brought.items, around, layers);
  }
}

// What an import brings, where its name can be said before the play begins; its mistakes are told
// when the host gets there.
function broughtEarly(include: Include, variables: Variables): Brought | undefined {
  return insteadOf([NotKnown, InputError], undefined, () => broughtFor(include, variables));
}

// What an include brings for its names as rendered.
function broughtFor(include: Include, variables: Variables): Brought {
  const from = Object.fromEntries(
    [...include.from].map(([part, node]) => [part, nameOf(variables, node)]),
  );
  return include.expand(nameOf(variables, include.target), from);
}

// Notes that a role was done in this play.
export function noteUse(walk: Walk, key: string): void {
  const { broughtByIncludes: brought } = walk;
  walk.broughtByIncludes = { ...brought, uses: new Set([...brought.uses, key]) };
}

// Forgets what the includes of the play before brought.
export function forgetBrought(walk: Walk): void {
  walk.broughtByIncludes = { handlers: [], roles: [], uses: new Set() };
}

// A name as rendered, where it is known.
function nameOf(variables: Variables, node: ScalarNode): string {
  const name = variables.render(node);
  if (name instanceof Unknown) throw new NotKnown(name);
  return String(name);
}

// The include itself as a task that does nothing: its `when` and its loop are
// planned like any other's.
function asTask(include: Include): Task {
  const {
    expand: _expand,
    target: _target,
    from: _from,
    known: _known,
    isPublic: _isPublic,
    what: _what,
    ...common
  } = include;
  const module = moduleWithoutWork(`include_${include.what}`);
  return {
    ...common,
    kind: "task",
    module,
    action: module.name,
    args: { kind: "map", entries: [], place: include.place },
  };
}
