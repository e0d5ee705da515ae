import { listingSection } from "../inventory.ts";
import { tasksSection } from "../walk.ts";
import type { Section } from "../section.ts";

// A section of docs/scale.md as one of this page, with its goal.
function withGoal(
  name: string,
  goal: string,
  measure: () => Promise<string[]>,
  title: string,
): Section {
  return {
    name,
    title,
    async measure() {
      const [, , ...lines] = await measure();
      return [`Goal: ${goal}.`, "", ...lines];
    },
  };
}

export const largeInventory = withGoal(
  "inventory",
  "of 50,000 hosts at most 0.1 times the time of `ansible-inventory --list`, and less than 300 MiB",
  listingSection,
  "Large inventories",
);

export const localTasks = withGoal(
  "tasks",
  "a host costs at most 1.1 times as much with 1,000 hosts as with 100",
  tasksSection,
  "A hundred tasks that need no host",
);
