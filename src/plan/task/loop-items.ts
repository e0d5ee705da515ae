import { InputError } from "../../errors.ts";
import type { Common } from "../../playbook/play.ts";
import { findUnknown, Unknown } from "../../value.ts";
import { mapGet, type YamlNode } from "../../yaml/node.ts";
import { asFlag } from "../scope/flags.ts";
import { NotKnown } from "../model/signals.ts";
import type { Layer, Variables } from "../model/variables.ts";
import { defined } from "../../defined.ts";

/** One turn of a loop. */
export interface LoopItem {
  /** What people call its item. */
  label: unknown;
  /** The variables that it brings. */
  layer: Layer;
  /** What its label stops it for. */
  stopped?: InputError;
  /** What its result says of it: the item under its name. */
  resultKeys: { [key: string]: unknown };
  /** Seconds to wait before it. */
  pause: number;
}

/** loop_control as rendered, with Ansible's defaults. */
interface Control {
  name: string;
  indexName: string | undefined;
  label: YamlNode | undefined;
  pause: number;
  extended: boolean;
  allItems: boolean;
}

/** The keywords of loops, and those that go over what others have written. */
const LOOP = /^(loop|with_.*)$/;
const FOREIGN =
  /^with_(?!(.*\.)?(items|list|dict|nested|cartesian|together|indexed_items|subelements|sequence|flattened|random_choice)$)/;

/** What a label shows while it is unknown. */
const NOT_YET = "(known after apply)";

/** The turns of a loop; the label of one is rendered when it is asked for, as its turn has come. */
export interface LoopTurns {
  readonly length: number;
  /**
   * `seen`: what earlier turns have left; `registered`: the name that the task
   * registers its result under.
   */
  at(turn: number, earlier?: Layer, registered?: string): LoopItem;
}

// The turns of a loop, as loop_control wants them. Throws InputError and NotKnown
// where that cannot be said.
export function eachLoopItem(
  { keywords }: Common,
  items: readonly unknown[],
  variables: Variables,
): LoopTurns {
  const control = controlOf(keywords.get("loop_control"), variables);
  const isOwn = (): boolean =>
    [...keywords].every(
      ([key, node]) => !FOREIGN.test(key) && (!LOOP.test(key) || variables.isOwn(node)),
    );
  return {
    length: items.length,
    at: (turn, earlier = {}, registered) =>
      turnOf(control, items, turn, { variables: variables.with(earlier), registered, isOwn }),
  };
}

// One turn of a loop.
function turnOf(
  control: Control,
  items: readonly unknown[],
  index: number,
  {
    variables,
    registered,
    isOwn,
  }: { variables: Variables; registered: string | undefined; isOwn: () => boolean },
): LoopItem {
  const { name, indexName } = control;
  const item = items[index];
  const resultKeys = {
    [name]: item,
    ansible_loop_var: name,
    ...(indexName !== undefined && { [indexName]: index, ansible_index_var: indexName }),
    ...defined({
      ansible_loop: control.extended ? extendedOf(items, index, control.allItems) : undefined,
    }),
  };
  const layer: Layer = { values: new Map(Object.entries(resultKeys)), isOwn };
  return {
    ...labelOf(control.label, item, variables.with(layer), registered),
    layer,
    resultKeys,
    pause: index === 0 ? 0 : control.pause,
  };
}

// The variables of a turn with `extended`, by Ansible's names.
function extendedOf(
  items: readonly unknown[],
  index: number,
  allItems: boolean,
): { [key: string]: unknown } {
  const length = items.length;
  return {
    index: index + 1,
    index0: index,
    first: index === 0,
    last: index + 1 === length,
    length,
    revindex: length - index,
    revindex0: length - index - 1,
    ...defined({
      allitems: allItems ? [...items] : undefined,
      nextitem: index + 1 < length ? items[index + 1] : undefined,
      previtem: index > 0 ? items[index - 1] : undefined,
    }),
  };
}

// Renders loop_control; its label is rendered again for each item.
function controlOf(node: YamlNode | undefined, variables: Variables): Control {
  const whole = node?.kind === "scalar" ? undefined : node;
  const get = (key: string): YamlNode | undefined =>
    whole?.kind === "map" ? mapGet(whole, key) : undefined;
  const value = (key: string): unknown => {
    const part = get(key);
    const rendered = part && variables.render(part);
    if (rendered instanceof Unknown) throw new NotKnown(rendered);
    return rendered;
  };
  const flag = (key: string, otherwise: boolean): boolean =>
    asFlag(`loop_control.${key}`, value(key), get(key)) ?? otherwise;
  const text = (key: string): string | undefined =>
    value(key) === undefined ? undefined : String(value(key));
  return {
    name: text("loop_var") ?? "item",
    indexName: text("index_var"),
    label: get("label"),
    pause: secondsOf(value("pause") ?? 0, get("pause")),
    extended: flag("extended", false),
    allItems: flag("extended_allitems", true),
  };
}

function secondsOf(value: unknown, node: YamlNode | undefined): number {
  const seconds = Number(value);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new InputError(
    `loop_control.pause takes seconds, but this is ${JSON.stringify(value)}`,
    node?.place,
  );
}

// What people call an item of a loop; what is not known yet must not stop the plan.
function labelOf(
  node: YamlNode | undefined,
  item: unknown,
  variables: Variables,
  registered: string | undefined,
): Pick<LoopItem, "label" | "stopped"> {
  const own = new Unknown("its own result"); // which comes after the label here, and before it in Ansible
  const known =
    registered === undefined ? variables : variables.with({ values: new Map([[registered, own]]) });
  try {
    const label = (node && known.render(node)) ?? item;
    if (findUnknown(label) === own) return { label: item };
    return { label: findUnknown(label) ? NOT_YET : label };
  } catch (error) {
    if (error instanceof InputError) return { label: item, stopped: error };
    throw error;
  }
}
