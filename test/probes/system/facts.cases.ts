import type { Facts } from "../../../src/probes/system/facts.ts";

/** What a host answers, as parts; the parts that a case does not name are empty. */
export interface FactsCase {
  name: string;
  files?: { [path: string]: string };
  lines?: { [path: string]: string };
  exists?: string[];
  words?: { [name: string]: string };
  ip?: string[];
  sizes?: string[];
  names?: string[];
  date?: string;
  expect: Facts;
}

// One distribution by its os-release.
function distribution(
  name: string,
  osRelease: string,
  expect: Facts,
  rest: Partial<FactsCase> = {},
): FactsCase {
  return { name, ...rest, files: { "/etc/os-release": osRelease, ...rest.files }, expect };
}

const CPU = [0, 1, 2, 3]
  .map(
    (n) =>
      `processor\t: ${n}\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon\nphysical id\t: ${n >> 1}\nsiblings\t: 2\ncore id\t\t: 0\ncpu cores\t: 1`,
  )
  .join("\n");

export const cases: FactsCase[] = [
  distribution(
    "Debian tells its minor version in a file of its own",
    `NAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n`,
    {
      distribution: "Debian",
      distribution_version: "12.11",
      distribution_major_version: "12",
      distribution_minor_version: "11",
      distribution_release: "bookworm",
      os_family: "Debian",
      pkg_mgr: "apt",
    },
    { files: { "/etc/debian_version": "12.11" } },
  ),
  distribution(
    "Debian testing has no number",
    `NAME="Debian GNU/Linux"\nVERSION_CODENAME=forky\nID=debian\n`,
    { distribution: "Debian", distribution_version: "forky/sid", distribution_release: "forky" },
    { files: { "/etc/debian_version": "forky/sid" } },
  ),
  distribution(
    "Ubuntu does not take Debian's version",
    `NAME="Ubuntu"\nVERSION_ID="22.04"\nVERSION="22.04.3 LTS (Jammy Jellyfish)"\nVERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian\n`,
    {
      distribution: "Ubuntu",
      distribution_version: "22.04",
      distribution_major_version: "22",
      distribution_release: "jammy",
      os_family: "Debian",
      pkg_mgr: "apt",
    },
    { files: { "/etc/debian_version": "bookworm/sid" }, exists: ["/usr/bin/dnf"] },
  ),
  distribution(
    "Rocky is of Red Hat's family",
    `NAME="Rocky Linux"\nVERSION="9.3 (Blue Onyx)"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\n`,
    {
      distribution: "Rocky",
      distribution_version: "9.3",
      distribution_major_version: "9",
      distribution_release: "Blue Onyx",
      os_family: "RedHat",
      pkg_mgr: "dnf",
    },
    { exists: ["/usr/bin/yum", "/usr/bin/dnf"] },
  ),
  distribution(
    "CentOS 7 has yum and a longer version",
    `NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nVERSION_ID="7"\n`,
    {
      distribution: "CentOS",
      distribution_version: "7.9",
      distribution_major_version: "7",
      distribution_release: "Core",
      pkg_mgr: "yum",
    },
    {
      files: { "/etc/centos-release": "CentOS Linux release 7.9.2009 (Core)" },
      exists: ["/usr/bin/yum"],
    },
  ),
  distribution(
    "Alpine",
    `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1\n`,
    {
      distribution: "Alpine",
      distribution_version: "3.19.1",
      distribution_major_version: "3",
      os_family: "Alpine",
      pkg_mgr: "apk",
    },
    { exists: ["/sbin/apk"] },
  ),
  distribution(
    "a distribution nobody knows keeps its own name",
    `NAME='Foo Bar'\nID=foo\nVERSION_ID=1\n`,
    { distribution: "Foo", os_family: "Foo", distribution_release: "NA", pkg_mgr: "unknown" },
  ),

  {
    name: "the first name with a dot is the full name",
    words: { host: "web1" },
    files: {
      "/etc/hosts": "127.0.0.1 localhost\n127.0.1.1\tweb1 web1.example.org # own\n10.0.0.1 other",
    },
    expect: { nodename: "web1", hostname: "web1", fqdn: "web1.example.org", domain: "example.org" },
  },
  {
    name: "a name that only the resolver knows",
    words: { host: "web1" },
    names: ["10.0.0.5      STREAM web1.lan"],
    expect: { hostname: "web1", fqdn: "web1.lan", domain: "lan" },
  },
  {
    name: "a host name with a domain in it",
    words: { host: "web1.a.b" },
    expect: { nodename: "web1.a.b", hostname: "web1", fqdn: "web1.a.b", domain: "a.b" },
  },
  {
    name: "systemd as process 1",
    files: { "/proc/1/comm": "systemd" },
    expect: { service_mgr: "systemd" },
  },
  {
    name: "a first process that says nothing",
    files: { "/proc/1/comm": "init" },
    exists: ["/run/systemd/system"],
    expect: { service_mgr: "systemd" },
  },
  {
    name: "SELinux that only warns",
    files: { "/sys/fs/selinux/enforce": "0" },
    expect: { selinux: { status: "enabled", mode: "permissive" } },
  },
  {
    name: "AppArmor",
    exists: ["/sys/kernel/security/apparmor"],
    expect: { apparmor: { status: "enabled" }, selinux: { status: "disabled" } },
  },
  {
    name: "an old kernel's machine",
    words: { machine: "i686" },
    expect: { machine: "i686", architecture: "i386" },
  },
  {
    name: "the kernel's command line, keys twice and quotes",
    files: { "/proc/cmdline": 'ro console=tty0 console=ttyS0 x="a b" __proto__=1' },
    expect: {
      cmdline: Object.fromEntries([
        ["ro", true],
        ["console", "ttyS0"],
        ["x", '"a b"'],
        ["__proto__", "1"],
      ]),
      proc_cmdline: Object.fromEntries([
        ["ro", true],
        ["console", ["tty0", "ttyS0"]],
        ["x", '"a b"'],
        ["__proto__", "1"],
      ]),
    },
  },
  {
    name: "the resolver",
    files: {
      "/etc/resolv.conf": "# by hand\nsearch a.b c.d\nnameserver 10.0.0.1\nnameserver 10.0.0.2",
    },
    expect: { dns: { search: ["a.b", "c.d"], nameservers: ["10.0.0.1", "10.0.0.2"] } },
  },
  {
    name: "the user whom sudo made us",
    words: { uid: "1000" },
    lines: { "/etc/passwd": "ann:x:1000:1001:Ann,,,:/home/ann:/bin/bash\nbob:x:1:1000::/:/bin/sh" },
    expect: {
      user_id: "ann",
      user_uid: 1000,
      user_gid: 1001,
      user_gecos: "Ann,,,",
      user_dir: "/home/ann",
      user_shell: "/bin/bash",
    },
  },
  {
    name: "a user from a directory",
    words: { uid: "70001" },
    names: ["ldap:*:70001:70000:L:/home/ldap:/bin/zsh"],
    expect: { user_id: "ldap", user_dir: "/home/ldap" },
  },
  {
    name: "the environment, lines within values",
    files: { "/proc/self/environ": "HOME=/root\0X=a\nb=c\0" },
    expect: { env: { HOME: "/root", X: "a\nb=c" } },
  },

  {
    name: "two sockets with two threads each",
    lines: { "/proc/cpuinfo": CPU },
    expect: {
      processor_count: 2,
      processor_cores: 1,
      processor_threads_per_core: 2,
      processor_vcpus: 4,
      processor_nproc: 4,
    },
  },
  {
    name: "ARM says little of its processors",
    lines: { "/proc/cpuinfo": "processor\t: 0\nprocessor\t: 1" },
    expect: { processor_count: 2, processor_cores: 1, processor_vcpus: 2, processor_nproc: 2 },
  },
  {
    name: "memory in MiB",
    lines: {
      "/proc/meminfo":
        "MemTotal:        4028416 kB\nMemFree:         1024 kB\nBuffers: 1024 kB\nCached: 2048 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB",
    },
    expect: {
      memtotal_mb: 3934,
      memfree_mb: 1,
      swaptotal_mb: 0,
      memory_mb: {
        real: { total: 3934, free: 1, used: 3933 },
        nocache: { free: 4, used: 3930 },
        swap: { total: 0, free: 0, used: 0, cached: 0 },
      },
    },
  },
  {
    name: "mounts: of several at one point, the last, in the place of the first",
    lines: { "/proc/mounts": "/dev/a /x xfs rw 0 0\n/dev/b /y xfs rw 0 0\n/dev/c /x ext4 ro 0 0" },
    expect: {
      mounts: [
        { device: "/dev/c", mount: "/x", fstype: "ext4", options: "ro" },
        { device: "/dev/b", mount: "/y", fstype: "xfs", options: "rw" },
      ],
    },
  },
  {
    name: "mounts: a blank in the name, and no size of a network's",
    lines: { "/proc/mounts": "/dev/sda1 /srv/my\\040disk xfs rw 0 0\nnas:/x /mnt nfs4 ro 0 0" },
    sizes: ["4096 512 100 50 40 10 4 /srv/my disk"],
    expect: {
      mounts: [
        {
          device: "/dev/sda1",
          mount: "/srv/my disk",
          fstype: "xfs",
          options: "rw",
          size_total: 409600,
          size_available: 163840,
          block_size: 512,
          block_total: 100,
          block_available: 40,
          block_used: 60,
          inode_total: 10,
          inode_available: 4,
          inode_used: 6,
        },
        { device: "nas:/x", mount: "/mnt", fstype: "nfs4", options: "ro" },
      ],
    },
  },

  {
    name: "the way out, secondaries, a bridge, and a name with a sign",
    files: {
      "/sys/class/net/eth-0/address": "02:00:00:00:00:01",
      "/sys/class/net/eth-0/mtu": "1500",
      "/sys/class/net/eth-0/type": "1",
      "/sys/class/net/eth-0/flags": "0x1103",
      "/sys/class/net/br0/operstate": "down",
      "/sys/class/net/br0/type": "1",
      "/sys/class/net/br0/bridge/bridge_id": "8000.02",
    },
    ip: [
      "2: eth-0    inet 10.0.0.5/23 brd 10.0.1.255 scope global eth-0\\  valid_lft forever",
      "2: eth-0    inet 10.0.0.6/23 scope global secondary eth-0\\ x",
      "2: eth-0@if3    inet6 fe80::1/64 scope link \\ x",
      "3: tun0    inet 10.9.0.1 peer 10.9.0.2/32 scope global tun0\\ x",
      "8.8.8.8 via 10.0.0.1 dev eth-0 src 10.0.0.5 uid 0 \\    cache ",
    ],
    expect: {
      interfaces: ["eth-0", "br0", "tun0"],
      all_ipv4_addresses: ["10.0.0.5", "10.0.0.6", "10.9.0.1"],
      all_ipv6_addresses: ["fe80::1"],
      default_ipv4: {
        interface: "eth-0",
        address: "10.0.0.5",
        gateway: "10.0.0.1",
        prefix: "23",
        broadcast: "10.0.1.255",
        netmask: "255.255.254.0",
        network: "10.0.0.0",
        macaddress: "02:00:00:00:00:01",
        mtu: 1500,
        type: "ether",
        alias: "eth-0",
      },
      default_ipv6: {},
      eth_0: {
        device: "eth-0",
        macaddress: "02:00:00:00:00:01",
        mtu: 1500,
        type: "ether",
        promisc: true,
        ipv4: {
          address: "10.0.0.5",
          prefix: "23",
          broadcast: "10.0.1.255",
          netmask: "255.255.254.0",
          network: "10.0.0.0",
        },
        ipv4_secondaries: [
          {
            address: "10.0.0.6",
            prefix: "23",
            broadcast: "",
            netmask: "255.255.254.0",
            network: "10.0.0.0",
          },
        ],
        ipv6: [{ address: "fe80::1", prefix: "64", scope: "link" }],
      },
      br0: { device: "br0", active: false, type: "bridge", id: "8000.02" },
    },
  },
  {
    name: "an interface cannot take another fact's name",
    files: { "/sys/class/net/kernel/mtu": "1", "/proc/sys/kernel/osrelease": "6.1" },
    expect: { kernel: "6.1" },
  },

  {
    name: "a container under systemd-nspawn, seen by root",
    words: { uid: "0" },
    files: { "/run/systemd/container": "systemd-nspawn" },
    expect: { virtualization_type: "container", virtualization_role: "guest" },
  },
  {
    name: "a virtual machine of QEMU",
    files: { "/sys/devices/virtual/dmi/id/sys_vendor": "QEMU" },
    expect: { virtualization_type: "kvm", virtualization_role: "guest", system_vendor: "QEMU" },
  },
  {
    name: "a host of virtual machines",
    lines: { "/proc/modules": "kvm 1000 2 - Live 0x0" },
    expect: { virtualization_type: "kvm", virtualization_role: "host" },
  },
  { name: "bare metal", expect: { virtualization_type: "NA", virtualization_role: "NA" } },

  {
    name: "the zone while its clocks are ahead",
    date: "2026 01 Sunday 0 00 04 00 30 05 1767483005 001002003 CET +0100\n2026 01 Thursday 4 00 01 00 00 00 1767222000 000000000 CET +0100\n2026 07 Wednesday 3 26 01 00 00 00 1782856800 000000000 CEST +0200",
    expect: { date_time: { tz: "CET", tz_dst: "CEST" } },
  },
  {
    name: "the clock east of Greenwich",
    date: "2026 01 Sunday 0 00 04 00 30 05 1767483005 001002003 CET +0100",
    expect: {
      date_time: {
        year: "2026",
        month: "01",
        weekday: "Sunday",
        weekday_number: "0",
        weeknumber: "00",
        day: "04",
        hour: "00",
        minute: "30",
        second: "05",
        epoch: "1767483005",
        epoch_int: "1767483005",
        tz: "CET",
        tz_offset: "+0100",
        date: "2026-01-04",
        time: "00:30:05",
        iso8601: "2026-01-03T23:30:05Z",
        iso8601_micro: "2026-01-03T23:30:05.001002Z",
        iso8601_basic: "20260104T003005001002",
        iso8601_basic_short: "20260104T003005",
      },
    },
  },
  {
    name: "facts of the host's owner are JSON, INI, or what a program prints",
    files: {
      "/etc/ansible/facts.d/a.fact": '{"role": "db", "n": 1}',
      "/etc/ansible/facts.d/b.fact": "# by hand\n[Main]\nPort = 80\nname: x y\n",
      "/etc/ansible/facts.d/c.fact": "no facts",
      "/etc/ansible/facts.d/d.fact": "out\n\u00013",
    },
    expect: {
      ansible_local: {
        a: { role: "db", n: 1 },
        b: { Main: { port: "80", name: "x y" } },
        c: "error loading facts as JSON or ini - please check content: /etc/ansible/facts.d/c.fact",
        d: "Failure executing fact script (/etc/ansible/facts.d/d.fact), rc: 3, err: ",
      },
    },
  },
  {
    name: "Python is what the host has",
    words: { python: "Python 3.11.2" },
    expect: {
      python_version: "3.11.2",
      python: {
        version: { major: 3, minor: 11, micro: 2, releaselevel: "final", serial: 0 },
        executable: "/usr/bin/python3",
        type: "cpython",
      },
    },
  },
  {
    name: "lsb is what lsb_release would say, and empty without that tool",
    files: {
      "/etc/os-release":
        'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\n',
    },
    exists: ["/usr/bin/lsb_release"],
    expect: {
      lsb: {
        id: "Debian",
        release: "12",
        major_release: "12",
        codename: "bookworm",
        description: "Debian GNU/Linux 12 (bookworm)",
      },
    },
  },
  {
    name: "a disk with its partitions",
    files: {
      "/sys/block/sda/size": "41943040",
      "/sys/block/sda/removable": "0",
      "/sys/block/sda/device/model": "QEMU HARDDISK   ",
      "/sys/block/sda/queue/rotational": "1",
      "/sys/block/sda/queue/scheduler": "none [mq-deadline]",
      "/sys/block/sda/queue/logical_block_size": "512",
      "/sys/block/sda/sda1/partition": "1",
      "/sys/block/sda/sda1/start": "2048",
      "/sys/block/sda/sda1/size": "2097152",
    },
    expect: {
      devices: {
        sda: {
          model: "QEMU HARDDISK",
          vendor: null,
          size: "20.00 GB",
          sectors: "41943040",
          scheduler_mode: "mq-deadline",
          partitions: {
            sda1: { start: "2048", sectors: "2097152", sectorsize: "512", size: "1.00 GB" },
          },
        },
      },
    },
  },
  {
    name: "the case of the machine has a name, and what the firmware leaves out is NA",
    files: {
      "/sys/devices/virtual/dmi/id/chassis_type": "1",
      "/sys/devices/virtual/dmi/id/product_name": "Standard PC",
      "/sys/devices/virtual/dmi/id/product_serial": "\n",
    },
    expect: {
      form_factor: "Other",
      product_name: "Standard PC",
      product_serial: "NA",
      bios_version: "NA",
    },
  },
  {
    name: "a bridge names its ports",
    files: {
      "/sys/class/net/br0/type": "1",
      "/sys/class/net/br0/bridge/bridge_id": "8000.1",
      "/sys/class/net/br0/bridge/stp_state": "0",
      "/sys/class/net/br0/brif/veth1/port_no": "0x1",
      "/sys/class/net/br0/speed": "10000",
    },
    expect: {
      br0: {
        device: "br0",
        type: "bridge",
        id: "8000.1",
        stp: false,
        interfaces: ["veth1"],
        speed: 10000,
      },
    },
  },
];
