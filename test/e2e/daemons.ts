import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LabHost } from "../lab/host.ts";
import { releases } from "../lab/releases.ts";

/** One containerd of several on the same host. */
export interface Daemon {
  series: string;
  address: string;
  ctr: string;
}

// Starts the real daemons side by side on one host, each with directories of its own: enough for all that ctr does.
export async function startDaemons(host: LabHost, series: readonly string[]): Promise<Daemon[]> {
  await unpackDaemons(host, series);
  for (const one of series)
    await host.must(
      `cat > /opt/c${one}/config.toml`,
      `version = ${one.startsWith("2") ? 3 : 2}
root = "/var/lib/containerd/${one}"
state = "/run/c${one}"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.runtime"]
[grpc]
address = "/run/c${one}/c.sock"
[plugins."io.containerd.internal.v1.opt"]
path = "/opt/c${one}"
`,
    );
  return runDaemons(host, series);
}

// Puts them on the host, and answers their exact versions.
export async function unpackDaemons(host: LabHost, series: readonly string[]): Promise<string[]> {
  const packed = await releases();
  const runc = readFileSync(join(packed.dir, packed.runc.at(-1)!.path)).toString("base64");
  await host.must("base64 -d > /usr/local/sbin/runc; chmod 755 /usr/local/sbin/runc", runc);
  const versions = [];
  for (const one of series) {
    const release = packed.containerd.find(({ version }) => version.startsWith(`${one}.`))!;
    const tar = readFileSync(join(packed.dir, release.path)).toString("base64");
    await host.must(
      `mkdir -p /opt/c${one} /var/lib/containerd/${one}; base64 -d | tar -xz -C /opt/c${one} --no-same-owner`,
      tar,
    );
    versions.push(release.version);
  }
  return versions;
}

// Starts those that are unpacked, with the config.toml that lies beside each, and waits until they answer.
export async function runDaemons(host: LabHost, series: readonly string[]): Promise<Daemon[]> {
  const daemons = series.map((one) => ({
    series: one,
    address: `/run/c${one}/c.sock`,
    ctr: `/opt/c${one}/bin/ctr`,
  }));
  for (const one of series) {
    const root = `/opt/c${one}`;
    await host.must(
      `systemd-run -q --unit c${one} -p KillMode=process -p Delegate=yes -p Environment=PATH=${root}/bin:/usr/local/sbin:/usr/sbin:/usr/bin ${root}/bin/containerd -c ${root}/config.toml`,
    );
  }
  for (const { ctr, address } of daemons)
    await host.must(
      `for i in $(seq 100); do ${ctr} -a ${address} version >/dev/null 2>&1 && exit; sleep 0.1; done; exit 1`,
    );
  return daemons;
}
