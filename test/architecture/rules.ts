import { findModule } from "../../src/modules/index.ts";
import { partOf, type Source } from "./source.ts";

/** A law of the house. `check` names every breach: "file: what". */
export interface Rule {
  name: string;
  check(sources: readonly Source[]): string[];
}

/** Whose files the files of a part may import, besides their own and the roots (value, errors, suggest). */
const MAY_IMPORT: Record<string, readonly string[]> = {
  root: [],
  toml: ["jinja"],
  yaml: ["jinja"],
  jinja: ["toml", "yaml"],
  script: [],
  probes: ["script"],
  modules: ["jinja", "probes", "script", "toml"],
  transport: ["disk"],
  inventory: ["disk", "jinja", "toml", "yaml"],
  vault: ["yaml"],
  disk: [],
  queue: ["disk"],
  playbook: ["jinja", "modules", "yaml"],
  controller: ["disk", "jinja", "modules", "playbook", "vault", "yaml"],
  plan: ["jinja", "modules", "playbook", "probes", "script", "yaml"],
  run: ["modules", "plan", "playbook", "probes", "script"],
  report: [],
  schema: ["jinja", "modules", "playbook"],
  lint: ["jinja", "playbook", "yaml"],
  cli: [
    "controller",
    "disk",
    "run",
    "inventory",
    "jinja",
    "lint",
    "modules",
    "plan",
    "playbook",
    "probes",
    "queue",
    "report",
    "schema",
    "script",
    "transport",
    "vault",
    "yaml",
  ],
  main: ["cli", "report"],
};

/** Whose types alone they may import besides. */
const MAY_IMPORT_TYPES: Record<string, readonly string[]> = {
  modules: ["yaml"],
  plan: ["controller", "transport"],
  run: ["controller", "transport"],
  queue: ["report"],
  report: ["run", "lint", "modules", "plan", "playbook", "probes"],
};

/** The parts that may import a package; those that are not named belong to nobody. */
const PACKAGES: Record<string, readonly string[]> = {
  "@iarna/toml": ["toml"],
  bullmq: ["queue"],
  commander: ["cli"],
  diff: ["report"],
  ioredis: ["queue"],
  "js-yaml": ["yaml"],
  listr2: ["report"],
  picocolors: ["cli", "report"],
  ssh2: ["transport"],
  "tar-stream": ["controller", "queue"],
};

/** Node's modules that any part may import, as they touch nothing outside the program. */
const PURE_NODE = ["node:crypto", "node:path", "node:path/posix", "node:buffer"];

/** The parts that may wait for a while: to ask again, to try again. */
const WAITING: Record<string, readonly string[]> = {
  run: ["node:timers/promises"],
  queue: ["node:timers/promises"],
};

/** The parts that reach the world: disk, network, processes, terminal. */
const WORLDLY = ["cli", "controller", "disk", "inventory", "main", "queue", "transport"];

/** The parts that know no clock, no chance and no process. */
const TIMELESS = ["script", "probes", "modules"];

const layers: Rule = {
  name: "a part imports only from the parts below it",
  check: (sources) =>
    eachImport(sources, ({ part }, { to, typeOnly }) => {
      const other = partOf(to);
      const may = [
        part,
        "root",
        ...(MAY_IMPORT[part] ?? []),
        ...(typeOnly ? (MAY_IMPORT_TYPES[part] ?? []) : []),
      ];
      return to.startsWith("src/") && !may.includes(other);
    }),
};

/** The floors of plan/, from the lowest up: each imports only from itself and those below it. */
const FLOORS = ["view", "model", "scope", "entry", "call", "task", "walk"];

const floors: Rule = {
  name: "a floor of plan imports only from the floors below it",
  check: (sources) =>
    eachImport(sources, ({ path }, { to }) => {
      const [from, target] = [floorOf(path), floorOf(to)];
      return from >= 0 && target > from;
    }),
};

