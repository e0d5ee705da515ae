/** What the command line says of all sections. */
export interface BenchOptions {
  hosts: number;
  rounds: number;
  /** Names of an inventory. */
  names: number;
  /** Leaves out what takes long. */
  quick: boolean;
}

/** One part of the page of benchmarks. */
export interface Section {
  /** For `--only`. */
  name: string;
  title: string;
  /** Measures, and answers the lines below the title. */
  measure(options: BenchOptions): Promise<string[]>;
}

// A page with some sections replaced, or added at its end; all others stay as they are.
export function withSections(
  page: string,
  sections: ReadonlyMap<string, readonly string[]>,
): string {
  const [head = "", ...parts] = page.trimEnd().split(/^(?=## )/m);
  const titleOf = (part: string): string => /^## (.*)/.exec(part)?.[1] ?? "";
  const write = (title: string): string =>
    `## ${title}\n\n${sections.get(title)!.join("\n").trim()}\n`;
  const kept = parts.map((part) =>
    sections.has(titleOf(part)) ? write(titleOf(part)) : `${part.trimEnd()}\n`,
  );
  const there = new Set(parts.map(titleOf));
  const added = [...sections.keys()].filter((title) => !there.has(title)).map(write);
  return [`${head.trimEnd()}\n`, ...kept, ...added].join("\n");
}
