import { randomBytes } from "node:crypto";
import type { LocalFile } from "../../modules/contract/module.ts";
import { sh } from "../../script/sh.ts";
import type { Become, Session } from "../../transport/transport.ts";
import FETCH from "./fetch.sh?raw";
import KEEP_LISTENING from "./keep-listening.sh?raw";
import LISTEN from "./listen.sh?raw";
import SERVE from "./serve.sh?raw";

/** Smaller files are sent from here: a relay would not pay. */
const LEAST_SIZE = 256 * 1024;

/** What relays need to know of the run. */
export interface RelaySources {
  /** The relays that a host may fetch files from; empty: it gets all of them from here. */
  relaysOf(host: string): readonly string[];
  /** Logs in on a relay, for this alone. */
  open(relay: string): Promise<Session>;
  say(host: string, text: string): void;
}

/** Where a host wants a file. */
export interface Wanted {
  host: string;
  session: Session;
  become: Become | undefined;
  directory: string;
  signal?: AbortSignal | undefined;
}

/** A relay that listens. */
interface Listening {
  session: Session;
  /** Address and port. */
  at: string;
  directory: string;
  /** The files that it has, or is being sent. */
  files: Map<string, Promise<void>>;
}

/**
 * Hosts that files are sent to once, and that others fetch them from by their digests. Each is
 * logged in on for this alone when the first file needs it, and stops listening when that
 * login ends, whatever ended it.
 */
export class Relays {
  /** Known to the hosts that fetch, so that nobody else can. */
  private readonly key = randomBytes(16).toString("hex");
  private readonly listening = new Map<string, Promise<Listening | undefined>>();
  private readonly withheld = new Set<string>();
  /** Hosts that could not fetch a file; they are not made to wait again. */
  private readonly cannot = new Set<string>();
  private readonly sources: RelaySources;

  constructor(sources: RelaySources) {
    this.sources = sources;
  }

  // Has a host fetch a file from its relay; false: it is to be sent from here, and why was said
  // if that is not as wanted.
  async bring(file: LocalFile, wanted: Wanted): Promise<boolean> {
    const { host } = wanted;
    const names = this.sources.relaysOf(host);
    if (names.length === 0 || file.size < LEAST_SIZE || this.cannot.has(host)) return false;
    if (!this.mayPass(file, host)) return false;
    const name = relayFor(host, names);
    const relay = await this.relay(name);
    if (!relay) return false;
    try {
      await this.give(relay, file, wanted.signal);
    } catch (error) {
      wanted.signal?.throwIfAborted();
      this.listening.set(name, Promise.resolve(undefined));
      this.fail(name, error);
      return false;
    }
    return this.fetch(name, relay, file, wanted);
  }

  // Only what is a file here that every user may read, or was downloaded, is shown to a relay.
  private mayPass(file: LocalFile, host: string): boolean {
    if (file.secret || file.path === undefined || file.content) return false;
    if (file.mode === undefined || (file.mode & 0o004) !== 0) return true;
    if (!this.withheld.has(file.path))
      this.sources.say(
        host,
        `gets ${file.path} from here and not from a relay: not every user may read it here`,
      );
    this.withheld.add(file.path);
    return false;
  }

  // A relay that listens; undefined: it does not, which has been said.
  private relay(name: string): Promise<Listening | undefined> {
    const known = this.listening.get(name);
    if (known) return known;
    const made = this.listen(name).catch((error: unknown) => this.fail(name, error));
    this.listening.set(name, made);
    return made;
  }

  private fail(name: string, error: unknown): undefined {
    const { message } = error as Error;
    this.sources.say(name, `is no relay, so files are sent from here instead: ${message}`);
  }

  private async listen(name: string): Promise<Listening> {
    const session = await this.sources.open(name);
    const { code, stdout, stderr } = await session.run(
      sh`${{ sh: LISTEN }}
hw_listen ${this.key} ${SERVE} ${KEEP_LISTENING}`.sh,
    );
    const [at = "", directory = ""] = stdout.toString("utf8").trim().split("\n");
    if (code !== 0) throw new Error(stderr.trim());
    return { session, at, directory, files: new Map() };
  }

  // Sends a file to a relay, once.
  private give(relay: Listening, file: LocalFile, signal?: AbortSignal): Promise<void> {
    const known = relay.files.get(file.sha256);
    if (known) return known;
    const { path, size, sha256 } = file;
    const sent = relay.session.put({ path, size, sha256 }, `${relay.directory}/${sha256}`, {
      signal,
    });
    relay.files.set(sha256, sent);
    return sent;
  }

  private async fetch(
    name: string,
    { at }: Listening,
    { sha256, size }: LocalFile,
    { host, session, become, directory, signal }: Wanted,
  ): Promise<boolean> {
    const program = sh`${{ sh: FETCH }}
hw_fetch ${at} ${this.key} ${sha256} ${size} ${directory}`;
    const { code, stderr } = await session.run(program.sh, { become, signal });
    if (code === 0) return true;
    this.cannot.add(host);
    this.sources.say(
      host,
      `cannot fetch from its relay ${name}, so files are sent from here: ${stderr.trim() || `code ${code}`}`,
    );
    return false;
  }
}

// The relay of a host: itself if it is one, else always the same one, so that all
// have about as much to do.
function relayFor(host: string, names: readonly string[]): string {
  if (names.includes(host)) return host;
  const sum = [...host].reduce((so, letter) => (so * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return names[sum % names.length]!;
}
