import { createHash } from "node:crypto";
import { apt } from "../../../src/modules/packages/apt.ts";
import type { PackageState } from "../../../src/probes/packages/package.ts";
import type { Case } from "../case.ts";

const absent: PackageState = { by: "apt", installed: false, version: null, leftovers: false };
const at = (version: string): PackageState => ({
  by: "apt",
  installed: true,
  version,
  leftovers: false,
});
const CALL =
  "DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none apt-get -q -y -o DPkg::Lock::Timeout=60 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold";
const LIST =
  "dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\\n' | sed -n 's/^ii *//p' | sort";
const note = (words: string): string =>
  `${LIST} > "$HW_ENTRY_DIR/"packages-${createHash("sha256").update(words).digest("hex").slice(0, 12)} || exit 1\n`;
const MISSING = String.raw`'s/^E: Unable to locate package \(.*\)$/No package matching '\''\1'\'' is available/p;s/^E: Version '\''\(.*\)'\'' for '\''\(.*\)'\'' was not found$/no available installation candidate for \2=\1/p'`;
// The step that installs: what apt-get says of a package that is not there is told in Ansible's words.
const install = (words: string, call: string): string => {
  const name = `packages-${createHash("sha256").update(words).digest("hex").slice(0, 12)}`;
  const said = `"$HW_ENTRY_DIR/"${name}.err`;
  return `${note(words)}hw_c=0; ${CALL} ${call} 2>${said} || hw_c=$?
[ "$hw_c" = 0 ] || { hw_m=$(sed -n ${MISSING} ${said} | head -n 1); [ -z "$hw_m" ] || { printf '%s\\n' "$hw_m" >&2; exit 1; }; }
cat ${said} >&2; rm -f ${said}; (exit "$hw_c")`;
};
const UPDATE = `hw_i=0; { until hw_e=$(apt-get -q -o APT::Update::Error-Mode=any update 2>&1 >&3); do
  hw_i=$((hw_i + 1)); [ "$hw_i" -le 5 ] || { printf 'Failed to update apt cache: %s\\n' "$hw_e" >&2; :; exit 1; }
  hw_d=$((hw_i * 2)); [ "$hw_d" -le 12 ] || hw_d=12; sleep "$hw_d"
done; } 3>&1
[ -z "$hw_e" ] || printf '%s\\n' "$hw_e" >&2
touch -c /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp`;
const file = { type: "file", mode: 0o644, sha256: "aa" };

/** No packages are named. */
const none = { packages: {}, candidates: {} };

const URL = "https://example.com/x.deb";

