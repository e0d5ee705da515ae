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

// A complete release number: for a line, such as 2.1, the newest known release; undefined: none is known.
export function fullRelease(version: string): string | undefined {
  if (!/^\d+\.\d+$/.test(version)) return version;
  return RELEASE_LINES.find(({ line }) => line === version)?.newest;
}
