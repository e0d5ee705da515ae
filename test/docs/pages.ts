import { modulesPage } from "./modules.ts";
import { variablesPage } from "./variables.ts";

/** The pages that are made from the code, by file. */
export const PAGES: Record<string, () => string> = {
  "docs/modules.md": modulesPage,
  "docs/variables.md": variablesPage,
};
