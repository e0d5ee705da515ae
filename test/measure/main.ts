// `npm run measure`: what the code measures, as a table; beside the figures of another checkout if one is named.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { circles } from "./circles.ts";
import { countSyntax, functionLengths, type SyntaxCounts } from "./syntax.ts";
import { membersOf, writtenElsewhere } from "./types.ts";

/** One line of the table: what is measured, and its figure. */
type Row = [what: string, figure: string];

const root = process.argv[2] ?? ".";
process.stdout.write(`${table(measure(root))}\n`);

// Measures a checkout.
function measure(directory: string): Row[] {
  const files = readdirSync(join(directory, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => join(directory, "src", name))
    .sort();
  const sources = files.map((file) =>
    ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2023, true),
  );
  const texts = sources.map(({ text }) => text);
  const lines = texts.reduce((sum, text) => sum + text.split("\n").length - 1, 0);
  const counts = countSyntax(sources);
  const lengths = functionLengths(sources);
  const program = ts.createProgram(files, {
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
  });
  const inCircles = circles(sources).flat().length;
  return [
    ["files", String(files.length)],
    ["lines", String(lines)],
    ["characters a line", (texts.reduce((sum, text) => sum + text.length, 0) / lines).toFixed(1)],
    ["nested ternaries per 1,000 lines", perThousand(counts.nestedTernaries, lines)],
    ["conditional spreads per 1,000 lines", perThousand(counts.conditionalSpreads, lines)],
    ["files directly in a directory, most", mostFiles(files)],
    ["files in import circles, type imports counted", String(inCircles)],
    ["exported type names declared twice", twice(counts).join(", ") || "0"],
    ["fields written from two files or more", String(writtenElsewhere(program).length)],
    [
      "optional members",
      membersOf(sources)
        .map(({ name, optional }) => `${name} ${String(optional)}`)
        .join(" / "),
    ],
    ["lines of a function, median / p90", `${quantile(lengths, 0.5)} / ${quantile(lengths, 0.9)}`],
  ];
}

// Exported type names that more than one file declares.
function twice({ exportedTypes }: SyntaxCounts): string[] {
  return [...exportedTypes].filter(([, count]) => count > 1).map(([name]) => name);
}

function perThousand(count: number, lines: number): string {
  return ((count / lines) * 1000).toFixed(1);
}

function mostFiles(files: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const file of files) {
    const directory = file.slice(0, file.lastIndexOf("/"));
    counts.set(directory, (counts.get(directory) ?? 0) + 1);
  }
  const [[name, count] = ["", 0]] = [...counts].toSorted(([, a], [, b]) => b - a);
  return `${String(count)} (${name.slice(name.indexOf("src"))})`;
}

function quantile(sorted: readonly number[], share: number): string {
  return String(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
}

function table(rows: readonly Row[]): string {
  return [
    "| measure | figure |",
    "|---|---|",
    ...rows.map(([what, figure]) => `| ${what} | ${figure} |`),
  ].join("\n");
}
