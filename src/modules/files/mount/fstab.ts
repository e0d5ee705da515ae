import { escapeMount } from "../../../probes/files/mount.ts";

/** The six fields of a line (man 5 fstab). */
export interface FstabLine {
  src: string;
  path: string;
  fstype: string;
  opts: string;
  dump: string;
  passno: string;
}

// Puts a line in place of all that speak of the same mount point, or at the end.
// Other lines stay as they are.
export function putLine(text: string, wanted: FstabLine): string {
  const fresh = `${[wanted.src, wanted.path, wanted.fstype, wanted.opts, wanted.dump, wanted.passno].map(escapeField).join(" ")}\n`;
  const lines = linesOf(text);
  const found = lines.filter((line) => isFor(line, wanted.path, wanted.src));
  if (found.length === 0) return lines.join("") + fresh;
  if (found.every((line) => fieldsOf(line).join(" ") === fresh.trim())) return text;
  return lines.map((line) => (isFor(line, wanted.path, wanted.src) ? fresh : line)).join("");
}

// Takes away all lines of a mount point; of swap only that of the device.
export function dropLines(text: string, path: string, src?: string): string {
  const kept = linesOf(text).filter((line) => !isFor(line, path, src));
  return kept.length === linesOf(text).length ? text : kept.join("");
}

function linesOf(text: string): string[] {
  return (text.match(/[^\n]+\n?|\n/g) ?? []).map((line) =>
    line.endsWith("\n") ? line : `${line}\n`,
  );
}

// The fields with the optional last two; none for comments and for what is no line of fstab.
function fieldsOf(line: string): string[] {
  const fields = line.trim().split(/\s+/);
  if (line.trim().startsWith("#") || fields.length < 4 || fields.length > 6) return [];
  return [...fields, "0", "0"].slice(0, 6);
}

// Swap has no mount point, so lines are distinguished by its device.
function isFor(line: string, path: string, src: string | undefined): boolean {
  const [device, at, fstype] = fieldsOf(line);
  return (
    at === escapeField(path) &&
    (at !== "none" || fstype !== "swap" || src === undefined || device === escapeField(src))
  );
}

function escapeField(text: string): string {
  return escapeMount(text).replaceAll("&", "\\046");
}
