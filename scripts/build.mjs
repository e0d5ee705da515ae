// `npm run build`: src/ and the packages it uses become one file, and that is compiled ahead (docs/decisions/0009).
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import { rolldown } from "rolldown";
import { inAscii, latePackage, nodeParts, withLateParts } from "./build/late.mjs";
import { tried } from "./build/trial.mjs";

// A program for `vm`: it is a function of what CommonJS is given, and waits for nothing at its top.
const plain = {
  name: "plain",
  transform: (code, id) =>
    id.endsWith("/src/main.ts")
      ? code.replace(/^#!.*\n/, "").replace(/^await main\(\);$/m, "void main();")
      : undefined,
};

// Parts of ssh2 that are loaded with it and never used here: its server, and agents for HTTP, which load all of Node's HTTP.
const unused = {
  name: "unused",
  load: (id) =>
    /\/ssh2\/lib\/(http-agents|server)\.js$/.test(id) ? "module.exports = {};" : undefined,
};

// Shell in files of its own (`import text from "./x.sh?raw"`), as Vite takes it in tests.
const text = {
  name: "text",
  resolveId: (id, importer) =>
    id.endsWith("?raw")
      ? `\0text:${join(dirname(importer), id.slice(0, -"?raw".length))}`
      : undefined,
  load: (id) =>
    id.startsWith("\0text:")
      ? `export default ${JSON.stringify(readFileSync(id.slice("\0text:".length), "utf8"))};`
      : undefined,
};

// Bundles one entry; answers its chunk.
async function bundle(input, options, output) {
  const built = await rolldown({
    input,
    platform: "node",
    logLevel: "warn",
    // parts that ssh2 can do without, and that would have to be compiled
    external: [/cpu-features/, /\.node$/],
    // @iarna/toml asks for node:util that way
    checks: { eval: false },
    ...options,
  });
  return (await built.generate(output)).output[0];
}

// Compiles every function now, as none is to be compiled when the program runs.
function compiled(code, filename) {
  setFlagsFromString("--no-lazy");
  const script = new Script(code, { filename });
  setFlagsFromString("--lazy");
  return script.createCachedData();
}

// The licences of the packages that were built in, which ask to travel along.
function licences(modules) {
  const folders = new Set(
    modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []),
  );
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(
        readFileSync(join(folder, "package.json"), "utf8"),
      );
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      return `${name} ${version}\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : license}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

const program = await bundle(
  "src/main.ts",
  { plugins: [nodeParts, plain, unused, text, latePackage("ssh2")] },
  { format: "cjs", codeSplitting: false },
);
// A program for `vm` cannot import while it runs: what is left of that would fail only where it is come by.
const late = /(?:await |[[,(]\s*|=> )import\((["'`])[^"'`]*\1\)/.exec(program.code);
if (late) throw new Error(`the built program could not do this: ${late[0]}`);
const code = inAscii(
  `(function (require, module, exports, __filename, __dirname) {${withLateParts(program.code)}\n})`,
);
// code and what was made of it must never be of two builds, so their names tell
const name = createHash("sha256").update(code).digest("hex").slice(0, 12);
const launcher = await bundle(
  "src/launch.ts",
  { transform: { define: { PROGRAM: JSON.stringify(name) } } },
  { format: "cjs" },
);

mkdirSync("dist/parts", { recursive: true });
const file = join("dist/parts", `${name}.cjs`);
writeFileSync(file, code);
// what a build that failed has left
rmSync(file.replace(/cjs$/, "cache"), { force: true });
await tried(resolve(file));
writeFileSync("dist/LICENSES.txt", licences(program.moduleIds));
writeFileSync("dist/main.js.new", launcher.code);
// Node loads a CommonJS program without what it needs for modules
writeFileSync("dist/package.json", `{ "type": "commonjs" }\n`);
chmodSync("dist/main.js.new", 0o755);
renameSync("dist/main.js.new", "dist/main.js");

// what earlier builds left
for (const old of readdirSync("dist/parts"))
  if (!old.startsWith(name)) rmSync(join("dist/parts", old), { recursive: true });
for (const old of readdirSync("dist"))
  if (!["main.js", "parts", "LICENSES.txt", "package.json"].includes(old))
    rmSync(join("dist", old), { recursive: true });
