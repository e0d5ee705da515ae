import { dirname } from "node:path";
import { createFile, writeWhole } from "../disk/write-whole.ts";
import { makeDirectory } from "../disk/make-directory.ts";
import { readFileSync } from "../disk/reading.ts";

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
    const text = `${content}\n`;
    // another process may create it in the meantime
    if (before === undefined) return createFile(path, text) ? content : this.keep(path, make);
    writeWhole(path, text);
    return content;
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
