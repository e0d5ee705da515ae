import type { Answer, Facts } from "./answer.ts";

type Find = (answer: Answer, dmi: (name: string) => string) => string | undefined;

const KVM_VENDORS = new Set([
  "QEMU",
  "Amazon EC2",
  "DigitalOcean",
  "Google",
  "Scaleway",
  "Nutanix",
]);
const KVM_PRODUCTS = new Set(["KVM", "KVM Server", "Bochs", "AHV"]);
const KVM_BIOSES = new Set(["Amazon EC2", "DigitalOcean", "Hetzner"]);
const VENDORS: { readonly [vendor: string]: string } = {
  oVirt: "oVirt",
  KubeVirt: "KubeVirt",
  "Microsoft Corporation": "VirtualPC",
  "Parallels Software International Inc.": "parallels",
  "OpenStack Foundation": "openstack",
};

/** Techniques of guests that are containers, whatever else they are called. */
const CONTAINERS = new Set(["docker", "lxc", "podman", "containerd", "systemd-nspawn"]);

/** Marks of a guest, the surest first. */
const GUEST: readonly Find[] = [
  ({ files }) =>
    /\/docker(\/|-[0-9a-f]+\.scope)/.test(files.get("/proc/1/cgroup") ?? "") ? "docker" : undefined,
  ({ files }) =>
    /\/lxc\/|\/machine\.slice\/machine-lxc/.test(files.get("/proc/1/cgroup") ?? "")
      ? "lxc"
      : undefined,
  ({ files }) =>
    /\/system\.slice\/containerd\.service/.test(files.get("/proc/1/cgroup") ?? "")
      ? "containerd"
      : undefined,
  ({ files, words }) => containerName(containerMark(files), words.get("uid") === "0"),
  ({ exists }) => (exists.has("/.dockerenv") ? "docker" : undefined),
  ({ exists }) => (exists.has("/proc/xen") ? "xen" : undefined),
  (_, dmi) => (KVM_PRODUCTS.has(dmi("product_name")) ? "kvm" : undefined),
  (_, dmi) => (/^VMware/.test(dmi("product_name")) ? "VMware" : undefined),
  (_, dmi) => (/^OpenStack (Compute|Nova)$/.test(dmi("product_name")) ? "openstack" : undefined),
  (_, dmi) => {
    if (dmi("bios_vendor") === "Xen") return "xen";
    return dmi("bios_vendor") === "innotek GmbH" ? "virtualbox" : undefined;
  },
  (_, dmi) =>
    KVM_BIOSES.has(dmi("bios_vendor")) || KVM_VENDORS.has(dmi("sys_vendor")) ? "kvm" : undefined,
  (_, dmi) => VENDORS[dmi("sys_vendor")],
  ({ lines }) =>
    lines.get("/proc/cpuinfo")?.some((line) => /^model name.*QEMU Virtual CPU/.test(line))
      ? "kvm"
      : undefined,
];

// What put the first process into a container says so in its environment, and systemd in a file.
function containerMark(files: ReadonlyMap<string, string>): string | undefined {
  return (
    /(?:^|\0)container=([^\0]*)/.exec(files.get("/proc/1/environ") ?? "")?.[1] ??
    files.get("/run/systemd/container")?.trim()
  );
}

// Root sees the container's own environment and calls all but two kinds
// "container", as Ansible does.
function containerName(name: string | undefined, isRoot: boolean): string | undefined {
  if (!name) return undefined;
  if (name.startsWith("lxc")) return "lxc";
  if (name.startsWith("podman")) return "podman";
  return isRoot ? "container" : name;
}

// What the host runs in, or what it carries.
export function virtualFacts(answer: Answer): Facts {
  const dmi = (name: string): string =>
    answer.files.get(`/sys/devices/virtual/dmi/id/${name}`)?.trim() ?? "";
  const modules = answer.lines.get("/proc/modules")?.map((line) => line.split(" ")[0]) ?? [];
  const hosts = [
    modules.includes("kvm") || answer.exists.has("/dev/kvm") ? "kvm" : "",
    modules.includes("vboxdrv") ? "virtualbox" : "",
  ].filter(Boolean);
  const guests = [
    ...new Set(GUEST.map((find) => find(answer, dmi)).filter((type) => type !== undefined)),
  ];
  if (guests.some((name) => CONTAINERS.has(name)) && !guests.includes("container"))
    guests.push("container");
  if (
    guests.length === 0 &&
    modules.includes("virtio") &&
    !modules.includes("kvm") &&
    !modules.includes("vboxdrv")
  )
    guests.push("kvm");
  const [type, role] = typeAndRole(guests[0], hosts[0]);
  return {
    virtualization_type: type,
    virtualization_role: role,
    virtualization_tech_guest: guests.sort(),
    virtualization_tech_host: hosts,
  };
}

// A guest is recognised by what it runs in, a host by what it runs.
function typeAndRole(guest: string | undefined, host: string | undefined): [string, string] {
  if (guest) return [guest, "guest"];
  return host ? [host, "host"] : ["NA", "NA"];
}
