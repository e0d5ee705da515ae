// Labs from the command line: `up NAME [--hosts N] [--base python|logins|debian11|debian13|sid]`, `down NAME`, `list`, `clean`,
// `inventory NAME`, `run NAME HOST COMMAND`, `serve NAME` (the packed releases, until it is interrupted).
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { isBase } from "./base.ts";
import { smokeImage } from "./image.ts";
import { cleanStale, openLab, removeLab, startLab } from "./lab.ts";
import { releases } from "./releases.ts";
import { serveReleases } from "./serve.ts";
import { allStates } from "./state.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { hosts: { type: "string", default: "1" }, base: { type: "string", default: "plain" } },
});
const [verb = "list", name = "", ...rest] = positionals;

// Starts a lab that outlives this process, and writes its inventory beside its keys.
async function up(): Promise<void> {
  const lab = await startLab({
    name,
    hosts: Number(values.hosts),
    base: isBase(values.base) ? values.base : "plain",
  });
  const file = join(dirname(lab.keyFile), "inventory.yaml");
  writeFileSync(file, lab.inventory());
  for (const host of lab.hosts) say(`${host.name} ${host.ip}`);
  say(`inventory ${file}\nkey ${lab.keyFile}\nimage ${await smokeImage()}`);
}

// Prints every lab, its hosts, and whether it ends with a process.
function list(): void {
  for (const { name, hosts, owner } of allStates()) {
    const ends = owner === undefined ? "" : `  (of process ${String(owner.pid)})`;
    say(`${name}  ${hosts.map((host) => `${host.name}=${host.ip}`).join(" ")}${ends}`);
  }
}

// Runs a line of shell on one host.
async function runOn(): Promise<void> {
  const [hostName, ...words] = rest;
  const host = openLab(name).hosts.find((one) => one.name === hostName);
  if (host === undefined) throw new Error(`${name} has no host ${String(hostName)}`);
  const { code, stdout, stderr } = await host.run(words.join(" "));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
}

// Serves the packed releases on the lab's address until the process is interrupted.
async function serve(): Promise<void> {
  const { dir, containerd, runc } = await releases();
  const { url } = await serveReleases(dir, openLab(name).address);
  for (const { path } of [...containerd, ...runc]) say(`${url}/${path}`);
}

// One line for people and scripts.
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const verbs: Record<string, () => void | Promise<void>> = {
  up,
  list,
  serve,
  down: () => removeLab(name),
  clean: async () => say((await cleanStale()).join("\n")),
  inventory: () => say(openLab(name).inventory()),
  run: runOn,
};

const chosen = verbs[verb];
if (chosen === undefined)
  throw new Error(`one of ${Object.keys(verbs).join(", ")} is wanted, not ${verb}`);
await chosen();
