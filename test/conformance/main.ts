import { resolve } from "node:path";
import { canAsk, noAnsible } from "./ansible.ts";
import { isRight, report, type Verdict } from "./compare.ts";
import { conform, conformOuter } from "./conform.ts";
import { defined } from "../../src/defined.ts";

// All cases, or those of the features that are named; -k WORD: only those with the word in their names. Or --playbook FILE, from
// anywhere, with --serve FOLDER and --before SCRIPT.
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

const verdicts = await run();
process.stdout.write(`${report(verdicts)}\n`);
process.exitCode = verdicts.every(isRight) ? 0 : 1;
