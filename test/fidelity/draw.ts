import { createHash } from "node:crypto";
import { numbersOf } from "../numbers.ts";

/** One round: what somebody else does on the host before, in lines of shell, and the tasks of the playbook. */
export interface Round {
  drifts: string[];
  tasks: object[];
}

type Pick = <T>(list: readonly T[]) => T;

const KEY = "AAAAC3NzaC1lZDI1NTE5AAAAI";
const keyOf = (word: string): string => `ssh-ed25519 ${KEY}${word.padStart(43, "A")}`;
const USERS = ["alice", "bob"] as const;
const GROUPS = ["ops", "dev"] as const;
const STATES = ["present", "absent"] as const;
const FILES = ["/srv/fidelity/a", "/srv/fidelity/b", "/srv/fidelity/d/c"] as const;
const UNIT = "/etc/systemd/system/fidelity.service";

/** What else may happen to what the tasks look after. */
export const DRIFTS: readonly string[] = [
  "userdel alice",
  "userdel -r bob",
  "groupdel ops",
  "groupadd dev",
  "useradd -m alice",
  "usermod -s /bin/sh alice",
  "usermod -aG ops bob",
  "usermod -L alice",
  "chage -E 1 bob",
  "chmod 0777 /home/alice",
  "rm -rf /home/alice",
  "rm -f /etc/cron.d/fidelity",
  "echo '1 1 * * * root true' > /etc/cron.d/fidelity",
  "chmod 0600 /etc/cron.d/fidelity",
  "sysctl -qw net.ipv4.ip_forward=0",
  "sysctl -qw net.ipv4.ip_forward=1",
  "sed -i s/ip_forward.*/ip_forward=0/ /etc/sysctl.d/fidelity.conf",
  "rm -f /etc/sysctl.d/fidelity.conf",
  "rm -rf /srv/fidelity",
  "mkdir -p /srv/fidelity/d; echo '[s]' > /srv/fidelity/a",
  "ln -sfn /srv/fidelity/b /srv/fidelity/a",
  "mkdir -p /srv/fidelity; printf 'one\\r\\ntwo' > /srv/fidelity/b",
  "chown 1:1 /srv/fidelity/*",
  "chattr +A /srv/fidelity/a",
  "hostname drifted",
  "echo drifted > /etc/hostname",
  "ln -sfn /usr/share/zoneinfo/Asia/Tokyo /etc/localtime",
  "rm -f /etc/localtime",
  "echo Europe/Rome > /etc/timezone",
  "iptables -F INPUT",
  "iptables -A INPUT -p tcp --dport 81 -j ACCEPT",
  "iptables -I INPUT -p tcp --dport 80 -j DROP",
  "update-alternatives --remove-all fidelity",
  "update-alternatives --install /usr/local/bin/fidelity fidelity /bin/true 5",
  "echo tar hold | dpkg --set-selections",
  "echo tar install | dpkg --set-selections",
  "systemctl stop fidelity",
  "systemctl disable -q fidelity",
  "systemctl mask -q fidelity",
  `printf '[Service]\\nExecStart=/bin/sleep 7777\\n' > ${UNIT}`,
  `rm -f ${UNIT}; systemctl daemon-reload`,
  "umount /mnt/fidelity",
  "sed -i /fidelity/d /etc/fstab",
  "mkdir -p /mnt/fidelity; mount -t tmpfs -o size=2m none /mnt/fidelity",
  "rm -rf /home/bob/.ssh",
  "echo garbage >> /home/bob/.ssh/authorized_keys",
  "chmod 0644 /home/bob/.ssh/authorized_keys",
  "rm -rf /srv/clone",
  "echo edited >> /srv/clone/README",
  "git -C /srv/clone checkout -q --detach v1",
  "echo new > /srv/clone/untracked",
  "echo torn > /srv/fidelity/got",
  "chmod 0600 /srv/fidelity/got",
  "echo edited > /srv/fidelity/t",
  "apt-get -qq -y remove fid-one",
  "dpkg -i /srv/apt/fid-two_1.0_all.deb",
  "dpkg -i /srv/apt/fid-one_1.0_all.deb",
  "apt-get -qq -y install fid-app",
  "echo edited > /usr/share/fid-one",
];

