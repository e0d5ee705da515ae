import { screen } from "../../report/screen.ts";
import { inventorySchema } from "../../schema/inventory.ts";
import { playbookSchema } from "../../schema/playbook.ts";

const SCHEMAS = { playbook: playbookSchema, inventory: inventorySchema } as const;

// `hullwright schema [playbook|inventory]`: the JSON Schema for editors.
export function schemaCommand(what: keyof typeof SCHEMAS): number {
  screen.json(SCHEMAS[what]());
  return 0;
}
