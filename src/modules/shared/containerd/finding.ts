export const FINDINGS = [
  "filesystem",
  "d_type",
  "overlay",
  "architecture",
  "systemd",
  "cgroups",
  "disk_space",
  "read_only",
  "kill_mode",
  "stop_timeout",
  "runtime_directory",
  "exec_start",
  "daemon_path",
  "root_moved",
  "unsupported_step",
  "masked_unit",
  "shadowed_unit",
  "foreign_containerd",
  "foreign_runc",
  "stray_runc",
  "docker",
] as const;

export type FindingName = (typeof FINDINGS)[number];

/** Something about a host that containerd would stumble over. */
export interface PreflightFinding {
  name: FindingName;
  reason: string;
  hint: string;
}
