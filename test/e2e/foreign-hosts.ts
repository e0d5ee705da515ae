import { join } from "node:path";
import { smokeImage } from "../lab/image.ts";
import type { LabHost } from "../lab/host.ts";
import { must } from "../lab/command.ts";
import { releases } from "../lab/releases.ts";

/** A host on which others have put containerd, in their way. */
export interface ForeignHost {
  name: string;
  /** Where its programs are, beside /usr/bin. */
  bin: string;
  unit?: string;
  /** Packages that own the programs, by dpkg. */
  packages?: { [name: string]: string };
  config?: string;
  configFile?: string;
  /** What the unit is called, if not containerd. */
  service?: string;
  socket?: string;
  /** More files. */
  files?: { [path: string]: string };
  /** What stays of the conversion once ours is taken off again. */
  stays?: readonly string[];
  /** What must still be said afterwards: a command on the host, and what it prints. */
  kept?: { [command: string]: RegExp };
}

const MIRRORS = `
[plugins."io.containerd.grpc.v1.cri".registry]
  [plugins."io.containerd.grpc.v1.cri".registry.mirrors]
    [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
      endpoint = ["http://hub-mirror.c.163.com/"]
    [plugins."io.containerd.grpc.v1.cri".registry.mirrors."r.example:5000"]
      endpoint = ["http://r.example:5000"]
  [plugins."io.containerd.grpc.v1.cri".registry.configs."r.example:5000".auth]
    username = "hw"
    password = "s3cret"
`;

// A unit as most people write it.
function unitOf(program: string, more = ""): string {
  return `[Unit]
Description=containerd container runtime
After=network.target
[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=${program}
Delegate=yes
KillMode=process
${more}[Install]
WantedBy=multi-user.target
`;
}

export const FOREIGN_HOSTS: readonly ForeignHost[] = [
  {
    name: "package",
    bin: "/usr/bin",
    packages: { containerd: "containerd", runc: "runc" },
    unit: "/usr/lib/systemd/system/containerd.service",
    config: `version = 2
[plugins]
  [plugins."io.containerd.grpc.v1.cri"]
    [plugins."io.containerd.grpc.v1.cri".cni]
      bin_dir = "/usr/lib/cni"
      conf_dir = "/etc/cni/net.d"
  [plugins."io.containerd.internal.v1.opt"]
    path = "/var/lib/containerd"
`,
    kept: { "grep -c /usr/lib/cni /etc/containerd/config.toml": /^1/ },
  },
  {
    name: "docker",
    bin: "/usr/bin",
    packages: { "containerd.io": "containerd runc" },
    unit: "/usr/lib/systemd/system/containerd.service",
    config: `disabled_plugins = ["cri"]\n`,
  },
  {
    name: "hand-etc",
    bin: "/usr/local/bin",
    unit: "/etc/systemd/system/containerd.service",
    config: `version = 2${MIRRORS}`,
    stays: ["/etc/containerd/certs.d"],
    files: {
      "/etc/systemd/system/containerd.service.d/own.conf": "[Service]\nEnvironment=OWN=1\n",
    },
    kept: {
      "cat /etc/containerd/certs.d/docker.io/hosts.toml": /hub-mirror\.c\.163\.com/,
      "cat /etc/containerd/certs.d/r.example:5000/hosts.toml": /Basic aHc6czNjcmV0/,
      "stat -c %a /etc/containerd/certs.d/r.example:5000/hosts.toml": /^600/,
      "tr '\\0' '\\n' < /proc/$(systemctl show -p MainPID --value containerd)/environ": /^OWN=1$/m,
    },
  },
  {
    name: "hand-usr",
    bin: "/usr/local/bin",
    unit: "/usr/lib/systemd/system/containerd.service",
    config: `version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.example/pause:3.2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.crun]
  runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.crun.options]
  BinaryName = "/usr/bin/crun"
`,
    kept: {
      "cat /etc/containerd/config.toml": /pause:3\.2[^]*\/usr\/bin\/crun/,
    },
  },
  {
    name: "no-version",
    bin: "/usr/local/bin",
    unit: "/etc/systemd/system/containerd.service",
    config: MIRRORS.trimStart(),
    stays: ["/etc/containerd/certs.d"],
  },
  {
    name: "kubespray",
    bin: "/usr/local/bin",
    unit: "/etc/systemd/system/containerd.service",
    config: `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
oom_score = 0
[grpc]
  max_recv_message_size = 33554432
[debug]
  level = "info"
[plugins]
  [plugins."io.containerd.grpc.v1.cri"]
    sandbox_image = "registry.k8s.io/pause:3.9"
    max_container_log_line_size = 262144
    enable_unprivileged_ports = true
    [plugins."io.containerd.grpc.v1.cri".containerd]
      default_runtime_name = "runc"
      snapshotter = "overlayfs"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
        runtime_type = "io.containerd.runc.v2"
        base_runtime_spec = "/etc/containerd/cri-base.json"
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
          SystemdCgroup = false
          BinaryName = "/usr/local/bin/runc"
    [plugins."io.containerd.grpc.v1.cri".registry]
      config_path = "/etc/containerd/certs.d"
`,
    files: {
      "/etc/containerd/certs.d/docker.io/hosts.toml":
        'server = "https://docker.io"\n[host."https://mirror.example"]\n  capabilities = ["pull", "resolve"]\n',
      "/etc/containerd/cri-base.json":
        '{"ociVersion":"1.0.2","process":{"user":{"uid":0,"gid":0},"cwd":"/"},"root":{"path":"rootfs"},"linux":{}}\n',
      "/etc/systemd/system/containerd.service.d/http-proxy.conf":
        '[Service]\nEnvironment="NO_PROXY=10.0.0.0/8"\n',
    },
    kept: {
      "cat /etc/containerd/config.toml": /33554432[^]*262144/,
      "grep -c cri-base.json /etc/containerd/config.toml": /^[12]/,
      "cat /etc/containerd/certs.d/docker.io/hosts.toml": /mirror\.example/,
    },
  },
  {
    name: "k3s",
    bin: "/var/lib/rancher/k3s/data/current/bin",
    service: "k3s",
    unit: "/etc/systemd/system/k3s.service",
    socket: "/run/k3s/containerd/containerd.sock",
    configFile: "/var/lib/rancher/k3s/agent/etc/containerd/config.toml",
    config: `version = 2
root = "/var/lib/containerd/k3s"
state = "/run/k3s/containerd"
[grpc]
  address = "/run/k3s/containerd/containerd.sock"
`,
    kept: { "systemctl is-active k3s": /^active/ },
  },
  {
    name: "nerdctl-full",
    bin: "/usr/local/bin",
    unit: "/usr/local/lib/systemd/system/containerd.service",
  },
];

