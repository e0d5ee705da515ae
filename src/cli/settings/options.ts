import { Option, type Command } from "commander";
import type { BecomeDefaults } from "../../plan/model/host.ts";
import { loadFlags, type LoadFlags } from "./load-options.ts";
import { collect, collectWords, wholeNumber, wholeOrZero } from "./option-values.ts";
import { vaultFlags, type VaultFlags } from "./vault-options.ts";

/** What plan and apply take on the command line; the flags are Ansible's. */
export interface RunFlags extends VaultFlags, LoadFlags {
  inventory?: string[];
  limit?: string;
  tags?: string[];
  skipTags?: string[];
  extraVars?: string[];
  forks?: number;
  /** How many processes of this machine do the hosts. */
  workers?: number;
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
  /** The words after the program's name, for a command that handles the rest itself. */
  words?: readonly string[];
  check?: true;
  yes?: true;
  /** The run that is rolled back. */
  rollback?: string;
  /** It does what a saved plan promised, and nothing else. */
  promised?: true;
  /** How long another run that holds a host is waited for, in seconds. */
  lockTimeout?: number;
  /** How long journals are kept on the hosts, in days, and how much space they may use. */
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
  /** Failures end nothing: all tasks should be seen (compare). */
  ignoreFailures?: boolean;
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

/** What show takes. */
export interface ShowFlags {
  json?: true;
  diffFull?: true;
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
    .option(
      "--queue <url>",
      "have workers process the hosts: redis://HOST:PORT (hullwright worker)",
    )
    .option("--queue-key <file>", "the key that coordinators and workers of a queue share")
    .option("--queue-share <n>", "hosts in one share of a worker (50)", wholeNumber)
    .addOption(
      new Option(
        "--workers <n>",
        "how many processes of this machine do the hosts; 1: only this one (as many as it has processors, from 1,000 hosts on)",
      )
        .env("HULLWRIGHT_WORKERS")
        .argParser(wholeNumber),
    )
    .option("--allow-empty", "accept a run that has no hosts or no tasks")
    .option("--json", "print one JSON document instead of text");
}

// Adds the flag that says how long another run is waited for.
export function lockFlag(command: Command): Command {
  return command.option(
    "--lock-timeout <seconds>",
    "how long to wait for another run that has locked a host; 0: not at all",
    wholeOrZero,
    60,
  );
}
