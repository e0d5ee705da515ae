/**
 * The one place where bytes leave for the terminal. What people read is spelled out here,
 * whoever it came from (visible.ts); the line of progress is taken away before anything is
 * printed, and drawn again below it. The cursor is never hidden, so nothing has to be brought
 * back however the program ends.
 */
import pc from "picocolors";
import { fit } from "./width.ts";
import { paint, visible, visibleJson } from "./visible.ts";

type Name = "stdout" | "stderr";

/**
 * Write errors that mean that nobody is reading any more: the pipe is closed, the terminal is gone.
 */
const NOBODY_READS = ["EPIPE", "EIO", "ERR_STREAM_DESTROYED"];

/**
 * Erases the progress line. The cursor is at its start, even if the terminal has become narrower
 * and wrapped it since: so all its further rows come after the cursor.
 */
const ERASE = "\r\u001b[K\u001b[J";

/** Narrower terminals, and those that do not know their width, get lines. */
const MIN_COLUMNS = 40;

// The line of progress, and the cursor back at its begin. Meanwhile the terminal does not
// wrap lines: it may have become narrower just now, and the cursor would be brought to
// the begin of a further row.
function drawn(line: string): string {
  return `\u001b[?7l${line}\u001b[?7h\r`;
}

class Screen {
  /** The progress line that is on the terminal now. */
  private live = "";
  /** How many questions are on the terminal, which a progress line would erase. */
  private held = 0;
  private isInBackground = (): boolean => false;
  /** Who gets texts for people in the place of the terminal. */
  private other: ((to: Name, text: string) => void) | undefined;
  /** Why stdout did not take all that was written; a reader who went away is none. */
  failure: NodeJS.ErrnoException | undefined;

  /** Prints a text for people on stdout, and ends its line. */
  say(text: string): void {
    this.tell("stdout", `${text}\n`);
  }

  /** The same on stderr. */
  warn(text: string): void {
    this.tell("stderr", `${text}\n`);
  }

  /** Writes text for people; it need not end a line. */
  tell(to: Name, text: string): void {
    if (this.other) return this.other(to, text);
    this.write(
      to,
      paint(
        text,
        to === "stdout" ? pc.isColorSupported : pc.isColorSupported && process.stderr.isTTY,
      ),
    );
  }

  /** Gives texts for people to somebody else from now on, who has the terminal. */
  divert(other: (to: Name, text: string) => void): void {
    this.other = other;
  }

  /** Prints one JSON document on stdout. */
  json(value: unknown): void {
    this.write("stdout", `${visibleJson(value)}\n`);
  }

  /** Writes content as it is on stdout, for programs and files; a terminal gets it spelled out. */
  content(bytes: Uint8Array): void {
    this.write(
      "stdout",
      process.stdout.isTTY ? visible(Buffer.from(bytes).toString("utf8")) : bytes,
    );
  }

  /**
   * Takes the line of progress away while somebody is asked; what it answers
   * lets it be drawn again.
   */
  hold(): () => void {
    this.progress("");
    this.held++;
    return () => {
      this.held--;
    };
  }

  /** Shows a line of progress, as wide as the terminal is now; an empty one takes it away. */
  progress(line: string): void {
    if (this.held > 0) return;
    const shown = this.isInBackground()
      ? ""
      : fit(
          visible(line.replaceAll("\n", " ")),
          (process.stdout.columns || 80) - 1,
          this.isUnicode ? "…" : "...",
        );
    if (this.live === "" && shown === "") return;
    this.live = shown;
    this.put("stdout", `${ERASE}${drawn(shown)}`);
  }

  /** Whether a line of progress can be drawn. */
  get isLive(): boolean {
    return (
      process.stdout.isTTY &&
      process.stdout.columns >= MIN_COLUMNS &&
      process.env["TERM"] !== "dumb"
    );
  }

  /** Whether the terminal's letters go beyond ASCII, as the locale says. */
  get isUnicode(): boolean {
    const { LC_ALL, LC_CTYPE, LANG, TERM } = process.env;
    return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "") && TERM !== "linux";
  }

  /** Resolves when what was written has left. */
  async flush(): Promise<void> {
    await Promise.all(
      [process.stdout, process.stderr].map(
        (stream) =>
          new Promise<void>((resolve) => {
            if (stream.destroyed || stream.errored) resolve();
            else stream.write("", () => resolve());
          }),
      ),
    );
  }

  /**
   * Hears of errors of writing, and of Ctrl-Z, from now on; and asks whether the terminal belongs
   * to another job of its shell.
   */
  watch(isInBackground: () => boolean): void {
    this.isInBackground = isInBackground;
    this.hearStop();
    process.stdout.on("error", (error: NodeJS.ErrnoException) => this.fail("stdout", error));
    process.stderr.on("error", (error: NodeJS.ErrnoException) => this.fail("stderr", error));
  }

  // Ctrl-Z removes the progress line, so that the shell prints on a fresh line, and then
  // stops the process as usual.
  private hearStop(): void {
    process.once("SIGTSTP", () => {
      if (this.live !== "") this.put("stdout", ERASE);
      this.live = "";
      process.kill(process.pid, "SIGTSTP"); // nobody hears it now, so it stops us here until fg or bg
      setImmediate(() => this.hearStop());
    });
  }

  // Writes between taking the line of progress away and drawing it again.
  private write(to: Name, text: string | Uint8Array): void {
    if (this.live === "") return this.put(to, text);
    this.put("stdout", ERASE);
    this.put(to, text);
    this.put("stdout", drawn(this.live));
  }

  private put(to: Name, text: string | Uint8Array): void {
    try {
      process[to].write(text);
    } catch (error) {
      this.fail(to, error as NodeJS.ErrnoException);
    }
  }

  private fail(from: Name, error: NodeJS.ErrnoException): void {
    if (from === "stdout" && !NOBODY_READS.includes(error.code ?? "")) this.failure ??= error;
  }
}

export const screen = new Screen();
