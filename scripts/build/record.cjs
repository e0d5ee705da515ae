// `node record.cjs PROGRAM WORDS...`: runs the program, and leaves beside it what V8 has made of it by then.
"use strict";
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname } = require("node:path");
const v8 = require("node:v8");
const { Script } = require("node:vm");

const [filename, ...words] = process.argv.slice(2);
const cache = filename.replace(/cjs$/, "cache");
const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
const script = new Script(readFileSync(filename, "latin1"), { filename, cachedData });
if (script.cachedDataRejected) throw new Error("V8 does not take what it made itself");
// what was called once is to be kept, however long ago that was
const { setFlagsFromString } = v8;
setFlagsFromString("--no-flush-bytecode");
// what was made counts only under the same flags
v8.setFlagsFromString = () => undefined;
process.argv = [process.argv[0], filename, ...words];
process.on("exit", () => {
  setFlagsFromString("--flush-bytecode");
  writeFileSync(cache, script.createCachedData());
});
script.runInThisContext()(createRequire(filename), {}, {}, filename, dirname(filename));
