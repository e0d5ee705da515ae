import { Argument, Option, type Command } from "commander";
import { UnplacedError } from "../errors.ts";
import type { Kind } from "./commands/doc.ts";
import { adHocFlags, type AdHocFlags } from "./settings/ad-hoc-options.ts";
import { compareFlags, type CompareFlags } from "./settings/compare-options.ts";
import { inventoryFlags, type InventoryFlags } from "./settings/inventory-options.ts";
import {
  journalCommandFlags,
  journalFlags,
  type JournalFlags,
} from "./settings/journal-options.ts";
import { lintFlags, type LintFlags } from "./settings/lint-options.ts";
import { lockFlag, runFlags, type RunFlags, type ShowFlags } from "./settings/options.ts";
import { vaultCommands } from "./settings/vault-options.ts";
import { workerFlags, type WorkerFlags } from "./settings/worker-options.ts";

/** What the maker of a command is given. */
export interface Making {
  program: Command;
  words: readonly string[];
  done: (code: number) => void;
}

/** What plan and apply take besides: the hosts that the last run did not finish. */
interface ResumeFlags extends RunFlags {
  resume?: true;
}

const RESUME = [
  "--resume",
  "only the hosts that the last run of the playbook did not finish: failed, unreachable, stopped, not reached",
] as const;

// Chooses the hosts that the last run did not finish.
function resumed({ resume, ...flags }: ResumeFlags): RunFlags {
  if (!resume) return flags;
  if (flags.limit === undefined) return { ...flags, limit: "@failed" };
  throw new UnplacedError(
    "--resume continues with the hosts that the last run did not finish, and cannot be combined with --limit",
    "leave one of them out; a part of those hosts can be named with --limit",
  );
}

// Does a run that is remembered by asking its hosts alone; any other as ever.
async function recalled(
  command: "plan" | "apply",
  names: readonly string[],
  flags: RunFlags,
): Promise<number> {
  const { recall } = await import("./remembered/recall.ts");
  const found = await recall(flags.check ? "plan" : command, names, flags);
  if ("code" in found) return found.code;
  const { planCommand, applyCommand } = await import("./commands/run.ts");
  const run = command === "plan" ? planCommand : applyCommand;
  return run(names, flags, undefined, found.remembering);
}

function addPlan({ program, words, done }: Making): void {
  const plan = runFlags(
    program
      .command("plan")
      .description("show exactly what apply would change; writes nothing anywhere"),
  );
  plan
    .option("-o, --out <file>", "save the plan, for: apply FILE")
    .option("-C, --check", "plan with ansible_check_mode: true, as Ansible's --check does")
    .option(...RESUME)
    .action(async (names: string[], given: ResumeFlags) => {
      const flags = { ...resumed(given), words };
      done(
        flags.queue === undefined
          ? await recalled("plan", names, flags)
          : await (await import("./queue/queued.ts")).planQueued(names, flags),
      );
    });
}

function addApply({ program, words, done }: Making): void {
  const apply = runFlags(program.command("apply").description("make the hosts match the playbook"));
  journalFlags(lockFlag(apply))
    .option("-C, --check", "only plan, with ansible_check_mode: true")
    .option("-y, --yes", "do not ask")
    .option(...RESUME);
  apply.action(async (names: string[], given: ResumeFlags) => {
    const flags = { ...resumed(given), words };
    done(
      flags.queue === undefined
        ? await recalled("apply", names, flags)
        : await (await import("./queue/queued.ts")).applyQueued(names, flags),
    );
  });
}

function addRuns({ program, words, done }: Making): void {
  const runs = journalCommandFlags(
    program
      .command("runs")
      .description("list the runs that changed the hosts, and which of them can be rolled back")
      .argument("[pattern]", "the hosts; all unless given"),
  );
  runs.action(async (pattern: string | undefined, flags: JournalFlags) =>
    done(await (await import("./commands/runs.ts")).runsCommand(pattern, { ...flags, words })),
  );
}

function addRollback({ program, words, done }: Making): void {
  const rollback = journalCommandFlags(
    program
      .command("rollback")
      .description("undo what a run did, if nothing has changed since")
      .argument("<run>", "its name, as `hullwright runs` shows it, or the end of that name"),
  );
  journalFlags(lockFlag(rollback))
    .option("--plan", "only show what would be undone")
    .option("-y, --yes", "do not ask")
    .option("-D, --diff", "show what changes inside files; --diff=full: all of it")
    .addOption(new Option("--diff-full").hideHelp())
    .action(async (run: string, flags: JournalFlags) =>
      done(await (await import("./commands/runs.ts")).rollbackCommand(run, { ...flags, words })),
    );
}

function addRun({ program, words, done }: Making): void {
  const adHoc = adHocFlags(
    program
      .command("run")
      .description("run one command or module on hosts, and group hosts that answer the same"),
  );
  adHoc.action(async (pattern: string, command: string[], flags: AdHocFlags) => {
    refuseMixed(words, command);
    done(
      await (
        await import("./commands/ad-hoc.ts")
      ).adHocCommand(pattern, command, { ...flags, words }),
    );
  });
}

