import { InvalidArgumentError, Option, type Command } from "commander";
import type { BecomeDefaults } from "../../plan/model/host.ts";

/** Where the passwords of ansible-vault come from; the second names are Ansible's other spellings. */
export interface VaultFlags {
  vaultId?: string[];
  vaultPasswordFile?: string[];
  vaultPassFile?: string[];
  askVaultPass?: true;
  askVaultPassword?: true;
}

/** Where else roles are looked for. */
export interface LoadFlags {
  rolesPath?: string[];
}

/** What plan and apply take on the command line; the flags are Ansible's. */
export interface RunFlags extends VaultFlags, LoadFlags {
  inventory?: string[];
  limit?: string;
  tags?: string[];
  skipTags?: string[];
  extraVars?: string[];
  forks?: number;
  become?: true;
  becomeUser?: string | undefined;
  becomeMethod?: string | undefined;
  /** Of ansible.cfg: the become method's program, and its options. */
  becomeExe?: string | undefined;
  becomeFlags?: string | undefined;
  becomeMethods?: Readonly<Record<"sudo" | "su", BecomeDefaults>>;
  ansibleManaged?: string | undefined;
  askBecomePass?: true;
  askPass?: true;
  becomePasswordFile?: string | undefined;
  becomePassFile?: string;
  connectionPasswordFile?: string | undefined;
  connPassFile?: string;
  user?: string;
  privateKey?: string;
  keyFile?: string;
  connection?: string;
  sshCommonArgs?: string;
  sshExtraArgs?: string;
  /** What -k asked for, or a file said. */
  connectionPassword?: string | undefined;
  timeout?: number;
  acceptNew?: true;
  verbose: number;
  diff?: true;
  /** --diff=full: nothing of what changes is left out. */
  diffFull?: true;
  /** The words behind the program's name, for a command that does the rest. */
  words?: readonly string[];
  check?: true;
  yes?: true;
  /** The run that is rolled back. */
  rollback?: string;
  /** It does what a saved plan promised, and nothing else. */
  promised?: true;
  /** How long another run that holds a host is waited for, in seconds. */
  lockTimeout?: number;
  /** How long journals stay on the hosts, in days, and how much room they may take. */
  journalDays?: number;
  journalMb?: number;
  /** Where `plan` keeps its promise. */
  out?: string;
  syntaxCheck?: true;
  listHosts?: true;
  listTasks?: true;
  listTags?: true;
  startAtTask?: string;
  /** Handlers that broken runs left behind are forgotten. */
  dropHandlers?: true;
  /** The queue whose workers do the hosts, its key, and how many hosts a worker gets at once. */
  queue?: string;
  queueKey?: string;
  queueShare?: number;
  /** Only these hosts: those of a share of a run. */
  hosts?: readonly string[];
  /** A run that looks at no host is no mistake. */
  allowEmpty?: true;
  json?: true;
}

/** What worker takes. */
export interface WorkerFlags {
  queue?: string;
  queueKey?: string;
  concurrency: number;
  makeKey?: string;
}

/** What show takes. */
export interface ShowFlags {
  json?: true;
  diffFull?: true;
}

/** What lint takes. */
export interface LintFlags extends VaultFlags, LoadFlags {
  skip?: string[];
  strict?: true;
  format?: "text" | "json";
  rules?: true;
}

// Adds the flags that name passwords of ansible-vault.
export function vaultFlags(command: Command): Command {
  return command
    .option("--vault-id <id>", "a vault password: [label@]FILE, PROGRAM or prompt", collect)
    .option(
      "--vault-password-file <file>",
      "a file with a vault password, or a program that prints it",
      collect,
    )
    .addOption(new Option("--vault-pass-file <file>").argParser(collect).hideHelp())
    .option("-J, --ask-vault-pass", "ask for a vault password")
    .addOption(new Option("--ask-vault-password").hideHelp());
}

// Adds the flag that names further directories of roles.
function loadFlags(command: Command): Command {
  return command.option(
    "--roles-path <directories>",
    "where to look for roles first; separate several directories with colons",
    collectPaths,
  );
}

// Adds the flags of lint.
export function lintFlags(command: Command): Command {
  return loadFlags(vaultFlags(command))
    .argument("[playbook...]", "playbook files")
    .option("-x, --skip <rules>", "rules to leave out", collect)
    .option("--strict", "count warnings as errors")
    .addOption(
      new Option("--format <format>", "how to print the findings")
        .choices(["text", "json"])
        .default("text"),
    )
    .option("--rules", "list the rules, and do nothing else");
}

/** What the commands under `vault` take. */
export interface VaultCommandFlags extends VaultFlags {
  output?: string;
  encryptVaultId?: string;
  newVaultId?: string;
  newVaultPasswordFile?: string;
  name?: string[];
  stdinName?: string;
}

// Adds the commands under `vault`; `run` gets each one's name, what stands behind it, and its flags.
export function vaultCommands(
  vault: Command,
  run: (verb: string, words: string[], flags: VaultCommandFlags) => Promise<void>,
): void {
  const add = (verb: string, words: string, description: string): Command =>
    vaultFlags(vault.command(verb).description(description).argument(words)).action(
      async (given: string[], flags: VaultCommandFlags) => run(verb, given, flags),
    );
  const output = ["--output <file>", "write there instead of in place; - prints it"] as const;
  const label = [
    "--encrypt-vault-id <label>",
    "which of several passwords to encrypt with",
  ] as const;
  add("encrypt", "<file...>", "encrypt files")
    .option(...output)
    .option(...label);
  add("decrypt", "<file...>", "decrypt files").option(...output);
  add("view", "<file...>", "print the contents of encrypted files");
  add(
    "encrypt_string",
    "[text...]",
    "encrypt texts as values for YAML; without any, encrypt what stdin has",
  )
    .option(...label)
    .option("-n, --name <name>", "the variable that gets the text", collect)
    .option("--stdin-name <name>", "the variable that gets the text from stdin");
  add("rekey", "<file...>", "encrypt files with another password")
    .option("--new-vault-id <id>", "the new password: [label@]FILE, PROGRAM or prompt")
    .option(
      "--new-vault-password-file <file>",
      "a file with the new password, or a program that prints it",
    );
}

