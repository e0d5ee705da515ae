import type { Script } from "../script/sh.ts";
import type { Validator } from "../script/validator.ts";
import type { Json } from "../value.ts";
import { canonical } from "../canonical.ts";

/**
 * A kind of read-only question to a host, asked for many arguments at once, so that a host forks a
 * handful of processes however many tasks ask. `A` is the argument, `T` the answer; both are JSON.
 */
export interface ProbeKind<A, T> {
  readonly name: string;
  /**
   * What the question is about (a path, a unit): two probes of one subject see
   * the same planned change.
   */
  subject(arg: A): string;
  /**
   * One program that prints the answers to all arguments on stdout. It writes nothing on the host.
   */
  script(args: readonly A[]): Script;
  /**
   * What its answers rest on, if that is files (script/validator.ts). Undefined: they rest on
   * something else, too. Not there: it is always asked.
   */
  validator?(args: readonly A[]): Validator | undefined;
  /**
   * One answer for each argument, in their order. Throws ProbeError where the output is garbage.
   */
  parse(output: string, args: readonly A[]): T[];
  /**
   * Compare and swap: how the host prints this state in one line, and what we expect it to print.
   */
  readonly look?: Look<A, T>;
  /**
   * How an answer goes together with what earlier tasks of this run will have made; what is
   * left out does not concern it.
   */
  readonly planned?: BehindPlanned<A, T>;
  /**
   * How long an answer holds, and for whom: unless said, for one user, until
   * something ran that may change it.
   */
  readonly holds?: Validity<A>;
  /**
   * It is about one path, which may lead elsewhere once links have changed: which path, and the
   * same question about a location.
   */
  readonly located?: {
    path(arg: A): { path: string; follow: boolean };
    at(arg: A, location: string): A;
  };
}

/** What becomes of an answer behind changes that are planned. */
export interface BehindPlanned<A, T> {
  /** Merges it with the states of paths: it covers paths that nobody named before. */
  join?(answer: T, paths: ReadonlyMap<string, Json>, arg: A): T;
  /** Merges it with a planned state of its subject; undefined: only apply can answer it then. */
  overlay?(observed: T, after: T, arg: A): T | undefined;
  /** The state of an unchanged subject once another one is changed (a removed parent directory). */
  implied?(subject: string, changed: ReadonlyMap<string, T>): { after: T } | undefined;
  /** Whether it is made of another subject: it is not known while a change of that is planned. */
  madeOf?(arg: A, kind: string, subject: string, answer?: T): boolean;
}

/** How long an answer holds, and for whom. */
export interface Validity<A> {
  /** It is the same whoever asks. */
  readonly isForAll?: true;
  /**
   * What makes it unknown while it is planned: `commands`, which may change anything; `starts`:
   * these, and daemons that are started. Not said: neither.
   */
  readonly unknownBehind?: "commands" | "starts";
  /**
   * When apply asks again. `once`: not while the host stays up; `each change`: after every
   * change that the run makes.
   */
  asked?(arg: A): "once" | "each change" | undefined;
  /**
   * Whether asking may change the host (a command): what is asked for the tasks behind
   * is asked after it.
   */
  mayWrite?(arg: A): boolean;
}

/** It is asked after every change that the run makes. */
export const AFTER_EACH_CHANGE = (): "each change" => "each change";

/** Whatever the run changes, it is asked once. */
export const ONCE = (): "once" => "once";

// Answers that are made of all subjects of some kinds.
export function madeOfAll(...kinds: readonly string[]): (arg: unknown, kind: string) => boolean {
  return (_arg, kind) => kinds.includes(kind);
}

/**
 * A word as the host must print it, the beginning of one (of any word: ""), or null for one
 * that cannot be known yet.
 */
export type LookWord = string | { begins: string } | null;

/** How one state is checked on the host itself, just before and just after a change. */
export interface Look<A, T> {
  /** Prints the state as words on one line. */
  script(arg: A): Script;
  /**
   * The words that `script` prints for this state; null means an unknown word. No words
   * at all: it is not checked.
   */
  words(state: T, arg: A): LookWord[];
  /** What it is about, if that is more than the subject of the question. */
  about?(arg: A): LookSubject;
}

