import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { existsSync } from "../../../disk/reading.ts";
import { account } from "../../account.ts";
import { InputError, UnplacedError } from "../../../errors.ts";
import { sshHome } from "../home-path.ts";
import { type ConfigScan, scanConfig, signature } from "./config-files.ts";
import type { KeptAnswers } from "./kept-answers.ts";

const AT_ONCE = 8;
const SYSTEM_CONFIG = "/etc/ssh/ssh_config";
/** What `ssh -G` prints besides its answer, which nobody needs to see. */
const NOISE =
  /^(Pseudo-terminal will not be allocated.*|Warning: Identity file .* not accessible.*)\n?/gm;

/** How ssh is asked for a host: the words that go before its name, and the name. */
export interface SshQuestion {
  /** The program; only a name that is not `ssh` of the PATH is worth saying. */
  program?: string | undefined;
  /**
   * The user's own options, in the order in which ssh must see them, with those of the
   * host's variables among them.
   */
  words: readonly string[];
  /** Whether some of the words are the user's own, so that ssh itself must read them. */
  hasOptions: boolean;
  destination: string;
}

/**
 * The answer of `ssh -G` for a host. Keys are in lower case; a key that occurs several
 * times has several values.
 */
export interface SshConfig {
  question: SshQuestion;
  values: ReadonlyMap<string, readonly string[]>;
}

// The first value that a key has, unless that is as good as none.
export function configValue({ values }: SshConfig, key: string): string | undefined {
  const value = values.get(key)?.[0];
  return value === "none" || value === "" ? undefined : value;
}

// Whether a switch is on.
export function configIs(config: SshConfig, key: string): boolean {
  return ["yes", "true"].includes(configValue(config, key) ?? "");
}

// The words of a key whose value is a list.
export function configWords(config: SshConfig, key: string): string[] {
  return (configValue(config, key)?.match(/"[^"]*"|\S+/g) ?? []).map((word) =>
    word.replace(/^"(.*)"$/, "$1"),
  );
}

/**
 * Asks the user's own ssh how hosts are reached (`ssh -G`), once for each host, or once for all
 * hosts that no pattern in its files distinguishes; `kept` has answers of earlier runs. If no file
 * and no option says anything, ssh is not called.
 */
export class SshConfigs {
  readonly #answers = new Map<string, SshConfig>();
  readonly #home: string;
  readonly #system: string;
  readonly #kept: KeptAnswers | undefined;
  readonly #scans = new Map<string, ConfigScan>();
  #both: string | undefined;

  /** `home` is the directory whose `.ssh` counts, `system` the configuration file of all users. */
  constructor(home = sshHome(), system = SYSTEM_CONFIG, kept?: KeptAnswers) {
    this.#home = home;
    this.#system = system;
    this.#kept = kept;
  }

  /** The configuration of the user who runs this; `kept` has answers of earlier runs. */
  static ofUser(kept: KeptAnswers): SshConfigs {
    return new SshConfigs(sshHome(), SYSTEM_CONFIG, kept);
  }

  /**
   * Asks for many hosts, some at once, so that `of` has the answers. Throws InputError for a
   * configuration that ssh refuses.
   */
  async prefetch(questions: readonly SshQuestion[]): Promise<void> {
    const waiting = new Map<string, SshQuestion>();
    for (const question of questions)
      if (this.#isNeeded(question)) waiting.set(this.#key(question), question);
    await this.#askAll(waiting);
    const alone = questions.filter(
      (question) =>
        this.#isNeeded(question) && !forHost(this.#answers.get(this.#key(question))!, question),
    );
    await this.#askAll(new Map(alone.map((question) => [JSON.stringify(question), question])));
  }

  async #askAll(questions: ReadonlyMap<string, SshQuestion>): Promise<void> {
    const queue = [...questions].filter(
      ([key, question]) => !this.#answers.has(key) && !this.#recall(key, question),
    );
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [key, question] = next;
        this.#keep(key, question, await askLater(question.program ?? "ssh", this.#words(question)));
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, worker));
  }

  /** What ssh says of a host; undefined: there is nothing that could say anything. */
  of(question: SshQuestion): SshConfig | undefined {
    if (!this.#isNeeded(question)) return undefined;
    const shared = this.#answers.get(this.#key(question));
    if (shared) return forHost(shared, question) ?? this.#ask(JSON.stringify(question), question);
    return this.#ask(this.#key(question), question);
  }

  /** The words that make ssh read the same files as `of` did. */
  fileWords(words: readonly string[]): string[] {
    if (words.some((word) => word.startsWith("-F")) || this.#isUsual()) return [];
    const user = join(this.#home, ".ssh", "config");
    const files = [
      ...(existsSync(user) ? [user] : []),
      ...(scanConfig("/dev/null", this.#system, this.#home).matters ? [this.#system] : []),
    ];
    if (files.length > 1) return ["-F", (this.#both ??= fileOfFiles(files))];
    return ["-F", files[0] ?? "/dev/null"];
  }

  // Whether ssh finds both files by itself.
  #isUsual(): boolean {
    return this.#home === account()?.home && this.#system === SYSTEM_CONFIG;
  }

  #ask(key: string, question: SshQuestion): SshConfig {
    const known = this.#answers.get(key) ?? this.#recall(key, question);
    if (known) return known;
    const { status, stdout, stderr, error } = spawnSync(
      question.program ?? "ssh",
      this.#words(question),
      { encoding: "utf8" },
    );
    return this.#keep(key, question, {
      code: status ?? 255,
      stdout,
      stderr: error?.message ?? stderr,
    });
  }

  #keep(key: string, question: SshQuestion, answer: Answer): SshConfig {
    if (answer.code !== 0) throw refusal(question, answer);
    const { program = "ssh", destination } = question;
    const { stdout } = answer;
    if (canBeKept(question))
      this.#kept?.keep(this.#files(question.words), program, key, { destination, stdout });
    return this.#know(key, question, stdout);
  }

  // What an earlier run was told, if nothing has changed since by which ssh decides.
  #recall(key: string, question: SshQuestion): SshConfig | undefined {
    if (!this.#kept || !canBeKept(question)) return undefined;
    const { program = "ssh", words } = question;
    const kept = this.#kept.get(this.#files(words), program, key);
    return kept && this.#know(key, { ...question, destination: kept.destination }, kept.stdout);
  }

  #know(key: string, question: SshQuestion, stdout: string): SshConfig {
    const config = { question, values: parse(stdout) };
    this.#answers.set(key, config);
    return config;
  }

  #words({ words, destination }: SshQuestion): string[] {
    return [...this.fileWords(words), ...words, "-G", "--", destination];
  }

  #isNeeded({ hasOptions, words }: SshQuestion): boolean {
    return hasOptions || this.#files(words).matters;
  }

  // Hosts with the same key get the same answer, but for their names.
  #key({ program, words, destination }: SshQuestion): string {
    const { isOpaque, patterns } = this.#files(words);
    return JSON.stringify([
      program,
      words,
      isOpaque ? destination : signature(patterns, destination),
    ]);
  }

  // What the files say that ssh would read with these words, each read once.
  #files(words: readonly string[]): ConfigScan {
    const named = words.findIndex((word) => word.startsWith("-F"));
    const file =
      named < 0
        ? join(this.#home, ".ssh", "config")
        : words[named]!.slice(2) || (words[named + 1] ?? "");
    const known =
      this.#scans.get(file) ?? scanConfig(file, named < 0 ? this.#system : undefined, this.#home);
    this.#scans.set(file, known);
    return known;
  }
}

