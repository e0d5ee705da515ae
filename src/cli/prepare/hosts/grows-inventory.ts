import type { Item, Playbook } from "../../../playbook/play.ts";

// Whether tasks may add hosts or groups, so that a play's hosts are not known before it runs.
export function growsInventory({ plays }: Playbook): boolean {
  const grows = (item: Item): boolean => {
    if (item.kind === "block") return [...item.block, ...item.rescue, ...item.always].some(grows);
    return item.kind === "include"
      ? item.known === undefined || item.known.items.some(grows)
      : item.module.onRun?.growsInventory === true;
  };
  return plays.some((play) => play.sections.some(({ items }) => items.some(grows)));
}
