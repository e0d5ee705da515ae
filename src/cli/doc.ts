import { InputError } from "../errors.ts";
import { findModule, moduleNames } from "../modules/index.ts";
import { renderModule, renderModuleList } from "../report/doc.ts";
import { didYouMean } from "../suggest.ts";

// `hullwright doc [MODULE]`: what modules there are, or all about one.
export function docCommand(name: string | undefined): number {
  const modules = [...new Set(moduleNames().map((known) => findModule(known)!))].sort((a, b) => (a.name < b.name ? -1 : 1));
  const module = name === undefined ? undefined : findModule(name);
  if (name !== undefined && !module) throw new InputError(`there is no module "${name}"`, undefined, didYouMean(name, moduleNames()) ?? '"hullwright doc" lists them');
  process.stdout.write(`${(module ? renderModule(module) : renderModuleList(modules)).join("\n")}\n`);
  return 0;
}
