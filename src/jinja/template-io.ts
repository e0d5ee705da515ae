import type { Place } from "../errors.ts";
import type { Unknown } from "../value.ts";

/** The directory below those of the search in which a file is looked for first. */
export type Where = "files" | "templates" | "vars";

/**
 * What filters, tests and lookups may ask of the controller. All of it is synchronous; whoever
 * injects it may throw errors of their own, which pass through unchanged.
 */
export interface Outside {
  /**
   * The absolute path of what a template names, searched in the directories of the task as
   * Ansible does, else around the file that names it; undefined where there is none; Unknown
   * while it is still to come.
   */
  find(
    path: string,
    where: Where,
    from: Place,
    searchPath?: readonly string[],
  ): string | Unknown | undefined;
  /** The paths at which it is looked for, the first choice first. */
  places(path: string, where: Where, from: Place, searchPath?: readonly string[]): string[];
  /** The text of a file, by its absolute path; decrypted where ansible-vault encrypted it. */
  read(path: string): string;
  /**
   * The content of a text that ansible-vault encrypted; throws an error of its
   * own if no password fits.
   */
  decrypt(text: string, from: Place): string;
  /**
   * A text as ansible-vault encrypts it with a secret, a label and a salt; without one, with a salt
   * of the task's own chance.
   */
  encrypt(text: string, secret: string, id: string, salt?: string): string;
  /**
   * What a text that ansible-vault encrypted with a secret holds; other texts as they are. An error
   * of its own where the secret does not fit.
   */
  decryptWith(text: string, secret: string, from: Place): string;
  /**
   * What is at a path: the thing itself, whether it is reached through a symbolic link, and
   * whether it is a mount point; Unknown while a task may still change that.
   */
  stat(path: string): WhatIsThere | Unknown;
  /** Whose a file is, and when it was written, in milliseconds since 1970. */
  written(path: string): { owner: string; at: number };
  /**
   * The files that match a pattern of the shell, searched as find does; Unknown while a task
   * may still make or remove one.
   */
  glob(pattern: string, from: Place, searchPath?: readonly string[]): string[] | Unknown;
  /** The path without symbolic links, made absolute. */
  realpath(path: string): string;
  /** The directory that relative paths are resolved from. */
  cwd(): string;
  /** The home of a user, or of the user who runs this. */
  home(user?: string): string | undefined;
  /** The name of this machine. */
  hostname(): string;
  /** A variable of the environment. */
  variable(name: string): string | undefined;
  /** Milliseconds since 1970. */
  now(): number;
  /** A random number from 0 up to, but not including, 1. */
  random(): number;
  /**
   * Restarts randomness, clock and commands for one task: the same key gives the same
   * answers throughout a run, so that repeated planning gives the same result, and apply
   * does what the plan shows.
   */
  begin(key: string): void;
  /**
   * What a file of the controller holds once `make` has said what it should hold; it is made or
   * written where that differs. Undefined: it differs, and nothing may be written yet.
   */
  keep(path: string, make: (content: string | undefined) => string): string | undefined;
  /** The hosts that patterns name, of the groups of an inventory. */
  hosts(patterns: readonly string[], groups: ReadonlyMap<string, readonly string[]>): string[];
  /** What a server answers; asked once a run. */
  get(request: WebRequest): WebAnswer;
  /**
   * What a command of the shell printed on the controller, and what became of it otherwise
   * than well; run once a task.
   */
  pipe(command: string): { stdout: string; failure?: string };
}

/** What is at a path of the controller. */
export interface WhatIsThere {
  kind: "file" | "directory" | "other" | "missing";
  link: boolean;
  mount: boolean;
}

/** What is asked of a server. */
export interface WebRequest {
  url: string;
  headers: readonly (readonly [name: string, value: string])[];
  /** Seconds. */
  timeout: number;
  /** Goes on to where the server sends it. */
  follow: boolean;
  /** Checks certificates. */
  trust: boolean;
  /** A file of certificates to trust besides. */
  authority?: string;
}

/** What came back, or why nothing did. */
export type WebAnswer = { status: number; reason: string; text: string } | { error: string };
