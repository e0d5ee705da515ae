import { CRI, CRI_IMAGES, CRI_RUNTIME } from "../plugin_names.ts";
import { flag, group, mapping, tables, text, texts, whole, type ConfigSetting } from "./setting.ts";

const PATH = { form: "absolute path" } as const;
const NATURAL = { form: "natural number" } as const;
const DURATION = { form: "duration" } as const;

// Places of settings that containerd 2.0 moved to one of two plugins.
const images = (...keys: string[]) => ({
  at: { 2: ["plugins", CRI, ...keys], 3: ["plugins", CRI_IMAGES, ...keys] },
});
const runtime = (...keys: string[]) => ({
  at: { 2: ["plugins", CRI, ...keys], 3: ["plugins", CRI_RUNTIME, ...keys] },
});

const RUNTIME_OPTIONS = {
  name: text("The name, which RuntimeClass calls the handler.", { required: true }),
  type: text("The shim's name, or the path of its program.", {
    default: "io.containerd.runc.v2",
    at: { 2: ["runtime_type"], 3: ["runtime_type"] },
  }),
  path: text("The shim's program, where it is not found by the type.", {
    ...PATH,
    from: "1.6",
    at: { 2: ["runtime_path"], 3: ["runtime_path"] },
  }),
  binary: text("The program that runc's shim calls: runc, crun, nvidia-container-runtime.", {
    ...PATH,
    at: { 2: ["options", "BinaryName"], 3: ["options", "BinaryName"] },
  }),
  systemd_cgroup: flag("Makes runc create cgroups through systemd; by default as for runc.", {
    at: { 2: ["options", "SystemdCgroup"], 3: ["options", "SystemdCgroup"] },
  }),
  config_path: text("The shim's own configuration, as gVisor and Kata have it.", {
    ...PATH,
    at: { 2: ["options", "ConfigPath"], 3: ["options", "ConfigPath"] },
  }),
  options: mapping("More options of the shim.", { at: { 2: ["options"], 3: ["options"] } }),
  pod_annotations: texts(
    "Annotations of pods that the runtime is given, such as io.katacontainers.*.",
  ),
  container_annotations: texts("Annotations of containers that the runtime is given."),
  privileged_without_host_devices: flag("Privileged containers get no devices of the host."),
  privileged_without_host_devices_all_devices_allowed: flag(
    "They may use all devices that they make; needs privileged_without_host_devices.",
    { from: "1.7" },
  ),
  base_runtime_spec: text("The OCI spec that containers begin with.", PATH),
  cni_conf_dir: text("CNI's configuration for this runtime.", { ...PATH, from: "1.6" }),
  cni_max_conf_num: whole("How many of its files are read; 0: all.", { ...NATURAL, from: "1.6" }),
  snapshotter: text("The snapshotter for this runtime.", { from: "1.7" }),
  sandboxer: text("Who makes pods: containerd (podsandbox) or the shim.", {
    from: "1.7",
    at: { 2: ["sandbox_mode"], 3: ["sandboxer"] },
  }),
  io_type: text("How a container's streams are carried.", {
    choices: ["fifo", "streaming"],
    from: "2.0",
  }),
  cgroup_writable: flag("Containers may write their cgroup (cgroup v2).", { from: "2.1" }),
} as const satisfies { [name: string]: ConfigSetting };

