import { dirname, join } from "node:path";
import { readFileSync, readdirSync, statSync } from "../../../disk/reading.ts";
import { matchesGlob } from "../host-keys/known-hosts.ts";
import { sha256Hex } from "../../../sha256.ts";
import { attempt } from "../../../instead-of.ts";

/**
 * What can be learned from ssh's configuration files without ssh: whether ssh must be asked at all,
 * and which hosts share one answer.
 */
export interface ConfigScan {
  /** Some line says more than what every system has. */
  matters: boolean;
  /** The patterns of all `Host` lines. */
  patterns: readonly string[];
  /** A `Match` or the like decides by more than the name: each host must be asked for. */
  isOpaque: boolean;
  /**
   * Changes with the content, owner or mode of any of the files; undefined: ssh also
   * decides by something else.
   */
  digest: string | undefined;
}

const MAX_DEPTH = 16;

/** What systems ship in /etc/ssh/ssh_config, which changes nothing about how a host is reached. */
const USUAL = new Set([
  "sendenv",
  "hashknownhosts",
  "gssapiauthentication",
  "gssapidelegatecredentials",
  "forwardx11trusted",
  "forwardx11",
  "xauthlocation",
  "host",
  "include",
]);
const OPAQUE = new Set(["match", "canonicalizehostname", "canonicaldomains"]);

// Reads the user's configuration file and the system's, with all that they include.
export function scanConfig(user: string, system: string | undefined, home: string): ConfigScan {
  const texts = new Map<string, string>();
  const lines = [
    ...readLines(user, join(home, ".ssh"), home, texts),
    ...(system === undefined ? [] : readLines(system, dirname(system), home, texts)),
  ];
  const isOpaque = lines.some(
    ({ keyword, words }) => OPAQUE.has(keyword) && words[0]?.toLowerCase() !== "all",
  );
  const isUser = (file: string): boolean => file === user;
  return {
    matters: lines.some(({ keyword, file }) => isUser(file) || !USUAL.has(keyword)),
    patterns: [
      ...new Set(lines.filter(({ keyword }) => keyword === "host").flatMap(({ words }) => words)),
    ],
    isOpaque,
    digest: isOpaque ? undefined : digestOf(texts),
  };
}

// The digest of all files with their owners and modes; undefined: variables of
// the environment are in them.
function digestOf(texts: ReadonlyMap<string, string>): string | undefined {
  if ([...texts.values()].some((text) => text.includes("${"))) return undefined;
  const states = [...texts].map(([path, text]) => {
    const state = attempt(() => statSync(path));
    return [path, text, state?.mode, state?.uid];
  });
  return sha256Hex(JSON.stringify(states));
}

// Which of the patterns match a name: hosts that match the same patterns get the same answer.
export function signature(patterns: readonly string[], name: string): string {
  return patterns
    .map((pattern) => (matchesGlob(pattern.replace(/^!/, ""), name) ? "1" : "0"))
    .join("");
}

interface Line {
  file: string;
  keyword: string;
  words: string[];
}

// The lines of a file, with those of the files that it includes in their place;
// `texts` receives what was read.
function readLines(
  file: string,
  base: string,
  home: string,
  texts: Map<string, string>,
  depth = 0,
): Line[] {
  if (depth > MAX_DEPTH) return [];
  const whole = readText(file);
  texts.set(file, whole);
  return whole.split("\n").flatMap((text): Line[] => {
    const [, keyword = "", rest = ""] = /^\s*([A-Za-z]\w*)\s*[\s=]\s*(.*?)\s*$/.exec(text) ?? [];
    if (keyword === "") return /^\s*(#|$)/.test(text) ? [] : [{ file, keyword: "?", words: [] }];
    const words = (rest.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, "$1"));
    const own = { file, keyword: keyword.toLowerCase(), words };
    if (own.keyword !== "include") return [own];
    return [
      own,
      ...words
        .flatMap((pattern) => matchingFiles(expand(pattern, base, home)))
        .flatMap((one) => readLines(one, base, home, texts, depth + 1)),
    ];
  });
}

// The path that an Include names; a relative one begins beside the configuration.
function expand(pattern: string, base: string, home: string): string {
  if (pattern.startsWith("~/")) return join(home, pattern.slice(2));
  return pattern.startsWith("/") ? pattern : join(base, pattern);
}

// The files that a path with wildcards names, in the order of their names.
function matchingFiles(path: string): string[] {
  const parts = path.split("/").slice(1);
  return parts.reduce<string[]>(
    (found, part) => found.flatMap((directory) => namesIn(directory, part)),
    ["/"],
  );
}

function namesIn(directory: string, part: string): string[] {
  if (!/[*?[]/.test(part)) return [join(directory, part)];
  const source = part
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]")
    .replaceAll("[!", "[^");
  const pattern = new RegExp(`^${source}$`);
  return listing(directory)
    .filter((name) => pattern.test(name) && (part.startsWith(".") || !name.startsWith(".")))
    .map((name) => join(directory, name));
}

function listing(directory: string): string[] {
  return attempt(() => readdirSync(directory).toSorted()) ?? [];
}

function readText(file: string): string {
  return attempt(() => readFileSync(file, "utf8")) ?? "";
}
