const MASK = "********";
/** Shorter texts hide nothing, and would riddle the output. */
const SHORTEST = 4;

/** Keys of reports under which words of ours stand, which mean something to those who read them. */
const WORDS = new Set(["kind", "module", "status"]);

/** Knows what was decrypted, and takes it out of whatever is shown. */
export class Mask {
  private readonly secrets = new Set<string>();
  private pattern: RegExp | undefined;

  /** Notes a text that must not be shown, and each longer line of it, as reports are made of lines. */
  learn(text: string): void {
    for (const part of [text, text.trim(), ...text.split(/\r?\n/).map((line) => line.trim())]) {
      if (part.length < SHORTEST || this.secrets.has(part)) continue;
      this.secrets.add(part);
      this.pattern = undefined;
    }
  }

  /** The text with every secret in it masked, the longest first. */
  hide(text: string): string {
    if (this.secrets.size === 0) return text;
    this.pattern ??= new RegExp([...this.secrets].sort((a, b) => b.length - a.length).map(escapePattern).join("|"), "g");
    return text.replace(this.pattern, MASK);
  }

  /** The same for every text inside of plain data; keys stay, and so do the words under WORDS. */
  hideIn<T>(value: T): T {
    if (this.secrets.size === 0) return value;
    if (typeof value === "string") return this.hide(value) as T;
    if (Array.isArray(value)) return value.map((item: unknown) => this.hideIn(item)) as T;
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, WORDS.has(key) ? (item as unknown) : this.hideIn(item as unknown)])) as T;
  }
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
