import type { Answer, Facts } from "./answer.ts";

type Find = (answer: Answer, dmi: (name: string) => string) => string | undefined;

const KVM_VENDORS = new Set(["QEMU", "Amazon EC2", "DigitalOcean", "Google", "Scaleway", "Nutanix"]);
const KVM_PRODUCTS = new Set(["KVM", "KVM Server", "Bochs", "AHV"]);
const KVM_BIOSES = new Set(["Amazon EC2", "DigitalOcean", "Hetzner"]);
const VENDORS: { readonly [vendor: string]: string } = {
  oVirt: "oVirt", KubeVirt: "KubeVirt", "Microsoft Corporation": "VirtualPC",
  "Parallels Software International Inc.": "parallels", "OpenStack Foundation": "openstack",
};

/** Marks of a guest, the surest first. */
const GUEST: readonly Find[] = [
  ({ files }) => (/\/docker(\/|-[0-9a-f]+\.scope)/.test(files.get("/proc/1/cgroup") ?? "") ? "docker" : undefined),
  ({ files }) => (/\/lxc\/|\/machine\.slice\/machine-lxc/.test(files.get("/proc/1/cgroup") ?? "") ? "lxc" : undefined),
  ({ files }) => (/\/system\.slice\/containerd\.service/.test(files.get("/proc/1/cgroup") ?? "") ? "containerd" : undefined),
  ({ files, words }) => containerName(files.get("/run/systemd/container")?.trim(), words.get("uid") === "0"),
  ({ exists }) => (exists.has("/.dockerenv") ? "docker" : undefined),
  ({ exists }) => (exists.has("/proc/xen") ? "xen" : undefined),
  (_, dmi) => (KVM_PRODUCTS.has(dmi("product_name")) ? "kvm" : undefined),
  (_, dmi) => (/^VMware/.test(dmi("product_name")) ? "VMware" : undefined),
  (_, dmi) => (/^OpenStack (Compute|Nova)$/.test(dmi("product_name")) ? "openstack" : undefined),
  (_, dmi) => (dmi("bios_vendor") === "Xen" ? "xen" : dmi("bios_vendor") === "innotek GmbH" ? "virtualbox" : undefined),
  (_, dmi) => (KVM_BIOSES.has(dmi("bios_vendor")) || KVM_VENDORS.has(dmi("sys_vendor")) ? "kvm" : undefined),
  (_, dmi) => VENDORS[dmi("sys_vendor")],
  ({ lines }) => (lines.get("/proc/cpuinfo")?.some((line) => /^model name.*QEMU Virtual CPU/.test(line)) ? "kvm" : undefined),
];

// Root sees the container's own environment and calls all but two kinds "container", as Ansible does.
function containerName(name: string | undefined, isRoot: boolean): string | undefined {
  if (!name) return undefined;
  return name.startsWith("lxc") ? "lxc" : name.startsWith("podman") ? "podman" : isRoot ? "container" : name;
}

// What the host runs in, or what it carries.
export function virtualFacts(answer: Answer): Facts {
  const dmi = (name: string): string => answer.files.get(`/sys/devices/virtual/dmi/id/${name}`)?.trim() ?? "";
  for (const find of GUEST) {
    const type = find(answer, dmi);
    if (type) return { virtualization_type: type, virtualization_role: "guest" };
  }
  const modules = answer.lines.get("/proc/modules")?.map((line) => line.split(" ")[0]) ?? [];
  if (modules.includes("kvm")) return { virtualization_type: "kvm", virtualization_role: "host" };
  if (modules.includes("vboxdrv")) return { virtualization_type: "virtualbox", virtualization_role: "host" };
  if (modules.includes("virtio")) return { virtualization_type: "kvm", virtualization_role: "guest" };
  if (answer.exists.has("/dev/kvm")) return { virtualization_type: "kvm", virtualization_role: "host" };
  return { virtualization_type: "NA", virtualization_role: "NA" };
}
