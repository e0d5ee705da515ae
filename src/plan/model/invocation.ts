import type { Common, Task } from "../../playbook/play.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { Variables } from "./variables.ts";

/** One task, or one item of its loop, about to be planned. */
export interface Invocation {
  task: Task;
  around: readonly Common[];
  variables: Variables;
  id: string;
  /** The label of the loop's item. */
  item?: unknown;
  /** Seconds that apply waits before its steps. */
  pause?: number;
  /** Texts that it needs besides its keywords and arguments. */
  needs?: readonly YamlNode[];
  /** Why the items of the loop are not at hand. */
  stopped?: Error;
}