/** What the plugins for Kubernetes take. */
export const KUBERNETES = {
  default_runtime: text(
    "The runtime of pods that name none.",
    runtime("containerd", "default_runtime_name"),
  ),
  runtimes: tables(
    "Runtimes by name; runc always exists.",
    RUNTIME_OPTIONS,
    runtime("containerd", "runtimes"),
  ),
  cni: group(
    "Where CNI's plugins and configuration are.",
    {
      bin_dirs: texts("Directories of plugins; before 2.1 only one.", PATH),
      conf_dir: text("The directory of configuration.", PATH),
      max_conf_num: whole("How many of its files are read; 0: all.", NATURAL),
      setup_serially: flag("Sets networks up one after another.", { from: "1.7" }),
      conf_template: text("A template from which the configuration is written.", PATH),
      ip_pref: text("Which of a pod's addresses comes first.", {
        choices: ["ipv4", "ipv6", "cni"],
        from: "1.6",
      }),
      use_internal_loopback: flag("Does without CNI's loopback plugin.", { from: "2.1" }),
    },
    runtime("cni"),
  ),
  pinned_images: mapping("Images that kubelet's garbage collection spares, by their use.", {
    ...images("pinned_images"),
    values: "text",
    form: "image",
    from: "2.0",
  }),
  runtime_platforms: tables(
    "The platform and snapshotter of a runtime's images.",
    {
      name: text("The runtime.", { required: true }),
      platform: text("The os/arch.", { form: "platform" }),
      snapshotter: text("The snapshotter."),
    },
    { ...images("runtime_platforms"), from: "2.0" },
  ),
  registry_headers: mapping("Headers for all registries: {NAME: [value]}.", {
    ...images("registry", "headers"),
    values: "texts",
    from: "1.5",
  }),
  disable_snapshot_annotations: flag(
    "Gives snapshotters no annotations; stargz and other lazy ones need false.",
    {
      at: {
        2: ["plugins", CRI, "containerd", "disable_snapshot_annotations"],
        3: ["plugins", CRI_IMAGES, "disable_snapshot_annotations"],
      },
    },
  ),
  image_pull_progress_timeout: text("How long a pull may make no progress.", {
    ...images("image_pull_progress_timeout"),
    ...DURATION,
    from: "1.7",
  }),
  image_pull_with_sync_fs: flag("Syncs the filesystem while images are unpacked.", {
    ...images("image_pull_with_sync_fs"),
    from: "1.7",
  }),
  concurrent_layer_fetch_buffer: whole("The buffer for layers that are fetched in parts.", {
    ...images("concurrent_layer_fetch_buffer"),
    ...NATURAL,
    from: "2.1",
  }),
  use_local_image_pull: flag("Pulls images without the transfer service.", {
    ...images("use_local_image_pull"),
    from: "2.1",
  }),
  stats_collect_period: whole("How often snapshots are measured, in seconds.", {
    ...images("stats_collect_period"),
    form: "positive number",
  }),
  image_decryption: group(
    "Encrypted images.",
    {
      key_model: text("Where the keys are: on the node, or nowhere (empty).", {
        choices: ["node", ""],
      }),
    },
    images("image_decryption"),
  ),
  enable_selinux: flag("Labels containers for SELinux.", runtime("enable_selinux")),
  selinux_category_range: whole("How many categories there are.", {
    ...runtime("selinux_category_range"),
    form: "category range",
  }),
  max_container_log_line_size: whole(
    "The longest line of a log, in bytes; -1: any.",
    runtime("max_container_log_line_size"),
  ),
  disable_apparmor: flag("Does without AppArmor.", runtime("disable_apparmor")),
  disable_cgroup: flag("Does without cgroups.", { ...runtime("disable_cgroup"), until: "2.0" }),
  restrict_oom_score_adj: flag(
    "Never sets a score below the daemon's own.",
    runtime("restrict_oom_score_adj"),
  ),
  disable_proc_mount: flag("Does without Kubernetes' ProcMount.", runtime("disable_proc_mount")),
  unset_seccomp_profile: text("The seccomp profile of containers that have none.", {
    ...runtime("unset_seccomp_profile"),
    form: "seccomp profile",
  }),
  tolerate_missing_hugetlb_controller: flag(
    "Takes limits of huge pages without their controller.",
    runtime("tolerate_missing_hugetlb_controller"),
  ),
  disable_hugetlb_controller: flag(
    "Does without the controller of huge pages.",
    runtime("disable_hugetlb_controller"),
  ),
  device_ownership_from_security_context: flag("Devices belong to the container's user.", {
    ...runtime("device_ownership_from_security_context"),
    from: "1.6",
  }),
  ignore_image_defined_volumes: flag(
    "Makes no volumes that only the image asks for.",
    runtime("ignore_image_defined_volumes"),
  ),
  netns_mounts_under_state_dir: flag("Keeps network namespaces below the state directory.", {
    ...runtime("netns_mounts_under_state_dir"),
    from: "1.6",
  }),
  enable_unprivileged_ports: flag("Any user may listen on ports below 1024.", {
    ...runtime("enable_unprivileged_ports"),
    from: "1.6",
  }),
  enable_unprivileged_icmp: flag("Any user may ping.", {
    ...runtime("enable_unprivileged_icmp"),
    from: "1.6",
  }),
  enable_cdi: flag("Devices by CDI.", { ...runtime("enable_cdi"), from: "1.7" }),
  cdi_spec_dirs: texts("Where CDI's descriptions are.", {
    ...runtime("cdi_spec_dirs"),
    ...PATH,
    from: "1.7",
  }),
  drain_exec_sync_io_timeout: text("How long output is waited for once a command has ended.", {
    ...runtime("drain_exec_sync_io_timeout"),
    ...DURATION,
    from: "1.7",
  }),
  ignore_blockio_not_enabled_errors: flag("Takes block I/O classes where they are not enabled.", {
    ...runtime("containerd", "ignore_blockio_not_enabled_errors"),
    from: "1.7",
  }),
  ignore_rdt_not_enabled_errors: flag("Takes RDT classes where they are not enabled.", {
    ...runtime("containerd", "ignore_rdt_not_enabled_errors"),
    from: "1.6",
  }),
  ignore_deprecation_warnings: texts("Deprecations that are not warned of.", {
    ...runtime("ignore_deprecation_warnings"),
    from: "1.7",
  }),
  streaming: group(
    "The server for exec, attach and port-forward.",
    {
      disable_tcp_service: flag("Does not serve CRI over TCP."),
      stream_server_address: text("Its address.", { form: "host address" }),
      stream_server_port: text("Its port; 0: any.", { form: "port" }),
      stream_idle_timeout: text("How long a connection may be idle.", DURATION),
      enable_tls_streaming: flag("Serves over TLS."),
      tls_cert_file: text("The certificate.", {
        ...PATH,
        at: {
          2: ["x509_key_pair_streaming", "tls_cert_file"],
          3: ["x509_key_pair_streaming", "tls_cert_file"],
        },
      }),
      tls_key_file: text("Its key.", {
        ...PATH,
        at: {
          2: ["x509_key_pair_streaming", "tls_key_file"],
          3: ["x509_key_pair_streaming", "tls_key_file"],
        },
      }),
    },
    { at: { 2: ["plugins", CRI], 3: ["plugins", CRI] } },
  ),
} as const satisfies { [name: string]: ConfigSetting };
