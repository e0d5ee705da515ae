import { smokeImage } from "../lab/image.ts";
import type { Base } from "../lab/base.ts";
import type { Disk } from "../lab/disk.ts";
import type { LabHost } from "../lab/host.ts";
import { startLab, type Lab } from "../lab/lab.ts";
import { architecture, releases, runcOf } from "../lab/releases.ts";
import { serveReleases, type FileServer } from "../lab/serve.ts";
import { Desk } from "./cli.ts";

/** Lab hosts, the releases that they download, and a desk to call hullwright from. */
export interface Fleet {
  lab: Lab;
  server: FileServer;
  /** The folder of the releases that are served. */
  releases: string;
  desk: Desk;
  inventory: string;
  /** The newest containerd of a series ("1.6", "2.1") that is served. */
  version(series: string): string;
  /** Arguments of the main playbook for a series of containerd. */
  vars(series: string): string[];
  host(name: string): LabHost;
  /** Calls `hullwright plan` or `apply` of a playbook for the hosts; what is applied is confirmed. */
  call(verb: "plan" | "apply", playbook: string, ...more: string[]): ReturnType<Desk["json"]>;
  down(): Promise<void>;
}

export interface FleetOptions {
  /** What the hosts are; Debian 12 unless given. */
  base?: Base;
  /** The Debian release whose runc they run, if it is not one of those that are served. */
  runcOf?: string;
  dataRoot?: Disk | ((host: string) => Disk);
  disks?: (host: string) => Record<string, Disk>;
  /** More variables for all hosts. */
  vars?: Record<string, unknown>;
}

// Starts hosts and all that they need.
export async function startFleet(
  hosts: number | string[],
  options: FleetOptions = {},
): Promise<Fleet> {
  const { vars, runcOf: suite, ...labOptions } = options;
  const [lab, packed] = await Promise.all([startLab({ hosts, ...labOptions }), releases()]);
  const server = await serveReleases(packed.dir, lab.address);
  const desk = new Desk();
  const inventory = desk.file("inventory.yml", lab.inventory(vars));
  const version = (series: string): string =>
    packed.containerd.findLast((release) => release.version.startsWith(`${series}.`))!.version;
  const runc = packed.runc.at(-1)!.version;
  const own = suite === undefined ? undefined : await runcOf(suite);
  const runcVars = {
    runc_version: own?.version ?? runc,
    runc_url:
      own?.file ??
      `${server.url}/opencontainers/runc/releases/download/v${runc}/runc.${architecture}`,
    runc_checksum:
      own === undefined
        ? `sha256:${server.url}/opencontainers/runc/releases/download/v${runc}/runc.sha256sum`
        : "",
  };
  return {
    lab,
    server,
    releases: packed.dir,
    desk,
    inventory,
    version,
    vars: (series) =>
      Object.entries({
        containerd_version: version(series),
        containerd_url: `${server.url}/containerd/containerd/releases/download/v${version(series)}/containerd-${version(series)}-linux-${architecture}.tar.gz`,
        containerd_checksum: `sha256:${server.url}/containerd/containerd/releases/download/v${version(series)}/containerd-${version(series)}-linux-${architecture}.tar.gz.sha256sum`,
        ...runcVars,
      }).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
    host: (name) => lab.hosts.find((host) => host.name === name)!,
    call: (verb, playbook, ...more) =>
      desk.json([verb, playbook, "-i", inventory, ...(verb === "apply" ? ["-y"] : []), ...more]),
    async down() {
      await server.close();
      await lab.stop();
    },
  };
}

// Arguments of the smoke playbook.
export async function smokeVars(): Promise<string[]> {
  return [
    "-e",
    `smoke_archive=${await smokeImage()}`,
    "-e",
    "smoke_image=example.com/smoke/hello:1",
  ];
}
