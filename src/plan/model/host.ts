import type { Environment } from "../../jinja/template.ts";
import type { ControllerFiles } from "../../controller/files.ts";
import type { Play, Playbook } from "../../playbook/play.ts";
import type { Layer } from "./variables.ts";
import type { Entry, Outcome, Identity } from "./entry.ts";
import type { Json } from "../../value.ts";
import type { ErrorDescription, Place, UnreachableError } from "../../errors.ts";
import { answerKey } from "../view/host-view.ts";
import type { Observed } from "../view/observed.ts";
import type { Probe } from "../../probes/probe.ts";

/** The become method's behaviour if nothing else specifies it. */
export interface BecomeDefaults {
  user?: string | undefined;
  exe?: string | undefined;
  flags?: string | undefined;
  password?: string | undefined;
}

/** What the command line says about the walk. */
export interface WalkOptions {
  tags: readonly string[];
  skipTags: readonly string[];
  checkMode: boolean;
  /** A person sits at a terminal. */
  isInteractive?: boolean;
  become: boolean;
  /** What earlier runs left of handlers is forgotten (--drop-handlers). */
  dropHandlers?: boolean;
  /** Failures end nothing, unless a rescue waits for them: all tasks should be seen (compare). */
  ignoreFailures?: boolean;
  becomeUser?: string;
  becomeMethod?: string | undefined;
  becomeExe?: string | undefined;
  becomeFlags?: string | undefined;
  becomePassword?: string;
  /** The settings of ansible.cfg for one become method only. */
  becomeMethods?: Readonly<Record<"sudo" | "su", BecomeDefaults>>;
  /** What templates see as ansible_managed, with {host}, {uid} and {file} in it. */
  ansibleManaged?: string | undefined;
}

/** What is specified about a login: variables and keywords by name, each with its position. */
export type LoginSaid = Map<string, { value: unknown; place: Place | undefined }>;

/** A login that is not the host's usual one. */
export interface OtherLogin {
  /**
   * Distinguishes it from other logins of the host, in a form fit to be shown:
   * "deploy@10.0.0.1:22".
   */
  id: string;
  /** The user who logs in. */
  user: string;
  /** The host of the run where its tasks are done, as it leads to another machine. */
  elsewhere?: string;
  /** The connection variables that tasks see if nothing else sets them. */
  connection: ReadonlyMap<string, unknown>;
}

/** Everything about a host that does not change during a run. */
export interface Host {
  name: string;
  /** The user who logs in. */
  login: string;
  playbook: Playbook;
  /** The host is this machine itself. */
  isLocal: boolean;
  /**
   * Which machine its name stands for, as far as its address tells: names with the same are one
   * machine. undefined: nobody knows.
   */
  machine?: string;
  /** `-e`: stronger than all others. */
  extra: Layer;
  /**
   * inventory_hostname, playbook_dir ...: cannot be overridden. Those that a run may
   * change come from the pass.
   */
  magicVariables: Layer;
  /**
   * ansible_host, ansible_user ...: the connection variables that tasks see if
   * nothing else sets them.
   */
  connection?: Layer;
  /** It is the machine at another address that tasks of this host go to. */
  elsewhereOf?: string | undefined;
  /** The play that the usual login was made for: the first that is for this host. */
  usualPlay?: Play | undefined;
  /**
   * The login for a specification; undefined: the usual one. `isHere` says whether a host of the
   * run is this machine. Throws InputError for a wrong specification.
   */
  loginFor?(said: LoginSaid, isHere: (host: string) => boolean): OtherLogin | undefined;
  options: WalkOptions;
  /** Registers a text that nobody may see, in anything that is shown or stored. */
  conceal?(text: string): void;
  files: ControllerFiles;
  env: Environment;
}

/** An entry that is done with, what became of it if it ran, and how often it ran. */
export interface Completed {
  entry: Entry;
  outcome?: Outcome;
  runs?: number;
}

/** A question that a host was put, as one program for many tasks. */
export interface Asked {
  /** From sending it to its whole answer. */
  seconds: number;
  /** The ids of the entries that it was asked for. */
  by: ReadonlySet<string>;
  /** It asked for the host's facts, too. */
  facts: boolean;
}

/** What a run has learned about a host so far. */
export interface HostKnowledge extends Observed {
  /** When answers are asked for again, by their keys, where their kinds say so. */
  asked: Map<string, "once" | "each change">;
  /** Entries that are done with: what they were, and what became of those that ran. */
  completed: Map<string, Completed>;
  /** How often the question of a task with `until` was put in vain. */
  tries: Map<string, number>;
  /** The questions that it was put, in their order. */
  questions: Asked[];
  /** Users whom nobody could become when something had to be asked or done as them. */
  noUsers: Map<string, UnreachableError>;
  /**
   * Logins other than the usual one that were tried in vain, by their ids: an earlier
   * task may make them possible.
   */
  noLogins: Map<string, UnreachableError>;
  /** Entries that could not be done as their own login failed, by their ids. */
  lostLogins: Map<string, UnreachableError>;
  /** apply is at work: questions with `until` are put again until they hold. */
  applying: boolean;
  /** Facts as an earlier run saw them, by probe key: good for asking ahead, never for deciding. */
  guesses: ReadonlyMap<string, Json>;
  /** The items of loops that were begun, so that they stay the same when facts move on. */
  loops: Map<string, unknown[]>;
  /**
   * Why the host did not answer when it was asked last; a play that first waits for
   * it may go on all the same.
   */
  notAnswering?: UnreachableError;
  /** How often the host was away and came back: what is known of it by then is another host's. */
  returns: number;
  /** Set once the host could not be reached, or was lost. */
  unreachable?: UnreachableError;
  /** Set where the host's part is over for a reason that is no task's: the lock, the stage. */
  broken?: ErrorDescription & { task: string; stack?: string };
}

// Keeps what a host answered.
export function keepAnswer(
  { answers, asked }: Pick<HostKnowledge, "answers" | "asked">,
  probe: Probe<unknown>,
  who: string,
  answer: Json,
): void {
  const key = answerKey(probe, who);
  const again = probe.kind.holds?.asked?.(probe.arg as never);
  answers.set(key, answer);
  if (again !== undefined) asked.set(key, again);
}

// What a host has is asked for again; its facts stay.
export function forgetStates(known: HostKnowledge): void {
  for (const key of known.answers.keys())
    if (known.asked.get(key) !== "once") known.answers.delete(key);
  known.changes.length = 0;
}

// Ends a host's part for a reason that is no task's.
export function breakOff(known: HostKnowledge, why: NonNullable<HostKnowledge["broken"]>): void {
  known.broken = why;
}

// Ends the part of a host that cannot be reached.
export function loseContact(known: HostKnowledge, error: UnreachableError): void {
  known.unreachable = error;
}

// Notes that a host does not answer.
export function fallSilent(known: HostKnowledge, error: UnreachableError): void {
  known.notAnswering = error;
  known.offline = true;
}

// Forgets that a host did not answer: it is asked again.
export function forgetSilence(known: HostKnowledge): void {
  known.offline = false;
  delete known.notAnswering;
}

/** A question for a host, and who asks it. */
export interface Missing {
  probe: Probe<unknown>;
  identity: Identity;
  /** A task with no_log asks: neither the question nor its answer is shown. */
  noLog?: boolean;
  /** It is asked only together with others: nothing waits for its answer. */
  isOptional?: boolean;
  /** The ids of the host's entries that want to know. */
  by?: Set<string>;
}
