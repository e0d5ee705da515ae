/** One line of containerd's releases. */
export interface ReleaseLine {
  line: string;
  /** The newest release that is known here. */
  newest: string;
  /** The runc that its own tests run with, where that is known. */
  runc?: string;
  /** The config.toml that is written for it. */
  config: 2 | 3;
  support: string;
  /** The month in which upstream's support ends, or has ended. */
  until?: string;
}

/** The lines whose newest release is known here, oldest first. */
export const RELEASE_LINES: readonly ReleaseLine[] = [
  { line: "1.6", newest: "1.6.39", config: 2, support: "ended", until: "2025-08" },
  {
    line: "1.7",
    newest: "1.7.34",
    runc: "1.3.6",
    config: 2,
    support: "ended (long-term)",
    until: "2026-09",
  },
  {
    line: "2.0",
    newest: "2.0.11",
    runc: "1.3.6",
    config: 3,
    support: "extended",
    until: "2027-03",
  },
  { line: "2.1", newest: "2.1.9", config: 3, support: "ended", until: "2026-07" },
  { line: "2.2", newest: "2.2.7", runc: "1.3.6", config: 3, support: "active", until: "2026-11" },
  {
    line: "2.3",
    newest: "2.3.4",
    runc: "1.4.3",
    config: 3,
    support: "long-term",
    until: "2028-04",
  },
];

/** A program whose releases are known here. */
export interface ReleasedProgram {
  name: "containerd" | "runc" | "cni" | "crictl" | "nerdctl" | "stargz";
  /** Its repository upstream. */
  repository: string;
  /** The newest releases that are known, oldest first. */
  newest: readonly string[];
  /** What its files are called, for each processor. */
  files(version: string, processor: string): readonly string[];
  /** The file of checksums that belongs to one of these. */
  sums(file: string): string;
}

/** The processors for which checksums are kept; upstream releases for more. */
export const PROCESSORS: readonly string[] = ["amd64", "arm64"];

/** containerd and what belongs to it, as upstream lays their releases out. */
export const PROGRAMS: readonly ReleasedProgram[] = [
  {
    name: "containerd",
    repository: "containerd/containerd",
    newest: RELEASE_LINES.map(({ newest }) => newest),
    files: (version, processor) =>
      [
        `containerd-${version}`,
        ...(hasStatic(version) ? [`containerd-static-${version}`] : []),
      ].map((name) => `${name}-linux-${processor}.tar.gz`),
    sums: (file) => `${file}.sha256sum`,
  },
  {
    name: "runc",
    repository: "opencontainers/runc",
    newest: ["1.2.9", "1.3.6", "1.4.3", "1.5.1"],
    files: (_version, processor) => [`runc.${processor}`],
    sums: () => "runc.sha256sum",
  },
  {
    name: "cni",
    repository: "containernetworking/plugins",
    newest: ["1.9.1"],
    files: (version, processor) => [`cni-plugins-linux-${processor}-v${version}.tgz`],
    sums: (file) => `${file}.sha256`,
  },
  {
    name: "crictl",
    repository: "kubernetes-sigs/cri-tools",
    newest: ["1.36.0"],
    files: (version, processor) => [`crictl-v${version}-linux-${processor}.tar.gz`],
    sums: (file) => `${file}.sha256`,
  },
  {
    name: "nerdctl",
    repository: "containerd/nerdctl",
    newest: ["2.3.5"],
    files: (version, processor) => [`nerdctl-${version}-linux-${processor}.tar.gz`],
    sums: () => "SHA256SUMS",
  },
  {
    name: "stargz",
    repository: "containerd/stargz-snapshotter",
    newest: ["0.18.2"],
    files: (version, processor) => [`stargz-snapshotter-v${version}-linux-${processor}.tar.gz`],
    sums: (file) => `${file}.sha256sum`,
  },
];

/**
 * Further programs of tools.yml: their releases are numbered otherwise, or have
 * no file of checksums.
 */
export const OTHER_PROGRAMS: readonly { name: string; newest: string }[] = [
  { name: "crun", newest: "1.28" },
  { name: "buildkit", newest: "0.31.1" },
];

// Whether upstream also releases containerd linked statically.
function hasStatic(version: string): boolean {
  return Number(version.split(".")[0]) > 1 || Number(version.split(".")[1]) >= 7;
}

// What a file's checksum is kept under: the last two parts of its URL, as runc's
// own name says no version.
export function sumKey(version: string, file: string): string {
  return `v${version}/${file}`;
}

// A complete release number: for a line, such as 2.1, the newest known release;
// undefined: none is known.
export function fullRelease(version: string): string | undefined {
  if (!/^\d+\.\d+$/.test(version)) return version;
  return RELEASE_LINES.find(({ line }) => line === version)?.newest;
}
