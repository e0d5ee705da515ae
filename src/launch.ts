#!/usr/bin/env node
/**
 * Starts the built program. It lies in one file, and beside it what V8 made of it when
 * it was built, so that Node need not read it again function by function. Another
 * version of Node passes that over.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";

/** The name of both files; the build puts it here. */
declare const PROGRAM: string;

const folder = join(__dirname, "parts");
const filename = join(folder, `${PROGRAM}.cjs`);
const cachedData = readFileSync(join(folder, `${PROGRAM}.cache`));
const script = new Script(readFileSync(filename, "latin1"), { filename, cachedData });
const run = script.runInThisContext() as (
  require: NodeJS.Require,
  module: object,
  exports: object,
  filename: string,
  dirname: string,
) => void;
run(createRequire(filename), {}, {}, filename, folder);
