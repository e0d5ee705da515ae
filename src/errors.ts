import { codeFrame, withoutHidden } from "./code-frame.ts";
import { defined } from "./defined.ts";
import { isOfSystem, systemMistake, type FileTried } from "./system-error.ts";

/** A place in a file that a person wrote. Lines and columns count from 1, as editors do. */
export interface Place {
  file: string;
  line: number;
  column: number;
  /** The whole text of the file, where it is at hand, so that the error can show the line. */
  text?: string;
  /** Where the user wrote it, if that is no file: in an option of the command line. */
  written?: Place;
}

/** The user's input is wrong: reported with position and hint, before any host is changed. */
export class InputError extends Error {
  readonly place: Place | undefined;
  readonly hint: string | undefined;
  /** Files on the controller that were looked for: once one of them exists, this is no mistake. */
  readonly missing: readonly string[] | undefined;

  constructor(message: string, place?: Place, hint?: string, missing?: readonly string[]) {
    super(message);
    this.name = "InputError";
    this.place = place;
    this.hint = hint;
    this.missing = missing;
  }
}

/** A mistake that is in no file, as one in the command line, or whose place the caller adds. */
export class UnplacedError extends InputError {
  constructor(message: string, hint?: string) {
    super(message, undefined, hint);
  }
}

/** Something undefined is used: a variable, or what a value does not have. */
export class UndefinedUseError extends InputError {}

/** An undefined variable is used. */
export class UndefinedError extends UndefinedUseError {
  readonly variable: string;

  constructor(variable: string, message: string, place: Place, hint?: string) {
    super(message, place, hint);
    this.variable = variable;
  }
}

/**
 * A feature of Ansible that is not supported, or a missing file that an include names: wrong only
 * for hosts that reach it. Things that may never run are accepted all the same.
 */
export class UnsupportedError extends InputError {}

/**
 * A parameter got a wrong value from a template: a mistake that Ansible's modules find, so
 * `failed_when` may pass it over.
 */
export class ArgumentError extends InputError {}

/** What went wrong while connecting to a host; each kind has its own likely hint. */
export type UnreachableKind =
  | "refused"
  | "timeout"
  | "dns"
  | "auth"
  | "key-file"
  | "hostkey-changed"
  | "hostkey-unknown"
  | "become"
  | "lost"
  | "protocol";

/** No work can be done on a host: it does not answer, or does not let us in. */
export class UnreachableError extends Error {
  readonly kind: UnreachableKind;
  readonly hint: string | undefined;

  constructor(kind: UnreachableKind, message: string, hint?: string) {
    super(message);
    this.name = "UnreachableError";
    this.kind = kind;
    this.hint = hint;
  }
}

/** There is no such user on the host for a task to run as: a task may create one. */
export class NoUserError extends UnreachableError {}

// The error of a task whose become_user does not exist on the host.
export function noUser(user: string): NoUserError {
  return new NoUserError(
    "become",
    `there is no user ${user} on the host to become`,
    "check become_user",
  );
}

/**
 * A task cannot be done, or was done and failed: the host fails, unless the play says otherwise.
 */
export class TaskFailure extends Error {
  readonly hint: string | undefined;
  /** What `register` sees of the failure, beside `msg`. */
  readonly result: { readonly [key: string]: unknown };

  constructor(message: string, hint?: string, result: { readonly [key: string]: unknown } = {}) {
    super(message);
    this.name = "TaskFailure";
    this.hint = hint;
    this.result = result;
  }
}

/**
 * There is a directory on the controller where a file was asked for: copy then reads it as a tree.
 */
export class DirectoryError extends InputError {
  constructor(path: string, place?: Place) {
    super(`${path} on the controller is a directory, not a file`, place);
  }
}

/** Signals that ask a run to end, each with the exit code that shells give it. */
export const STOP_SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
export type StopSignal = keyof typeof STOP_SIGNALS;

/** Someone stopped the run: Ctrl-C, or another signal. */
export class Interrupted extends Error {
  readonly signal: StopSignal;

  constructor(signal: StopSignal, message = "interrupted; nothing was changed") {
    super(message);
    this.name = "Interrupted";
    this.signal = signal;
  }
}

/** A failure that `changed_when` and `failed_when` have been asked about already. */
export class JudgedFailure extends TaskFailure {}

/** A failure of which nothing but `failed_when` speaks. */
export class ConditionFailure extends JudgedFailure {}

/** What is shown of an error: its message, how to fix it, and where it is. */
export interface ErrorDescription {
  message: string;
  hint?: string;
  place?: Place;
}

// Reads an error into what is shown of it.
export function describeError({
  message,
  hint,
  place,
}: {
  message: string;
  hint: string | undefined;
  place?: Place | undefined;
}): ErrorDescription {
  return { message, ...defined({ hint, place: place ? place : undefined }) };
}

// A place as editors and terminals read it.
export function showPlace(place: Place): string {
  const { file, line, column } = place.written ?? place;
  return `${file}:${line}:${column}`;
}

// What an input error says, without what no_log hides where it was made.
export function shownMessage({ message, place }: Pick<InputError, "message" | "place">): string {
  return place ? withoutHidden(message, place.written ?? place) : message;
}

// Renders an input error for people: message, position, the line with a caret, the hint.
export function describeInputError(error: InputError): string {
  const lines = [shownMessage(error)];
  if (error.place)
    lines.push(`  at ${showPlace(error.place)}`, ...codeFrame(error.place.written ?? error.place));
  if (error.hint) lines.push(`  hint: ${error.hint}`);
  return lines.join("\n");
}

const HERE = "this is about the machine that runs hullwright";

/** What is shown for a host on which Hullwright itself failed. */
export interface Defect extends ErrorDescription {
  task: string;
  /** For a file whose path is printed. */
  stack: string;
}

// What the system of this machine refused, as a mistake, with the file that it was about; all
// other errors as they are.
export function plainly(error: unknown, file?: FileTried): unknown {
  if (!isOfSystem(error)) return error;
  const said = systemMistake(error, file);
  return new UnplacedError(said?.message ?? error.message, said?.hint);
}

// Reads an unexpected error as the failure of the host on which it occurred.
export function defectOf(error: unknown): Defect {
  const said = systemMistake(error);
  if (said) return { task: "", hint: HERE, ...said, stack: "" };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return {
    task: "",
    message: `this is a defect of hullwright: ${message}`,
    stack: stack ?? message,
  };
}
