import { flag, group, number, plugin, text, texts, whole, type ConfigSetting } from "./setting.ts";

const PATH = { form: "absolute path" } as const;
const NATURAL = { form: "natural number" } as const;
const DURATION = { form: "duration" } as const;
const ROOT_PATH = { root_path: text("Where it keeps its snapshots, if elsewhere.", PATH) };

/** What the other plugins take. */
export const PLUGINS = {
  snapshotters: group("Settings of the snapshotters, by their names.", {
    overlayfs: group(
      "overlayfs.",
      {
        root_path: text("Where it keeps its snapshots, if elsewhere.", { ...PATH, from: "1.5" }),
        upperdir_label: flag("Labels the upper directory.", { from: "1.5" }),
        sync_remove: flag("Removes snapshots at once.", { from: "1.7" }),
        slow_chown: flag("Changes owners for user namespaces by copying.", { from: "2.0" }),
        mount_options: texts("Options for its mounts.", { from: "1.7" }),
      },
      { at: plugin("io.containerd.snapshotter.v1.overlayfs") },
    ),
    native: group("native.", ROOT_PATH, {
      at: plugin("io.containerd.snapshotter.v1.native"),
      from: "1.5",
    }),
    btrfs: group("btrfs.", ROOT_PATH, {
      at: plugin("io.containerd.snapshotter.v1.btrfs"),
      from: "1.5",
    }),
    zfs: group("zfs.", ROOT_PATH, { at: plugin("io.containerd.snapshotter.v1.zfs"), from: "1.5" }),
    devmapper: group(
      "devmapper: it needs a thin pool.",
      {
        ...ROOT_PATH,
        pool_name: text("The thin pool."),
        base_image_size: text("The size of a snapshot's filesystem, such as 10GB."),
        async_remove: flag("Removes snapshots later."),
        discard_blocks: flag("Gives blocks back.", { from: "1.5" }),
        fs_type: text("The filesystem of snapshots.", {
          choices: ["ext4", "ext2", "xfs"],
          from: "1.6",
        }),
        fs_options: text("Options for mkfs.", { from: "1.6" }),
      },
      { at: plugin("io.containerd.snapshotter.v1.devmapper") },
    ),
    blockfile: group(
      "blockfile.",
      {
        ...ROOT_PATH,
        scratch_file: text("The file that snapshots begin with.", PATH),
        fs_type: text("Its filesystem."),
        mount_options: texts("Options for its mounts."),
        recreate_scratch: flag("Recreates that file at each start.", { from: "2.0" }),
      },
      { at: plugin("io.containerd.snapshotter.v1.blockfile"), from: "1.7" },
    ),
    erofs: group(
      "EROFS.",
      {
        ...ROOT_PATH,
        ovl_mount_options: texts("Options for its overlay mounts."),
        enable_fsverity: flag("Checks layers by fs-verity."),
        set_immutable: flag("Makes layers immutable."),
      },
      { at: plugin("io.containerd.snapshotter.v1.erofs"), from: "2.1" },
    ),
  }),
  transfer: group(
    "The transfer service, which pulls images.",
    {
      max_concurrent_downloads: whole("How many layers are pulled at once.", NATURAL),
      max_concurrent_uploaded_layers: whole("How many layers are pushed at once.", NATURAL),
      config_path: text("Where it looks for hosts.toml."),
    },
    { at: plugin("io.containerd.transfer.v1.local"), from: "1.7" },
  ),
  nri: group(
    "Node Resource Interface: plugins that change containers as they start.",
    {
      disable: flag("Whether it is off; by default it is off in 1.7, and on in 2.x."),
      disable_connections: flag("Takes no plugins that connect by themselves."),
      socket_path: text("Its socket.", PATH),
      plugin_path: text("Plugins that are started.", PATH),
      plugin_config_path: text("Their configuration.", PATH),
      plugin_registration_timeout: text("How long a plugin may take to register.", DURATION),
      plugin_request_timeout: text("How long a plugin may take to answer.", DURATION),
    },
    { at: plugin("io.containerd.nri.v1.nri"), from: "1.7" },
  ),
  gc: group(
    "When garbage is collected.",
    {
      pause_threshold: number("The part of the time that it may take, at most 0.5.", {
        form: "fraction",
      }),
      deletion_threshold: whole("After how many deletions it runs; 0: never for that.", NATURAL),
      mutation_threshold: whole(
        "After how many changes it runs, with a deletion among them.",
        NATURAL,
      ),
      schedule_delay: text("How long it waits.", DURATION),
      startup_delay: text("How long it waits after the start.", DURATION),
    },
    { at: plugin("io.containerd.gc.v1.scheduler") },
  ),
  content_sharing_policy: text("Whether namespaces share what they have pulled.", {
    choices: ["shared", "isolated"],
    at: plugin("io.containerd.metadata.v1.bolt", "content_sharing_policy"),
  }),
  no_prometheus: flag("Gives no metrics of cgroups.", {
    at: {
      2: ["plugins", "io.containerd.monitor.v1.cgroups", "no_prometheus"],
      3: ["plugins", "io.containerd.monitor.task.v1.cgroups", "no_prometheus"],
    },
  }),
  restart_interval: text("How often containers that must run are looked at.", {
    ...DURATION,
    at: {
      2: ["plugins", "io.containerd.internal.v1.restart", "interval"],
      3: ["plugins", "io.containerd.monitor.container.v1.restart", "interval"],
    },
  }),
  task_platforms: texts("The os/arch that containers run for.", {
    form: "platform",
    at: plugin("io.containerd.runtime.v2.task", "platforms"),
  }),
  sched_core: flag("Gives each pod cores of its own (core scheduling).", {
    from: "1.6",
    until: "2.0",
    at: { 2: ["plugins", "io.containerd.runtime.v2.task", "sched_core"] },
  }),
  shim_environment: texts("The environment of shims, as NAME=value.", {
    form: "environment",
    from: "2.0",
    at: plugin("io.containerd.shim.v1.manager", "env"),
  }),
  blockio_config_file: text("The classes of block I/O.", {
    ...PATH,
    from: "1.7",
    at: plugin("io.containerd.service.v1.tasks-service", "blockio_config_file"),
  }),
  rdt_config_file: text("The classes of RDT.", {
    ...PATH,
    from: "1.6",
    at: plugin("io.containerd.service.v1.tasks-service", "rdt_config_file"),
  }),
  differs: texts("The differs, in their order.", {
    at: plugin("io.containerd.service.v1.diff-service", "default"),
  }),
  image_verifier: group(
    "Programs that say whether an image may be pulled.",
    {
      bin_dir: text("The directory of the programs.", PATH),
      max_verifiers: whole("How many are run."),
      per_verifier_timeout: text("How long each may take.", DURATION),
    },
    { at: plugin("io.containerd.image-verifier.v1.bindir"), from: "2.0" },
  ),
} as const satisfies { [name: string]: ConfigSetting };
