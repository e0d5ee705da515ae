import { readFileSync } from "node:fs";

// Whether the terminal belongs to another job of its shell (after bg, or &).
export function isInBackground(): boolean {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const [, , group, , , owner] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(owner) > 0 && owner !== group;
  } catch {
    return false; // a system without /proc
  }
}
