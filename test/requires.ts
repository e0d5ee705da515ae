import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** What a test may need of the machine, and how to tell whether it is there. */
const NEEDS = {
  dash: () => finds("dash"),
  bash: () => finds("bash"),
  fish: () => finds("fish"),
  tcsh: () => finds("tcsh"),
  busybox: () => finds("busybox"),
  "busybox whose sh asks PATH first": busyboxAsksPath,
  gcc: () => finds("gcc"),
  file: () => finds("file"),
  "ansible-playbook": () => finds("ansible-playbook"),
  "python3 with venv": () =>
    spawnSync("/usr/bin/python3", ["-c", "import ensurepip, venv"]).status === 0,
  IPv6: () => networkInterfaces()["lo"]?.some(({ family }) => family === "IPv6") === true,
  "a link-local address": () => linkLocalAddress() !== undefined,
  python3: () => finds("python3"),
  openssl: () => finds("openssl"),
  "update-alternatives": () => finds("update-alternatives"),
  "redis-server": () => finds("redis-server"),
  shellcheck: () => finds("shellcheck"),
  shfmt: () => finds("shfmt"),
  gpg: () => finds("gpg") && finds("gpgv"),
  "python3 of 3.11 to 3.13": pythonWithSameRe,
};

/** Something that a test may need. */
export type Need = keyof typeof NEEDS;

const known = new Map<Need, boolean>();

// Tells whether the machine has it; what it lacks is skipped with this as the reason, and never red.
export function has(need: Need): boolean {
  const before = known.get(need);
  if (before !== undefined) return before;
  const answer = NEEDS[need]();
  known.set(need, answer);
  return answer;
}

// For a test's name: the reason why it is skipped, if it is.
export function skipReason(...needs: Need[]): string {
  const missing = needs.filter((need) => !has(need));
  return missing.length === 0 ? "" : ` (skipped: this machine has no ${missing.join(", no ")})`;
}

// Of the shells that a test wants, those that this machine has. `requires.test.ts` names the others.
export function here<Shell extends string | readonly string[]>(shells: readonly Shell[]): Shell[] {
  return shells.filter((shell) => {
    const [name = ""] = typeof shell === "string" ? shell.split(" ") : shell;
    return name === "busybox" ? has("busybox whose sh asks PATH first") : finds(name);
  });
}

// What shellcheck has to say of a program; empty if nothing. `except`: rules that do not count.
export function shellcheck(program: string, except: readonly string[] = []): string {
  const options = except.length === 0 ? [] : ["-e", except.join(",")];
  const { stdout, error } = spawnSync("shellcheck", ["-s", "sh", ...options, "-"], {
    input: program,
    encoding: "utf8",
  });
  if (error) throw error;
  return stdout;
}

// Python's re of these releases finds the same: 3.11 brought possessive repetitions, 3.14 has \B in an empty text.
function pythonWithSameRe(): boolean {
  const code = "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))";
  return spawnSync("python3", ["-c", code]).status === 0;
}

function finds(name: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
}

// A busybox that is built to stand alone takes its own applets, whatever PATH has, so tests cannot replace them.
function busyboxAsksPath(): boolean {
  const directory = mkdtempSync(join(tmpdir(), "hullwright-busybox-"));
  const program = join(directory, "cat");
  writeFileSync(program, "#!/bin/sh\necho from PATH\n");
  chmodSync(program, 0o755);
  const env = { ...process.env, PATH: `${directory}${delimiter}${process.env["PATH"] ?? ""}` };
  const { stdout } = spawnSync("busybox", ["sh", "-c", "cat </dev/null"], {
    env,
    encoding: "utf8",
  });
  rmSync(directory, { recursive: true });
  return stdout === "from PATH\n";
}

// A link-local address of this machine, with its interface; not one of a lab, which comes and goes.
export function linkLocalAddress(): string | undefined {
  const found = Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
    all
      .filter(({ address }) => address.startsWith("fe80"))
      .map(({ address }) => `${address}%${name}`),
  );
  return found.find((address) => !/%(hwlab|vb-)/.test(address));
}
