import { TaskFailure } from "../../../errors.ts";
import { applyMode } from "../../shared/files/mode.ts";
import type { ArchiveMember } from "../../contract/module.ts";
import { defined } from "../../../defined.ts";

/** Smaller files are hashed in every question: that costs less than looking them up. In bytes. */
export const BIG = 1024 * 1024;

/** What of an archive is unpacked, and how. */
export interface Selection {
  strip: number;
  include: readonly string[];
  exclude: readonly string[];
}

/** One thing that an archive puts below the directory `dest`. */
export interface WantedMember extends Omit<ArchiveMember, "type"> {
  /** Below `dest`, without a slash at either end. */
  path: string;
  /** The member's name for tar; absent: a directory that only occurs in the names of others. */
  name?: string;
  /** The member that must be unpacked together with it: the target of a hard link. */
  origin?: string;
  type: "file" | "directory" | "link";
}

// The wanted members, directories before their contents. Throws TaskFailure for members that
// would end up outside `dest`.
export function selectMembers(
  members: readonly ArchiveMember[],
  selection: Selection,
  dest: string,
): WantedMember[] {
  const wanted = new Map<string, WantedMember>();
  for (const member of members) {
    const path = stripped(member.path, selection.strip);
    if (path === "" || !isSelected(member.path, selection)) continue;
    checkName(member.path);
    for (const folder of foldersOf(path))
      if (!wanted.has(folder))
        wanted.set(folder, {
          path: folder,
          type: "directory",
          mode: 0o755,
          size: 0,
          uid: 0,
          gid: 0,
        });
    wanted.set(path, wantedFrom(member, path));
  }
  const all = [...wanted.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const member of all) checkPlace(member, wanted, dest);
  missing(members, selection);
  return all;
}

// The state of one unpacked member; a hard link is a file with the same content.
function wantedFrom(
  { path: name, type, mode, size, sha256, target, uid, gid, uname, gname }: ArchiveMember,
  path: string,
): WantedMember {
  if (type === "hardlink" && sha256 === undefined)
    throw new TaskFailure(
      `the archive's member ${name} is a hard link to ${target ?? "nothing"}, which is not in the archive`,
    );
  const kind = type === "hardlink" ? { type: "file" as const, origin: target! } : { type };
  const names = { ...defined({ uname, gname }) };
  return {
    path,
    name,
    ...kind,
    mode,
    size,
    ...defined({ sha256, target: type === "link" ? (target ?? "") : undefined }),
    uid,
    gid,
    ...names,
  };
}

// A member's path without its first parts, as tar counts them: "./" is a part.
function stripped(name: string, strip: number): string {
  return name
    .split("/")
    .slice(strip)
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

// The directories that a path leads through.
function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_part, i) => parts.slice(0, i + 1).join("/"));
}

// Whether include and exclude accept a member; both also apply below directories.
function isSelected(name: string, { include, exclude }: Selection): boolean {
  const path = stripped(name, 0);
  if (include.length > 0 && !include.some((one) => isBelow(path, stripped(one, 0)))) return false;
  return !exclude.some((pattern) => matches(pattern, path));
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

// tar's exclude patterns: they match from any part on, "*" matches slashes too, and what is
// below a match goes with it.
function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/\/+$/, "")
    .replaceAll(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".")
    .replaceAll(/\[!/g, "[^");
  return new RegExp(`(^|/)(${source.replace(/^(\\\.\/)+/, "")})(/|$)`, "s").test(path);
}

// A requested name that is not in the archive is a mistake.
function missing(members: readonly ArchiveMember[], { include }: Selection): void {
  const none = include.find(
    (one) => !members.some((member) => isBelow(stripped(member.path, 0), stripped(one, 0))),
  );
  if (none !== undefined)
    throw new TaskFailure(
      `the archive has no member ${none}`,
      `it has ${members
        .slice(0, 8)
        .map((member) => member.path)
        .join(", ")}${members.length > 8 ? ", ..." : ""}`,
    );
}

// Refuses names that tar would have to bend.
function checkName(name: string): void {
  if (name.startsWith("/") || name.split("/").includes(".."))
    throw new TaskFailure(
      `the archive's member ${name} is outside the directory it is unpacked to`,
      "do not trust this archive",
    );
  if (/[\n\\]/.test(name))
    throw new TaskFailure(
      `the archive's member ${JSON.stringify(name)} has a line break or a backslash in its name`,
      "leave it out with exclude",
    );
}

// Refuses links that lead outside `dest`, and members behind a link.
function checkPlace(
  { path, type, target }: WantedMember,
  wanted: ReadonlyMap<string, WantedMember>,
  dest: string,
): void {
  const behind = foldersOf(path).find((folder) => wanted.get(folder)!.type !== "directory");
  if (behind !== undefined)
    throw new TaskFailure(
      `the archive's member ${path} is below ${behind}, which is not a directory`,
      "do not trust this archive",
    );
  if (type === "link" && !staysInside(path, target!, dest))
    throw new TaskFailure(
      `the archive's link ${path} points to ${target}, outside the directory it is unpacked to`,
      "leave it out with exclude, or create the link with the file module",
    );
}

// Whether a link, resolved only by its text, stays below `dest`.
function staysInside(path: string, target: string, dest: string): boolean {
  if (dest === "/") return true;
  const parts = target.startsWith("/") ? [] : path.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined && !target.startsWith("/")) return false;
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return !target.startsWith("/") || isBelow(`/${parts.join("/")}`, dest);
}

// The mode that a member has once it is unpacked: tar keeps it for root, and takes the
// umask's part from others.
export function unpackedMode(
  { mode, type }: WantedMember,
  wanted: string | undefined,
  isRoot: boolean,
): number {
  const plain = isRoot ? mode : mode & 0o755;
  return wanted === undefined ? plain : applyMode(wanted, plain, type === "directory");
}
