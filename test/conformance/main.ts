import { noAnsible } from "./ansible.ts";
import { isRight, report } from "./compare.ts";
import { conform } from "./conform.ts";

// All cases, or those of the features that are named; -k WORD: only those with the word in their names.
if (noAnsible !== undefined) throw new Error(noAnsible);
const words = process.argv.slice(2);
const at = words.indexOf("-k");
const [, only = ""] = at < 0 ? [] : words.splice(at, 2);
const verdicts = await conform((cases) => cases.filter(({ name }) => name.includes(only)), words);
process.stdout.write(`${report(verdicts)}\n`);
process.exitCode = verdicts.every(isRight) ? 0 : 1;
