const MASK = "********";
/** Shorter texts hide nothing, and would riddle the output. */
const SHORTEST = 4;

/** Keys of reports under which words of ours stand, which mean something to those who read them. */
const WORDS = new Set(["kind", "module", "status"]);

/** Knows what was decrypted, and takes it out of whatever is shown. */
export class Mask {
  private readonly secrets = new Set<string>();
  private pattern: RegExp | undefined;

  /** Notes a text that must not be shown, and each longer line of it, as reports are made of lines, in all forms. */
  learn(text: string): void {
    for (const part of [text, text.trim(), ...text.split(/\r?\n/).map((line) => line.trim())]) {
      if (part.length < SHORTEST || this.secrets.has(part)) continue;
      for (const form of formsOf(part)) this.secrets.add(form);
      this.pattern = undefined;
    }
  }

  /** The text with every secret in it masked, the longest first. */
  hide(text: string): string {
    if (this.secrets.size === 0) return text;
    this.pattern ??= new RegExp(
      [...this.secrets]
        .sort((a, b) => b.length - a.length)
        .map(escapePattern)
        .join("|"),
      "g",
    );
    return text.replace(this.pattern, MASK);
  }

  /** The same for every text inside of plain data; keys stay, and so do the words under WORDS. */
  hideIn<T>(value: T): T {
    if (this.secrets.size === 0) return value;
    if (typeof value === "string") return this.hide(value) as T;
    if (Array.isArray(value)) return value.map((item: unknown) => this.hideIn(item)) as T;
    if (
      typeof value !== "object" ||
      value === null ||
      Object.getPrototypeOf(value) !== Object.prototype
    )
      return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        WORDS.has(key) ? (item as unknown) : this.hideIn(item as unknown),
      ]),
    ) as T;
  }
}

// How a secret looks as it is, in JSON, in a URL, in a quoted word of the shell, and in base64.
function formsOf(secret: string): string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    urlForm(secret),
    secret.replaceAll("'", String.raw`'\''`),
    ...[0, 1, 2].map((offset) => base64Form(secret, offset)),
  ].filter((form) => form.length >= SHORTEST);
}

// The secret as a URL has it; half a pair of surrogates has no such form.
function urlForm(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    return secret;
  }
}

/** Shorter pieces of base64 stand for too little to be told from others. */
const SHORTEST_BASE64 = 6;

// What of a secret is the same in base64 whatever stands around it, where it begins so many bytes behind a whole group of three.
function base64Form(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const sure = bytes
    .toString("base64")
    .slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
  return sure.length < SHORTEST_BASE64 ? "" : sure;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
