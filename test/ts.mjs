// Runs a TypeScript program of this repository: `node test/ts.mjs test/lab/main.ts list`. Node 20 cannot by itself.
import { resolve } from "node:path";
import { runnerImport } from "vite";

const [program, ...words] = process.argv.slice(2);
process.argv = [process.argv[0], resolve(program), ...words];
await runnerImport(resolve(program), { configFile: false, logLevel: "error" });
