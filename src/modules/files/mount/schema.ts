import type { ArgsOf, Schema } from "../../contract/schema.ts";

export const mountSchema = {
  collection: "ansible.posix",
  description: "Mounts and unmounts file systems, and manages their lines in fstab.",
  example: `name: Mount the data disk
mount: {path: /srv, src: /dev/vdb1, fstype: ext4, state: mounted}`,
  returns: ["name, src, fstype, opts, dump, passno, fstab: the entry"],
  arguments: {
    path: {
      type: "path",
      asWritten: true,
      required: true,
      aliases: ["name"],
      description: "The mount point; none for swap.",
    },
    src: {
      type: "path",
      asWritten: true,
      description:
        "What to mount: a device, UUID=..., a server's directory, or a directory for bind mounts.",
    },
    fstype: { type: "str", description: "The type of the file system." },
    opts: {
      type: "str",
      description: "Options, separated by commas; defaults by default.",
    },
    dump: { null: "default", type: "str", default: "0", description: "The fifth field of fstab." },
    passno: {
      null: "default",
      type: "str",
      default: "0",
      description: "The sixth field of fstab: the order of checks at boot.",
    },
    state: {
      type: "str",
      required: true,
      choices: [
        "mounted",
        "present",
        "unmounted",
        "absent",
        "absent_from_fstab",
        "remounted",
        "ephemeral",
      ],
      description:
        "mounted: mounted and in fstab. present: in fstab. unmounted: not mounted, fstab stays. absent: neither, and the directory is removed. absent_from_fstab: not in fstab, the mount stays. remounted: remounted each time. ephemeral: mounted, fstab stays; each time.",
    },
    fstab: {
      null: "default",
      type: "path",
      default: "/etc/fstab",
      description: "The file to use instead of fstab.",
    },
    boot: {
      type: "bool",
      default: true,
      description: "Whether it is mounted at boot; false adds noauto.",
    },
    backup: {
      type: "bool",
      default: false,
      description: "Saves the old fstab next to it, with the time in its name.",
    },
  },
  requiredIf: ["mounted", "present", "ephemeral"].map((is) => ({
    if: "state",
    is,
    then: ["src", "fstype"],
  })),
} as const satisfies Schema;

export type MountArgs = ArgsOf<typeof mountSchema>;
