import { createHash } from "node:crypto";
import type { EditState } from "../../../../src/modules/shared/edit/edit.ts";
import type { PathState } from "../../../../src/probes/files/path.ts";
import type { EditCase } from "./cases.ts";

// The content of a case's file as bytes.
export function bytesOf({ bytes }: EditCase, text: string): Buffer {
  return Buffer.from(text, bytes ? "latin1" : "utf8");
}

// What the host answers to an edit's questions, in the folder /etc.
export function stateOf(one: EditCase): EditState {
  const parent = one.args["create"]
    ? { above: { "/etc": { type: "directory", mode: 0o755 } as const } }
    : {};
  if (one.text === null) return { file: null, real: null, ...parent };
  const content = bytesOf(one, one.text);
  const file: PathState = {
    type: "file",
    mode: 0o644,
    owner: "root",
    group: "root",
    uid: 0,
    gid: 0,
    size: content.length,
  };
  return {
    file,
    real: {
      ...file,
      sha256: createHash("sha256").update(content).digest("hex"),
      content: content.toString("base64"),
    },
    ...parent,
  };
}
