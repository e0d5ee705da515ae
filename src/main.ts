#!/usr/bin/env node
/**
 * Hullwright: argv in, exit code out. The map of the house, in the order in which data flows:
 *
 *   cli/        one file a command; joins the parts below with ssh and the terminal
 *   inventory/  hosts, groups, patterns, variables
 *   playbook/   YAML -> plays with positions
 *   yaml/       the languages, with the position of every value; also toml/
 *   jinja/      expressions and templates
 *   vault/      what ansible-vault encrypted, and the mask over it
 *   plan/       a pure walk over the playbook -> what each task comes to on a host
 *   modules/    what tasks are made of: three pure functions each
 *   probes/     the read-only questions; script/: shell that is quoted by type
 *   run/        read, plan, apply: asks hosts, changes -> one program a host -> outcomes
 *   controller/ this machine as tasks see it: files, archives, downloads
 *   disk/       the one way to this machine's disk for all that plans are made from
 *   transport/  ssh and local: one connection, one shell that stays
 *   queue/      runs whose hosts workers on other machines do
 *   schema/     keywords and modules -> JSON Schema for editors
 *   lint/       rules for what is allowed in a playbook but probably a mistake
 *   report/     events and results -> terminal or JSON
 */
import { closeSync } from "node:fs";
import { isatty } from "node:tty";
import { isInBackground } from "./cli/background.ts";
import { runCommandLine } from "./cli/command-line.ts";
import { startedAs } from "./cli/cores/workers.ts";
import { screen } from "./report/screen.ts";

// Runs the command line.
async function main(): Promise<void> {
  screen.watch(isInBackground);
  startedAs(process.argv[1]!);
  // whatever ends the program before it has an answer, it is no success
  process.exitCode = 1;
  process.once("beforeExit", deadEnd);
  process.exitCode = await runCommandLine(process.argv.slice(2));
  process.off("beforeExit", deadEnd);
  await screen.flush();
  if (screen.failure) {
    process.exitCode = 1;
    screen.warn(`error: stdout cannot be written: ${screen.failure.message}`);
  }
  leaveTerminal();
  // What a run that was stopped or refused still waits for, such as a login, must not hold it.
  if (process.exitCode !== 0) process.exit();
}

// Says so where nothing is left that could still bring an answer: Node would end in silence.
function deadEnd(): void {
  screen.warn(
    "error: this is a defect of hullwright: it waits for something that cannot come\n  hint: please report it, together with the command and its ssh configuration",
  );
}

// At its end Node restores the terminal as it found it. If stdout is a pipe, a pager may
// have changed the terminal's mode since, and would no longer receive keys: so the
// terminal is released before.
function leaveTerminal(): void {
  if (isatty(1)) return;
  for (const fd of [0, 2]) if (isatty(fd)) closeSync(fd);
}

await main();
