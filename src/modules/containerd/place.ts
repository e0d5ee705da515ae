import { createHash } from "node:crypto";
import { TaskFailure } from "../../errors.ts";
import { contentText, type PathState } from "../../probes/path.ts";
import { sh, type Script } from "../../script/sh.ts";
import { placeFile, staged } from "../../script/write.ts";
import type { Diff, LocalFile, Step } from "../module.ts";

/** A file of text that shall stand on the host. */
export interface Wanted {
  path: string;
  text: string;
  mode: string;
  owner?: string | undefined;
  group?: string | undefined;
  backup?: boolean | undefined;
  /** Tells whether the text that is there means the same. */
  same(text: string): boolean;
  /** Fails where the staged file must not be put in place. */
  check?(file: Script): Script;
}

/** What has to be done for it. */
export interface Placing {
  after: PathState;
  steps: Step[];
  files: LocalFile[];
  /** The text is written anew; else only mode or owner change. */
  rewrites: boolean;
  diff: Diff[];
}

// The parameters that every module of ours has for the file it writes.
export const FILE_ARGUMENTS = {
  mode: { type: "mode", default: "0644", description: "The file's mode, in octal." },
  owner: { type: "str", description: "Who owns the file." },
  group: { type: "str", description: "The group that owns the file." },
  backup: { type: "bool", default: false, description: "Keeps what was there beside it, with the time in its name." },
} as const;

// Text as a file that travels to the host.
export function textFile(text: string): LocalFile {
  const content = new TextEncoder().encode(text);
  return { content, size: content.length, sha256: createHash("sha256").update(content).digest("hex"), text };
}

// Plans a file of text; null: what is there means the same, with the same mode and owner.
export function planText(wanted: Wanted, before: PathState): Placing | null {
  if (before && before.type !== "file" && before.type !== "link") throw new TaskFailure(`${wanted.path} is a ${before.type}, not a file`, before.type === "denied" ? "use become" : "move it away");
  const file = textFile(wanted.text);
  const old = before?.type === "file" ? contentText(before) : undefined;
  const same = before?.type === "file" && (before.sha256 === file.sha256 || (old !== undefined && wanted.same(old)));
  if (same) return planAttributes(wanted, before);
  const place = placeFile(staged(file), wanted.path, wanted.mode, wanted);
  const keep = wanted.backup && before ? sh`cp -a -- ${wanted.path} ${wanted.path}".$(date +%Y-%m-%d@%H:%M:%S)~" || exit 1` : sh`:`;
  const check = wanted.check?.(staged(file)) ?? sh`:`;
  const content = Buffer.from(file.content!).toString("base64");
  return {
    after: { type: "file", ...attributes(wanted), size: file.size, sha256: file.sha256, content },
    steps: [{ run: sh`${check}
${keep}
${place.run}`, undo: place.undo }],
    files: [file], rewrites: true, diff: before ? attributeDiff(wanted, before) : [],
  };
}

// The same text, with another mode or owner.
function planAttributes(wanted: Wanted, before: NonNullable<PathState>): Placing | null {
  const diff = attributeDiff(wanted, before);
  if (diff.length === 0) return null;
  const run = sh`hw_keep ${wanted.path} && hw_own ${wanted.path} ${wanted.owner ?? ""} ${wanted.group ?? ""} && chmod ${wanted.mode} ${wanted.path}`;
  return { after: { ...before, ...attributes(wanted) }, steps: [{ run, undo: sh`hw_restore ${wanted.path}` }], files: [], rewrites: false, diff };
}

// What is known of the file's attributes afterwards: what was asked for.
function attributes({ mode, owner, group }: Wanted): { mode: number; owner?: string; group?: string } {
  if (!/^0?[0-7]{3,4}$/.test(mode)) throw new TaskFailure(`mode ${mode} is not octal`, "write it as 0644");
  return { mode: Number.parseInt(mode, 8), ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) };
}

function attributeDiff(wanted: Wanted, before: NonNullable<PathState>): Diff[] {
  const now = attributes(wanted);
  const octal = (mode: number | undefined): string | null => (mode === undefined ? null : mode.toString(8).padStart(4, "0"));
  const all: [string, string | null, string | null][] = [
    ["mode", octal(before.mode), octal(now.mode)],
    ["owner", before.owner ?? null, now.owner ?? before.owner ?? null],
    ["group", before.group ?? null, now.group ?? before.group ?? null],
  ];
  return all.filter(([, old, next]) => old !== next).map(([title, old, next]) => ({ kind: "field", title, before: old, after: next }));
}

// Ansible's result keys for a file.
export function fileResult(wanted: { path: string }, state: PathState): { [key: string]: unknown } {
  if (!state) return { dest: wanted.path };
  const { owner, group, size, mode } = state;
  return { dest: wanted.path, state: state.type, owner, group, size, ...(mode === undefined ? {} : { mode: mode.toString(8).padStart(4, "0") }) };
}
