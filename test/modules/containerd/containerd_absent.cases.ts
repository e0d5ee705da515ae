import { containerd_absent } from "../../../src/modules/containerd/containerd_absent.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { Case } from "../case.ts";

const module = containerd_absent as unknown as AnyModule;
const UNIT = "/usr/local/lib/systemd/system/containerd.service";
const file = (type: string, more: object = {}): object => ({
  type,
  target: "-",
  kept: false,
  ...more,
});
const ours = {
  files: {
    "/usr/local/bin/containerd": file("other"),
    "/usr/local/bin/ctr": file("absent"),
    "/usr/local/sbin/runc": file("other"),
    "/usr/bin/runc": file("link", { target: "/usr/local/sbin/runc", kept: true }),
    "/usr/local/bin/runc": file("link", { target: "/opt/mine" }),
    "/etc/crictl.yaml": file("other"),
    "/etc/containerd/config.toml": file("ours"),
    [UNIT]: file("ours"),
  },
  directories: {
    "/etc/containerd/certs.d": ["docker.io", "mine.example"],
    "/etc/containerd": ["certs.d", "config.toml"],
    "/var/cache/containerd": ["containerd-2.1.9-linux-amd64.tar.gz"],
    "/run/containerd": ["containerd.sock"],
    "/var/lib/containerd": ["io.containerd.metadata.v1.bolt"],
  },
  tasks: [],
};
const registries = [
  { name: "docker.io", file: "ours", certificates: [] },
  { name: "mine.example", file: "foreign", certificates: [] },
];
const none = { files: { [UNIT]: file("absent") }, directories: {}, tasks: [] };

export const cases: Case[] = [
  {
    name: "a host without it",
    module,
    args: {},
    before: { installed: none, registries: [] },
    expect: { unchanged: true },
  },
  {
    name: "programs, units and files of others",
    module,
    args: {},
    before: {
      installed: {
        ...ours,
        files: {
          ...ours.files,
          [UNIT]: file("other"),
          "/etc/containerd/config.toml": file("other"),
          "/usr/bin/runc": file("other"),
        },
      },
      registries: [{ name: "mine.example", file: "foreign", certificates: [] }],
    },
    expect: { unchanged: true },
  },
  {
    name: "an installation of ours: what is of others stays, and what was kept comes back",
    module,
    args: {},
    before: { installed: ours, registries },
    expect: {
      after: {
        registries: [registries[1]],
        installed: {
          files: {
            ...ours.files,
            "/usr/local/bin/containerd": file("absent"),
            "/usr/local/sbin/runc": file("absent"),
            "/usr/bin/runc": file("other"),
            "/etc/containerd/config.toml": file("absent"),
            [UNIT]: file("absent"),
          },
          directories: {
            "/etc/containerd/certs.d": ["mine.example"],
            "/etc/containerd": ["certs.d"],
            "/var/lib/containerd": ["io.containerd.metadata.v1.bolt"],
          },
          tasks: [],
        },
      },
    },
  },
  {
    name: "containers that run",
    module,
    args: {},
    before: { installed: { ...ours, tasks: ["default/web"] }, registries },
    expect: { failure: /containers run: default\/web/ },
  },
  {
    name: "containers that may be ended, and their images removed",
    module,
    args: { stop_containers: true, data: true },
    before: { installed: { ...ours, tasks: ["default/web"] }, registries },
    expect: {},
  },
  {
    name: "a data root that is an ext4 of its own, and empty",
    module,
    args: { data: true },
    before: {
      installed: { ...none, directories: { "/var/lib/containerd": ["lost+found"] } },
      registries: [],
    },
    expect: { unchanged: true },
  },
];
