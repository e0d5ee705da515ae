import type { Common, Task } from "../../playbook/play.ts";
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
  /** Why the items of the loop are not at hand. */
  stopped?: Error;
}
