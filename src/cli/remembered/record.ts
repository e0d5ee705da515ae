import { readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isatty } from "node:tty";
import { cacheFolder } from "../../controller/download.ts";
import { isOurs } from "../../disk/is-ours.ts";
import { makeDirectory } from "../../disk/make-directory.ts";
import { remember } from "../../remember.ts";
import { stateOf, type Readings } from "../../disk/reading.ts";
import { SETTLED_SECONDS } from "../../disk/settled.ts";
import { writeWhole } from "../../disk/write-whole.ts";
import type { HostReport, JsonReport } from "../../report/summary.ts";
import type { Become, Connection } from "../../transport/transport.ts";
import { sha256Hex } from "../../sha256.ts";

/** How many runs are remembered; of more, those kept or recalled longest ago are forgotten. */
const MOST_RUNS = 30;

/** A question that a host was put, and the digest of what it answered. */
export interface RecordedQuestion {
  /** The program, with NONCE in the place of its nonce. */
  question: string;
  become: Become | undefined;
  answer: string;
  /** The program of its validator, with NONCE in the place of its nonce. */
  validator: string | undefined;
  /** What the validator came to the last time; undefined: it could not vouch for the answer. */
  validated: Validated | undefined;
}

/** What a validator came to. */
export interface Validated {
  /** Of what it said, and of what it does not vouch for. */
  digest: string;
  /** It never came to something else while the answer stayed the same, or was the same since. */
  isSteady: boolean;
}

/** What a host was asked, in this order, and its result. */
export interface RecordedHost {
  connection: Connection;
  questions: readonly RecordedQuestion[];
  /** Its own words: names and addresses. */
  words: readonly string[];
  report: HostReport;
}

/** A run that found nothing to do, with everything that it was made of. */
export interface RunRecord {
  /** Absolute path -> what was there. */
  readings: readonly (readonly [path: string, state: string])[];
  /** How many hosts are asked at once. */
  forks: number;
  /** The plays, and how many hosts are in each. */
  plays: readonly { name: string; hosts: number }[];
  /** Of the run as a whole; its hosts are below. */
  report: JsonReport;
  hosts: readonly RecordedHost[];
}

/**
 * A record as it lies on the disk: what many hosts have in common is there once, and hosts have its
 * number.
 */
interface Packed extends Omit<RunRecord, "hosts"> {
  version: 3;
  texts: readonly string[];
  hosts: readonly (readonly [
    connection: number,
    name: string,
    address: string,
    questions: readonly PackedQuestion[],
    words: readonly string[],
    report: number,
  ])[];
}

/** Of the validator, its number is that of "null" where there is none. */
type PackedQuestion = readonly [
  question: number,
  become: number,
  answer: string,
  validator: number,
  digest: string | null,
  isSteady: boolean,
];

/** Variables of the environment that are another in each shell, and say nothing about the work. */
const PASSING_VARIABLES = new Set(["_", "OLDPWD", "SHLVL"]);

// The file of a run: it is another for each command line, directory, user, environment and time
// zone.
export function recordFile(command: string, words: readonly string[]): string {
  const environment = Object.entries(process.env)
    .filter(([name]) => !PASSING_VARIABLES.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const key = [
    [command, words, process.cwd(), environment],
    [hostname(), process.getuid?.(), process.getgid?.(), process.umask(), process.version],
    [isatty(0), stateOf("/etc/localtime"), stateOf(process.argv[1]!)],
  ];
  return join(cacheFolder(), "runs", sha256Hex(JSON.stringify(key)));
}

// What was kept of a run; undefined: nothing, or something that it was made of is not as it was.
export function loadRecord(file: string): RunRecord | undefined {
  try {
    if (!isOurs(join(file, ".."))) return undefined;
    const packed = JSON.parse(readFileSync(file, "utf8")) as Packed;
    if (packed.version !== 3) return undefined;
    return packed.readings.every(([path, state]) => stateOf(path) === state)
      ? unpacked(packed)
      : undefined;
  } catch {
    return undefined;
  }
}

// Notes that a run was recalled. One that cannot be noted is forgotten a little earlier.
export function touchRecord(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // a cache that is read-only stays as it is
  }
}

// Keeps a run. One that cannot be kept is planned again next time, which is no reason to fail.
export function saveRecord(file: string, record: RunRecord): void {
  const directory = join(file, "..");
  try {
    makeDirectory(directory, 0o700);
    if (!isOurs(directory)) return;
    writeWhole(file, writeRecord(record));
    const files = readdirSync(directory).map((name) => join(directory, name));
    const byAge = files.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    for (const old of byAge.slice(MOST_RUNS)) rmSync(old, { force: true });
  } catch {
    // the next run asks and plans as this one did
  }
}

