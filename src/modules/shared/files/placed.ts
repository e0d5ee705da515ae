import type { PathState } from "../../../probes/files/path.ts";
import type { LocalFile } from "../../contract/module.ts";

type Placed = NonNullable<PathState>;

/** Root as the owner of a path. */
const ROOT = { owner: "root", group: "root", uid: 0, gid: 0 } as const;

// The part of a path's state that a file brings: what is only on the controller's
// disk has no content here.
export function contentState({
  size,
  sha256,
  text,
  content = text === undefined ? undefined : Buffer.from(text),
}: LocalFile): Pick<Placed, "size" | "sha256" | "content"> {
  if (!content) return { size, sha256 };
  return { size, sha256, content: Buffer.from(content).toString("base64") };
}

// The state of a file that root owns, once it is in place.
export function rootFile(file: LocalFile, mode: number): Placed {
  return { type: "file", mode, ...ROOT, ...contentState(file) };
}

// The state of a link that root owns.
export function rootLink(target: string): Placed {
  return { type: "link", mode: 0o777, target, ...ROOT };
}
