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
  const packed = await releases();
  const runc = readFileSync(join(packed.dir, packed.runc.at(-1)!.path)).toString("base64");
  await host.must("base64 -d > /usr/local/sbin/runc; chmod 755 /usr/local/sbin/runc", runc);
  for (const one of series) {
    const release = packed.containerd.find(({ version }) => version.startsWith(`${one}.`))!;
    const tar = readFileSync(join(packed.dir, release.path)).toString("base64");
    const root = `/opt/c${one}`;
    await host.must(
      `mkdir -p ${root} /var/lib/containerd/${one}; base64 -d | tar -xz -C ${root} --no-same-owner`,
      tar,
    );
    await host.must(
      `cat > ${root}/config.toml`,
      `version = ${one.startsWith("2") ? 3 : 2}
root = "/var/lib/containerd/${one}"
state = "/run/c${one}"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.runtime"]
[grpc]
address = "/run/c${one}/c.sock"
[plugins."io.containerd.internal.v1.opt"]
path = "${root}"
`,
    );
    await host.must(
      `systemd-run -q --unit c${one} -p KillMode=process -p Delegate=yes -p Environment=PATH=${root}/bin:/usr/local/sbin:/usr/sbin:/usr/bin ${root}/bin/containerd -c ${root}/config.toml`,
    );
  }
  const daemons = series.map((one) => ({
    series: one,
    address: `/run/c${one}/c.sock`,
    ctr: `/opt/c${one}/bin/ctr`,
  }));
  for (const { ctr, address } of daemons)
    await host.must(
      `for i in $(seq 100); do ${ctr} -a ${address} version >/dev/null 2>&1 && exit; sleep 0.1; done; exit 1`,
    );
  return daemons;
}
