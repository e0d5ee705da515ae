/** What is asked about a path. Paths are absolute on the host and hold no newline. */
export interface PathArg {
  path: string;
  /** Looks at what a link points to instead of the link itself. */
  follow?: boolean;
  /** Wants the sha256 of a regular file. */
  digest?: boolean;
  /**
   * The digest may come from the host's index of verified files: for big files that rarely change.
   */
  indexed?: boolean;
  /** Wants the text, unless the file has this digest already ("" wants it always); up to 1 MiB. */
  unless?: string;
  /**
   * It is read from: it is unknown while an archive with unknown contents is to
   * be unpacked above it.
   */
  source?: boolean;
  /**
   * Also asks what is below a directory ("first": one thing below it, to see whether it is empty).
   */
  below?: "all" | "first";
}

export type PathType =
  "file" | "directory" | "link" | "char" | "block" | "fifo" | "socket" | "denied";

/**
 * What is at a path; null: nothing. Fields that nobody asked for, or that cannot be
 * known before apply, are absent. `sha256: null` means that the content will be new and
 * its digest is not known yet.
 */
export type PathState = null | {
  type: PathType;
  /** Permission bits, 0 to 0o7777. */
  mode?: number;
  owner?: string;
  group?: string;
  uid?: number;
  gid?: number;
  /** In bytes. */
  size?: number;
  /** Where a link points, as written in it. */
  target?: string;
  sha256?: string | null;
  /** Base64 of the content. */
  content?: string;
  /** What there is below, each kind of type, mode and owners once. */
  below?: PathState[];
  /** A directory that this run creates: it only contains what is created there later. */
  isNew?: true;
};

/** File types by the bits that stat shows. */
export const TYPES: readonly [bits: number, type: PathType][] = [
  [0x8000, "file"],
  [0x4000, "directory"],
  [0xa000, "link"],
  [0x2000, "char"],
  [0x6000, "block"],
  [0x1000, "fifo"],
  [0xc000, "socket"],
];
