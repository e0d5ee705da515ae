/** A change that somebody made by hand, and the tasks that must find and mend it. */
export interface Drift {
  name: string;
  damage: string;
  /** What is planned against it. */
  finds: RegExp;
  /** It is about a registry's hosts.toml, which containerd reads from 1.5 on. */
  ofRegistry?: true;
  /** Drift that is none. */
  none?: true;
}

const RUNC_PLACES = "/usr/local/sbin/runc";

/** What people do to a host of containerd.yml. */
export const DRIFTS: readonly Drift[] = [
  { name: "a link removed", damage: "rm /usr/bin/runc", finds: /runc/i },
  {
    name: "a link turned elsewhere",
    damage: "ln -sfn /bin/true /usr/local/bin/runc",
    finds: /runc/i,
  },
  { name: "a mode changed", damage: `chmod 0700 ${RUNC_PLACES}`, finds: /runc/i },
  {
    name: "config.toml edited",
    damage:
      'sed -i \'s/SystemdCgroup = .*/SystemdCgroup = "broken"/; s/^root = .*/root = "\\/elsewhere"/\' /etc/containerd/config.toml',
    finds: /config/i,
  },
  {
    name: "a comment in config.toml",
    damage: "echo '# by hand' >> /etc/containerd/config.toml",
    finds: /^$/,
    none: true,
  },
  {
    name: "the unit edited",
    damage:
      "sed -i 's/^OOMScoreAdjust=.*/OOMScoreAdjust=0/' /usr/local/lib/systemd/system/containerd.service",
    finds: /unit/i,
  },
  { name: "the service stopped", damage: "systemctl stop containerd", finds: /started|service/i },
  {
    name: "the service disabled",
    damage: "systemctl disable containerd",
    finds: /started|service/i,
  },
  { name: "the service masked", damage: "systemctl mask containerd", finds: /started|service/i },
  {
    name: "a binary replaced",
    damage: "cp /bin/true /usr/local/bin/ctr.new && mv /usr/local/bin/ctr.new /usr/local/bin/ctr",
    finds: /containerd/i,
  },
  {
    name: "a mirror's hosts.toml deleted",
    damage: "rm /etc/containerd/certs.d/docker.io/hosts.toml",
    finds: /registr|mirror/i,
    ofRegistry: true,
  },
];

/** The registries that a host must have been given for these. */
export const DRIFT_REGISTRIES = [
  {
    name: "docker.io",
    server: "https://registry-1.docker.io",
    hosts: [{ url: "http://mirror.example.com", capabilities: ["pull", "resolve"] }],
  },
];
