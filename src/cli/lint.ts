import { describeInputError, InputError, type Place } from "../errors.ts";
import { controllerFiles } from "../playbook/files.ts";
import { loadPlaybook } from "../playbook/load.ts";
import { playbookPath } from "./playbook-path.ts";
import type { VaultFlags } from "./options.ts";
import { playbookFiles, readPlaybook } from "./prepare.ts";
import { guarded, openVault } from "./vault-access.ts";

// `hullwright lint PLAYBOOK...`: reads playbooks with all that they name, and says what is wrong. No inventory is needed.
export async function lintCommand(names: readonly string[], flags: VaultFlags): Promise<number> {
  const vault = await openVault(flags);
  let wrong = 0;
  for (const name of names) {
    const say = (kind: string) => (message: string, place: Place): void => void process.stdout.write(`${kind}: ${message} (${place.file}:${place.line}:${place.column})\n`);
    const note = (message: string, place: Place): void => say("note")(`${message}, which a plan refuses for hosts that come to it`, place);
    try {
      const file = playbookPath(name);
      const { plays } = await guarded(vault, () => loadPlaybook(readPlaybook(file, vault), file, playbookFiles(controllerFiles(), vault), say("warning"), note));
      process.stdout.write(`${name}: ${plays.length} ${plays.length === 1 ? "play" : "plays"}, no mistake found\n`);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      process.stdout.write(`error: ${describeInputError(error)}\n`);
      wrong++;
    }
  }
  return wrong > 0 ? 1 : 0;
}
