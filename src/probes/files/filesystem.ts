import FUNCTIONS from "./filesystem.sh?raw";
import { lines, sh, type Script } from "../../script/sh.ts";
import { withParents } from "../../script/validator.ts";
import { Unknown } from "../../value.ts";
import type { PassingPart } from "../passing.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/**
 * The filesystem that contains a path, or will contain it: that of its nearest existing directory.
 */
export interface Filesystem {
  /** The nearest path that exists. */
  parent: string;
  writable: boolean;
  /** As `stat -f` names it: "ext2/ext3" (all of ext2 to ext4), "xfs", "overlayfs", "nfs" ... */
  type: string;
  /** Free for users, in bytes; unknown where nothing may depend on it. */
  free: number | Unknown;
  /** Device and filesystem id: the name under which a verdict on this filesystem is kept. */
  id: string;
  /**
   * Whether directories have the types of their entries, which overlayfs needs;
   * proved: by trying it once.
   */
  dtype: "yes" | "no" | "unknown" | "proved";
}

/**
 * Reads only: the superblock is read through a device node in a mount namespace
 * that nobody else sees.
 */
export const filesystem: ProbeKind<{ path: string }, Filesystem> = {
  name: "filesystem",
  subject: (arg) => arg.path,
  script: (args) => lines([{ sh: FUNCTIONS }, ...args.map((arg) => sh`hw_filesystem ${arg.path}`)]),
  validator: (args) => ({
    paths: args.map(({ path }) => path),
    more: lines([
      sh`set -- "$@" "$HW_STATE_DIR"/records/overlay-*`,
      ...args.map(
        ({ path }) =>
          sh`for hw_p in ${withParents(path)} /; do [ ! -w "$hw_p" ] || printf 'writable %s\n' "$hw_p"; done`,
      ),
    ]),
  }),
  parse: (output, args) => {
    const answers = output.split(/^(?=parent )/m).filter((part) => part.startsWith("parent "));
    if (answers.length !== args.length)
      throw new ProbeError("the answer about filesystems is truncated or garbled");
    return answers.map(parseFilesystem);
  },
};

/** Free space comes and goes. */
export const freeSpace: PassingPart<Filesystem> = {
  kind: filesystem.name,
  withoutText: (output) => output.replaceAll(/^(fs .*) \d+ (\d+)$/gm, "$1 $2"),
  blurred: (answer) => ({ ...answer, free: new Unknown("how much space is free") }),
};

// Asks for the filesystem below a path.
export function askFilesystem(path: string): Probe<Filesystem> {
  return ask(filesystem, { path });
}

// The name of the note that says that overlayfs was tried on a filesystem, and worked.
export function verdictName(id: string): string {
  return `overlay-${id}`;
}

function parseFilesystem(text: string): Filesystem {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name} ?(.*)$`, "m").exec(text)?.[1];
  const stat = /^(\d+) (.+) ([0-9a-f]+) (\d+) (\d+)$/.exec(field("fs") ?? "");
  const [, device = "", type = "unknown", fsid = "", blocks = "0", size = "0"] = stat ?? [];
  const common = {
    parent: field("parent")!,
    writable: field("writable") !== undefined,
    type,
    free: Number(blocks) * Number(size),
    id: `${device}-${fsid}`,
  };
  if (field("proved") !== undefined) return { ...common, dtype: "proved" };
  const ftype = field("ftype");
  if (ftype !== undefined) return { ...common, dtype: ftype === "1" ? "yes" : "no" };
  const bytes = Buffer.from((field("bytes") ?? "").replaceAll(" ", ""), "hex");
  return { ...common, dtype: dtypeOf(type, bytes) };
}

// What a filesystem's type, or its superblock, says about types of directory entries.
function dtypeOf(type: string, bytes: Buffer): "yes" | "no" | "unknown" {
  if (["btrfs", "tmpfs", "zfs", "f2fs", "bcachefs"].includes(type)) return "yes";
  if (bytes.length < 1280) return "unknown";
  if (type === "xfs" && bytes.toString("latin1", 0, 4) === "XFSB")
    return xfsHasTypes(bytes) ? "yes" : "no";
  if (type.startsWith("ext") && bytes.readUInt16LE(1024 + 0x38) === 0xef53)
    return bytes.readUInt32LE(1024 + 0x60) & 0x2 ? "yes" : "no";
  return "unknown";
}

// XFS version 5 always has the types; in version 4 sb_features2 says so (Linux,
// fs/xfs/libxfs/xfs_format.h).
function xfsHasTypes(superblock: Buffer): boolean {
  const version = superblock.readUInt16BE(100) & 0xf;
  return version === 5 || (version === 4 && (superblock.readUInt32BE(200) & 0x200) !== 0);
}

/**
 * Proves what containerd needs: an overlay of a small tree in which a file is deleted. A
 * successful mount proves nothing: without types, the mark for the deleted file shows up as an
 * entry. Leaves nothing behind.
 */
export function proveOverlay(parent: string): Script {
  return sh`hw_prove_overlay() {
  hw_d=$(mktemp -d "$1/.hw-overlay.XXXXXX") || return 1
  { mkdir "$hw_d/l" "$hw_d/u" "$hw_d/w" "$hw_d/m" && : > "$hw_d/l/f"; } || { rm -rf -- "$hw_d"; return 1; }
  hw_o=$(mount -t overlay overlay -o "lowerdir=$hw_d/l,upperdir=$hw_d/u,workdir=$hw_d/w" "$hw_d/m" 2>&1) || { rm -rf -- "$hw_d"; printf 'an overlay cannot be mounted: %s\n' "$hw_o" >&2; return 1; }
  rm -f -- "$hw_d/m/f"; hw_o=$(ls -A "$hw_d/m"); umount "$hw_d/m" && rm -rf -- "$hw_d"
  [ -z "$hw_o" ]
}
hw_prove_overlay ${parent}`;
}