// Refuses options among the words of a command that no -- sets apart: ours would be taken out of
// it.
function refuseMixed(words: readonly string[], [first]: readonly string[]): void {
  if (first === undefined || words.includes("--")) return;
  const option = words.slice(words.lastIndexOf(first)).find((word) => word.startsWith("-"));
  if (option !== undefined)
    throw new UnplacedError(
      `${option} after the beginning of the command may be an option of hullwright or of the command`,
      "write -- before the command, and options of hullwright before that",
    );
}

function addUnlock({ program, words, done }: Making): void {
  const unlock = journalCommandFlags(
    program
      .command("unlock")
      .description("end a run that has locked a host and is no longer controlled by anybody")
      .argument("<pattern>", "the host"),
  );
  unlock
    .option("-y, --yes", "do not ask")
    .action(async (pattern: string, flags: JournalFlags) =>
      done(
        await (await import("./commands/unlock.ts")).unlockCommand(pattern, { ...flags, words }),
      ),
    );
}

function addShow({ program, done }: Making): void {
  const show = program
    .command("show")
    .description("show a saved plan as plan did")
    .argument("<file>", "the file that plan -o wrote")
    .option("--json", "print the plan's JSON document")
    .addOption(new Option("--diff-full").hideHelp());
  show.action(async (file: string, flags: ShowFlags) =>
    done((await import("./commands/show.ts")).showCommand(file, flags)),
  );
}

function addInventory({ program, done }: Making): void {
  const inventory = inventoryFlags(
    program
      .command("inventory")
      .description("print an inventory as ansible-inventory does: hosts, groups, variables"),
  );
  inventory.action(async (flags: InventoryFlags) =>
    done(await (await import("./commands/inventory.ts")).inventoryCommand(flags)),
  );
}

function addDoc({ program, done }: Making): void {
  const doc = program
    .command("doc")
    .description(
      "list modules, filters, tests, lookups or keywords, or describe one; versions: the releases of containerd",
    )
    .argument("[name]");
  doc.addOption(
    new Option("-t, --type <kind>", "of what")
      .choices(["module", "filter", "test", "lookup", "keyword"])
      .default("module"),
  );
  doc.action(async (name: string | undefined, { type }: { type: Kind }) =>
    done((await import("./commands/doc.ts")).docCommand(type, name)),
  );
}

function addLint({ program, done }: Making): void {
  const lint = lintFlags(
    program
      .command("lint")
      .description(
        "read playbooks, and report every mistake and everything that is probably wrong",
      ),
  );
  lint.action(async (names: string[], flags: LintFlags) =>
    done(await (await import("./commands/lint.ts")).lintCommand(names, flags)),
  );
}

function addCompare({ program, words, done }: Making): void {
  const compare = compareFlags(
    program
      .command("compare")
      .description(
        "show, task by task, how plan differs from Ansible's check mode; changes nothing (needs ansible-core)",
      ),
  );
  compare.action(async (names: string[], flags: CompareFlags) =>
    done(await (await import("./commands/compare.ts")).compareCommand(names, { ...flags, words })),
  );
}

function addVault({ program, done }: Making): void {
  vaultCommands(
    program.command("vault").description("encrypt and decrypt as ansible-vault does"),
    async (verb, words, flags) =>
      done(await (await import("./commands/vault.ts")).vaultCommand(verb, words, flags)),
  );
}

function addWorker({ program, done }: Making): void {
  const worker = workerFlags(
    program
      .command("worker")
      .description("process hosts of runs that are started elsewhere with --queue"),
  );
  worker.action(async (flags: WorkerFlags) =>
    done(await (await import("./commands/worker.ts")).workerCommand(flags)),
  );
}

function addShare({ program, done }: Making): void {
  program
    .command("share", { hidden: true })
    .description("do one share of a run; a worker calls this")
    .action(async () => done(await (await import("./queue/share.ts")).shareCommand()));
}

function addPart({ program, done }: Making): void {
  program
    .command("part", { hidden: true })
    .description("do some hosts of a run; plan and apply call this")
    .action(async () => done(await (await import("./cores/part.ts")).partCommand()));
}

function addSchema({ program, done }: Making): void {
  const schema = program
    .command("schema")
    .description("print the JSON Schema with which editors check files");
  schema.addArgument(
    new Argument("[what]", "for which kind of file")
      .choices(["playbook", "inventory"])
      .default("playbook"),
  );
  schema.action(async (what: "playbook" | "inventory") =>
    done((await import("./commands/schema.ts")).schemaCommand(what)),
  );
}

/** The commands, in the order in which help lists them. */
export const COMMANDS: Readonly<Record<string, (making: Making) => void>> = {
  plan: addPlan,
  apply: addApply,
  runs: addRuns,
  rollback: addRollback,
  run: addRun,
  unlock: addUnlock,
  show: addShow,
  inventory: addInventory,
  doc: addDoc,
  lint: addLint,
  compare: addCompare,
  vault: addVault,
  worker: addWorker,
  share: addShare,
  part: addPart,
  schema: addSchema,
};
