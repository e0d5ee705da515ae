import { setFlagsFromString } from "node:v8";

/** The versions of V8 that are known to have the setting. */
const KNOWN = /^1[1-3]\./;

// Keeps the part of the heap where new objects live as small as it is now. V8 would let it grow
// to dozens of megabytes, as hosts are walked one after another and each leaves garbage; what
// stays of a host is small.
export function keepHeapSmall(version = process.versions.v8): boolean {
  if (!KNOWN.test(version)) return false;
  setFlagsFromString("--semi-space-growth-factor=1");
  return true;
}