const table: Omit<Case, "module">[] = [
  {
    name: "what is there stays",
    args: { name: ["curl", "jq"] },
    before: { packages: { curl: at("7.88"), jq: at("1.6") } },
    expect: { unchanged: true },
  },
  {
    name: "what is only checked fails where apt-get has no such package",
    args: { name: ["curl", "none"] },
    given: { isChecked: true },
    before: {
      packages: { curl: absent, none: absent },
      trials: { curl: [{ name: "curl", from: null, to: "7.88" }], none: [] },
    },
    expect: { failure: /^No package matching 'none' is available$/ },
  },
  {
    name: "an empty list is nothing to do",
    args: { name: [] },
    before: none,
    expect: { unchanged: true },
  },
  {
    name: "an empty name among others is no package",
    args: { name: "curl," },
    before: { packages: { curl: at("7.88") } },
    expect: { failure: /No package matching '' is available/ },
  },
  {
    name: "a pattern stands for the packages that the host knows, without its version",
    args: { name: ["j?", "php*=8"], state: "present" },
    before: {
      matches: { "j?": ["jq"], "php*": ["php", "php-cli"] },
      packages: { jq: at("1.6"), php: absent, "php-cli": at("8") },
    },
    expect: {
      steps: [install("php", "install php")],
      after: {
        matches: { "j?": ["jq"], "php*": ["php", "php-cli"] },
        packages: { jq: at("1.6"), php: { ...at(""), version: null }, "php-cli": at("8") },
        candidates: {},
      },
    },
  },
  {
    name: "a pattern that stands for none",
    args: { name: ["zz*"], state: "absent" },
    before: { ...none, matches: { "zz*": [] } },
    expect: { failure: /^No package\(s\) matching 'zz\*' available$/ },
  },
  {
    name: "an empty name needs no removal",
    args: { name: "", state: "absent" },
    before: none,
    expect: { unchanged: true },
  },
  {
    name: "only what is missing is installed",
    args: { name: "curl,jq" },
    before: { packages: { curl: at("7.88"), jq: absent } },
    expect: {
      steps: [install("jq", "install jq")],
      after: { packages: { curl: at("7.88"), jq: { ...at(""), version: null } }, candidates: {} },
    },
  },
  {
    name: "what another package provides is there",
    args: { name: "awk", state: "latest" },
    before: {
      packages: { awk: { ...at("1.3"), provider: "mawk" } },
      candidates: { awk: null },
      lists: { age: 9, time: 1 },
    },
    expect: { unchanged: true },
  },
  {
    name: "a version that fits stays",
    args: { name: "curl=7.*" },
    before: { packages: { curl: at("7.88") } },
    expect: { unchanged: true },
  },
  {
    name: "another version is installed",
    args: { name: "curl=7.89", allow_downgrade: true },
    before: { packages: { curl: at("7.90") } },
    expect: {
      steps: [install("curl=7.89", "install --allow-downgrades curl=7.89")],
      after: { packages: { curl: at("7.89") }, candidates: {} },
    },
  },
  {
    name: "force allows all that can be allowed",
    args: { name: "curl=7.89", force: true },
    before: { packages: { curl: at("7.90") } },
    expect: {
      steps: [
        install(
          "curl=7.89",
          "install --allow-downgrades --allow-unauthenticated --allow-change-held-packages curl=7.89",
        ),
      ],
      after: { packages: { curl: at("7.89") }, candidates: {} },
    },
  },
  {
    name: "latest upgrades to what the lists know",
    args: { name: "curl", state: "latest", default_release: "sid", install_recommends: false },
    before: {
      packages: { curl: at("7.88") },
      candidates: { curl: "8.1" },
      lists: { age: 9, time: 1 },
    },
    expect: {
      steps: [install("curl", "install --no-install-recommends -t sid curl")],
      after: {
        packages: { curl: at("8.1") },
        candidates: { curl: "8.1" },
        lists: { age: 9, time: 1 },
      },
    },
  },
  {
    name: "latest stays where the lists know nothing newer",
    args: { name: "curl", state: "latest" },
    before: {
      packages: { curl: at("7.88") },
      candidates: { curl: "7.88" },
      lists: { age: 9, time: 1 },
    },
    expect: { unchanged: true },
  },
  {
    name: "latest stays where the lists do not know the package",
    args: { name: "curl", state: "latest" },
    before: { packages: { curl: at("7.88") }, lists: { age: 9, time: 1 } },
    expect: { unchanged: true },
  },
  {
    name: "only_upgrade installs nothing",
    args: { name: "curl", state: "latest", only_upgrade: true },
    before: { packages: { curl: absent }, lists: null },
    expect: { unchanged: true },
  },
  {
    name: "lists that are too old are updated first",
    args: { name: "curl", update_cache: true, cache_valid_time: 3600 },
    before: { packages: { curl: absent }, lists: { age: 4000, time: 1 } },
    expect: {
      steps: [UPDATE, install("curl", "install curl")],
      after: {
        packages: { curl: { ...at(""), version: null } },
        candidates: {},
        lists: { age: 0, time: null },
      },
    },
  },
  {
    name: "lists that are young enough are left alone",
    args: { cache_valid_time: 3600 },
    before: { lists: { age: 3600, time: 1 } },
    expect: { unchanged: true },
  },
  {
    name: "lists are updated each time without a time",
    args: { update_cache: true },
    before: { lists: { age: 1, time: 1 } },
    expect: { steps: [UPDATE], after: { ...none, lists: { age: 0, time: null } } },
  },
  {
    name: "lists that are not there are updated",
    args: { update_cache: true, cache_valid_time: 10 },
    before: { lists: null },
    expect: { steps: [UPDATE] },
  },
  {
    name: "a package is removed",
    args: { name: "curl", state: "absent", autoremove: true },
    before: { packages: { curl: at("7.88") } },
    expect: { steps: [`${CALL} remove --auto-remove curl`] },
  },
  {
    name: "leftovers are purged",
    args: { name: "curl", state: "absent", purge: true },
    before: { packages: { curl: { ...absent, leftovers: true } } },
    expect: {
      steps: [`${CALL} purge curl`],
      after: { packages: { curl: absent }, candidates: {} },
    },
  },
  {
    name: "leftovers may stay",
    args: { name: "curl", state: "absent" },
    before: { packages: { curl: { ...absent, leftovers: true } } },
    expect: { unchanged: true },
  },
  {
    name: "what another provides cannot be removed by that name",
    args: { name: "awk", state: "absent" },
    before: { packages: { awk: { ...at("1.3"), provider: "mawk" } } },
    expect: { unchanged: true },
  },
  {
    name: "what nothing needs is removed",
    args: { autoremove: true, purge: true },
    before: { all: [{ name: "libold", from: "1", to: null }] },
    expect: { steps: [`${CALL} autoremove --purge`], after: { ...none, all: [] } },
  },
  {
    name: "all packages are upgraded",
    args: { upgrade: "dist", update_cache: true },
    before: { all: [{ name: "curl", from: "1", to: "2" }], lists: { age: 1, time: 1 } },
    expect: { steps: [UPDATE, `${CALL} dist-upgrade`] },
  },
  {
    name: "a star stands for all packages",
    args: { name: "*", state: "latest" },
    before: { all: [{ name: "curl", from: "1", to: "2" }], lists: { age: 1, time: 1 } },
    expect: { steps: [`${CALL} upgrade --with-new-pkgs`] },
  },
  {
    name: "a star and more",
    args: { name: ["*", "curl"], state: "latest" },
    before: {},
    expect: { failure: /unable to install additional packages when upgrading all/ },
  },
  {
    name: "downloaded packages that can be had no more",
    args: { autoclean: true, autoremove: true },
    before: { all: [{ name: "curl", from: "1", to: null }] },
    expect: { steps: [`${CALL} autoclean`], after: { ...none, all: [] } },
  },
  {
    name: "downloaded packages stay where the lists are updated",
    args: { autoclean: true, update_cache: true },
    before: { lists: { age: 1, time: 1 } },
    expect: { steps: [UPDATE] },
  },
  {
    name: "an upgrade that removes nothing",
    args: { upgrade: "safe" },
    before: { all: [{ name: "curl", from: "1", to: "2" }] },
    expect: { steps: [`${CALL} upgrade --with-new-pkgs`] },
  },
  {
    name: "nothing is to be upgraded",
    args: { upgrade: "yes" },
    before: { all: [] },
    expect: { unchanged: true },
  },
  {
    name: "a file's package is installed",
    args: { deb: "/tmp/x.deb" },
    before: { deb: { name: "x", version: "1.0", installed: null, sha256: "aa" }, file },
    expect: {
      steps: [install("/tmp/x.deb", "install /tmp/x.deb")],
      after: { ...none, deb: { name: "x", version: "1.0", installed: "1.0", sha256: "aa" }, file },
      also: { "package x": at("1.0") },
    },
  },
  {
    name: "a file's package already exists",
    args: { deb: "/tmp/x.deb" },
    before: { deb: { name: "x", version: "1.0", installed: "1.0", sha256: "aa" }, file },
    expect: { unchanged: true },
  },
  {
    name: "a file that an earlier task brings is installed",
    args: { deb: "/tmp/x.deb" },
    before: { deb: null, file },
    expect: {
      after: { ...none, deb: { name: null, version: null, installed: null, sha256: "aa" }, file },
    },
  },
  {
    name: "a file that an earlier task replaces is installed",
    args: { deb: "/tmp/x.deb" },
    before: { deb: { name: "x", version: "1.0", installed: "1.0", sha256: "bb" }, file },
    expect: {
      after: { ...none, deb: { name: null, version: null, installed: null, sha256: "aa" }, file },
    },
  },
  {
    name: "a file that is not there is refused",
    args: { deb: "/tmp/x.deb" },
    before: {},
    expect: { failure: /does not exist on the host/ },
  },
  {
    name: "a host without apt is refused",
    args: { name: "curl" },
    before: { packages: { curl: { ...absent, by: "dnf" } } },
    expect: { failure: /apt-get does not exist on the host/ },
  },
  {
    name: "a host with neither is refused",
    args: { name: "curl" },
    before: { packages: { curl: { ...absent, by: "" } } },
    expect: { failure: /there is no package manager on the host/ },
  },
  {
    name: "a package from a URL is fetched, as nobody knows yet what it is",
    args: { deb: URL },
    before: { ...none, note: null },
    expect: {
      after: { ...none, note: { name: null, version: null } },
    },
  },
  {
    name: "what a URL brought stays",
    args: { deb: URL },
    before: { ...none, note: { name: "x", version: "1.0" }, packages: { x: at("1.0") } },
    expect: { unchanged: true },
  },
  {
    name: "it is fetched again where another version has come",
    args: { deb: URL },
    before: { ...none, note: { name: "x", version: "1.0" }, packages: { x: at("0.9") } },
    expect: {
      after: { ...none, note: { name: null, version: null }, packages: { x: at("0.9") } },
    },
  },
  {
    name: "and where it is gone",
    args: { deb: URL },
    before: { ...none, note: { name: "x", version: "1.0" }, packages: { x: absent } },
    expect: { after: { ...none, note: { name: null, version: null }, packages: { x: absent } } },
  },
];

export const cases: Case[] = table.map((one) => ({ module: apt, ...one }));

/** Names that are refused before any host is asked. */
export const refused = [
  "foo-",
  "-o=x",
  "Foo bar",
  "foo*:i386",
  "https://example.com/x.deb",
  "./x.deb",
  "foo;id",
];
