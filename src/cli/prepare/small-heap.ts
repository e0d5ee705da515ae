import { setFlagsFromString } from "node:v8";

/** The versions of V8 that are known to have the settings. */
const KNOWN = /^1[1-3]\./;

// Keeps the heap small: the part where new objects live stays as it is now, and garbage is
// collected once the rest has grown by a fifth. V8 would let both grow, by dozens of megabytes and
// to four times what is in use, as hosts are walked one after another and each leaves garbage; what
// stays of a host is small.
export function keepHeapSmall(version = process.versions.v8): boolean {
  if (!KNOWN.test(version)) return false;
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=20");
  return true;
}
