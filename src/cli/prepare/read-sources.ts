import { dirname, join } from "node:path";
import { cacheFolder } from "../../controller/download.ts";
import { controllerFiles, type ControllerFiles } from "../../controller/files.ts";
import { parseExtraVars } from "../../inventory/extra-vars.ts";
import { loadInventory } from "../../inventory/load.ts";
import type { Printed } from "../../inventory/program.ts";
import { variableFiles, type Decrypt } from "../../inventory/variable-files.ts";
import { secretValues } from "../../plan/call/secret-values.ts";
import type { Layer } from "../../plan/model/variables.ts";
import { loadPlaybooks } from "../../playbook/load/load.ts";
import type { Playbook } from "../../playbook/play.ts";
import { SshConfigs } from "../../transport/ssh/config/config.ts";
import { KeptAnswers } from "../../transport/ssh/config/kept-answers.ts";
import type { Vault } from "../../vault/vault.ts";
import { toValue } from "../../yaml/data.ts";
import { warnOfUnheard } from "../settings/ansible-settings.ts";
import { loadPaths } from "../settings/load-paths.ts";
import { withPlayDefaults } from "../settings/play-defaults.ts";
import { FactMemory } from "./fact-memory.ts";
import { playbookFiles, readPlaybook, variablesBeside } from "./playbook/playbook-files.ts";
import { shapePlaybook } from "./playbook/prompts-and-start.ts";
import { ReadFiles, type ReadKind } from "./read-files.ts";
import { templateEnvironment } from "./playbook/template-environment.ts";
import type { RunRequest } from "./run-request.ts";
import type { Sources } from "./sources.ts";

// Reads what a run is made from, unless it is kept from before. Throws InputError.
export async function readOnce(request: RunRequest): Promise<Sources> {
  const { kept } = request;
  if (!kept) return readSources(request);
  return (kept.sources ??= readSources(request));
}

// Reads playbooks, inventory and variables. Throws InputError.
async function readSources(request: RunRequest): Promise<Sources> {
  const { books, flags, settings, part, warn, vault } = request;
  const read = new ReadFiles();
  const noteFile = (path: string): void => read.note(path, "file");
  const files = controllerFiles(undefined, vault, noteFile);
  warnOfUnheard(settings, warn);
  const loaded = readPlaybooks(request, files, read);
  const printed: Printed = part?.printed ?? new Map();
  const ofInventory = decrypting(vault, read, "inventory");
  const inventory = await loadInventory(flags.inventory ?? [], warn, ofInventory, printed);
  const folders = await variablesBeside(books, (directory) =>
    variableFiles(directory, inventory, warn, decrypting(vault, read, "variables")),
  );
  const extra = await readExtraVars(request, read);
  const env = templateEnvironment(files, dirname(books[0]!), vault, noteFile);
  const playbook = withPlayDefaults(await shapePlaybook(loaded, flags, extra, env), settings);
  const configs = SshConfigs.ofUser(new KeptAnswers(join(cacheFolder(), "ssh-config")));
  const memory = new FactMemory();
  return { read, files, printed, inventory, folders, extra, env, playbook, configs, memory };
}

// The playbooks as they are written.
function readPlaybooks(
  { books, book, flags, settings, warn, vault }: RunRequest,
  files: ControllerFiles,
  read: ReadFiles,
): Playbook {
  const note = (path: string): void => read.note(path, "playbook");
  if (!book) books.forEach(note);
  const texts = book ? [book] : books.map((file) => ({ file, text: readPlaybook(file, vault) }));
  const paths = loadPaths(settings, flags.rolesPath);
  const takesUnsupported = flags.ignoreFailures === true;
  const beside = { ...playbookFiles(files, vault, paths, note), takesUnsupported };
  return loadPlaybooks(texts, beside, warn);
}

// What -e sets. All that is secret in it is hidden from now on.
async function readExtraVars({ flags, warn, vault }: RunRequest, read: ReadFiles): Promise<Layer> {
  const reading = decrypting(vault, read, "variables");
  const nodes = await parseExtraVars(flags.extraVars ?? [], warn, reading);
  for (const [name, node] of nodes)
    secretValues({ [name]: toValue(node) }).forEach((secret) => vault.mask.learn(secret));
  return { nodes };
}

/** Where a path says that a file has variables, whatever it is read for. */
const OF_VARIABLES = /(^|\/)(group|host)_vars\//;

// Decrypts the texts of files, and takes note of the files.
function decrypting(vault: Vault, read: ReadFiles, kind: ReadKind): Decrypt {
  return (text, place) => {
    read.note(place.file, OF_VARIABLES.test(place.file) ? "variables" : kind);
    return vault.text(text, place);
  };
}
