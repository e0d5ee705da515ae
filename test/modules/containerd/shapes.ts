import { filesOf } from "../../../src/modules/contract/module.ts";
import { containerd_config } from "../../../src/modules/containerd/containerd_config.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import { argumentsFor, givenWith } from "../case.ts";

const module = containerd_config as unknown as AnyModule;

// The file's text, where nothing is there yet.
export function configText(args: object): string {
  const before = { file: null, registries: [] } as never;
  const change = module.plan(argumentsFor(module, args), before, givenWith(undefined));
  return (change ? filesOf(change) : []).map(({ text }) => text).join("");
}

/** A real shape of config.toml, said without `extra`, and the lines of releases on which it is valid. */
export interface Shape {
  name: string;
  lines: readonly string[];
  args: { readonly [name: string]: unknown };
}

const ALL = ["1.4", "1.6", "1.7", "2.1"] as const;
const FROM_1_6 = ["1.6", "1.7", "2.1"] as const;
const FROM_1_7 = ["1.7", "2.1"] as const;
const KATA = {
  type: "io.containerd.kata.v2",
  privileged_without_host_devices: true,
  pod_annotations: ["io.katacontainers.*"],
};

export const SHAPES: readonly Shape[] = [
  {
    name: "NVIDIA's container toolkit",
    lines: ALL,
    args: {
      systemd_cgroup: true,
      default_runtime: "nvidia",
      runtimes: [
        { name: "nvidia", binary: "/usr/bin/nvidia-container-runtime" },
        { name: "nvidia-cdi", binary: "/usr/bin/nvidia-container-runtime.cdi" },
      ],
    },
  },
  {
    name: "NVIDIA by CDI",
    lines: FROM_1_7,
    args: { enable_cdi: true, cdi_spec_dirs: ["/etc/cdi", "/var/run/cdi"] },
  },
  {
    name: "gVisor",
    lines: ALL,
    args: {
      runtimes: [
        {
          name: "runsc",
          type: "io.containerd.runsc.v1",
          config_path: "/etc/containerd/runsc.toml",
          options: { TypeUrl: "io.containerd.runsc.v1.options" },
        },
      ],
    },
  },
  {
    name: "Kata Containers",
    lines: ALL,
    args: {
      runtimes: [
        {
          ...KATA,
          name: "kata-qemu",
          config_path: "/opt/kata/share/defaults/kata-containers/configuration-qemu.toml",
        },
        { ...KATA, name: "kata-clh", type: "io.containerd.kata-clh.v2" },
      ],
    },
  },
  {
    name: "Kata Containers on devmapper",
    lines: FROM_1_7,
    args: {
      runtimes: [{ ...KATA, name: "kata-fc", snapshotter: "devmapper" }],
      snapshotters: {
        devmapper: {
          root_path: "/var/lib/containerd/devmapper",
          pool_name: "containerd-pool",
          base_image_size: "10GB",
          discard_blocks: true,
        },
      },
    },
  },
  {
    name: "crun",
    lines: ALL,
    args: {
      systemd_cgroup: true,
      default_runtime: "crun",
      runtimes: [{ name: "crun", binary: "/usr/bin/crun" }],
    },
  },
  {
    name: "WebAssembly",
    lines: FROM_1_6,
    args: {
      runtimes: [
        { name: "spin", type: "io.containerd.spin.v2" },
        {
          name: "wasmtime",
          type: "io.containerd.wasmtime.v1",
          path: "/opt/wasm/containerd-shim-wasmtime-v1",
        },
      ],
    },
  },
  {
    name: "k3s",
    lines: FROM_1_6,
    args: {
      root: "/var/lib/rancher/k3s/agent/containerd",
      state: "/run/k3s/containerd",
      grpc_address: "/run/k3s/containerd/containerd.sock",
      opt_path: "/var/lib/rancher/k3s/agent/containerd",
      registry_config_path: "/var/lib/rancher/k3s/agent/etc/containerd/certs.d",
      sandbox_image: "rancher/mirrored-pause:3.6",
      systemd_cgroup: true,
      disable_snapshot_annotations: true,
      enable_selinux: false,
      enable_unprivileged_ports: true,
      enable_unprivileged_icmp: true,
      device_ownership_from_security_context: false,
      streaming: { stream_server_address: "127.0.0.1", stream_server_port: "10010" },
      cni: {
        bin_dirs: ["/var/lib/rancher/k3s/data/cni"],
        conf_dir: "/var/lib/rancher/k3s/agent/etc/cni/net.d",
      },
      runtimes: [{ name: "crun", binary: "/usr/bin/crun" }],
    },
  },
  {
    name: "kind",
    lines: ALL,
    args: {
      sandbox_image: "registry.k8s.io/pause:3.10",
      systemd_cgroup: true,
      discard_unpacked_layers: true,
      tolerate_missing_hugetlb_controller: true,
      restrict_oom_score_adj: false,
      disable_snapshot_annotations: false,
      runtimes: [
        { name: "runc", base_runtime_spec: "/etc/containerd/cri-base.json" },
        { name: "test-handler", base_runtime_spec: "/etc/containerd/cri-base.json" },
      ],
      proxy_plugins: [
        {
          name: "fuse-overlayfs",
          type: "snapshot",
          address: "/run/containerd-fuse-overlayfs.sock",
        },
      ],
    },
  },
  {
    name: "minikube",
    lines: FROM_1_6,
    args: {
      oom_score: 0,
      grpc_address: "/run/containerd/containerd.sock",
      grpc: {
        uid: 0,
        gid: 0,
        max_recv_message_size: 16777216,
        max_send_message_size: 16777216,
      },
      debug: { address: "", uid: 0, gid: 0, level: "info" },
      metrics: { address: "", grpc_histogram: false },
      cgroup_path: "",
      enable_unprivileged_ports: true,
      restrict_oom_score_adj: false,
      cni: { bin_dirs: ["/opt/cni/bin"], conf_dir: "/etc/cni/net.d" },
      gc: {
        pause_threshold: 0.02,
        deletion_threshold: 0,
        mutation_threshold: 100,
        schedule_delay: "0s",
        startup_delay: "100ms",
      },
      content_sharing_policy: "shared",
    },
  },
  {
    name: "Flatcar",
    lines: FROM_1_6,
    args: {
      oom_score: -999,
      systemd_cgroup: true,
      enable_selinux: true,
      required_plugins: [],
      grpc: { uid: 0, gid: 0 },
      debug: { level: "info" },
      runtimes: [{ name: "runc", type: "io.containerd.runc.v2" }],
    },
  },
  {
    name: "a node of EKS",
    lines: ALL,
    args: {
      root: "/var/lib/containerd",
      state: "/run/containerd",
      grpc_address: "/run/containerd/containerd.sock",
      sandbox_image: "602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/pause:3.5",
      systemd_cgroup: true,
      discard_unpacked_layers: true,
      runtimes: [
        {
          name: "runc",
          binary: "/usr/sbin/runc",
          base_runtime_spec: "/etc/containerd/base-runtime-spec.json",
        },
      ],
      cni: { bin_dirs: ["/opt/cni/bin"], conf_dir: "/etc/cni/net.d" },
    },
  },
  {
    name: "a node of GKE",
    lines: ALL,
    args: {
      oom_score: -999,
      metrics: { address: "127.0.0.1:1338" },
      max_container_log_line_size: 262144,
      stats_collect_period: 10,
      cni: {
        bin_dirs: ["/home/kubernetes/bin"],
        conf_dir: "/etc/cni/net.d",
        conf_template: "/home/kubernetes/cni.template",
        max_conf_num: 1,
      },
      runtimes: [{ name: "gvisor", type: "io.containerd.runsc.v1" }],
      proxy_plugins: [
        {
          name: "gcfs",
          type: "snapshot",
          address: "/run/containerd-gcfs-grpc/containerd-gcfs-grpc.sock",
        },
      ],
    },
  },
  {
    name: "a node of AKS",
    lines: FROM_1_6,
    args: {
      oom_score: -999,
      systemd_cgroup: true,
      sandbox_image: "mcr.microsoft.com/oss/kubernetes/pause:3.6",
      metrics: { address: "0.0.0.0:10257" },
      default_runtime: "runc",
      runtimes: [
        { name: "untrusted", binary: "/usr/bin/runc" },
        { name: "nvidia-container-runtime", binary: "/usr/bin/nvidia-container-runtime" },
      ],
      registry_headers: { "X-Meta-Source-Client": ["azure/aks"] },
    },
  },
  {
    name: "stargz, whose layers are pulled as they are read",
    lines: ALL,
    args: {
      snapshotter: "stargz",
      platform: "linux/amd64",
      disable_snapshot_annotations: false,
      proxy_plugins: [
        {
          name: "stargz",
          type: "snapshot",
          address: "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock",
        },
      ],
    },
  },
  {
    name: "SOCI, with what it tells of itself",
    lines: FROM_1_7,
    args: {
      snapshotter: "soci",
      platform: "linux/amd64",
      disable_snapshot_annotations: false,
      proxy_plugins: [
        {
          name: "soci",
          type: "snapshot",
          address: "/run/soci-snapshotter-grpc/soci-snapshotter-grpc.sock",
          exports: { root: "/var/lib/soci-snapshotter-grpc" },
        },
      ],
    },
  },
  {
    name: "kubespray",
    lines: FROM_1_7,
    args: {
      systemd_cgroup: true,
      oom_score: 0,
      grpc: { max_recv_message_size: 16777216, max_send_message_size: 16777216 },
      debug: { address: "", level: "info", format: "", uid: 0, gid: 0 },
      metrics: { address: "", grpc_histogram: false },
      max_container_log_line_size: 262144,
      enable_unprivileged_ports: false,
      enable_unprivileged_icmp: false,
      enable_selinux: false,
      disable_apparmor: false,
      tolerate_missing_hugetlb_controller: true,
      disable_hugetlb_controller: true,
      image_pull_progress_timeout: "5m",
      discard_unpacked_layers: true,
      runtimes: [{ name: "runc", base_runtime_spec: "/etc/containerd/cri-base.json" }],
      nri: { disable: false },
      timeouts: { "io.containerd.timeout.shim.load": "10s" },
    },
  },
  {
    name: "encrypted images",
    lines: ALL,
    args: {
      image_decryption: { key_model: "node" },
      stream_processors: [
        {
          name: "io.containerd.ocicrypt.decoder.v1.tar.gzip",
          accepts: ["application/vnd.oci.image.layer.v1.tar+gzip+encrypted"],
          returns: "application/vnd.oci.image.layer.v1.tar+gzip",
          path: "/usr/local/bin/ctd-decoder",
          args: ["--decryption-keys-path", "/etc/containerd/ocicrypt/keys"],
        },
      ],
    },
  },
  {
    name: "limits, NRI and classes of resources",
    lines: FROM_1_7,
    args: {
      nri: {
        disable: false,
        socket_path: "/var/run/nri/nri.sock",
        plugin_path: "/opt/nri/plugins",
        plugin_request_timeout: "2s",
      },
      blockio_config_file: "/etc/containerd/blockio.yaml",
      rdt_config_file: "/etc/containerd/rdt.yaml",
      ignore_rdt_not_enabled_errors: true,
      max_concurrent_downloads: 5,
      transfer: { max_concurrent_downloads: 5, max_concurrent_uploaded_layers: 2 },
      drain_exec_sync_io_timeout: "10s",
      netns_mounts_under_state_dir: true,
    },
  },
  {
    name: "nydus for one runtime",
    lines: ["2.1"],
    args: {
      runtimes: [{ ...KATA, name: "kata-cc", sandboxer: "podsandbox", snapshotter: "nydus" }],
      runtime_platforms: [{ name: "kata-cc", platform: "linux/amd64", snapshotter: "nydus" }],
      proxy_plugins: [
        {
          name: "nydus",
          type: "snapshot",
          address: "/run/containerd-nydus/containerd-nydus-grpc.sock",
        },
      ],
      disable_snapshot_annotations: false,
      pinned_images: { base: "docker.io/library/debian:12" },
      shim_environment: ["SCHED_CORE=1"],
      image_verifier: { bin_dir: "/opt/containerd/image-verifier/bin", max_verifiers: 2 },
    },
  },
];
