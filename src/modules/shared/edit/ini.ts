import { TaskFailure } from "../../../errors.ts";

/** ini_file's description of an option. */
export interface IniArgs {
  section?: string;
  option?: string;
  values: readonly string[];
  state: "present" | "absent";
  exclusive: boolean;
  no_extra_spaces: boolean;
  ignore_spaces: boolean;
  allow_no_value: boolean;
  modify_inactive_option: boolean;
}

/** What became of the text, in Ansible's words. */
export interface IniEdit {
  text: string;
  msg: string;
}

/** An option in a line: of "#a = 1" the sign, the name, the value. */
interface Option {
  inactive: boolean;
  name: string;
  hasSign: boolean;
  value: string;
}

const LINE = /^([ \t]*)([#;]?)([ \t]*)([^=\n]*?)([ \t]*)(?:=([ \t]*)(.*))?$/s;

// Reads a line as one with this option; undefined: it has another, or none.
function optionOf(line: string, name: string): Option | undefined {
  const found = LINE.exec(line.replace(/\n$/, ""));
  if (!found || found[4] !== name) return undefined;
  return {
    inactive: found[2] !== "",
    name,
    hasSign: found[6] !== undefined,
    value: found[7] ?? "",
  };
}

const isFiller = (line: string): boolean => /^[ \t]*([#;].*)?$/.test(line.replace(/\n$/, ""));

/** One edit of the lines of a section. */
class SectionEdit {
  readonly lines: string[];
  msg = "OK";
  changed = false;
  private readonly done = new Set<number>();
  private readonly args: IniArgs;

  constructor(lines: readonly string[], args: IniArgs) {
    this.lines = [...lines];
    this.args = args;
  }

  // How an option is written with a value, or without.
  written(value: string | undefined): string {
    const { option, no_extra_spaces: isTight } = this.args;
    if (value === undefined) return `${option}\n`;
    return isTight ? `${option}=${value}\n` : `${option} = ${value}\n`;
  }

  // The option of a line that an edit may change: one in a comment only where
  // it may be brought to life.
  match(line: string): Option | undefined {
    const found = optionOf(line, this.args.option!);
    return found?.inactive === true && !this.args.modify_inactive_option ? undefined : found;
  }

  present(): void {
    const values = [...new Set(this.args.values)];
    const isBare = this.editMatching(values);
    if (this.args.exclusive && !this.args.allow_no_value) this.editOthers(values);
    this.insert(values, isBare);
  }

  // Lines that already have a wanted value, and bare ones. Returns whether
  // there is a bare option then.
  private editMatching(values: string[]): boolean {
    for (const [index, line] of this.lines.entries()) {
      const found = this.match(line);
      if (!found) continue;
      const at = values.indexOf(found.value);
      if (at >= 0) {
        this.replace(index, this.written(found.value));
        values.splice(at, 1);
      } else if (values.length === 0 && this.args.allow_no_value) {
        this.replace(index, this.written(undefined));
        return true;
      }
    }
    return false;
  }

  // Further lines of the option take the values that are left; those that are left then go.
  private editOthers(values: string[]): void {
    for (const [index, line] of this.lines.entries())
      if (values.length > 0 && !this.done.has(index) && this.match(line))
        this.replace(index, this.written(values.shift()));
    const kept = this.lines.filter((line, index) => {
      const goes = !this.done.has(index) && this.match(line) !== undefined;
      if (goes) Object.assign(this, { changed: true, msg: "option changed" });
      return !goes;
    });
    this.lines.splice(0, this.lines.length, ...kept);
  }

  // New lines come after the last one that is not blank.
  private insert(values: readonly string[], isBare: boolean): void {
    const { option, allow_no_value: mayBeBare } = this.args;
    const wantsBare = values.length === 0 && mayBeBare && !isBare && this.args.values.length === 0;
    const added = wantsBare ? [this.written(undefined)] : values.map((one) => this.written(one));
    if (option === undefined || added.length === 0) return;
    const at = this.lines.findLastIndex((line) => !isFiller(line)) + 1;
    this.lines.splice(at, 0, ...added);
    Object.assign(this, { changed: true, msg: "option added" });
  }

  // A line keeps its spaces where they do not count.
  private replace(index: number, wanted: string): void {
    const old = this.lines[index]!;
    const found = optionOf(old, this.args.option!)!;
    const wantedParts = optionOf(wanted, this.args.option!)!;
    const isSame =
      this.args.ignore_spaces &&
      !found.inactive &&
      found.hasSign === wantedParts.hasSign &&
      found.value === wantedParts.value;
    this.done.add(index);
    if (isSame || old === wanted) return;
    this.lines[index] = wanted;
    Object.assign(this, { changed: true, msg: "option changed" });
  }

  absent(): void {
    const { option, exclusive, values } = this.args;
    const kept = this.lines.filter((line) => {
      if (option === undefined) return false;
      const found = optionOf(line, option);
      return !found || found.inactive || !(exclusive || values.includes(found.value));
    });
    if (kept.length === this.lines.length) return;
    this.lines.splice(0, this.lines.length, ...kept);
    Object.assign(this, {
      changed: true,
      msg: option === undefined ? "section removed" : "option changed",
    });
  }
}

// Sets an option of a section, or takes it away; without a section, one before all sections.
export function editIni(content: string, args: IniArgs): IniEdit {
  if (args.state === "present" && !args.allow_no_value && args.values.length === 0)
    throw new TaskFailure(
      "Parameter 'value(s)' must be defined if state=present and allow_no_value=False.",
    );
  const text = content.endsWith("\n") ? content : `${content}\n`;
  const lines = text.match(/[^\n]*\n/g) ?? [];
  const { begin, end } = sectionOf(lines, args.section);
  if (begin < 0 && args.state === "present") return withSection(text, args);
  if (begin < 0) return { text: content === "" ? "" : text, msg: "OK" };
  const edit = new SectionEdit(lines.slice(begin, end), args);
  if (args.state === "absent") edit.absent();
  else if (args.option !== undefined) edit.present();
  const made = [...lines.slice(0, begin), ...edit.lines, ...lines.slice(end)].join("");
  return { text: content === "" && !edit.changed ? "" : made, msg: edit.msg };
}

// The range of a section among the lines, including its header; begin is -1 if there is none.
function sectionOf(
  lines: readonly string[],
  section: string | undefined,
): { begin: number; end: number } {
  const begin = section ? lines.findIndex((line) => line.startsWith(`[${section}]`)) : 0;
  const end = lines.findIndex((line, index) => {
    return line.startsWith("[") && index >= (section ? begin + 1 : 0);
  });
  return { begin, end: end < 0 ? lines.length : end };
}

// The text with the section at its end.
function withSection(text: string, args: IniArgs): IniEdit {
  const edit = new SectionEdit([], args);
  const { option, values, allow_no_value: mayBeBare } = args;
  const added = [...new Set(values)].map((value) => edit.written(value));
  if (option !== undefined && added.length === 0 && mayBeBare) added.push(edit.written(undefined));
  const isThere = option !== undefined && added.length > 0;
  return {
    text: `${text}[${args.section}]\n${isThere ? added.join("") : ""}`,
    msg: isThere ? "section and option added" : "only section added",
  };
}