// The number of the floor that a file stands on; -1: none.
function floorOf(path: string): number {
  return FLOORS.indexOf(/^src\/plan\/(\w+)\//.exec(path)?.[1] ?? "");
}

const packages: Rule = {
  name: "a package is imported only where it belongs",
  check: (sources) =>
    eachImport(sources, ({ part }, { to }) => {
      if (to.startsWith("src/") || to.startsWith("node:")) return false;
      return !PACKAGES[/^(@[^/]+\/)?[^/]+/.exec(to)![0]]?.includes(part);
    }),
};

const world: Rule = {
  name: "disk, network and processes are reached only from the edges",
  check: (sources) =>
    eachImport(
      sources,
      ({ part }, { to, typeOnly }) =>
        to.startsWith("node:") &&
        !typeOnly &&
        ![...PURE_NODE, ...(WAITING[part] ?? [])].includes(to) &&
        !WORLDLY.includes(part),
    ),
};

const directories: Rule = {
  name: "directories of this machine are made in one place",
  check: (sources) =>
    eachImport(
      sources,
      ({ path }, { to, names: imported }) =>
        to.startsWith("node:fs") &&
        imported.some((name) => /^mkdir(Sync)?$/.test(name)) &&
        path !== "src/disk/make-directory.ts",
    ),
};

/** Node's functions that read the disk, which src/disk/reading.ts notes. */
const READS =
  /^(?:access|createReadStream|exists|lstat|open|read(?:File|dir|link)|realpath|stat)(?:Sync)?$/;

/** Files that read what no run is made of: caches of ours, parts of downloads, what a run has made itself. */
const READ_THEIR_OWN = new Set([
  "src/controller/download.ts",
  "src/controller/part.ts",
  "src/cli/prepare/fact-memory.ts",
]);

const noted: Rule = {
  name: "what runs are made of is read where it is noted",
  check: (sources) =>
    eachImport(
      sources,
      ({ path }, { to, names: imported }) =>
        /^src\/(?:controller|inventory|jinja|playbook|vault|cli\/(?:prepare|settings|vault))\//.test(
          path,
        ) &&
        !READ_THEIR_OWN.has(path) &&
        to.startsWith("node:fs") &&
        imported.some((name) => READS.test(name)),
    ),
};

const timeless: Rule = {
  name: "script, probes and modules know no clock, no chance and no process",
  check: (sources) =>
    sources
      .filter(({ part }) => TIMELESS.includes(part))
      .flatMap((source) =>
        [
          ...[
            "Date.now",
            "new Date()",
            "performance",
            "Math.random",
            "process",
            "setTimeout",
          ].filter((name) => source.uses.has(name)),
          ...source.imports
            .filter(({ to }) => to === "node:crypto")
            .flatMap(({ names }) => names.filter((name) => /^random|^\*$/.test(name))),
        ].map((name) => `${source.path}: ${name}`),
      ),
};

const terminal: Rule = {
  name: "console is used only in report",
  check: (sources) =>
    sources
      .filter(({ part, uses }) => part !== "report" && uses.has("console"))
      .map(({ path }) => `${path}: console`),
};

/** Whose bytes may leave for the terminal: what people read passes src/report/visible.ts there. */
const WRITERS = ["src/report/screen.ts", "src/cli/ask.ts"];

const output: Rule = {
  name: "only the screen writes to stdout and stderr",
  check: (sources) =>
    sources
      .filter(({ path }) => !WRITERS.includes(path))
      .flatMap(({ path, uses }) =>
        ["process.stdout", "process.stderr"]
          .filter((name) => uses.has(name))
          .map((name) => `${path}: ${name}`),
      ),
};

const exit: Rule = {
  name: "nobody calls process.exit, but main once all is said",
  check: (sources) =>
    sources
      .filter(({ part, uses }) => part !== "main" && uses.has("process.exit"))
      .map(({ path }) => `${path}: process.exit`),
};

