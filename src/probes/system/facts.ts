import { perObject } from "../../remember.ts";
import { sh, type Script } from "../../script/sh.ts";
import type { Json } from "../../value.ts";
import { readAnswer, type Facts } from "./facts/answer.ts";
import { ASK_DATE, dateFacts } from "./facts/date.ts";
import { deviceFacts, DEVICE_FILES } from "./facts/devices.ts";
import { distributionFacts, PACKAGE_MANAGERS } from "./facts/distribution.ts";
import { hardwareFacts } from "./facts/hardware.ts";
import { listFacts, LOCAL_FACTS, localFacts, RUN_FACTS } from "./facts/local.ts";
import { boardFacts, BOARD } from "./facts/board.ts";
import { networkFacts } from "./facts/network.ts";
import { softwareFacts } from "./facts/software.ts";
import { systemFacts, userFacts } from "./facts/system.ts";
import { virtualFacts } from "./facts/virtual.ts";
import { ONCE, ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { defined } from "../../defined.ts";

export type { Facts } from "./facts/answer.ts";

/** The parts of Ansible's facts; "min" is always among them. */
export const FACT_SUBSETS = ["hardware", "network", "virtual"] as const;
export type FactSubset = (typeof FACT_SUBSETS)[number];

/**
 * Which parts are wanted beside the minimum, all unless said, and where facts of the
 * host's owner lie, if elsewhere.
 */
export type FactsArg = null | { subsets?: FactSubset[]; folder?: string };

/**
 * What kind of host this is, in Ansible's names and values, without the `ansible_` in
 * front. Some five processes on the host: grep, tail, date, and ip and stat where
 * network and hardware are wanted.
 */
export const facts: ProbeKind<FactsArg, Facts> = {
  name: "facts",
  holds: { asked: ONCE },
  subject: () => "facts",
  script: (args) =>
    script(
      new Set(args.flatMap((arg) => arg?.subsets ?? FACT_SUBSETS)),
      new Set(args.map((arg) => arg?.folder ?? LOCAL_FACTS)),
    ),
  parse: (output, args) => args.map((arg) => parseFacts(output, arg?.subsets, arg?.folder)),
};

// Asks for the facts of a host.
export function askFacts(
  subsets: readonly FactSubset[] = FACT_SUBSETS,
  folder: string = LOCAL_FACTS,
): Probe<Facts> {
  const wanted = FACT_SUBSETS.filter((subset) => subsets.includes(subset));
  const arg = {
    ...defined({
      subsets: wanted.length === FACT_SUBSETS.length ? undefined : wanted,
      folder: folder === LOCAL_FACTS ? undefined : folder,
    }),
  };
  return ask(facts, Object.keys(arg).length === 0 ? null : arg);
}

// Facts by the names that they have outside of `ansible_facts`; those of the host's owner
// have one name in both places.
export function prefixed(values: Facts): Facts {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name === "ansible_local" ? name : `ansible_${name}`,
      value,
    ]),
  );
}

/**
 * The variables that facts provide to a play: each by its long name, and all together. Created once
 * per answer, because templates use the facts of many hosts many times.
 */
export const factVariables = perObject(
  (values: Facts): ReadonlyMap<string, Json> =>
    new Map<string, Json>([...Object.entries(prefixed(values)), ["ansible_facts", values]]),
);

/** Reads the host's answer. Throws ProbeError where it cannot be one. */
export function parseFacts(
  output: string,
  subsets: readonly FactSubset[] = FACT_SUBSETS,
  folder: string = LOCAL_FACTS,
): Facts {
  const answer = readAnswer(output);
  if (!answer.words.has("host"))
    throw new ProbeError("the host's answer about its facts is truncated or garbled");
  const wanted = (subset: FactSubset, read: () => Facts): Facts =>
    subsets.includes(subset) ? read() : {};
  return {
    ...wanted("network", () => networkFacts(answer)),
    ...systemFacts(answer),
    ...distributionFacts(answer),
    ...userFacts(answer),
    ...dateFacts(answer.date),
    ...softwareFacts(answer),
    ...localFacts(answer.files, folder),
    ...wanted("hardware", () => ({
      ...hardwareFacts(answer),
      ...boardFacts(answer.files),
      devices: deviceFacts(answer.files),
    })),
    ...wanted("virtual", () => virtualFacts(answer)),
  };
}

const MARKS = [
  ...PACKAGE_MANAGERS.map(([path]) => path),
  "/run/ostree-booted",
  "/run/systemd/system",
  "/sbin/openrc",
  "/sys/kernel/security/apparmor",
  "/.dockerenv",
  "/proc/xen",
  "/dev/kvm",
  "/usr/bin/lsb_release",
];
const SMALL_FILES = [
  "/proc/sys/kernel/ostype",
  "/proc/sys/kernel/osrelease",
  "/proc/sys/kernel/version",
  "/proc/sys/kernel/arch",
  "/proc/sys/crypto/fips_enabled",
  "/proc/cmdline",
  "/proc/loadavg",
  "/proc/uptime",
  "/proc/1/comm",
  "/etc/machine-id",
  "/etc/hosts",
  "/etc/resolv.conf",
  "/etc/os-release",
  "/usr/lib/os-release",
  "/etc/debian_version",
  "/etc/centos-release",
  "/sys/fs/selinux/enforce",
  "/etc/lsb-release",
];
const HOST_KEYS = "/etc/ssh/ssh_host_*_key.pub";
const DMI = ["product_name", "sys_vendor", "bios_vendor"].map(
  (name) => `/sys/devices/virtual/dmi/id/${name}`,
);
const DMI_ALL = BOARD.map((name) => `/sys/devices/virtual/dmi/id/${name}`);
const CPU_LINES =
  "(processor|Processor|vendor_id|Vendor|cpu|model name|physical id|core id|cpu cores|siblings)[[:space:]]*:";
