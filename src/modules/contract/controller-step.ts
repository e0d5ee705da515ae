import type { Script } from "../../script/sh.ts";

/**
 * What the runner itself does once a change's steps are done, because no program on the
 * host can. It reports as a step does: its output follows that of the steps. A change with
 * one is the last of its program.
 */
export type RunnerStep = Bring | Reconnect;

/**
 * Brings a file from the host to the controller, with one rename; directories above it are created.
 * It prints `BroughtFile` as JSON.
 */
export interface Bring {
  kind: "bring";
  /** Absolute, on the host. */
  from: string;
  /** Absolute, on the controller. */
  to: string;
  /** Permissions of the host's file, which a new one gets as the umask lets it. */
  mode?: number;
  /** What it must be; absent: whatever comes is taken. */
  sha256?: string;
}

/** Digests of a file that was brought, in hexadecimal. */
export interface BroughtFile {
  sha256: string;
  sha1: string;
  md5: string;
}

/**
 * Closes the login and opens it again until the host is in the wanted state; everything known about
 * the host is forgotten. A connection that is lost before the steps have ended is not a failure. It
 * prints the seconds that it took.
 */
export interface Reconnect {
  kind: "reconnect";
  /**
   * Seconds before the first try, between two tries, for one connection (the run's own unless
   * said), and until it fails.
   */
  delay: number;
  sleep: number;
  connectTimeout?: number;
  timeout: number;
  /** Must print another text than the change's first step did. */
  renewed?: Script;
  /** Must end with 0. */
  test: Script;
  /** What is waited for, for people. */
  what: string;
}
