// Compares random inventories with Ansible's own reading: `npm run inventories -- [rounds] [seed]`.
import { spawnSync } from "node:child_process";

const [rounds = "2000", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
process.stdout.write(`${rounds} random inventories from the seed ${seed} on\n`);
const { status } = spawnSync(
  "npx",
  ["vitest", "run", "--project", "unit", "test/inventory/ansible.test.ts", "--reporter", "dot"],
  { stdio: "inherit", env: { ...process.env, INVENTORY_ROUNDS: rounds, INVENTORY_SEED: seed } },
);
process.exitCode = status ?? 1;