const PLAYBOOKS =
  "playbook files, run one after another; or the names of those that come with hullwright (containerd.yml)";

// Adds the flags that plan and apply share.
export function runFlags(command: Command): Command {
  return hostFlags(command.argument("<playbook...>", PLAYBOOKS));
}

// Adds the flags of everything that is done on hosts.
export function hostFlags(command: Command): Command {
  return loadFlags(vaultFlags(command))
    .option(
      "-i, --inventory <source>",
      "inventory file or directory, or host names with a trailing comma: h1,h2,",
      collect,
    )
    .option(
      "-l, --limit <pattern>",
      "only hosts that match; @FILE: those listed in a file, @failed: those that the last run did not finish",
    )
    .option("-t, --tags <tags>", "only tasks with these tags", collectWords)
    .option("--skip-tags <tags>", "no tasks with these tags", collectWords)
    .option("-e, --extra-vars <vars>", "variables: key=value, YAML or JSON, or @file", collect)
    .option("-f, --forks <n>", "how many hosts to work on at once (50)", wholeNumber)
    .option("-b, --become", "run tasks as root through sudo")
    .option("--become-method <method>", "how: sudo, su, doas, runuser")
    .option("--become-user <user>", "run tasks as this user (has no effect without --become)")
    .option("-K, --ask-become-pass", "ask for the password that the become method wants")
    .addOption(
      new Option(
        "--become-password-file <file>",
        "a file with that password, or a program that prints it",
      ).conflicts("askBecomePass"),
    )
    .addOption(new Option("--become-pass-file <file>").hideHelp().conflicts("askBecomePass"))
    .option("-k, --ask-pass", "ask for the password to log in with")
    .addOption(
      new Option(
        "--connection-password-file <file>",
        "a file with that password, or a program that prints it",
      ).conflicts("askPass"),
    )
    .addOption(new Option("--conn-pass-file <file>").hideHelp().conflicts("askPass"))
    .option("-u, --user <user>", "log in as this user")
    .option("--private-key <file>", "log in with this key")
    .addOption(new Option("--key-file <file>").hideHelp())
    .option("-c, --connection <kind>", "how to reach hosts: ssh, openssh (the system's ssh), local")
    .option("--ssh-common-args <options>", "options of ssh, such as '-o ProxyJump=bastion'")
    .option("--ssh-extra-args <options>", "more options of ssh, after those")
    .option(
      "-T, --timeout <seconds>",
      "how long connecting may take (10, unless ssh's ConnectTimeout says otherwise)",
      wholeNumber,
    )
    .option("--accept-new", "accept and remember the keys of unknown hosts")
    .option(
      "-v, --verbose",
      "show tasks that are ok or skipped, with the reason, and what commands print; -vv: how long tasks and questions took, -vvv: everything that is sent to hosts",
      (_value, before: number) => before + 1,
      0,
    )
    .option(
      "-D, --diff",
      "show what changes inside files; --diff=full: even long texts are not cut",
    )
    .addOption(new Option("--diff-full").hideHelp())
    .option("--syntax-check", "check the playbook's syntax, and do nothing else")
    .option("--list-hosts", "show the hosts of each play, and do nothing else")
    .option("--list-tasks", "show the tasks of each play, and do nothing else")
    .option("--list-tags", "show the tags of each play's tasks, and do nothing else")
    .option(
      "--start-at-task <name>",
      "start at the task with this name, which may contain wildcards",
    )
    .option(
      "--drop-handlers",
      "forget handlers that interrupted runs have left pending, without running them",
    )
    .option("--queue <url>", "let workers do the hosts: redis://HOST:PORT (hullwright worker)")
    .option("--queue-key <file>", "the key that coordinators and workers of a queue share")
    .option("--queue-share <n>", "hosts in one share of a worker (50)", wholeNumber)
    .option("--allow-empty", "accept a run that has no hosts or no tasks")
    .option("--json", "print one JSON document instead of text");
}

// Adds the flags of worker.
export function workerFlags(command: Command): Command {
  return command
    .option("--queue <url>", "the queue: redis://HOST:PORT, or rediss:// for TLS")
    .option("--queue-key <file>", "the key that coordinators and workers of the queue share")
    .option("--make-key <file>", "make such a key, and do nothing else")
    .option("--concurrency <n>", "shares that are done at once", wholeNumber, 1);
}

// Adds a word to those of earlier flags of the same name.
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function collectWords(value: string, before: string[] = []): string[] {
  return [
    ...before,
    ...value
      .split(",")
      .map((word) => word.trim())
      .filter(Boolean),
  ];
}

function collectPaths(value: string, before: string[] = []): string[] {
  return [...before, ...value.split(":").filter(Boolean)];
}

// Adds the flag that says how long another run is waited for.
export function lockFlag(command: Command): Command {
  return command.option(
    "--lock-timeout <seconds>",
    "how long to wait for another run that has locked a host; 0: not at all",
    (value) => (value === "0" ? 0 : wholeNumber(value)),
    60,
  );
}

// A whole number from 1 on.
export function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  return number;
}
