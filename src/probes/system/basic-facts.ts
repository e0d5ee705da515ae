import { sh } from "../../script/sh.ts";
import { readAnswer, type Facts } from "./facts/answer.ts";
import { distributionFacts, PACKAGE_MANAGERS } from "./facts/distribution.ts";
import { systemFacts } from "./facts/system.ts";
import { ONCE, ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** The facts that most playbooks look at, and that the shell can read by itself. */
const BASICS = [
  "architecture",
  "machine",
  "kernel",
  "kernel_version",
  "system",
  "nodename",
  "hostname",
  "service_mgr",
  "os_family",
  "pkg_mgr",
  "distribution",
  "distribution_version",
  "distribution_major_version",
  "distribution_release",
];

const FILES = [
  "/proc/sys/kernel/ostype",
  "/proc/sys/kernel/osrelease",
  "/proc/sys/kernel/version",
  "/proc/sys/kernel/arch",
  "/proc/1/comm",
  "/etc/os-release",
  "/usr/lib/os-release",
  "/etc/debian_version",
  "/etc/centos-release",
];
const MARKS = [
  ...PACKAGE_MANAGERS.map(([path]) => path),
  "/run/ostree-booted",
  "/run/systemd/system",
  "/sbin/openrc",
];

/**
 * Facts without a single process on the host, where its kernel names its architecture (since 6.1).
 */
export const basics: ProbeKind<null, Facts> = {
  name: "basics",
  holds: { asked: ONCE },
  subject: () => "basics",
  script:
    () => sh`IFS=' ' read -r hw_l < /proc/sys/kernel/hostname; printf '\n--words--\nhost %s\n' "$hw_l"
[ -e /proc/sys/kernel/arch ] || printf 'machine %s\n' "$(uname -m)"
printf '\n--exists--\n'; for hw_p in ${MARKS}; do [ -e "$hw_p" ] && printf '%s\n' "$hw_p"; done
printf '\n--lines--\n\n--names--\n\n--date--\n\n--files--\n'
for hw_p in ${FILES}; do
  [ -r "$hw_p" ] || continue
  printf '\n==> %s <==\n' "$hw_p"; while IFS= read -r hw_l || [ -n "$hw_l" ]; do printf '%s\n' "$hw_l"; done < "$hw_p"
done`,
  parse(output, args) {
    const answer = readAnswer(output);
    if (!answer.words.has("host"))
      throw new ProbeError("the host's answer about its facts is truncated or garbled");
    const all = { ...systemFacts(answer), ...distributionFacts(answer) };
    const picked = Object.fromEntries(
      BASICS.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])),
    );
    return args.map(() => picked);
  },
};

// Whether a variable is one of these facts.
export function isBasic(variable: string): boolean {
  return BASICS.includes(variable.replace(/^ansible_/, ""));
}

// Asks for these facts.
export function askBasics(): Probe<Facts> {
  return ask(basics, null);
}
