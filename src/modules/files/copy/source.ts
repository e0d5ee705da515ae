import { createHash } from "node:crypto";
import { DirectoryError, TaskFailure } from "../../../errors.ts";
import { writeJson } from "../../../jinja/python/json.ts";
import type { PathState } from "../../../probes/files/path.ts";
import type { LocalTree } from "../../contract/local-tree.ts";
import type { Controller, LocalFile } from "../../contract/module.ts";
import { sha256Hex } from "../../../sha256.ts";

/** Where the content of `copy` is from. */
export interface SourceArgs {
  src?: string;
  content?: unknown;
  checksum?: string;
}

export const PYTHON_JSON = {
  indent: undefined,
  sortKeys: false,
  ensureAscii: true,
  itemSeparator: ", ",
  keySeparator: ": ",
};

// Text as a file that travels to the host.
export function textFile(text: string): LocalFile {
  const content = new TextEncoder().encode(text);
  return {
    content,
    size: content.length,
    sha256: sha256Hex(content),
    text,
  };
}

// The content that a task says itself; lists and mappings become JSON.
export function contentFile(content: unknown): LocalFile {
  return { ...textFile(contentText(content)), mode: CONTENT_MODE };
}

/** What `mode: preserve` gives to `content`, which Ansible has in a private file meanwhile. */
const CONTENT_MODE = 0o600;

function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (typeof content === "boolean") return content ? "True" : "False";
  return writeJson(content, PYTHON_JSON);
}

// What the controller offers, as a task wants it: encrypted files as they are with
// `decrypt: false`, and what links in a tree lead to, unless `local_follow` is false.
export function takenAs(
  { decrypt, local_follow: follow = true }: { decrypt: boolean; local_follow?: boolean },
  controller: Controller,
): Controller {
  return {
    ...controller,
    file: (path, where) => controller.file(path, where, { decrypt }),
    tree: (path) => controller.tree(path, { decrypt, follow }),
  };
}

// The file or tree on the controller that `src` names. A slash at its end means the
// contents of the directory.
export function localSource(
  src: string,
  controller: Controller,
): { file: LocalFile } | { tree: LocalTree } {
  if (src.endsWith("/")) return { tree: controller.tree(src) };
  try {
    return { file: controller.file(src, "files") };
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return { tree: controller.tree(src) };
  }
}

// Fails where a source is not what the task says; SHA-1, as Ansible's, or "sha256:HEX".
export function checkSource(
  file: LocalFile,
  checksum: string | undefined,
  controller: Controller,
): void {
  if (checksum === undefined) return;
  const wanted = checksum.includes(":") ? checksum : `sha1:${checksum}`;
  if (file.path !== undefined && !file.content) return void controller.download(file.path, wanted);
  const [algorithm, hex] = wanted.split(":") as [string, string];
  const found = createHash(algorithm)
    .update(file.content ?? "")
    .digest("hex");
  if (found !== hex.toLowerCase())
    throw new TaskFailure(`the content has the ${algorithm} ${found}, not ${hex}`);
}

// The name of a path on the controller.
export function baseName(src: string): string {
  return src.slice(src.lastIndexOf("/") + 1);
}

// What Ansible registers besides where the content changes.
export function broughtResult(
  { file }: { file?: LocalFile },
  before: PathState | undefined,
  after: PathState,
): { md5sum: string } | undefined {
  const text = file?.content ?? file?.text;
  if (text === undefined || before?.sha256 === after?.sha256) return undefined;
  return { md5sum: createHash("md5").update(text).digest("hex") };
}
