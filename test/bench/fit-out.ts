import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { must } from "../lab/command.ts";
import type { Lab } from "../lab/lab.ts";
import type { Releases } from "../lab/releases.ts";

/** Hosts that are as they should be, and what the tools are told of them. */
export interface Site {
  inventory: string;
  /** The Ansible playbook that comes to the same; its files lie beside it. */
  ansible: string;
}

/** The files that Hullwright writes and that Ansible is given, as content of its own. */
const FILES = [
  "/etc/containerd/config.toml",
  "/etc/crictl.yaml",
  "/etc/containerd/certs.d/docker.io/hosts.toml",
  "/usr/local/lib/systemd/system/containerd.service",
];

// Fits out all hosts with Hullwright, and writes a playbook for Ansible that finds them as they should be.
export async function fitOut(lab: Lab, { containerd, runc }: Releases, url: string): Promise<Site> {
  const [main, low] = [containerd.at(-1)!, runc.at(-1)!];
  const inventory = join(dirname(lab.keyFile), "inventory.yaml");
  const vars = {
    containerd_version: main.version,
    containerd_url: `${url}/${main.path}`,
    containerd_checksum: `sha256:${main.sha256}`,
    runc_version: low.version,
    runc_url: `${url}/${low.path}`,
    runc_checksum: `sha256:${low.sha256}`,
    containerd_registries: [{ name: "docker.io", hosts: [{ url: "http://127.0.0.1:5000" }] }],
  };
  writeFileSync(inventory, lab.inventory(vars));
  await must([
    process.execPath,
    "dist/main.js",
    "apply",
    "containerd.yml",
    "-i",
    inventory,
    "--yes",
  ]);
  const folder = mkdtempSync(join(tmpdir(), "hullwright-bench-"));
  for (const path of FILES)
    writeFileSync(join(folder, path.replaceAll("/", "_")), await lab.hosts[0]!.must(`cat ${path}`));
  const ansible = join(folder, "site.yml");
  writeFileSync(ansible, playbook(folder, vars));
  return { inventory, ansible };
}

// The same work in Ansible's own modules; facts too, as containerd.yml gathers them.
function playbook(folder: string, vars: Record<string, unknown>): string {
  const tasks = [
    {
      "ansible.builtin.file": { path: "{{ item }}", state: "directory", mode: "0755" },
      loop: [
        "/var/cache/containerd",
        "/etc/containerd",
        "/etc/containerd/certs.d",
        "/opt/containerd",
      ],
    },
    {
      "ansible.builtin.get_url": {
        url: vars["containerd_url"],
        dest: "/var/cache/containerd/containerd.tar.gz",
        checksum: vars["containerd_checksum"],
        mode: "0644",
      },
    },
    {
      "ansible.builtin.unarchive": {
        src: "/var/cache/containerd/containerd.tar.gz",
        dest: "/usr/local",
        remote_src: true,
        owner: "root",
        group: "root",
      },
    },
    {
      "ansible.builtin.get_url": {
        url: vars["runc_url"],
        dest: "/usr/local/sbin/runc",
        checksum: vars["runc_checksum"],
        mode: "0755",
      },
    },
    {
      "ansible.builtin.file": {
        src: "/usr/local/sbin/runc",
        path: "{{ item }}",
        state: "link",
        force: true,
      },
      loop: ["/usr/bin/runc", "/usr/local/bin/runc"],
    },
    ...FILES.map((path) => ({
      "ansible.builtin.copy": {
        src: join(folder, path.replaceAll("/", "_")),
        dest: path,
        mode: "0644",
      },
    })),
    { "ansible.builtin.systemd": { name: "containerd", state: "started", enabled: true } },
  ];
  return JSON.stringify([{ hosts: "all", become: true, gather_facts: true, tasks }], null, 2);
}
