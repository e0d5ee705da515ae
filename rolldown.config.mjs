// The whole program in few files: Node starts it in half the time that a file a module takes.
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "rolldown";

// ssh2 is CommonJS and asks where it lies.
const location = 'import { fileURLToPath as hw_path } from "node:url";\nconst __filename = hw_path(import.meta.url), __dirname = hw_path(new URL(".", import.meta.url));';

// The licences of the packages that were built in, which ask to travel along.
function licences(bundle) {
  const modules = Object.values(bundle).flatMap((chunk) => chunk.moduleIds ?? []);
  const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version}\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : license}\n`;
  }).join(`\n${"-".repeat(80)}\n\n`);
}

const finish = {
  name: "finish",
  generateBundle(_options, bundle) {
    this.emitFile({ type: "asset", fileName: "LICENSES.txt", source: licences(bundle) });
  },
  writeBundle: () => chmodSync("dist/main.js", 0o755),
};

export default defineConfig({
  input: "src/main.ts",
  platform: "node",
  // parts that ssh2 can do without, and that would have to be compiled
  external: [/cpu-features/, /\.node$/],
  // @iarna/toml asks for node:util that way
  checks: { eval: false },
  output: {
    dir: "dist",
    // one folder deep, as the sources are, so that what lies beside dist is found from there
    chunkFileNames: "parts/[name].js",
    intro: location,
  },
  plugins: [finish],
});
