import { UnplacedError } from "../../errors.ts";
import type { Callable } from "../../jinja/core/callable.ts";
import { standardEnvironment } from "../../jinja/template.ts";
import { findModule, moduleNames } from "../../modules/index.ts";
import { RELEASE_SUMS } from "../../modules/shared/containerd/release_sums.ts";
import {
  OTHER_PROGRAMS,
  PROGRAMS,
  RELEASE_LINES,
} from "../../modules/shared/containerd/releases.ts";
import { FORM_NAMES } from "../../playbook/keywords/types.ts";
import { KEYWORDS, type KeywordOwner } from "../../playbook/keywords/keywords.ts";
import { renderFunction, renderList, renderModule } from "../../report/doc.ts";
import { screen } from "../../report/screen.ts";
import { DESCRIPTIONS } from "../../schema/descriptions.ts";
import { firstSentence } from "../../schema/modules.ts";
import { didYouMean } from "../../suggest.ts";

/** What there is a reference of, as ansible-doc names it. */
export const KINDS = ["module", "filter", "test", "lookup", "keyword"] as const;
export type Kind = (typeof KINDS)[number];

/** One kind of things: their names with a line about each, and all about one. */
interface Shelf {
  names(): ReadonlyMap<string, string>;
  page(name: string): string[] | undefined;
}

const { filters, tests, lookups } = standardEnvironment();

const SHELVES: { readonly [kind in Kind]: Shelf } = {
  module: {
    names: () =>
      new Map(
        moduleNames().map((name) => [name, firstSentence(findModule(name)!.schema.description)]),
      ),
    page: modulePage,
  },
  filter: functions(
    filters,
    (name, params) => `{{ ${params[0] ?? "value"} | ${name}${inBrackets(params.slice(1))} }}`,
  ),
  test: functions(
    tests,
    (name, params) => `${params[0] ?? "value"} is ${name}${inBrackets(params.slice(1))}`,
  ),
  lookup: functions(
    lookups,
    (name, params) => `{{ lookup('${name}'${params.map((param) => `, ${param}`).join("")}) }}`,
  ),
  keyword: {
    names: () => new Map(keywordNames().map((name) => [name, DESCRIPTIONS[name] ?? ""])),
    page: keywordPage,
  },
};

// `hullwright doc [-t KIND] [NAME]`: what there is of a kind, or all about one; `doc
// versions`: releases of containerd.
export function docCommand(kind: Kind, word: string | undefined): number {
  if (kind === "module" && word === "versions") {
    screen.say(versionsPage().join("\n"));
    return 0;
  }
  const { names, page } = SHELVES[kind];
  const name = word?.replace(/^ansible\.(builtin|legacy)\./, "");
  const lines = name === undefined ? renderList(names()) : page(name);
  if (!lines)
    throw new UnplacedError(
      `there is no ${kind} "${name!}"`,
      elsewhere(kind, name!) ??
        didYouMean(name!, names().keys()) ??
        `"hullwright doc${kind === "module" ? "" : ` -t ${kind}`}" lists them`,
    );
  screen.say(lines.join("\n"));
  return 0;
}

// The releases of containerd that are known, with what goes with each.
function versionsPage(): string[] {
  const head = ["containerd", "newest", "runc", "config.toml", "support"];
  return [
    ...inColumns([head, ...releaseRows()]),
    "",
    ...programs(),
    "",
    'containerd_version: "2.1" takes the newest of that line. Newer releases than these may exist: write them in full.',
  ];
}

// A row for each line of releases.
function releaseRows(): string[][] {
  return RELEASE_LINES.map(({ line, newest, runc = "not known", config, support, until = "" }) => [
    line,
    newest,
    runc,
    String(config),
    until === "" ? support : `${support}, ${until}`,
  ]);
}

// Lines in which the cells of all rows stand below each other.
function inColumns(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => {
    const cells = row.map((cell, i) => cell.padEnd(widths[i]!));
    return cells.join("  ").trimEnd();
  });
}

// The other programs whose releases are known, and how many checksums are kept.
function programs(): string[] {
  const others = PROGRAMS.filter(({ name }) => name !== "containerd");
  const pinned = Object.keys(RELEASE_SUMS).length;
  return [
    ...others.map(({ name, newest }) => `${name.padEnd(10)}  ${newest.join(", ")}`),
    ...OTHER_PROGRAMS.map(({ name, newest }) => `${name.padEnd(10)}  ${newest}`),
    "",
    pinned === 0
      ? "Checksums are kept here of buildkit and stargz alone: other downloads are checked against the checksum files beside the releases."
      : `The sha256 of ${pinned} released files is kept here, and downloads of these are checked against it.`,
  ];
}

// The kind that has a name which this one has not.
function elsewhere(kind: Kind, name: string): string | undefined {
  const other = KINDS.find((one) => one !== kind && SHELVES[one].names().has(name));
  return other && `there is a ${other} of that name: hullwright doc -t ${other} ${name}`;
}

function modulePage(name: string): string[] | undefined {
  const module = findModule(name);
  return module && renderModule(module);
}

// Filters, tests or lookups; `form` says how one is written.
function functions(
  table: ReadonlyMap<string, Callable>,
  form: (name: string, params: readonly string[]) => string,
): Shelf {
  const shown = ({ params }: Callable): string[] =>
    params.map((param) =>
      typeof param === "string" ? param : `${param[0]}=${JSON.stringify(param[1]) ?? "nothing"}`,
    );
  const names = (): ReadonlyMap<string, string> =>
    new Map(
      [...table]
        .map(([name, one]) => [name, form(name, shown(one))] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return {
    names,
    page: (name) => (table.has(name) ? renderFunction(name, names().get(name)!) : undefined),
  };
}

function inBrackets(params: readonly string[]): string {
  return params.length === 0 ? "" : `(${params.join(", ")})`;
}

function keywordNames(): string[] {
  return [...new Set(Object.values(KEYWORDS).flatMap((table) => Object.keys(table)))].sort();
}

function keywordPage(name: string): string[] | undefined {
  const owners = (Object.keys(KEYWORDS) as KeywordOwner[]).filter((owner) =>
    Object.hasOwn(KEYWORDS[owner], name),
  );
  if (owners.length === 0) return undefined;
  const form = (KEYWORDS[owners[0]!] as { readonly [keyword: string]: keyof typeof FORM_NAMES })[
    name
  ]!;
  return [
    name,
    "",
    DESCRIPTIONS[name] ?? "",
    "",
    `  allowed on: ${owners.join(", ")}`,
    ...(FORM_NAMES[form] === "" ? [] : [`  takes: ${FORM_NAMES[form]}`]),
  ];
}
