import { dirname, join } from "node:path";
import type { Place } from "../../errors.ts";
import { cacheFolder } from "../../controller/download.ts";
import { controllerFiles, type ControllerFiles } from "../../controller/files.ts";
import { parseExtraVars } from "../../inventory/extra-vars.ts";
import { loadInventory } from "../../inventory/load.ts";
import type { Inventory, VariableFolder } from "../../inventory/model.ts";
import type { Printed } from "../../inventory/program.ts";
import { variableFiles, type Decrypt } from "../../inventory/variable-files.ts";
import type { Environment } from "../../jinja/template.ts";
import { secretValues } from "../../plan/call/secret-values.ts";
import type { Layer } from "../../plan/model/variables.ts";
import { loadPlaybooks, type PlaybookText } from "../../playbook/load/load.ts";
import type { Playbook } from "../../playbook/play.ts";
import { SshConfigs } from "../../transport/ssh/config/config.ts";
import { KeptAnswers } from "../../transport/ssh/config/kept-answers.ts";
import type { Vault } from "../../vault/vault.ts";
import { toValue } from "../../yaml/data.ts";
import type { AnsibleConfig } from "../settings/ansible-cfg.ts";
import { warnOfUnheard } from "../settings/ansible-settings.ts";
import { loadPaths } from "../settings/load-paths.ts";
import type { RunFlags } from "../settings/options.ts";
import { withPlayDefaults } from "../settings/play-defaults.ts";
import { FactMemory, type NewFact } from "./fact-memory.ts";
import { playbookFiles, readPlaybook, variablesBeside } from "./playbook/playbook-files.ts";
import { shapePlaybook } from "./playbook/prompts-and-start.ts";
import { ReadFiles, type ReadKind } from "./read-files.ts";
import { templateEnvironment } from "./playbook/template-environment.ts";

/**
 * What a run is made from: all that is read for it from this machine's disk
 * before its hosts are opened.
 */
export interface Sources {
  read: ReadFiles;
  files: ControllerFiles;
  /** What programs for inventories printed. */
  printed: Printed;
  inventory: Inventory;
  /** Variables next to the playbooks. */
  folders: VariableFolder[];
  extra: Layer;
  env: Environment;
  playbook: Playbook;
  configs: SshConfigs;
  memory: FactMemory;
}

/**
 * What a program that does several parts of one run, one after another, keeps from one to the next.
 */
export class KeptSources {
  /** Facts that are new; they are saved at the end, and not after each part. */
  readonly news: NewFact[] = [];
  sources: Promise<Sources> | undefined;

  // Keeps what the hosts have reported for the next run.
  async save(warn: (message: string) => void): Promise<void> {
    const sources = await this.sources?.catch(() => undefined);
    sources?.memory.save(this.news.splice(0), warn);
  }
}

// Reads what a run is made from, unless it is kept from before.
export async function readOnce(
  kept: KeptSources | undefined,
  read: () => Promise<Sources>,
): Promise<Sources> {
  if (!kept) return read();
  return (kept.sources ??= read());
}

// Reads playbooks, inventory and variables. Throws InputError.
export async function readSources(
  {
    books,
    flags,
    settings,
    given,
    printed,
  }: {
    books: readonly string[];
    flags: RunFlags;
    settings: AnsibleConfig;
    given: PlaybookText | undefined;
    printed: Printed;
  },
  warn: (message: string, place?: Place) => void,
  vault: Vault,
): Promise<Sources> {
  const read = new ReadFiles();
  const files = controllerFiles(undefined, vault, (path) => read.note(path, "file"));
  const reading =
    (kind: ReadKind): Decrypt =>
    (text, place) => {
      read.note(place.file, /(^|\/)(group|host)_vars\//.test(place.file) ? "variables" : kind);
      return vault.text(text, place);
    };
  warnOfUnheard(settings, warn);
  const paths = loadPaths(settings, flags.rolesPath);
  const file = books[0]!;
  if (!given) for (const book of books) read.note(book, "playbook");
  const loaded = loadPlaybooks(
    given ? [given] : books.map((book) => ({ file: book, text: readPlaybook(book, vault) })),
    {
      ...playbookFiles(files, vault, paths, (path) => read.note(path, "playbook")),
      takesUnsupported: flags.ignoreFailures === true,
    },
    warn,
  );
  const inventory = await loadInventory(flags.inventory ?? [], warn, reading("inventory"), printed);
  const folders = await variablesBeside(books, (directory) =>
    variableFiles(directory, inventory, warn, reading("variables")),
  );
  const extra: Layer = {
    nodes: await parseExtraVars(flags.extraVars ?? [], warn, reading("variables")),
  };
  for (const [name, node] of extra.nodes ?? [])
    secretValues({ [name]: toValue(node) }).forEach((secret) => vault.mask.learn(secret));
  const env = templateEnvironment(files, dirname(file), vault, (path) => read.note(path, "file"));
  const playbook = withPlayDefaults(await shapePlaybook(loaded, flags, extra, env), settings);
  const configs = SshConfigs.ofUser(new KeptAnswers(join(cacheFolder(), "ssh-config")));
  const memory = new FactMemory();
  return { read, files, printed, inventory, folders, extra, env, playbook, configs, memory };
}
