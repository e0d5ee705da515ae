import { sh, type Script } from "./sh.ts";

/**
 * Reverts a step. Where a rollback decides by what it does, that is data; nothing
 * reads it from the shell text.
 */
export interface Undo extends Script {
  readonly does?: UndoEffect;
}

/** What an undo does. */
export type UndoEffect =
  /**
   * Puts back what the journal kept, and keeps what it replaces: done once more, on what it kept
   * itself, it takes itself back.
   */
  | { readonly kind: "restore"; readonly path?: string }
  /** The same for what an archive brought, by the list that the journal has of it. */
  | { readonly kind: "restore unpacked"; readonly list: string }
  /** Gives everything below a directory its mode and its owner back. */
  | { readonly kind: "restore below"; readonly path: string }
  /** Removes a directory, unless something is in it. */
  | { readonly kind: "remove directory"; readonly path: string };

// Puts back what the journal kept of a path.
export function restore(path: string | Script): Undo {
  const script = sh`hw_restore ${path}`;
  return typeof path === "string"
    ? { ...script, does: { kind: "restore", path } }
    : restoring(script);
}

// The same where it takes more than one command: all that the script changes, the journal has kept.
export function restoring(script: Script): Undo {
  return { ...script, does: { kind: "restore" } };
}

// Puts back what this change has kept of a path: for a step that fails.
export function revert(path: string): Script {
  return sh`U=$HW_ENTRY_DIR hw_restore ${path}`;
}

// Removes a directory, unless something is in it.
export function removeDirectory(path: string): Undo {
  return { ...sh`rmdir -- ${path} 2>/dev/null || :`, does: { kind: "remove directory", path } };
}

// Whether an undo can itself be undone by doing it again, on what it kept.
export function keepsWhatItReplaces({ does }: Undo): boolean {
  return does?.kind === "restore" || does?.kind === "restore unpacked";
}