/** What a look is about, as journals have it. */
export interface LookSubject {
  /**
   * With the kind in front. Looks at one path have one subject, whether a link is followed or not.
   */
  subject: string;
  /** The path that it looks at: itself, or what it leads to. */
  path?: { path: string; follow: boolean };
  /**
   * Its last word shows something that comes and goes by itself, such as whether a daemon
   * runs: not a sign of a change.
   */
  lastPasses?: true;
}

/** One question: a kind and its argument. */
export interface Probe<T> {
  readonly kind: ProbeKind<never, T>;
  readonly arg: Json;
  /** Equal probes have equal keys and are asked once. */
  readonly key: string;
}

/** Questions of one kind, by what each is about: a path, the name of a package. */
export type ProbesByName<T> = { readonly [about: string]: Probe<T> };

/**
 * The questions whose answers are the state S. Where a part of S has answers by name,
 * each has its own question.
 */
export type Probes<S> = { readonly [K in keyof S]: Probe<S[K]> | ByName<S[K]> };

type ByName<T> = T extends { readonly [about: string]: infer Answer }
  ? string extends keyof T
    ? ProbesByName<Answer>
    : never
  : never;

/** A question of a module, and the part of the module's state that its answer is. */
export interface NamedProbe {
  readonly probe: Probe<unknown>;
  readonly name: string;
  /** Where `name` has answers by name: which of them. */
  readonly about?: string;
}

/** The questions of any module. */
export interface AnyProbes {
  readonly [name: string]: Probe<unknown> | ProbesByName<unknown>;
}

// All questions of a module in a row.
export function questionsOf(probes: AnyProbes): NamedProbe[] {
  return Object.entries(probes).flatMap(([name, probe]): NamedProbe[] =>
    isProbe(probe)
      ? [{ name, probe }]
      : Object.entries(probe).map(([about, one]) => ({ name, about, probe: one })),
  );
}

function isProbe(probe: Probe<unknown> | ProbesByName<unknown>): probe is Probe<unknown> {
  return typeof probe["key"] === "string";
}

// A module's state, made of the answers to its questions.
export function stateOf(
  probes: AnyProbes,
  answer: (probe: Probe<unknown>) => Json,
): Record<string, Json> {
  const answered = ([name, probe]: [string, Probe<unknown>]): [string, Json] => [
    name,
    answer(probe),
  ];
  return Object.fromEntries(
    Object.entries(probes).map(([name, probe]) =>
      isProbe(probe)
        ? answered([name, probe])
        : [name, Object.fromEntries(Object.entries(probe).map(answered))],
    ),
  );
}

// The answer to a question in a module's state; null: it is not there.
export function answerIn(
  states: { readonly [name: string]: Json },
  { name, about }: NamedProbe,
): Json {
  const state = states[name] ?? null;
  return about === undefined
    ? state
    : ((state as { [about: string]: Json } | null)?.[about] ?? null);
}

/** A host answered what no host of its kind would answer. */
export class ProbeError extends Error {
  /** What helps, where the host itself says what is wrong. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = "ProbeError";
    this.hint = hint;
  }
}

// Makes a probe; the argument's JSON, keys sorted, is its identity.
export function ask<A, T>(kind: ProbeKind<A, T>, arg: A): Probe<T> {
  return {
    kind: kind as unknown as ProbeKind<never, T>,
    arg: arg as Json,
    key: `${kind.name} ${canonical(arg)}`,
  };
}

// The same question put after others that may have changed the host, which `behind` stands for.
export function askBehind<T>(probe: Probe<T>, behind: string): Probe<T> {
  return { ...probe, key: `${probe.key}${behindSuffix(behind)}` };
}

// How the key of a question ends that is put after others which may have changed the host.
export function behindSuffix(behind: string): string {
  return behind === "" ? "" : `\nbehind ${behind}`;
}

// Whether asking may change the host.
export function mayWrite({ kind, arg }: Pick<Probe<unknown>, "kind" | "arg">): boolean {
  return kind.holds?.mayWrite?.(arg as never) === true;
}
