import { packageModule } from "../../../src/modules/packages/package.ts";
import { updateLists } from "../../../src/modules/shared/packages/apt_steps.ts";
import type { PackageState } from "../../../src/probes/packages/package.ts";
import type { Case } from "../case.ts";

const absent = (by: PackageState["by"]): PackageState => ({
  by,
  installed: false,
  version: null,
  leftovers: false,
});
const at = (by: PackageState["by"], version: string): PackageState => ({
  by,
  installed: true,
  version,
  leftovers: false,
});

const table: Omit<Case, "module">[] = [
  {
    name: "what is there stays",
    args: { name: "curl", state: "present" },
    before: { packages: { curl: at("apt", "7.88") } },
    expect: { unchanged: true },
  },
  {
    name: "a host of Red Hat installs with dnf",
    args: { name: ["curl"], state: "present" },
    before: { packages: { curl: absent("dnf") } },
    expect: { steps: ["dnf -q -y install curl || exit 1"] },
  },
  {
    name: "a host of Debian removes with apt-get",
    args: { name: "curl", state: "absent" },
    before: { packages: { curl: at("apt", "7.88") } },
    expect: {
      steps: [
        "DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none apt-get -q -y -o DPkg::Lock::Timeout=60 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold remove curl",
      ],
    },
  },
  {
    name: "the lists alone, on a host of Debian",
    args: { update_cache: "yes" },
    before: { packages: { bash: at("apt", "5.2") }, lists: { age: 9000, time: 1 } },
    expect: { steps: [updateLists(5, 12).run.sh] },
  },
  {
    name: "the lists alone are new enough",
    args: { update_cache: true, cache_valid_time: 10_000 },
    before: { packages: { bash: at("apt", "5.2") }, lists: { age: 9000, time: 1 } },
    expect: { unchanged: true },
  },
  {
    name: "the lists alone, on a host of Red Hat: no change",
    args: { update_cache: true },
    always: true,
    before: { packages: { bash: at("dnf", "5.2") } },
    expect: {
      steps: [
        "if command -v dnf >/dev/null; then dnf -q -y makecache; else yum -q -y makecache; fi",
      ],
    },
  },
  {
    name: "an empty list, on a host of Debian: nothing to do",
    args: { name: [], cache_valid_time: 0, install_recommends: false },
    before: { packages: { bash: at("apt", "5.2") } },
    expect: { unchanged: true },
  },
  {
    name: "an empty list and the lists, on a host of Debian",
    args: { name: [], update_cache: true },
    before: { packages: { bash: at("apt", "5.2") }, lists: { age: 9000, time: 1 } },
    expect: { steps: [updateLists(5, 12).run.sh] },
  },
  {
    name: "an empty list and the lists, on a host of Red Hat",
    args: { name: [], update_cache: true },
    always: true,
    before: { packages: { bash: at("dnf", "5.2") } },
    expect: {
      steps: [
        "if command -v dnf >/dev/null; then dnf -q -y makecache; else yum -q -y makecache; fi",
      ],
    },
  },
  {
    name: "an empty list, and a parameter of the other program",
    args: { name: [], enablerepo: "x" },
    before: { packages: { bash: at("apt", "5.2") } },
    expect: { failure: /apt has no parameter "enablerepo"/ },
  },
  {
    name: "a name that is empty, on a host of Debian",
    args: { name: "" },
    before: { packages: { bash: at("apt", "5.2") } },
    expect: { failure: /No package matching '' is available/ },
  },
  {
    name: "neither a package nor the lists",
    args: { state: "present" },
    before: { packages: {} },
    expect: { failure: /name/ },
  },
  {
    name: "another program than the wanted one is refused",
    args: { name: "curl", state: "present", use: "dnf" },
    before: { packages: { curl: at("apt", "7.88") } },
    expect: { failure: /installs packages with apt, not with dnf/ },
  },
  {
    name: "parameters of apt go to apt",
    args: { pkg: "curl", allow_downgrade: true, install_recommends: false, cache_valid_time: 60 },
    before: { packages: { curl: at("apt", "7.88") }, lists: { age: 10, time: 1 } },
    expect: { unchanged: true },
  },
  {
    name: "a parameter of the other program is refused",
    args: { name: "curl", enablerepo: "x" },
    before: { packages: { curl: absent("apt") } },
    expect: { failure: /apt has no parameter "enablerepo"/ },
  },
  {
    name: "and so the other way round",
    args: { name: "curl", purge: true, state: "absent" },
    before: { packages: { curl: at("dnf", "7.88") } },
    expect: { failure: /dnf has no parameter "purge"/ },
  },
];

export const cases: Case[] = table.map((one) => ({
  module: packageModule,
  ...one,
}));
