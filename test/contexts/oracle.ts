import { spawnSync } from "node:child_process";
import { SUBJECTS } from "./subjects.ts";

let parameters: ReadonlyMap<string, ReadonlySet<string>> | undefined;

// Whether the installed Ansible knows a parameter of a module: some came with later releases.
export function knows(module: string, parameter: string): boolean {
  parameters ??= ask();
  return parameters.get(module)?.has(parameter) === true;
}

// Asks ansible-doc for the parameters of all modules of the table.
function ask(): ReadonlyMap<string, ReadonlySet<string>> {
  const modules = [...new Set(SUBJECTS.map(({ module }) => module))];
  const { stdout } = spawnSync("ansible-doc", ["-j", "-t", "module", ...modules], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const docs = JSON.parse(stdout) as { [name: string]: { doc: { options?: object } } };
  return new Map(
    modules.map((module) => {
      const found = docs[module] ?? docs[`ansible.builtin.${module}`];
      return [module, new Set(Object.keys(found?.doc.options ?? {}))];
    }),
  );
}
