import type { HostReport } from "../report/summary.ts";

/** What a share is for: to plan its hosts, or to make them what the playbook says. */
export type SharePhase = "plan" | "apply";

/** One batch of the hosts of a run, as a worker gets it: the unit of work. It travels sealed. */
export interface Share {
  run: string;
  number: number;
  phase: SharePhase;
  /** The version of the program that made it; another one refuses it. */
  version: string;
  /**
   * Milliseconds since 1970: a worker that sees it later refuses it, so that
   * nobody can replay an old one.
   */
  expires: number;
  /** Digest of the bundle that holds the playbook's directory. */
  bundle: string;
  hosts: readonly string[];
  /**
   * What the command needs, as the coordinator's program made it and a worker's program reads it.
   */
  task: unknown;
}

/** The result of a run on one host, as a worker reports it. */
export interface HostResult {
  report: HostReport;
  /** The host's own names and addresses, by which hosts are grouped that differ in nothing else. */
  words: readonly string[];
  /** What its plan promises, for a plan that is saved. */
  promise?: unknown;
}

/**
 * What happens on a worker while it is at a share, and at which attempt: the first worker that
 * takes a share makes the first.
 */
export type WorkerEvent = ShareEvent & { share: number; attempt: number };

export type ShareEvent =
  | { kind: "begun"; worker: string }
  | { kind: "planned" | "host-done"; host: string; failure?: string }
  | { kind: "result"; host: string }
  | { kind: "step"; host: string; task: string; item?: string; state: StepState }
  | { kind: "warning"; message: string }
  | { kind: "ended"; error?: ShareError; files?: unknown; interrupted?: true };

type StepState = "begin" | "done" | "failed";

/** Why a share could not be done at all. */
export interface ShareError {
  message: string;
  hint?: string;
}

/**
 * The names in Redis that belong to those who share a key. Others may use the same Redis,
 * also for queues of their own.
 */
export class Names {
  /** What all of them begin with. */
  readonly prefix: string;

  constructor(fingerprint: string) {
    this.prefix = `hullwright:${fingerprint}`;
  }

  bundle(digest: string): string {
    return `${this.prefix}:bundle:${digest}`;
  }

  run(run: string, what: "events" | "done" | "stop" | "alive" | "attempts"): string {
    return `${this.prefix}:run:${run}:${what}`;
  }

  // There for as long as a worker is at a share.
  atWork(run: string, share: number): string {
    return `${this.prefix}:run:${run}:at-work:${share}`;
  }
}

/** For how long what a run leaves in Redis is kept, in seconds. */
export const KEPT_SECONDS = 24 * 60 * 60;

/** A worker that has not been seen at its share for this many seconds is not at it. */
export const AT_WORK_SECONDS = 15;

/**
 * A coordinator that has not been seen for this many seconds is gone: its
 * shares are no longer started.
 */
export const ALIVE_SECONDS = 30;

// Divides the hosts of a run into shares of limited size, as even as possible, in their order.
export function sharesOf(hosts: readonly string[], most: number): string[][] {
  const count = Math.ceil(hosts.length / most);
  const even = Math.ceil(hosts.length / Math.max(count, 1));
  return Array.from({ length: count }, (_, index) =>
    hosts.slice(index * even, (index + 1) * even),
  ).filter((share) => share.length > 0);
}
