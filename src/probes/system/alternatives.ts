import FUNCTIONS from "./alternatives.sh?raw";
import { lines, sh } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { sha256Hex } from "../../sha256.ts";

/**
 * One program that a link group may lead to, and the followers that come with
 * it: paths by their names.
 */
export interface Alternative {
  priority: number;
  followers: { [name: string]: string };
}

/** A link group of update-alternatives. */
export interface LinkGroup {
  mode: "auto" | "manual";
  /**
   * The path that it leads to; "": none; null: update-alternatives will choose,
   * and the result is not known.
   */
  value: string | null;
  /** The public link; "": the host does not report it (older hosts of the Red Hat family). */
  link: string;
  /** The links of its followers, by their names. */
  links: { [name: string]: string };
  alternatives: { [path: string]: Alternative };
  /** Programs of followers that do not exist: their links are not created. */
  missing: string[];
}

/** null: there is no such group; "missing": the host has no update-alternatives. */
export type AlternativesState = LinkGroup | null | "missing";

/** One `update-alternatives --display` a name. */
export const alternativesKind: ProbeKind<{ name: string }, AlternativesState> = {
  name: "alternatives",
  subject: ({ name }) => name,
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...args.map(({ name }) => sh`hw_alternatives ${name} | base64 | tr -d '\n'; echo`),
    ]),
  parse(output, args) {
    const answers = output.split("\n");
    if (answers.length <= args.length) throw new ProbeError(`alternatives answered ${output}`);
    return args.map((_arg, index) =>
      readGroup(Buffer.from(answers[index]!, "base64").toString("utf8")),
    );
  },
  holds: { unknownBehind: "commands" },
  look: {
    script: ({ name }) =>
      lines([
        { sh: FUNCTIONS },
        sh`hw_a=$(hw_alternatives ${name})`,
        sh`hw_digest() { printf '%s\n' "$hw_a" | grep -E "$1" | LC_ALL=C sort | sha256sum | cut -d ' ' -f 1; }`,
        sh`echo "$(hw_digest '^(none|mode|choice|follower)') $(hw_digest '^value')"`,
      ]),
    words(state) {
      if (state === null || state === "missing")
        return [digest(state === null ? [] : ["none"]), digest([])];
      const { mode, value, alternatives } = state;
      const all = Object.entries(alternatives).flatMap(([path, { priority, followers }]) => [
        `choice\t${path}\t${priority}`,
        ...Object.entries(followers).map(([name, to]) => `follower\t${path}\t${name}\t${to}`),
      ]);
      const leads = value === null ? null : digest(value === "" ? [] : [`value\t${value}`]);
      return [digest([`mode\t${mode}`, ...all]), leads];
    },
  },
};

function digest(rows: readonly string[]): string {
  const text = [...rows].sort().map((row) => `${row}\n`);
  return sha256Hex(text.join(""));
}

function readGroup(text: string): AlternativesState {
  if (text.startsWith("none")) return "missing";
  const rows = text.split("\n").map((row) => row.split("\t"));
  const one = (key: string): string => rows.find((row) => row[0] === key)?.[1] ?? "";
  const all = (key: string): string[][] => rows.filter((row) => row[0] === key);
  if (all("mode").length === 0) return null;
  const followers = (path: string): Alternative["followers"] =>
    Object.fromEntries(
      all("follower").flatMap(([, of, name, to]) => (of === path ? [[name, to]] : [])),
    ) as Alternative["followers"];
  return {
    mode: one("mode") === "manual" ? "manual" : "auto",
    value: one("value"),
    link: one("link"),
    links: Object.fromEntries(all("links").map(([, name = "", link = ""]) => [name, link])),
    alternatives: Object.fromEntries(
      all("choice").map(([, path = "", priority]) => [
        path,
        { priority: Number(priority), followers: followers(path) },
      ]),
    ),
    missing: all("missing").map(([, path = ""]) => path),
  };
}

// Asks what update-alternatives has for a name.
export function askAlternatives(name: string): Probe<AlternativesState> {
  return ask(alternativesKind, { name });
}
