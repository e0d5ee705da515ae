import { dirname } from "node:path";
import { createFile, writeWhole } from "../disk/write-whole.ts";
import { makeDirectory } from "../disk/make-directory.ts";
import { existsSync, readFileSync } from "../disk/reading.ts";

/** What came up of files that templates make. */
export interface GeneratedNews {
  /** Files that are to be made and missing directories above them, by their paths. */
  awaited: Map<string, "directory" | "file">;
  /** The paths of files that were made or written. */
  written: string[];
}

/** Files of this machine that templates make, such as passwords. Planning writes none of them. */
export class GeneratedFiles {
  private mayWrite = false;
  private putOff = false;
  private readonly coming = new Map<string, "directory" | "file">();
  private news: GeneratedNews = { awaited: new Map(), written: [] };

  /** What is to be made, and could not be yet, directories before what is in them. */
  get awaited(): GeneratedNews["awaited"] {
    return this.coming;
  }

  // Answers what has come up since the last time.
  takeNews(): GeneratedNews {
    const { news } = this;
    this.news = { awaited: new Map(), written: [] };
    return news;
  }

  // Forgets what is to be made: a new pass plans again.
  expectNothing(): void {
    this.coming.clear();
    this.news.awaited.clear();
  }

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
      this.expect(path);
      return undefined;
    }
    this.news.written.push(path);
    makeDirectory(dirname(path), 0o700);
    const text = `${content}\n`;
    // another process may create it in the meantime
    if (before === undefined) return createFile(path, text) ? content : this.keep(path, make);
    writeWhole(path, text);
    return content;
  }

  // Notes a file that is to be made, and the directories that it needs.
  private expect(path: string): void {
    for (const directory of missingAbove(path)) this.note(directory, "directory");
    this.note(path, "file");
  }

  private note(path: string, type: "directory" | "file"): void {
    this.coming.set(path, type);
    this.news.awaited.set(path, type);
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

// The directories above a path that are not there, the topmost first.
function missingAbove(path: string): string[] {
  const above = dirname(path);
  return above === path || existsSync(above) ? [] : [...missingAbove(above), above];
}
