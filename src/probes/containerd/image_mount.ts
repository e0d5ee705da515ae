import FUNCTIONS from "./image_mount.sh?raw";
import { lines, sh } from "../../script/sh.ts";
import { escapeMount } from "../files/mount.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { ctrCall, ctrSubject, numbered, type CtrArg } from "./ctr.ts";

/** Where an image may be mounted. */
export interface ImageMountArg extends CtrArg {
  path: string;
  /** containerd's own choice, where it is empty. */
  snapshotter: string;
}

/** What is mounted there; null: containerd does not answer. */
export type ImageMountState = {
  mounted: boolean;
  /** The layers below the snapshot of that name; null: there is no such snapshot. */
  parent: string | null;
  /** Whether it may be written to. */
  writable: boolean;
} | null;

/** A mount as `ctr images mount` makes it: its snapshot has the path as its name. */
export const imageMount: ProbeKind<ImageMountArg, ImageMountState> = {
  name: "ctr image mount",
  subject: (arg) => `${ctrSubject(arg)} ${arg.path}`,
  holds: { unknownBehind: "starts" },
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...args.map(
        (arg, index) =>
          sh`hw_image_mount ${index} ${arg.path} ${` ${escapeMount(arg.path)} `} ${ctrCall(arg, "snapshots", snapshotterFlag(arg), "ls")}`,
      ),
    ]),
  parse(output, args) {
    const answers = numbered(output, "mount");
    return args.map((_arg, index) => {
      const [state, mounted, parent, kind] = answers.get(index)?.[0]?.split(" ") ?? [];
      if (state === "down") return null;
      if (state !== "up") throw new ProbeError("the answer about a mount is truncated or garbled");
      return {
        mounted: mounted === "yes",
        parent: parent === undefined || parent === "-" ? null : parent,
        writable: kind === "Active",
      };
    });
  },
};

// The snapshotter that is meant, as ctr takes it.
export function snapshotterFlag({ snapshotter }: { snapshotter: string }): string[] {
  return snapshotter === "" ? [] : ["--snapshotter", snapshotter];
}

// Asks about one place.
export function askImageMount(arg: ImageMountArg): Probe<ImageMountState> {
  const { ctr, address, namespace, path, snapshotter } = arg;
  return ask(imageMount, { ctr, address, namespace, path, snapshotter });
}