// The programs, where they are, and a container that runs.
export async function makeForeign(
  host: LabHost,
  foreign: ForeignHost,
  series: string,
): Promise<string> {
  const { dir, containerd, runc } = await releases();
  const archive = containerd.find(({ version }) => version.startsWith(`${series}.`))!;
  const { bin, unit, config, files = {}, packages, service = "containerd" } = foreign;
  const socket = foreign.socket ?? "/run/containerd/containerd.sock";
  await host.must("mkdir -p /root/in");
  await must(["tar", "-C", join(host.root, "root/in"), "-xzf", join(dir, archive.path)]);
  await must(["cp", join(dir, runc.at(-1)!.path), join(host.root, "root/in/bin/runc")]);
  await must(["cp", await smokeImage(), join(host.root, "root/in/smoke.tar")]);
  const configFile = foreign.configFile ?? "/etc/containerd/config.toml";
  const said = service === "containerd" ? "" : ` -c ${configFile}`;
  const all: { [path: string]: string } = { ...files };
  const searched =
    service === "k3s" ? `Environment=PATH=${bin}:/usr/sbin:/usr/bin:/sbin:/bin\n` : "";
  if (unit !== undefined) all[unit] = unitOf(`${bin}/containerd${said}`, searched);
  if (config !== undefined) all[configFile] = config;
  for (const [path, text] of Object.entries(all))
    await host.must(`mkdir -p "$(dirname ${path})"; cat > ${path}`, text);
  await host.must(`mkdir -p ${bin}; install -m 755 /root/in/bin/* ${bin}/`);
  for (const [name, programs] of Object.entries(packages ?? {}))
    await host.must(
      `cd /root; p=pkg/${name}; mkdir -p $p/DEBIAN $p/usr/bin; for f in ${programs}; do cp /usr/bin/$f* $p/usr/bin/; done
[ "${programs.split(" ")[0]!}" != containerd ] || { cp /usr/bin/ctr $p/usr/bin/; mkdir -p $p/usr/lib/systemd/system; cp ${unit!} $p/usr/lib/systemd/system/; }
printf 'Package: ${name}\\nVersion: 1\\nArchitecture: all\\nMaintainer: lab <lab@example.org>\\nDescription: lab\\n' > $p/DEBIAN/control
dpkg-deb -Znone -b $p >/dev/null; dpkg -i pkg/${name}.deb >/dev/null; rm -rf pkg`,
    );
  await host.must(
    `systemctl daemon-reload; systemctl enable -q --now ${service}; i=0; until ${bin}/ctr -a ${socket} version >/dev/null 2>&1; do i=$((i+1)); [ $i -lt 50 ] || { journalctl -u ${service} | tail -20; exit 1; }; sleep 0.2; done`,
  );
  await host.must(
    `PATH=$PATH:${bin}; ctr -a ${socket} images import /root/in/smoke.tar >/dev/null; ctr -a ${socket} run -d example.com/smoke/hello:1 lasting sleep 100000; rm -r /root/in`,
  );
  return pidOf(host, foreign);
}

// The process of the container that runs.
export async function pidOf(
  host: LabHost,
  { socket = "/run/containerd/containerd.sock", bin }: ForeignHost,
): Promise<string> {
  const tasks = await host.must(`PATH=$PATH:${bin}; ctr -a ${socket} task ls`);
  return /lasting\s+(\d+)\s+RUNNING/.exec(tasks)?.[1] ?? `not running: ${tasks}`;
}
