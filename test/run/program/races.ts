import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { failureIn } from "../../../src/plan/model/entry.ts";
import { numbersOf } from "../../numbers.ts";
import { noFiles, testHost } from "../../plan/host.ts";

/** What somebody else writes, and what was there before. */
const [FOREIGN, OLD] = ["somebody else's\n", "old\nlines\n"];
/** The programs before each of which somebody else may act. */
const PROGRAMS = [
  "stat",
  "sha256sum",
  "install",
  "sync",
  "ln",
  "cp",
  "mktemp",
  "mv",
  "chmod",
  "tar",
];

/** One round: what the task does, what somebody else does, and before which of the programs that the host runs. */
export interface Race {
  task: object;
  deed: Deed;
  /** As a part of all that are run, from 0 to 999. */
  at: number;
}

type Deed = "writes" | "replaces" | "removes";

/** What a race came to. */
export interface Ended {
  /** Somebody else acted at all. */
  struck: boolean;
  program: string;
  /** Before the host was looked at. */
  early: boolean;
  /** Where what they wrote is now. */
  where: "there" | "kept and named" | "nowhere";
  message: string;
}

/** A public key of the right length. */
const KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const TASKS: readonly object[] = [
  { copy: { content: "new\n", dest: "{{ at }}/f" } },
  { copy: { content: "new\n", dest: "{{ at }}/l" } },
  { copy: { content: `${"big ".repeat(20_000)}\n`, dest: "{{ at }}/f", mode: "0600" } },
  { copy: { src: "{{ at }}/other", dest: "{{ at }}/f", remote_src: true } },
  { lineinfile: { path: "{{ at }}/f", line: "new" } },
  { blockinfile: { path: "{{ at }}/f", block: "new" } },
  { replace: { path: "{{ at }}/f", regexp: "old", replace: "new" } },
  { ini_file: { path: "{{ at }}/f", section: "s", option: "o", value: "v", allow_no_value: true } },
  { file: { path: "{{ at }}/f", src: "{{ at }}/other", state: "link", force: true } },
  { file: { path: "{{ at }}/f", state: "absent" } },
  { file: { path: "{{ at }}/f", src: "{{ at }}/other", state: "hard", force: true } },
  { unarchive: { src: "{{ at }}/a.tar", dest: "{{ at }}", remote_src: true } },
];

/** The other modules that write where their user says. */
const MORE_TASKS: readonly object[] = [
  { copy: { content: "new\n", dest: "{{ at }}/f", backup: true } },
  { lineinfile: { path: "{{ at }}/f", regexp: "^old", state: "absent" } },
  { file: { path: "{{ at }}/f", mode: "0600" } },
  { file: { path: "{{ at }}", state: "directory", recurse: true, mode: "u=rwX,go=" } },
  { known_hosts: { path: "{{ at }}/f", name: "h", key: `h ssh-ed25519 ${KEY}` } },
  {
    authorized_key: {
      user: userInfo().username,
      path: "{{ at }}/f",
      manage_dir: false,
      key: `ssh-ed25519 ${KEY}`,
    },
  },
  { archive: { path: "{{ at }}/other", dest: "{{ at }}/f", format: "tar", force_archive: true } },
  { sysctl: { name: "kernel.nothing", value: "1", sysctl_file: "{{ at }}/f", reload: false } },
  {
    mount: {
      path: "/nowhere/at/all",
      src: "/dev/nothing",
      fstype: "ext4",
      state: "present",
      fstab: "{{ at }}/f",
    },
  },
];

// Draws a race.
export function raceOf(seed: number, hasMoreTasks = false): Race {
  const draw = numbersOf(seed);
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)]!;
  return {
    task: pick(hasMoreTasks ? MORE_TASKS : TASKS),
    deed: pick<Deed>(["writes", "writes", "replaces", "replaces", "removes"]),
    at: draw(1000),
  };
}

// Runs a race: once without anybody else, to count, and once with them.
export async function runRace(race: Race): Promise<Ended> {
  const count = await perform(race, 0);
  if (count.ended.message !== "")
    throw new Error(`${JSON.stringify(race.task)} by itself: ${count.ended.message}`);
  return (await perform(race, 1 + Math.floor((race.at * count.calls) / 1000))).ended;
}

