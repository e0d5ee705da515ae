import { noAnsible } from "./ansible.ts";
import { report } from "./compare.ts";
import { conform } from "./conform.ts";

// All cases, or those of the features that are named.
if (noAnsible !== undefined) throw new Error(noAnsible);
const verdicts = await conform((cases) => cases, process.argv.slice(2));
process.stdout.write(`${report(verdicts)}\n`);
process.exitCode = verdicts.some(({ one, verdict }) => (verdict === "same") !== (one.differs === undefined)) ? 1 : 0;