// A configuration file that includes others, as ssh reads no second one beside a file that it is
// given. It goes with this process.
function fileOfFiles(files: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), "hullwright-ssh-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "config");
  writeFileSync(file, files.map((one) => `Include "${one}"\n`).join(""), { mode: 0o600 });
  return file;
}

// Whether ssh decides by nothing but its files and these words (no variables, further files, or
// names that DNS completes), and the words contain no command, which may hold a password.
function canBeKept({ words }: SshQuestion): boolean {
  return !words.some((word) => /\$\{|include|canonical|command|setenv/i.test(word));
}

interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

function askLater(program: string, words: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(program, words, { encoding: "utf8" }, (error, stdout, stderr) => {
      const code = error ? 255 : 0;
      resolve({ code, stdout, stderr: stderr || (error?.message ?? "") });
    });
  });
}

// ssh does not accept its configuration, or is not installed.
function refusal({ program = "ssh", destination }: SshQuestion, { stderr }: Answer): InputError {
  if (/ENOENT/.test(stderr)) {
    const hint =
      "install it (Debian: openssh-client), or remove what only ssh can read: ~/.ssh/config and ansible_ssh_*_args";
    return new UnplacedError(
      `the program ${program}, which reads ssh's configuration for "${destination}", does not exist`,
      hint,
    );
  }
  const said = stderr.replace(NOISE, "").trim().split("\n");
  const [, file, line] = /^(\/[^:]*|[^:\s]*\/[^:]*):? line (\d+)/.exec(said[0] ?? "") ?? [];
  const place = file === undefined ? undefined : { file, line: Number(line), column: 1 };
  return new InputError(
    `ssh rejects its configuration for "${destination}": ${said.join("; ")}`,
    place,
    `try: ${program} -G ${destination}`,
  );
}

// Reads what `ssh -G` prints: a line a value, the key first.
function parse(text: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const space = line.indexOf(" ");
    if (space < 0) continue;
    const key = line.slice(0, space).toLowerCase();
    values.set(key, [...(values.get(key) ?? []), line.slice(space + 1)]);
  }
  return values;
}

/** Keys whose values may hold the host's name without its meaning anything here. */
const OF_NO_MATTER = ["host", "hostname", "controlpath"];

// One host's answer for another one that is treated alike. Undefined: it names
// the host where that matters.
function forHost(shared: SshConfig, question: SshQuestion): SshConfig | undefined {
  const name = shared.question.destination;
  if (name === question.destination) return shared;
  const isNamed = [...shared.values].some(
    ([key, values]) => !OF_NO_MATTER.includes(key) && values.some((value) => value.includes(name)),
  );
  const hostname = (shared.values.get("hostname")?.[0] ?? name).toLowerCase();
  const isBare = hostname === name.toLowerCase();
  if (isNamed || (!isBare && hostname.includes(name.toLowerCase()))) return undefined;
  const values = new Map(shared.values);
  values.set("host", [question.destination]);
  if (isBare) values.set("hostname", [question.destination]);
  return { question, values };
}
