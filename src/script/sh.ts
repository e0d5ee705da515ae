import type { LocalFile } from "./local-file.ts";

/**
 * A piece of POSIX shell. It can only be made by sh`...`, so every value in it is quoted by its
 * type, and nothing that a user or a host wrote can become code.
 */
export interface Script {
  readonly sh: string;
  /** The files that must be on the host for it, each where `staged` says. */
  readonly files?: readonly LocalFile[];
}

/**
 * What is allowed inside sh`...`: text and numbers are quoted, lists become
 * words, scripts stay code.
 */
export type ShValue = string | number | Script | readonly (string | number)[];

// Writes one value as shell source; single quotes are the one form that every shell reads alike.
export function quote(value: string | number): string {
  const text = String(value);
  if (text.includes("\0")) throw new Error("a shell word cannot hold a NUL byte");
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

// Tells scripts from values.
function isScript(value: ShValue): value is Script {
  return typeof value === "object" && "sh" in value;
}

// Renders the content of a ${...} in sh`...`.
function render(value: ShValue): string {
  if (isScript(value)) return value.sh;
  return typeof value === "object" ? value.map(quote).join(" ") : quote(value);
}

/** Builds a Script: sh`chmod ${mode} ${path}`. The literal parts are code, the values are data. */
export function sh(parts: TemplateStringsArray, ...values: ShValue[]): Script {
  const text = parts.map((part, i) => (i === 0 ? part : render(values[i - 1]!) + part)).join("");
  return withFiles(text, values);
}

// Puts scripts one below the other.
export function lines(scripts: readonly Script[]): Script {
  return withFiles(scripts.map((script) => script.sh).join("\n"), scripts);
}

// A script that needs the files of all scripts that it is made of.
function withFiles(text: string, values: readonly ShValue[]): Script {
  const files = values.flatMap((value) => (isScript(value) ? (value.files ?? []) : []));
  return files.length === 0 ? { sh: text } : { sh: text, files };
}
