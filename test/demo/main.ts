// The demo itself: starts a host, plans, applies, runs a container, and applies again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { smokeImage, smokeName } from "../lab/image.ts";
import { openLab, removeLab, startLab, type Lab } from "../lab/lab.ts";
import { releases, type Release } from "../lab/releases.ts";
import { serveReleases } from "../lab/serve.ts";
import { allStates } from "../lab/state.ts";

const NAME = "demo";
const isUp = (): boolean => allStates().some(({ name }) => name === NAME);

// One line for whoever watches.
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

// Runs hullwright as a user would, and answers its exit code.
async function hullwright(...words: string[]): Promise<number> {
  say(`\n$ hullwright ${words.map((word) => (/[\s{]/.test(word) ? `'${word}'` : word)).join(" ")}`);
  const child = spawn(process.execPath, ["dist/main.js", ...words], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}

// Fails the demo where a command ends otherwise than it should.
function expectCode(code: number, ...wanted: number[]): void {
  if (!wanted.includes(code))
    throw new Error(`that ended with ${code} instead of ${wanted.join(" or ")}`);
}

// Writes the lab's inventory, with the releases that this machine serves.
function writeInventory(lab: Lab, url: string, containerd: Release, runc: Release): string {
  const file = join(dirname(lab.keyFile), "inventory.yaml");
  writeFileSync(
    file,
    lab.inventory({
      containerd_version: containerd.version,
      containerd_url: `${url}/${containerd.path}`,
      containerd_checksum: `sha256:${containerd.sha256}`,
      runc_version: runc.version,
      runc_url: `${url}/${runc.path}`,
      runc_checksum: `sha256:${runc.sha256}`,
    }),
  );
  return file;
}

async function up(): Promise<void> {
  say(
    "Packing real releases of containerd and runc, and a small image (made once, some minutes) ...",
  );
  const packed = await releases();
  const archive = await smokeImage();
  say("Starting a host (its file system is made once, half a minute) ...");
  const lab = isUp() ? openLab(NAME) : await startLab({ name: NAME, hosts: 1 });
  const host = lab.hosts[0]!;
  const server = await serveReleases(packed.dir, lab.address);
  try {
    const inventory = writeInventory(
      lab,
      server.url,
      packed.containerd.at(-1)!,
      packed.runc.at(-1)!,
    );
    await show(inventory, archive, async () =>
      host.must("systemctl show -p InvocationID --value containerd"),
    );
    const login = `ssh -i ${lab.keyFile} -o UserKnownHostsFile=${lab.knownHosts} root@${host.ip}`;
    say(
      `\nThe host stays up. Log in:      ${login}\nLook at it again:               node dist/main.js plan containerd.yml -i ${inventory}\nRemove it:                      npm run demo -- --down`,
    );
  } finally {
    await server.close();
  }
}

// What hullwright does, in the order in which people meet it. `daemon` names the running daemon.
async function show(
  inventory: string,
  archive: string,
  daemon: () => Promise<string>,
): Promise<void> {
  expectCode(await hullwright("plan", "containerd.yml", "-i", inventory), 0, 2);
  expectCode(await hullwright("apply", "containerd.yml", "-i", inventory, "--yes"), 0);
  expectCode(
    await hullwright(
      "apply",
      "smoke.yml",
      "-i",
      inventory,
      "--yes",
      "-e",
      `smoke_archive=${archive}`,
      "-e",
      `smoke_image=${smokeName}`,
    ),
    0,
  );
  const before = await daemon();
  expectCode(await hullwright("plan", "containerd.yml", "-i", inventory), 0);
  expectCode(await hullwright("apply", "containerd.yml", "-i", inventory, "--yes"), 0);
  if ((await daemon()) !== before)
    throw new Error("containerd was restarted by an apply that had nothing to do");
  say("\nApplied again: 0 changes, 0 restarts (systemd names the same start of containerd).");
}

if (process.argv.includes("--down")) {
  if (isUp()) await removeLab(NAME);
  say("The demo's host is gone.");
} else await up();
