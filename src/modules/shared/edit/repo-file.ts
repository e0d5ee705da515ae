/** The sections of a file as Python's configparser has them: names, and their options in order. */
export type RepoFile = Map<string, Map<string, string>>;

// Reads a file of repositories; comments are not kept, as in Ansible.
export function readRepoFile(text: string): RepoFile {
  const file: RepoFile = new Map();
  let section: Map<string, string> | undefined;
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*$/.test(line) || /^\s*[#;]/.test(line)) continue;
    const head = /^\[(.+)\]/.exec(line);
    if (head) {
      section = file.get(head[1]!) ?? new Map<string, string>();
      file.set(head[1]!, section);
      last = undefined;
    } else if (section && last !== undefined && /^\s/.test(line)) {
      section.set(last, `${section.get(last)}\n${line.trim()}`);
    } else if (section) {
      const [, name = "", value = ""] = /^\s*([^=:]*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
      last = name.toLowerCase();
      section.set(last, value.trim());
    }
  }
  return file;
}

// The file as configparser writes it: an empty line after each section.
export function writeRepoFile(file: RepoFile): string {
  return [...file]
    .map(([name, options]) => {
      const lines = [...options].map(
        ([key, value]) => `${key} = ${value.replaceAll("\n", "\n\t")}\n`,
      );
      return `[${name}]\n${lines.join("")}\n`;
    })
    .join("");
}

// Independent of the order: decides whether there is anything to do.
export function dumpRepoFile(file: RepoFile): string {
  const sorted = [...file].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(
    sorted.map(([name, options]) => [name, [...options].toSorted(([a], [b]) => (a < b ? -1 : 1))]),
  );
}
