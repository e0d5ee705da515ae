/** A real terminal for tests: tmux, which keeps a screen as people see it. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** A test that waits for longer than this on the terminal waits for what never comes. */
const PATIENCE_MS = 20_000;

/** Why no terminal can be had here; undefined: it can. */
export const noTerminal = spawnSync("tmux", ["-V"]).error ? "needs tmux" : undefined;

// As root, what hullwright keeps on its hosts is at one place of this machine: each terminal gets an empty one of its own, so
// that no other run stands in the way. For others it is in their home, which is the desk.
const STATE = "/var/lib/hullwright";
const OWN_STATE =
  process.getuid?.() === 0
    ? `unshare -m sh -c 'mkdir -p ${STATE} && mount -t tmpfs state ${STATE}; exec "$@"' sh`
    : "";

export interface TerminalOptions {
  columns?: number;
  rows?: number;
  env?: { readonly [name: string]: string };
}

/** A folder with a playbook and an inventory of local hosts, and terminals in which hullwright runs there. */
export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), "hullwright-terminal-"));
  private readonly socket = join(this.folder, "tmux");
  private terminals = 0;

  constructor(files: { readonly [name: string]: string }) {
    for (const [name, text] of Object.entries(files)) this.file(name, text);
    mkdirSync(join(this.folder, "bin"));
    chmodSync(
      this.file("bin/hullwright", `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`),
      0o755,
    );
  }

  // Writes a file, and answers its path.
  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  // Opens a terminal in which a line of shell runs; `hullwright` is the built program in it.
  open(line: string, { columns = 80, rows = 24, env = {} }: TerminalOptions = {}): Terminal {
    const name = `t${this.terminals++}`;
    const script = this.script(
      `${name}.sh`,
      `trap : INT\n${line}\necho "[exit $?]"\nexec sleep 1000`,
      env,
    );
    const tmux = (...args: string[]): string => this.tmux(args);
    const { TMUX: _, ...outer } = process.env;
    this.tmux(
      [
        "new-session",
        "-d",
        "-s",
        name,
        "-x",
        String(columns),
        "-y",
        String(rows),
        "-c",
        this.folder,
        `exec env -u NO_COLOR -u CI -u FORCE_COLOR ${OWN_STATE} bash '${script}'`,
      ],
      outer,
    );
    return new Terminal(tmux, name);
  }

  // Runs a line of shell without a terminal, in the same surroundings; answers what it printed on both streams.
  call(line: string, env: { readonly [name: string]: string } = {}): string {
    const script = this.script("call.sh", line, env);
    const { stdout, stderr, signal } = spawnSync(
      "sh",
      ["-c", `exec ${OWN_STATE} bash '${script}'`],
      { cwd: this.folder, encoding: "utf8", input: "", timeout: PATIENCE_MS },
    );
    if (signal !== null) throw new Error(`"${line}" did not end: ${stdout}${stderr}`);
    return stdout + stderr;
  }

  // Ends all terminals, and takes the folder away.
  close(): void {
    spawnSync("tmux", ["-S", this.socket, "kill-server"]);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  // Writes a script with the surroundings in which hullwright is to run.
  private script(name: string, lines: string, env: { readonly [name: string]: string }): string {
    const all = {
      LANG: "C.UTF-8",
      HOME: this.folder,
      XDG_CACHE_HOME: join(this.folder, "cache"),
      ...env,
    };
    const words = Object.entries(all).map(([key, value]) => `${key}='${value}'`);
    return this.file(
      name,
      `export ${words.join(" ")}\nexport PATH='${this.folder}/bin':"$PATH"\nset -o pipefail\n${lines}\n`,
    );
  }

  private tmux(args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
    const { status, stdout, stderr } = spawnSync(
      "tmux",
      ["-u", "-S", this.socket, "-f", "/dev/null", ...args],
      { encoding: "utf8", env },
    );
    if (status !== 0) throw new Error(`tmux ${args.join(" ")}: ${stderr}`);
    return stdout;
  }
}

/** One terminal. */
export class Terminal {
  private readonly tmux: (...args: string[]) => string;
  private readonly name: string;

  constructor(tmux: (...args: string[]) => string, name: string) {
    this.tmux = tmux;
    this.name = name;
  }

  // What stands on the screen and above it; `colours` leaves the escape sequences in.
  text(colours = false): string {
    return this.tmux(
      "capture-pane",
      "-p",
      "-t",
      this.name,
      "-S",
      "-",
      ...(colours ? ["-e"] : []),
    ).trimEnd();
  }

  // What the terminal's title is.
  title(): string {
    return this.tmux("display-message", "-p", "-t", this.name, "#{pane_title}").trimEnd();
  }

  // Waits until something stands there, and answers all that does.
  async shows(what: RegExp | string): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const text = this.text();
      if (typeof what === "string" ? text.includes(what) : what.test(text)) return text;
      if (Date.now() > deadline)
        throw new Error(`the terminal never showed ${String(what)}:\n${text}`);
      await sleep(30);
    }
  }

  // Waits until the line of shell has ended, and answers its exit code and all that stands there.
  async ends(): Promise<{ code: number; text: string }> {
    const text = await this.shows(/^\[exit \d+\]$/m);
    return {
      code: Number(/^\[exit (\d+)\]$/m.exec(text)![1]),
      text: text.replace(/\n?\[exit \d+\]$/m, ""),
    };
  }

  // Types keys, as tmux names them: "C-c", "Enter", or letters.
  type(...keys: string[]): void {
    this.tmux("send-keys", "-t", this.name, ...keys);
  }

  // Closes it, as one closes a window.
  close(): void {
    this.tmux("kill-session", "-t", this.name);
  }

  resize(columns: number): void {
    this.tmux("resize-window", "-t", this.name, "-x", String(columns));
  }
}
