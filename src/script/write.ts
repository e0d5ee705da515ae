import type { LocalFile } from "./local-file.ts";
import FUNCTIONS from "./write.sh?raw";
import { sh, type Script } from "./sh.ts";
import { restore, type Undo } from "./undo.ts";

/**
 * The shell functions that steps use to write: the one way in which anything of a host is written.
 * `$HW_STATE_DIR` is our folder on the host, `$HW_RUN_DIR` this run's journal, `$HW_ENTRY_DIR` the
 * part of it that belongs to the change that is made, and, in an undo, `$U` the part that belongs
 * to the change that is undone.
 *
 * The directory that something is written to may belong to another user, who can exchange whatever
 * he finds in it at any moment. So nothing that he could have exchanged is ever opened, given an
 * owner or a mode: hw_enter goes into the directory and makes a private directory in it, which only
 * we may enter, goes into that, and proves that it is the one it made. In there `./f` is made
 * ready, and takes its place with one rename. File descriptor 8 is the directory.
 *
 * The way to the directory is walked name by name (hw_dir), so that nobody can put a link there in
 * between. A link of another user, in a directory in which he can make some, is followed only to
 * what belongs to the same user. hw_follow PATH prints what a path leads to, by the same rule. Who
 * is not root goes where the kernel lets him.
 *
 * hw_new PATH COMMAND...: COMMAND makes ./f, which becomes PATH. (mv refuses a link that leads to
 * PATH itself from where it stands: from a directory deeper, a relative one does not.) hw_place
 * FROM PATH MODE OWNER GROUP: a copy of a file; or the file itself, if it is in the stage, nothing
 * else needs it ($hw_single), and neither a directory nor SELinux gives it a group or label.
 * hw_link TARGET PATH, hw_hard FROM PATH: a link; it may replace an empty directory. hw_blank,
 * hw_mkdir PATH OWNER GROUP MODE: an empty file, a directory; hw_mkdirs PATH: a directory with all
 * above it. hw_temp PATH OPTION...: a temporary file or directory of mktemp in a directory. hw_set
 * PATH OWNER GROUP [MODE]: mode and owners of what is there; a link is never followed. hw_modes
 * PATH MODE: the mode of everything below, but for links. hw_backup PATH: a copy beside it.
 * hw_settle FILE PATH DIR KEPT: a file that was made ready in a private directory of the same
 * directory becomes PATH, where nothing is; hw_drop_dirs removes such directories
 * ($hw_private_dirs), hw_swept tells that none is left. hw_keep PATH [copy]: keeps what is there in
 * `$HW_ENTRY_DIR`, by a hard link where that can be and where it is not changed in place. hw_watch
 * notes what stands at paths before they are looked at, in `$HW_RUN_DIR/seen`; hw_untouched tells,
 * right before the rename, whether it still stands there, and hw_wrote whether somebody wrote to it
 * until the rename. hw_restore puts back what `$U` has, and keeps what it replaces, so that an undo
 * can be undone; hw_remove takes away.
 */
export const WRITE_FUNCTIONS = FUNCTIONS;

// Where a file waits on the host for the step that uses it. Whatever script this becomes a part of
// has the file brought there.
export function staged(file: LocalFile): Script {
  return { ...stagePath(file.sha256), files: [file] };
}

// The path of a file in the stage.
export function stagePath(sha256: string): Script {
  return sh`"$HW_STATE_DIR/stage/"${sha256}`;
}

/**
 * Owner and group as names or numbers; absent: the file keeps them, or gets those of who writes it.
 */
export interface Ownership {
  owner?: string | undefined;
  group?: string | undefined;
}

// Puts a staged file in its place: `mode` is text for chmod, such as "0644".
export function placeFile(
  from: Script,
  to: string,
  mode: string,
  { owner, group }: Ownership,
): { run: Script; undo: Undo } {
  return {
    run: sh`hw_place ${from} ${to} ${mode} ${owner ?? ""} ${group ?? ""}`,
    undo: restore(to),
  };
}

// Notes that the file at `path` was verified to have this digest, so that it need not be
// hashed again. Its size, times and inode are noted at once; at the program's end it is kept
// only if they are still the same.
export function remember(sha256: string, path: string): Script {
  return sh`hw_remember ${sha256} ${path}`;
}
