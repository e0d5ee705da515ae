import { Fault } from "../core/fault.ts";

/** The values of an INI file by section and key; those of [DEFAULT] hold in every section. */
export class IniFile {
  private readonly sections = new Map<string, Map<string, string | null>>();
  private readonly defaults = new Map<string, string | null>();
  private readonly form: IniForm;

  constructor(form: IniForm) {
    this.form = form;
  }

  /** Reads a text on top of what was read before, by the rules of Python's configparser. */
  read(text: string, file: string): void {
    const reader = new Reader(this.form, file, (name) => this.section(name));
    for (const line of text.split("\n")) reader.line(line);
    reader.finish();
  }

  /**
   * The keys and values of a section, those of [DEFAULT] first; undefined:
   * there is no such section.
   */
  items(section: string): Map<string, string | null> | undefined {
    const own = section === "DEFAULT" ? this.defaults : this.sections.get(section);
    return own && new Map([...this.defaults, ...own]);
  }

  /** The names of the sections, without [DEFAULT]. */
  names(): string[] {
    return [...this.sections.keys()];
  }

  /** A value with what it refers to by %(name)s put in. */
  filled(value: string, items: ReadonlyMap<string, string | null>, depth = 0): string {
    if (depth > 9) throw new Fault(`the value ${JSON.stringify(value)} refers to itself`);
    return value.replace(/%(?:(%)|\(([^)]+)\)s)?/g, (whole, percent?: string, name?: string) => {
      if (percent !== undefined) return "%";
      if (name === undefined)
        throw new Fault(
          `"%" must be followed by "%" or "(name)s" in ${JSON.stringify(value)}`,
          whole,
        );
      const found = items.get(this.form.keepCase ? name : name.toLowerCase());
      if (found === undefined)
        throw new Fault(`the value ${JSON.stringify(value)} refers to ${name}, which is not there`);
      return this.filled(found ?? "", items, depth + 1);
    });
  }

  // A section to put values in.
  private section(name: string): Map<string, string | null> {
    if (name === "DEFAULT") return this.defaults;
    const known = this.sections.get(name) ?? new Map<string, string | null>();
    this.sections.set(name, known);
    return known;
  }
}

/** What a file may look like. */
export interface IniForm {
  keepCase: boolean;
  allowNoValue: boolean;
}

/** Reads one text line by line. */
class Reader {
  private readonly form: IniForm;
  private readonly file: string;
  private readonly open: (name: string) => Map<string, string | null>;
  private readonly seen = new Set<string>();
  private name: string | undefined;
  private section: Map<string, string | null> | undefined;
  private key: string | undefined;
  private indent = 0;
  private bad: string | undefined;

  constructor(form: IniForm, file: string, open: (name: string) => Map<string, string | null>) {
    this.form = form;
    this.file = file;
    this.open = open;
  }

  line(line: string): void {
    const text = line.trim();
    const comment = /^[#;]/.test(text);
    if (text === "" || comment) {
      const before = this.key === undefined ? undefined : this.section?.get(this.key);
      if (!comment && typeof before === "string") this.section!.set(this.key!, `${before}\n`);
      return;
    }
    const depth = line.search(/\S/);
    if (this.section && this.key !== undefined && depth > this.indent) return this.goOn(text);
    this.indent = depth;
    const header = /^\[(.+)\]/.exec(text);
    if (header) this.begin(header[1]!);
    else this.assign(text);
  }

  // Values end without the empty lines after them; a line that is not valid in an INI file is
  // reported after all others were read.
  finish(): void {
    if (this.bad !== undefined)
      throw new Fault(`${this.file} is not in INI format: ${JSON.stringify(this.bad)}`);
    for (const key of this.seen) {
      const [name, option] = JSON.parse(key) as [string, string?];
      const value = option === undefined ? undefined : this.open(name).get(option);
      if (typeof value === "string") this.open(name).set(option!, value.trimEnd());
    }
  }

  // A further line of the value before it.
  private goOn(text: string): void {
    const before = this.section!.get(this.key!);
    if (typeof before !== "string")
      throw new Fault(`${this.file} continues a value that has not begun: ${JSON.stringify(text)}`);
    this.section!.set(this.key!, `${before}\n${text}`);
  }

  private begin(name: string): void {
    if (name !== "DEFAULT") this.once([name], `the section "${name}"`);
    [this.name, this.section, this.key] = [name, this.open(name), undefined];
  }

  private assign(text: string): void {
    if (!this.section)
      throw new Fault(`${this.file} contains no section headers: ${JSON.stringify(text)}`);
    const pair =
      /^(.*?)\s*(?:[=:]\s*(.*))$/.exec(text) ?? (this.form.allowNoValue ? [text, text] : null);
    if (!pair || pair[1] === "") {
      this.bad ??= text;
      return;
    }
    this.key = this.form.keepCase ? pair[1].trimEnd() : pair[1].trimEnd().toLowerCase();
    this.once([this.name!, this.key], `the option "${this.key}"`);
    this.section.set(this.key, pair[2]?.trim() ?? null);
  }

  // Nothing may occur twice in one text.
  private once(path: string[], what: string): void {
    const key = JSON.stringify(path);
    if (this.seen.has(key)) throw new Fault(`${what} stands twice in ${this.file}`);
    this.seen.add(key);
  }
}
