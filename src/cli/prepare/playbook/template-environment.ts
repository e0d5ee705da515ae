import { dirname } from "node:path";
import type { ControllerFiles } from "../../../controller/files.ts";
import { controllerOutside } from "../../../controller/template-io.ts";
import { namedHosts } from "../../../inventory/named-hosts.ts";
import { plainOrigin, standardEnvironment, type Environment } from "../../../jinja/template.ts";
import type { Vault } from "../../../vault/vault.ts";

// Filters, tests and lookups; templates that others include are found as files are.
export function templateEnvironment(
  files: ControllerFiles,
  folder: string,
  vault: Vault,
  onRead: (path: string) => void,
): Environment {
  const plain = controllerOutside(files, folder, vault);
  const read: typeof plain.read = (path) => {
    onRead(path);
    return plain.read(path);
  };
  const outside = { ...plain, read, hosts: namedHosts };
  const loadTemplate: Environment["loadTemplate"] = (name, from, searchPath) => {
    const path = outside.find(
      name,
      "templates",
      from,
      searchPath && [...searchPath, dirname(from.file)],
    );
    if (typeof path !== "string") return undefined;
    const source = outside.read(path);
    return { source, origin: plainOrigin(path, source) };
  };
  return { ...standardEnvironment(outside), loadTemplate };
}
