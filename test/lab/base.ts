import { createHash } from "node:crypto";
import { once } from "./cache.ts";
import { must } from "./command.ts";
import { ensurePackages } from "./packages.ts";

interface Recipe {
  /** Debian's release; bookworm (12) unless given. */
  suite?: string;
  further?: readonly string[];
}

/** Every kind of tree, by its name. */
const RECIPES = {
  /** No Python: Hullwright's hosts need none. */
  plain: {},
  /** For hosts that Ansible manages too. */
  python: { further: ["python3", "python3-apt"] },
  /** More shells, and doas. */
  logins: { further: ["fish", "tcsh", "zsh", "opendoas"] },
  debian11: { suite: "bullseye" },
  debian13: { suite: "trixie" },
  sid: { suite: "sid" },
} as const satisfies { [name: string]: Recipe };

export type Base = keyof typeof RECIPES;

// Whether there is such a kind of tree.
export const isBase = (name: string): name is Base => Object.hasOwn(RECIPES, name);

const packages = [
  "systemd",
  "systemd-sysv",
  "dbus",
  "openssh-server",
  "sudo",
  "kmod",
  "iproute2",
  "iptables",
  "ca-certificates",
  "curl",
];

// The password of the user whose sudo asks for one.
export const labPassword = "lab-password";

// Timers would write while a test compares two looks at a quiet host; the rest only slows the boot.
const masked = [
  "apt-daily.timer",
  "apt-daily-upgrade.timer",
  "dpkg-db-backup.timer",
  "e2scrub_all.timer",
  "systemd-tmpfiles-clean.timer",
  "e2scrub_reap.service",
  "console-getty.service",
  "systemd-networkd-wait-online.service",
  "systemd-pstore.service",
];

// One file of keys for every user: the lab's key is written there when a host is made.
const sshd = `MaxStartups 100
MaxSessions 100
UseDNS no
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/ssh/lab_keys
PasswordAuthentication no
Match User secret
  PasswordAuthentication yes
`;

const sudoers = `Defaults !fqdn
deploy ALL=(ALL) NOPASSWD: ALL
secret ALL=(ALL) ALL
`;

// On cgroup v1 the host's view of the controllers is read-only, and runc could not make a cgroup.
const cgroups = `[Unit]
Description=Let runc make cgroups
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
WorkingDirectory=/sys/fs/cgroup
ExecStart=/bin/sh -c 'for c in cpu cpuacct cpuset memory devices freezer blkio pids; do \\
  [ ! -d $c ] || mount -o remount,bind,rw /sys/fs/cgroup/$c; done'
[Install]
WantedBy=sysinit.target
`;

// What is done to the fresh tree, by a shell that is told the tree's place.
const customize = `set -e
for user in deploy secret nosudo; do chroot "$1" useradd -m -s /bin/bash "$user"; done
echo 'secret:${labPassword}' | chroot "$1" chpasswd
cat > "$1/etc/sudoers.d/lab" <<'END'
${sudoers}END
chmod 440 "$1/etc/sudoers.d/lab"
cat > "$1/etc/ssh/sshd_config.d/lab.conf" <<'END'
${sshd}END
cat > "$1/etc/systemd/system/lab-cgroups.service" <<'END'
${cgroups}END
chroot "$1" systemctl -q enable systemd-networkd lab-cgroups
chroot "$1" systemctl -q mask ${masked.join(" ")}
rm -f "$1"/etc/ssh/ssh_host_* "$1/etc/machine-id" "$1/etc/hostname" "$1/etc/resolv.conf" "$1"/var/log/*.log
rm -rf "$1"/var/lib/apt/lists "$1"/var/cache/apt
`;

// The tree that every host of that kind shares as its lower layer; nothing may write into it.
export async function baseTree(base: Base): Promise<string> {
  await ensurePackages();
  const { suite = "bookworm", further = [] }: Recipe = RECIPES[base];
  const include = [...packages, ...further].join(",");
  const recipe = createHash("sha256")
    .update(include + customize)
    .digest("hex")
    .slice(0, 8);
  return await once(`base-${base}-${recipe}`, async (folder) => {
    const words = [
      "--quiet",
      "--variant=minbase",
      // what is served may be older than a moving release's own file allows
      '--aptopt=Acquire::Check-Valid-Until "false"',
      `--include=${include}`,
      `--customize-hook=${customize}`,
    ];
    await must(["mmdebstrap", ...words, suite, folder]);
  });
}
