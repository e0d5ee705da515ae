import { TaskFailure } from "../../../errors.ts";

/** The parts of a containerd version that decide what its files look like. */
export interface Version {
  major: number;
  minor: number;
}

// Reads "2.1.9", "v1.7.24" or "1.6.20~ds1".
export function readVersion(text: string): Version {
  const match = /^v?(\d+)\.(\d+)(?:[.~+-].*)?$/.exec(text.trim());
  if (!match)
    throw new TaskFailure(`"${text}" is not a version of containerd`, "write it as 2.1.9");
  return { major: Number(match[1]), minor: Number(match[2]) };
}

// Whether a version is at least another.
export function atLeast(version: Version, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}

// The version that a config file for this containerd carries: 3 is read by all
// of 2.x, 2 by 1.3 to 1.7.
export function configVersion(version: Version): 2 | 3 {
  if (!atLeast(version, 1, 3))
    throw new TaskFailure(
      `containerd ${version.major}.${version.minor} is older than its config file's version 2`,
      "use containerd 1.3 or newer",
    );
  return version.major >= 2 ? 3 : 2;
}