// The kinds of tasks; each draws one.
const kinds: readonly ((pick: Pick) => object)[] = [
  (pick) => ({ group: { name: pick(GROUPS), state: pick(STATES) } }),
  (pick) => ({ group: { name: "ops", gid: pick([2001, 2002]) } }),
  (pick) => ({ user: { name: pick(USERS), shell: pick(["/bin/sh", "/bin/bash"]) } }),
  (pick) => ({
    user: { name: pick(USERS), groups: pick(["adm", "adm,mail"]), append: pick([true, false]) },
  }),
  (pick) => ({ user: { name: pick(USERS), state: "absent", remove: pick([true, false]) } }),
  (pick) => ({ user: { name: pick(USERS), comment: pick(["One", "Two"]), create_home: false } }),
  (pick) => ({ user: { name: pick(USERS), password_lock: pick([true, false]) } }),
  (pick) => ({
    sysctl: {
      name: "net.ipv4.ip_forward",
      value: pick(["0", "1"]),
      state: pick(STATES),
      sysctl_set: pick([true, false]),
      sysctl_file: "/etc/sysctl.d/fidelity.conf",
    },
  }),
  (pick) => ({
    cron: {
      name: pick(["one", "two"]),
      job: "true",
      hour: pick(["1", "*/2"]),
      user: "root",
      cron_file: "fidelity",
      state: pick(STATES),
    },
  }),
  (pick) => ({ cron: { name: "own", job: pick(["true", "false"]), state: pick(STATES) } }),
  (pick) => ({
    file: { path: "/srv/fidelity/d", state: "directory", mode: pick(["0755", "0700"]) },
  }),
  (pick) => ({ file: { path: pick(FILES), state: "absent" } }),
  (pick) => ({ copy: { dest: pick(FILES), content: pick(["one\n", "two\n"]) } }),
  (pick) => ({ lineinfile: { path: pick(FILES), line: pick(["one", "two=2"]), create: true } }),
  (pick) => ({
    blockinfile: { path: pick(FILES), block: "a block", create: true, state: pick(STATES) },
  }),
  (pick) => ({
    ini_file: {
      path: pick(FILES),
      section: "s",
      option: pick(["o", "p"]),
      value: pick(["1", "2"]),
      allow_no_value: true,
      state: pick(STATES),
    },
  }),
  (pick) => ({
    authorized_key: {
      user: "bob",
      path: "/home/bob/.ssh/authorized_keys",
      key: `${keyOf(pick(["k", "j"]))} c`,
      state: pick(STATES),
    },
  }),
  (pick) => {
    const name = pick(["h", "i"]);
    const key = `${name} ${keyOf("h")}`;
    return { known_hosts: { path: "/srv/fidelity.known", name, key, state: pick(STATES) } };
  },
  (pick) => ({ hostname: { name: pick(["one.example", "two.example"]), use: "systemd" } }),
  (pick) => ({ timezone: { name: pick(["Europe/Berlin", "Etc/UTC"]) } }),
  (pick) => ({
    alternatives: {
      name: "fidelity",
      link: "/usr/local/bin/fidelity",
      path: pick(["/bin/true", "/bin/false"]),
      priority: pick([5, 10]),
    },
  }),
  (pick) => ({
    iptables: {
      chain: "INPUT",
      protocol: "tcp",
      destination_port: pick(["80", "81"]),
      jump: "ACCEPT",
      action: pick(["append", "insert"]),
      state: pick(STATES),
    },
  }),
  (pick) => ({ dpkg_selections: { name: "tar", selection: pick(["hold", "install"]) } }),
  (pick) => ({
    copy: {
      dest: UNIT,
      content: unitOf(pick(["5555", "6666"])),
    },
  }),
  (pick) => ({
    systemd_service: {
      name: "fidelity",
      state: pick(["started", "stopped"]),
      enabled: pick([true, false]),
      masked: false,
      daemon_reload: true,
    },
  }),
  (pick) => ({
    mount: {
      path: "/mnt/fidelity",
      src: "none",
      fstype: "tmpfs",
      opts: pick(["size=1m", "size=2m"]),
      state: pick(["mounted", "unmounted", "present", "absent"]),
    },
  }),
  (pick) => ({
    unarchive: { src: "fidelity.tar", dest: "/srv/fidelity/d", mode: pick(["0644", "0600"]) },
  }),
  (pick) => ({
    git: {
      repo: "/srv/origin.git",
      dest: "/srv/clone",
      version: pick(["v1", "main", "other"]),
      force: true,
      update: pick([true, true, false]),
    },
  }),
  (pick) => {
    const name = pick(["one", "two"]);
    const sum = createHash("sha256").update(`${name}\n`).digest("hex");
    return {
      get_url: {
        url: `http://127.0.0.1:8180/${name}`,
        checksum: `sha256:${sum}`,
        dest: "/srv/fidelity/got",
        mode: pick(["0644", "0600"]),
      },
    };
  },
  (pick) => ({
    template: {
      src: "fidelity.j2",
      dest: "/srv/fidelity/t",
      mode: pick(["0644", "0600"]),
    },
    vars: { word: pick(["one", "two"]) },
  }),
  (pick) => ({
    apt: {
      name: pick(["fid-one", "fid-one=1.0", "fid-two", "fid-app", "fid-one,fid-two"]),
      state: pick(["present", "present", "latest", "absent"]),
      allow_downgrade: true,
    },
  }),
  (pick) => ({ apt: { name: "fid-app", state: pick(STATES), purge: true, autoremove: true } }),
];