// Applies the task; before the program with this number, somebody else acts.
async function perform(race: Race, number: number): Promise<{ calls: number; ended: Ended }> {
  const box = mkdtempSync(join(tmpdir(), "hullwright-race-"));
  const [at, tools] = [join(box, "at"), join(box, "tools")];
  for (const folder of [at, tools]) mkdirSync(folder);
  for (const name of ["f", "other"]) writeFileSync(join(at, name), name === "f" ? OLD : "other\n");
  symlinkSync("f", join(at, "l"));
  // whose members the host looks at only when they are unpacked
  const isUnpacked = "unarchive" in race.task;
  if (isUnpacked) archive(box, at);
  const path = process.env["PATH"]!;
  const deeds: Record<Deed, string> = {
    writes: `printf %s "${FOREIGN}" > ${at}/f`,
    replaces: `printf %s "${FOREIGN}" > ${at}/.theirs; PATH=${path} mv -f ${at}/.theirs ${at}/f`,
    removes: `PATH=${path} rm -f ${at}/f`,
  };
  for (const name of PROGRAMS) {
    const text = `#!/bin/sh
[ -f ${tools}/on ] || { PATH=${path}; exec ${name} "$@"; }
echo ${name} >> ${tools}/calls; n=0; while read -r x; do n=$((n + 1)); done < ${tools}/calls
[ "$n" != ${number} ] || { ${deeds[race.deed]}; echo ${name} > ${tools}/struck; [ -f ${tools}/watched ] || : > ${tools}/early; }
case "$*" in ${isUnpacked ? "*'nid %i'*" : "*//%i*"}) : > ${tools}/watched ;; esac
PATH=${path}; exec ${name} "$@"
`;
    writeFileSync(join(tools, name), text);
    chmodSync(join(tools, name), 0o755);
  }
  process.env["PATH"] = `${tools}:${path}`;
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks: ${JSON.stringify([{ name: "t", ...race.task }])}\n`,
    { at },
    {},
    {},
    noFiles,
    { login: userInfo().username },
  );
  try {
    await run.plan();
    writeFileSync(join(tools, "on"), "");
    await run.apply(0, () => {});
    const failures = (run.walk?.entries ?? []).flatMap((entry) => failureIn(entry)?.message ?? []);
    const message = [...failures, run.broken?.message ?? ""].join("\n").trim();
    const [calls, struck] = ["calls", "struck"].map((name) =>
      existsSync(join(tools, name)) ? readFileSync(join(tools, name), "utf8").trim() : "",
    );
    const where = whereIs(at, message);
    return {
      calls: calls!.split("\n").length,
      ended: {
        struck: struck !== "",
        program: struck!,
        early: existsSync(join(tools, "early")),
        where,
        message,
      },
    };
  } finally {
    process.env["PATH"] = path;
    await (await session).close();
    rmSync(box, { recursive: true, force: true });
  }
}

// An archive with another f.
function archive(box: string, at: string): void {
  writeFileSync(join(box, "f"), "new\n");
  execFileSync("tar", ["-cf", join(at, "a.tar"), "-C", box, "f"]);
}

// Where what somebody else wrote is.
function whereIs(at: string, message: string): Ended["where"] {
  const is = (path: string): boolean =>
    existsSync(path) && lstatSync(path).isFile() && readFileSync(path, "utf8") === FOREIGN;
  if (readdirSync(at).some((name) => is(join(at, name)))) return "there";
  const kept = /kept as (\S+)/.exec(message)?.[1];
  return kept !== undefined && is(kept) ? "kept and named" : "nowhere";
}

// What is wrong with what a race came to; empty: nothing that somebody else wrote is lost, and it is told of.
export function faultOf(
  { task, deed }: Race,
  { struck, program, early, where, message }: Ended,
): string {
  if (!struck || deed === "removes") return "";
  // between the last look and the rename, nobody can say what was replaced where files are exchanged as a whole
  if (program === "mv" && deed === "replaces") return "";
  // a file that is to go, or to give way to a link or an archive, does so whatever is in it
  if (early && ["file", "unarchive", "archive"].some((name) => name in task)) return "";
  if (where === "nowhere") return `lost before ${program}: ${message || "nothing was said"}`;
  return "";
}