const MEMORY_LINES = "(MemTotal|MemFree|Buffers|Cached|SwapCached|SwapTotal|SwapFree):";
const MODULE_LINES = "(kvm|vboxdrv|virtio) ";

// One program; what need not be known of is not asked.
function script(subsets: ReadonlySet<FactSubset>, folders: ReadonlySet<string>): Script {
  const [hardware, network, virtual] = [
    subsets.has("hardware"),
    subsets.has("network"),
    subsets.has("virtual"),
  ];
  const when = (wanted: boolean, ...words: string[]): string[] => (wanted ? words : []);
  const searched = [
    ...when(hardware, "/proc/mounts", "/proc/meminfo"),
    ...when(hardware || virtual, "/proc/cpuinfo"),
    ...when(virtual, "/proc/modules"),
  ];
  const patterns = [
    ...when(hardware, "/", "[^ ]+:/", MEMORY_LINES),
    ...when(hardware || virtual, CPU_LINES),
    ...when(virtual, MODULE_LINES),
  ];
  const pattern = searched.length > 0 ? `^(${patterns.join("|")})` : "^$";
  const read = [
    ...SMALL_FILES,
    ...when(hardware || virtual, ...DMI),
    ...when(hardware, ...DMI_ALL),
    ...when(virtual, "/proc/1/cgroup", "/proc/1/environ", "/run/systemd/container"),
  ];
  return sh`hw_facts() {
IFS=' ' read -r hw_host < /proc/sys/kernel/hostname; hw_uid=0
while read -r hw_k hw_v hw_l; do [ "$hw_k" = Uid: ] && { hw_uid=$hw_v; break; }; done < /proc/self/status
printf '\n--words--\nhost %s\nuid %s\n' "$hw_host" "$hw_uid"
[ -e /proc/sys/kernel/arch ] || printf 'machine %s\n' "$(uname -m)"
# shellcheck disable=SC3013 # dash, bash and busybox know -ef
[ ! -e /proc/1/root/. ] || [ / -ef /proc/1/root/. ] || printf 'chroot yes\n'
[ ! -x /usr/bin/python3 ] || printf 'python %s\n' "$(/usr/bin/python3 --version)"
printf '\n--exists--\n'; for hw_p in ${MARKS}; do [ -e "$hw_p" ] && printf '%s\n' "$hw_p"; done
case $hw_host in *[!A-Za-z0-9.-]*|'') hw_k=localhost ;; *) hw_k=$hw_host ;; esac
hw_p="[[:space:]]$hw_k([[:space:]]|$)"
hw_l=$(grep -EHs -e ${pattern} -e "^[^:]*:[^:]*:$hw_uid:" -e "$hw_p" ${searched} /etc/passwd /etc/hosts)
printf '\n--lines--\n%s\n' "$hw_l"
printf '\n--names--\n'
case $hw_l in *"/etc/hosts:"*) ;; *) RES_OPTIONS='timeout:1 attempts:1' getent ahostsv4 "$hw_k" ;; esac
case $hw_l in */etc/passwd:*) ;; *) getent passwd "$hw_uid" ;; esac
${hardware ? SIZES : sh`:`}
${network ? ADDRESSES : sh`:`}
printf '\n--date--\n'; ${ASK_DATE}
printf '\n--files--\n'
${listFacts([...folders])}
tail -v -n +1 -- ${read} ${{ sh: HOST_KEYS }} ${network ? INTERFACES : sh``} ${hardware ? DEVICES : sh``} "$@" /proc/self/environ
${network ? SPEEDS : sh`:`}
${RUN_FACTS}
}
hw_facts; :`;
}

// The sizes of local file systems; a network's dead server would block the answer.
const SIZES = sh`printf '\n--sizes--\n'; set -f; IFS='
'; set --
for hw_p in $hw_l; do
  case $hw_p in /proc/mounts://*|/proc/mounts:[!/]*) ;; /proc/mounts:*)
    hw_p=${{ sh: "${hw_p#* }" }}; hw_p=${{ sh: "${hw_p%% *}" }}
    case $hw_p in *\\*) hw_p=$(printf %b "$hw_p") ;; esac
    set -- "$@" "$hw_p" ;;
  *) break ;; esac
done
set +f; unset IFS; [ $# = 0 ] || stat -f -c '%S %s %b %f %a %c %d %n' -- "$@"`;

// All addresses and the ways out in one process; a small `ip` without batches is asked twice.
const ADDRESSES = sh`printf '\n--ip--\n'
hw_l=$(ip -o -force -batch - <<HW_EOF
addr show
route get 8.8.8.8
route get 2404:6800:400a:800::1012
HW_EOF
); [ -n "$hw_l" ] || hw_l=$(ip -o addr show; ip route get 8.8.8.8)
printf '%s\n' "$hw_l"`;

const INTERFACES: Script = {
  sh: [
    "address",
    "mtu",
    "operstate",
    "flags",
    "type",
    "bridge/bridge_id",
    "bridge/stp_state",
    "brif/*/port_no",
    "bonding/slaves",
  ]
    .map((name) => `/sys/class/net/*/${name}`)
    .join(" "),
};

// Reading the speed of an interface without a carrier is an error, after which tail
// would skip all further files.
const SPEEDS = sh`for hw_p in /sys/class/net/*/speed; do if read -r hw_v < "$hw_p"; then printf '\n==> %s <==\n%s\n' "$hw_p" "$hw_v"; fi; done`;

const DEVICES: Script = { sh: DEVICE_FILES.map((name) => `/sys/block/*/${name}`).join(" ") };