// Whether everything that was read had been left alone for a while: a change in the same moment
// could not be told by its time.
export function isSettled({ paths }: Readings, readAt: number): boolean {
  const limit = BigInt(readAt - SETTLED_SECONDS * 1000) * 1_000_000n;
  const times = [...paths.values()].flatMap((state) =>
    state.split(" ").flatMap((one) => one.split(":").slice(6)),
  );
  return times.every((time) => !/^\d+$/.test(time) || BigInt(time) < limit);
}

// The text of a record.
export function writeRecord(record: RunRecord): string {
  return JSON.stringify(packedFrom(record));
}

// Reads the text of a record.
export function readRecord(text: string): RunRecord {
  return unpacked(JSON.parse(text) as Packed);
}

/** Stands for the host's own address in its connection, so that many have the same one. */
const OWN_ADDRESS = "\u0001";

function packedFrom({ hosts, ...record }: RunRecord): Packed {
  const numbers = new Map<string, number>();
  const numberOfText = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  // many hosts have the very same value, of which one text is enough
  const known = new Map<unknown, number>();
  const numberOf = (value: unknown): number =>
    remember(known, value, () => numberOfText(JSON.stringify(value ?? null, withMaps)));
  const rows = hosts.map(
    ({ connection: { name, host, ...connection }, questions, words, report }) =>
      [
        numberOfText(withoutAddress(connection, host)),
        name,
        host,
        questions.map(
          ({ question, become, answer, validator, validated }) =>
            [
              ...[numberOf(question), numberOf(become), answer, numberOf(validator)],
              validated?.digest ?? null,
              validated?.isSteady === true,
            ] as unknown as PackedQuestion,
        ),
        words,
        numberOf(report),
      ] as const,
  );
  return { ...record, version: 3, hosts: rows, texts: [...numbers.keys()] };
}

function unpacked({ texts, hosts, readings, forks, plays, report }: Packed): RunRecord {
  const values = texts.map((text): unknown => JSON.parse(text, intoMaps));
  return {
    readings,
    forks,
    plays,
    report,
    hosts: hosts.map(([connection, name, host, questions, words, own]) => ({
      connection: { ...withAddress(values[connection] as Connection, host), name, host },
      questions: questions.map(([question, become, answer, validator, digest, isSteady]) => ({
        question: values[question] as string,
        become: (values[become] as Become | null) ?? undefined,
        answer,
        validator: (values[validator] as string | null) ?? undefined,
        validated: digest === null ? undefined : { digest, isSteady },
      })),
      words,
      report: values[own] as HostReport,
    })),
  };
}

// The text of a connection, with a mark in the place of the host's address. Throws where that mark
// is a part of it.
function withoutAddress(connection: object, address: string): string {
  return JSON.stringify(connection, (key, value: unknown) => {
    if (typeof value !== "string") return withMaps(key, value);
    if (value.includes(OWN_ADDRESS)) throw new Error("a connection has a control character");
    return address === "" ? value : value.replaceAll(address, OWN_ADDRESS);
  });
}

// A value with the host's address in the place of the mark. What holds none is not copied: it is in
// memory once for all hosts.
function withAddress<T>(value: T, address: string): T;
function withAddress(value: unknown, address: string): unknown {
  if (typeof value === "string") return value.replaceAll(OWN_ADDRESS, () => address);
  if (value instanceof Map) {
    const pairs: unknown[] = [...value];
    const own = withAddress(pairs, address) as [unknown, unknown][];
    return own === pairs ? value : new Map(own);
  }
  if (Array.isArray(value)) {
    const parts = value.map((part: unknown) => withAddress(part, address));
    return parts.every((part, i) => part === value[i]) ? value : parts;
  }
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value);
  const own = parts.map(([key, part]) => [key, withAddress(part, address)] as const);
  return own.every(([, part], i) => part === parts[i]![1]) ? value : Object.fromEntries(own);
}

// Maps are written as lists of pairs under a name of their own.
function withMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? { "map of": [...value] } : value;
}

function intoMaps(_key: string, value: unknown): unknown {
  const pairs = (value as { "map of"?: [unknown, unknown][] } | null)?.["map of"];
  return pairs ? new Map(pairs) : value;
}
