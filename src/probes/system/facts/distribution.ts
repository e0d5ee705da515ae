import { readAssignments, type Answer, type Facts } from "./answer.ts";
import { defined } from "../../../defined.ts";

/**
 * Ansible's name and family for each ID of os-release; source: Ansible's documented
 * distributions and os_family lists.
 */
const KNOWN: { readonly [id: string]: readonly [name: string, family: string] } = {
  debian: ["Debian", "Debian"],
  raspbian: ["Debian", "Debian"],
  ubuntu: ["Ubuntu", "Debian"],
  devuan: ["Devuan", "Debian"],
  kali: ["Kali", "Debian"],
  linuxmint: ["Linux Mint", "Debian"],
  pop: ["Pop!_OS", "Debian"],
  rhel: ["RedHat", "RedHat"],
  centos: ["CentOS", "RedHat"],
  fedora: ["Fedora", "RedHat"],
  rocky: ["Rocky", "RedHat"],
  almalinux: ["AlmaLinux", "RedHat"],
  ol: ["OracleLinux", "RedHat"],
  amzn: ["Amazon", "RedHat"],
  openEuler: ["openEuler", "RedHat"],
  kylin: ["Kylin Linux Advanced Server", "RedHat"],
  "opensuse-leap": ["openSUSE Leap", "Suse"],
  "opensuse-tumbleweed": ["openSUSE Tumbleweed", "Suse"],
  sles: ["SLES", "Suse"],
  arch: ["Archlinux", "Archlinux"],
  manjaro: ["Manjaro", "Archlinux"],
  alpine: ["Alpine", "Alpine"],
  gentoo: ["Gentoo", "Gentoo"],
  flatcar: ["Flatcar", "Flatcar"],
};

/** The paths of package managers; a later one that exists takes precedence. */
export const PACKAGE_MANAGERS: readonly (readonly [path: string, name: string])[] = [
  ["/usr/bin/rpm-ostree", "atomic_container"],
  ["/usr/bin/yum", "yum"],
  ["/usr/bin/dnf", "dnf"],
  ["/usr/bin/apt-get", "apt"],
  ["/usr/bin/zypper", "zypper"],
  ["/usr/bin/pacman", "pacman"],
  ["/sbin/apk", "apk"],
  ["/usr/bin/emerge", "portage"],
  ["/usr/bin/xbps-install", "xbps"],
];

// Names the distribution, its version and family from os-release and Debian's own version file.
export function distributionFacts(answer: Answer): Facts {
  const path = answer.files.has("/etc/os-release") ? "/etc/os-release" : "/usr/lib/os-release";
  const release = readAssignments(answer.files.get(path) ?? "");
  const id = release.get("ID") ?? "";
  const word = (release.get("NAME") ?? "NA").split(" ")[0]!;
  const [distribution, os_family] = KNOWN[id] ?? [word, word];
  const version = fullVersion(id, release.get("VERSION_ID") ?? "", answer);
  const [major, minor] = version.split(".");
  const isNumbered = id === "debian" && /^\d+$/.test(minor ?? "");
  return {
    distribution,
    os_family,
    distribution_version: version || "NA",
    distribution_major_version: major || "NA",
    distribution_release: codename(release),
    ...defined({
      distribution_minor_version: isNumbered ? minor : undefined,
      distribution_file_path: answer.files.has(path) ? path : undefined,
      distribution_file_parsed: answer.files.has(path) ? true : undefined,
      distribution_file_variety: answer.files.has(path) ? variety(id, os_family) : undefined,
    }),
    pkg_mgr: packageManager(os_family, major ?? "", answer.exists),
  };
}

// Which reader of Ansible's would have understood the file: by family, but for
// a few that have their own.
function variety(id: string, family: string): string {
  const own: { readonly [id: string]: string } = {
    centos: "CentOS",
    amzn: "Amazon",
    flatcar: "Flatcar",
  };
  return own[id] ?? (family === "Suse" ? "SUSE" : family);
}

// Debian and CentOS have their minor version outside os-release.
function fullVersion(id: string, version: string, answer: Answer): string {
  const debian = answer.files.get("/etc/debian_version")?.trim();
  if (id === "debian" && debian && (version === "" || debian.startsWith(`${version}.`)))
    return debian;
  const centos = /release (\d+\.\d+)/.exec(answer.files.get("/etc/centos-release") ?? "");
  return id === "centos" && centos ? centos[1]! : version;
}

// The code name, given as such or in the brackets of the long version.
function codename(release: ReadonlyMap<string, string>): string {
  return (
    release.get("VERSION_CODENAME") ??
    release.get("UBUNTU_CODENAME") ??
    /\(([^)]+)\)/.exec(release.get("VERSION") ?? "")?.[1] ??
    "NA"
  );
}

// What the family calls its own wins over what happens to be installed beside it.
function packageManager(family: string, major: string, exists: ReadonlySet<string>): string {
  if (family === "Debian") return "apt";
  if (family === "RedHat") {
    if (exists.has("/run/ostree-booted")) return "atomic_container";
    return Number(major) < 8 || (!exists.has("/usr/bin/dnf") && exists.has("/usr/bin/yum"))
      ? "yum"
      : "dnf";
  }
  return PACKAGE_MANAGERS.findLast(([path]) => exists.has(path))?.[1] ?? "unknown";
}
