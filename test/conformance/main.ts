import { resolve } from "node:path";
import { canAsk, noAnsible } from "./ansible.ts";
import { isRight, report, type Verdict } from "./compare.ts";
import { conform, conformOuter } from "./conform.ts";
import { defined } from "../../src/defined.ts";
import { runTarget } from "./run-target.ts";

// All cases, or those of the features that are named; -k WORD: only those with the word in their names. Or --playbook FILE, from
// anywhere, with --serve FOLDER and --before SCRIPT. Or --target DIR: all that is to be run in a directory that was made for Ansible,
// with --before SCRIPT; what stands behind it (-e x=1) goes to both programs.
if (noAnsible !== undefined) throw new Error(noAnsible);
const words = process.argv.slice(2);

// Takes an option and its value out of the words.
function option(name: string): string | undefined {
  const at = words.indexOf(name);
  return at < 0 ? undefined : words.splice(at, 2)[1];
}

// A path from where the program was started.
function path(name: string): string | undefined {
  const value = option(name);
  return value === undefined ? undefined : resolve(value);
}

// Runs what the words ask for.
async function run(): Promise<Verdict[]> {
  const [file, serve, before] = [path("--playbook"), path("--serve"), path("--before")];
  if (file !== undefined) return [await conformOuter({ file, ...defined({ serve, before }) })];
  const only = option("-k") ?? "";
  return conform((cases) => cases.filter((one) => one.name.includes(only) && canAsk(one)), words);
}

// Runs a directory, and tells whether all that both programs came to is the same.
async function runDirectory(directory: string): Promise<boolean> {
  const before = path("--before");
  const compared = await runTarget({ directory, args: words, ...defined({ before }) }, (text) =>
    process.stdout.write(`${text}\n`),
  );
  return compared.every(({ likeness }) => likeness === "same");
}

// Runs cases or a playbook, and tells whether each came out as it says.
async function runCases(): Promise<boolean> {
  const verdicts = await run();
  process.stdout.write(`${report(verdicts)}\n`);
  return verdicts.every(isRight);
}

const target = path("--target");
const isRightAll = target === undefined ? await runCases() : await runDirectory(target);
process.exitCode = isRightAll ? 0 : 1;