/** The host gets what its tasks take things from: git with a repository, a server on loopback, packages. */
export const SOURCES = String.raw`set -e
cd /srv
export HOME=/root GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
git init -q -b main work
(cd work
 echo one > README; git add .; git commit -qm one; git tag v1
 git checkout -qb other; echo other > other; git add .; git commit -qm other
 git checkout -q main; echo two > README; git commit -qam two)
git clone -q --bare work origin.git
rm -r work
mkdir -p served; echo one > served/one; echo two > served/two
cat > /usr/local/bin/serve-one <<'END'
#!/bin/sh
read -r _ path _
while read -r line && [ "$line" != "$(printf '\r')" ]; do :; done
file=/srv/served/$(basename "$path")
[ -f "$file" ] || { printf 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'; exit; }
printf 'HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n' "$(stat -c %s "$file")"; cat "$file"
END
cat > /usr/bin/crontab <<'END'
#!/bin/sh
user=root mode= file=-
while [ $# -gt 0 ]; do case $1 in -u) user=$2; shift ;; -l | -r) mode=$1 ;; *) file=$1 ;; esac; shift; done
tab=/var/spool/cron/crontabs/$user
case $mode in
-l) [ -f "$tab" ] || { echo "no crontab for $user" >&2; exit 1; }; cat "$tab" ;;
-r) rm -f "$tab" ;;
*) mkdir -p /var/spool/cron/crontabs; cat "$file" > "$tab" ;;
esac
END
chmod +x /usr/local/bin/serve-one /usr/bin/crontab
printf '[Socket]\nListenStream=127.0.0.1:8180\nAccept=yes\n' > /etc/systemd/system/served.socket
printf '[Service]\nExecStart=/usr/local/bin/serve-one\nStandardInput=socket\n' > /etc/systemd/system/served@.service
systemctl daemon-reload; systemctl start served.socket
mkdir -p apt
for p in fid-one:1.0: fid-one:2.0: fid-two:1.0: fid-two:1.1: 'fid-app:1.0:fid-one'; do
  IFS=: read -r name version needs <<END
$p
END
  mkdir -p b/DEBIAN b/usr/share; echo "$p" > "b/usr/share/$name"
  printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: a <a@b>\nDescription: x\n' "$name" "$version" > b/DEBIAN/control
  [ -z "$needs" ] || echo "Depends: $needs" >> b/DEBIAN/control
  file=apt/@{name}_@{version}_all.deb
  dpkg-deb -Zgzip -b b "$file" >/dev/null
  cat b/DEBIAN/control - >> apt/Packages <<END
Filename: ./@{file#apt/}
Size: $(stat -c %s "$file")
SHA256: $(sha256sum "$file" | cut -c1-64)

END
  rm -r b
done
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/srv/apt ./' > /etc/apt/sources.list.d/fidelity.list
apt-get -qq update`.replaceAll("@{", "${");

// What a task looks after; two tasks of a round never look after the same, as then it would not converge.
function subjectOf(task: object): string {
  const [module, args] = Object.entries(task)[0] as [string, { [name: string]: string }];
  if (module === "apt") return module;
  if (["user", "group"].includes(module)) return `${module} ${args["name"]}`;
  if (module === "alternatives") return module;
  if (module === "cron") return `cron ${args["name"]}`;
  return args["path"] ?? (module === "unarchive" ? module : args["dest"]) ?? module;
}

// Draws a round. What others need comes first.
export function roundOf(seed: number): Round {
  const draw = numbersOf(seed);
  const pick: Pick = (list) => list[draw(list.length)]!;
  const drifts = Array.from({ length: draw(5) }, () => pick(DRIFTS));
  const drawn = Array.from({ length: 4 + draw(6) }, () => pick(kinds)(pick));
  const unit = { copy: { dest: UNIT, content: unitOf("4444") } };
  const tasks = new Map<string, object>();
  for (const task of [
    { file: { path: "/srv/fidelity/d", state: "directory" } },
    ...(drawn.some((task) => "authorized_key" in task) ? [{ user: { name: "bob" } }] : []),
    ...(drawn.some((task) => "systemd_service" in task) ? [unit] : []),
    ...drawn,
  ])
    if (!tasks.has(subjectOf(task))) tasks.set(subjectOf(task), task);
  return {
    drifts,
    tasks: [...tasks.values()].map((task, index) => ({ name: `t${index}`, ...task })),
  };
}

function unitOf(seconds: string): string {
  return `[Service]\nExecStart=/bin/sleep ${seconds}\n[Install]\nWantedBy=multi-user.target\n`;
}
