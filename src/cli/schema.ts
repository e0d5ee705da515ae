import { inventorySchema } from "../schema/inventory.ts";
import { playbookSchema } from "../schema/playbook.ts";

const SCHEMAS = { playbook: playbookSchema, inventory: inventorySchema } as const;

// `hullwright schema [playbook|inventory]`: the JSON Schema for editors.
export function schemaCommand(what: keyof typeof SCHEMAS): number {
  process.stdout.write(`${JSON.stringify(SCHEMAS[what](), null, 2)}\n`);
  return 0;
}
