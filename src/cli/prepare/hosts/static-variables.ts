import { dirname, resolve } from "node:path";
import { OMIT } from "../../../plan/model/omit.ts";
import type { Layer } from "../../../plan/model/variables.ts";

// The variables that Ansible sets by itself, that nothing overrides, and that stay as they are;
// others come from the pass.
export function magicLayer(playbook: string, host: string): Layer {
  const values = new Map<string, unknown>([
    ["inventory_hostname", host],
    ["inventory_hostname_short", host.split(".")[0]],
    ["playbook_dir", dirname(resolve(playbook))],
    ["omit", OMIT],
  ]);
  return { values };
}
