import { becomePage, connectionVariablesPage, setupsPage } from "./connecting.ts";
import { modulesPage } from "./modules.ts";
import { notesPage } from "./notes.ts";
import { settingsPage } from "./settings.ts";
import { variablesPage } from "./variables.ts";

/** The pages that are made from the code, by file. */
export const PAGES: Record<string, () => string> = {
  "docs/modules.md": modulesPage,
  "docs/variables.md": variablesPage,
  "docs/containerd-notes.md": notesPage,
  "docs/connection-variables.md": connectionVariablesPage,
  "docs/ssh-setups.md": setupsPage,
  "docs/become-setups.md": becomePage,
  "docs/settings.md": settingsPage,
};
