import { dnf } from "../../../src/modules/packages/dnf.ts";
import type { PackageState } from "../../../src/probes/packages/package.ts";
import type { Case } from "../case.ts";

const absent: PackageState = { by: "dnf", installed: false, version: null, leftovers: false };
const at = (version: string): PackageState => ({
  by: "dnf",
  installed: true,
  version,
  leftovers: false,
});

const table: Omit<Case, "module">[] = [
  {
    name: "what is there stays",
    args: { name: ["curl"], state: "installed" },
    before: { packages: { curl: at("7.76-1.el9") } },
    expect: { unchanged: true },
  },
  {
    name: "an empty list is nothing to do",
    args: { name: [] },
    before: { packages: {}, candidates: {} },
    expect: { unchanged: true },
  },
  {
    name: "an empty list, and the lists of the repositories",
    args: { name: [], update_cache: true },
    before: { packages: {}, candidates: {} },
    always: true,
    expect: {
      steps: [
        "if command -v dnf >/dev/null; then dnf -q -y makecache; else yum -q -y makecache; fi",
      ],
    },
  },
  {
    name: "an empty list, and what nothing needs any more",
    args: { name: [], autoremove: true },
    before: { packages: {}, candidates: {} },
    expect: { failure: /autoremove without packages is not supported/ },
  },
  {
    name: "what is missing is installed",
    args: { name: ["curl", "jq-1.6"], enablerepo: "epel", install_weak_deps: false },
    before: { packages: { curl: absent, "jq-1.6": absent } },
    expect: {
      steps: [
        "dnf -q -y --enablerepo=epel --setopt=install_weak_deps=False install curl jq-1.6 || exit 1",
      ],
    },
  },
  {
    name: "latest upgrades",
    args: { name: "curl", state: "latest", update_cache: true },
    before: { packages: { curl: at("7.76-1.el9") }, candidates: { curl: "7.77-1.el9" } },
    expect: {
      steps: ["dnf -q -y makecache", "dnf -q -y install curl || exit 1\ndnf -q -y upgrade curl"],
      after: { packages: { curl: at("7.77-1.el9") }, candidates: { curl: "7.77-1.el9" } },
    },
  },
  {
    name: "latest stays where nothing is newer",
    args: { name: "curl", state: "latest" },
    before: { packages: { curl: at("7.76-1.el9") } },
    expect: { unchanged: true },
  },
  {
    name: "removed with what came along",
    args: { name: "curl", state: "removed", autoremove: true },
    before: { packages: { curl: at("7.76-1.el9") } },
    expect: {
      steps: ["dnf -q -y autoremove curl"],
      after: { packages: { curl: absent }, candidates: {} },
    },
  },
  {
    name: "an old host has yum",
    args: { name: "curl" },
    before: { packages: { curl: { ...absent, by: "yum" } } },
    expect: { steps: ["yum -q -y install curl || exit 1"] },
  },
  {
    name: "a host of Debian is refused",
    args: { name: "curl" },
    before: { packages: { curl: { ...absent, by: "apt" } } },
    expect: { failure: /dnf does not exist on the host/ },
  },
];

export const cases: Case[] = table.map((one) => ({ module: dnf, ...one }));