const cycles: Rule = {
  name: "no file imports itself by way of others, imports of types counted",
  check(sources) {
    const next = new Map(sources.map(({ path, imports }) => [path, imports.map(({ to }) => to)]));
    return sources.flatMap(({ path }) => {
      const way = wayBack(path, next);
      return way && path === [...way].sort()[0] ? [`${[...way, path].join(" -> ")}`] : [];
    });
  },
};

const style: Rule = {
  name: "no default exports, no enums, no any",
  check: (sources) =>
    sources.flatMap(({ path, style: found }) =>
      ["default export", "enum", "any"]
        .filter((word) => found.has(word))
        .map((word) => `${path}: ${word}`),
    ),
};

const barrels: Rule = {
  name: "no file only passes on what others export",
  check: (sources) =>
    sources
      .filter(
        ({ path, hasOwn, style: found }) =>
          found.has("re-export") && !hasOwn && path !== "src/modules/index.ts",
      )
      .map(({ path }) => `${path}: only re-exports`),
};

const schemas: Rule = {
  name: "the arguments of a module come from its schema",
  check: (sources) =>
    sources
      .filter(
        ({ path, style: found }) =>
          found.has("hand-written arguments") &&
          /^src\/modules\/(?!contract|shared)[^/]+\/[^/]+\.ts$/.test(path),
      )
      .map(({ path }) => `${path}: arguments that are not ArgsOf its schema`),
};

const names: Rule = {
  name: "no two files export a type of the same name",
  check(sources) {
    const owners = new Map<string, string[]>();
    for (const { path, types } of sources)
      for (const name of types) owners.set(name, [...(owners.get(name) ?? []), path]);
    return [...owners]
      .filter(([, paths]) => paths.length > 1)
      .map(([name, paths]) => `${paths.join(", ")}: ${name}`);
  },
};

const size: Rule = {
  name: "a file has at most 320 lines",
  check: (sources) =>
    sources.filter(({ lines }) => lines > 320).map(({ path }) => `${path}: too long`),
};

/** Whose lists of modules are about something else: what the linter knows, and two kinds of account. */
const LISTS_OF_MODULES = ["src/lint/", "src/plan/call/accounts.ts"];

const moduleLists: Rule = {
  name: "what holds for a module stands with the module, and in no list of names elsewhere",
  check: (sources) =>
    sources
      .filter(
        ({ path, part }) =>
          part !== "modules" && !LISTS_OF_MODULES.some((known) => path.startsWith(known)),
      )
      .flatMap(({ path, lists }) =>
        lists
          .filter((names) => names.every((name) => findModule(name) !== undefined))
          .map((names) => `${path}: a list of modules (${names.join(", ")})`),
      ),
};

const width: Rule = {
  name: "a comment is at most 100 columns wide, as code is",
  check: (sources) =>
    sources.flatMap(({ path, wideComments }) =>
      wideComments.map((line) => `${path}: line ${String(line)} is a comment too wide`),
    ),
};

export const RULES: readonly Rule[] = [
  layers,
  floors,
  names,
  packages,
  world,
  directories,
  noted,
  timeless,
  terminal,
  output,
  exit,
  cycles,
  style,
  barrels,
  schemas,
  size,
  width,
  moduleLists,
];

// Names the imports that a test does not allow.
function eachImport(
  sources: readonly Source[],
  isBreach: (source: Source, one: Source["imports"][number]) => boolean,
): string[] {
  const found = sources.flatMap((source) =>
    source.imports
      .filter((one) => isBreach(source, one))
      .map(({ to }) => `${source.path}: imports ${to}`),
  );
  return [...new Set(found)];
}

// The shortest way from a file back to itself.
function wayBack(
  start: string,
  next: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const seen = new Set<string>();
  const ways = [[start]];
  for (const way of ways) {
    for (const to of next.get(way.at(-1)!) ?? []) {
      if (to === start) return way;
      if (!seen.has(to)) ways.push([...way, to]);
      seen.add(to);
    }
  }
  return undefined;
}
