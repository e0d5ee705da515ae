import { writeFileSync } from "node:fs";
import { readFileSync } from "../disk/reading.ts";
import { dirname } from "node:path";
import { makeDirectory } from "../disk/make-directory.ts";

/** Files of this machine that templates make, such as passwords. Planning writes none of them. */
export class GeneratedFiles {
  private mayWrite = false;
  private putOff = false;

  /** From here on files are written. Tells whether one was wanted before. */
  begin(): boolean {
    this.mayWrite = true;
    const { putOff } = this;
    this.putOff = false;
    return putOff;
  }

  /**
   * What a file holds once it is as `make` says; undefined: it is not, and
   * nothing may be written yet.
   */
  keep(path: string, make: (content: string | undefined) => string): string | undefined {
    const before = readText(path);
    const content = make(before);
    if (content === before) return content;
    if (!this.mayWrite) {
      this.putOff = true;
      return undefined;
    }
    makeDirectory(dirname(path), 0o700);
    return this.write(path, content, before === undefined) ? content : this.keep(path, make);
  }

  // Writes a file for the owner only; false: another process has created it in the meantime.
  private write(path: string, content: string, isNew: boolean): boolean {
    try {
      writeFileSync(path, `${content}\n`, { mode: 0o600, flag: isNew ? "wx" : "w" });
      return true;
    } catch (error) {
      if (isNew && (error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }
}

// The text of a file without white space at its end; undefined: there is no such file.
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trimEnd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
