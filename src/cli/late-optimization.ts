import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";

/** The versions of V8 with which it was measured. */
const KNOWN = /^11\./;

/**
 * Has V8 optimize functions only once they have run five times as long as it would wait by itself:
 * most runs end before that pays. Node takes its parts from its code cache only while no flag is
 * changed, so those that nearly every run needs are loaded before: the build loads a part where it
 * is first used, and drops a use without a purpose. Whether the flag is set.
 */
export function optimizeLate(version = process.versions.v8): boolean {
  if (!KNOWN.test(version)) return false;
  const parts: readonly unknown[] = [spawn, createHash, connect, stat];
  setFlagsFromString("--interrupt-budget=350000");
  return parts.length > 0;
}
