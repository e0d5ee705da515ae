import { connect } from "node:net";
import { homePath } from "./home-path.ts";
import ssh2, {
  type BaseAgent,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from "ssh2";
import { keyType } from "./host-keys/known-hosts.ts";

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const PATIENCE_MS = 10_000;

/** The keys that agents hold, each agent asked once for all hosts. */
export class Agents {
  readonly #keys = new Map<string, Promise<Buffer[]>>();

  /** The blobs of all keys and certificates of an agent; none where it does not answer. */
  keys(socket: string): Promise<Buffer[]> {
    const known = this.#keys.get(socket) ?? listKeys(socket).catch(() => []);
    this.#keys.set(socket, known);
    return known;
  }
}

// Where the agent is: the configuration's IdentityAgent, or that of the environment.
// Undefined: there is none.
export function agentSocket(
  configured: string | undefined,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (configured === undefined || configured === "SSH_AUTH_SOCK")
    return environment["SSH_AUTH_SOCK"] || undefined;
  if (configured.startsWith("$"))
    return environment[configured.replace(/^\$\{?(\w+)\}?$/, "$1")] || undefined;
  return homePath(configured);
}

/** Signs data with a key. */
type Sign = (key: ParsedKey, data: Buffer, options: SigningRequestOptions) => Promise<Buffer>;

// A key as ssh2 signs with it by way of an agent: the private half is wanted only once
// the host has taken the public one. The class is made here, so that ssh2 is not loaded
// before a host is connected to.
export function lateKey(key: ParsedKey, sign: Sign): BaseAgent {
  return new (class extends ssh2.BaseAgent {
    override getIdentities(done: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
      done(undefined, [key]);
    }

    override sign(
      _key: unknown,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      done?: SignCallback,
    ): void {
      const answer = typeof options === "function" ? options : done;
      const wanted = typeof options === "function" ? {} : options;
      sign(key, data, wanted).then(
        (signature) => answer?.(undefined, signature),
        (error: Error) => answer?.(error),
      );
    }
  })();
}

// A key that an agent holds.
export function agentKey(socket: string, key: ParsedKey): BaseAgent {
  const agent = ssh2.createAgent(socket);
  return lateKey(
    key,
    (one, data, options) =>
      new Promise((resolve, reject) => {
        agent.sign(one, data, options, (error, signature) =>
          signature === undefined
            ? reject(error ?? new Error("the agent did not sign"))
            : resolve(signature),
        );
      }),
  );
}

// A public key's blob as ssh2 has it; undefined: a kind that it does not know,
// or cannot log in with.
export function parseBlob(blob: Buffer): ParsedKey | undefined {
  if (/^sk-|-cert-v\d\d@/.test(keyType(blob))) return undefined;
  const key = ssh2.utils.parseKey(`${keyType(blob)} ${blob.toString("base64")}`);
  return key instanceof Error ? undefined : key;
}

// Asks an agent for all that it holds (draft-miller-ssh-agent, 3.5).
function listKeys(path: string): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0);
    const socket = connect(path, () => socket.write(Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES])));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("the agent does not answer")));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the agent closed the connection")));
    socket.on("data", (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length < 4 || answer.length < 4 + answer.readUInt32BE(0)) return;
      resolve(readKeys(answer.subarray(4)));
      socket.destroy();
    });
  });
}

// The blobs in an answer: a count, then blob and comment of each.
function readKeys(answer: Buffer): Buffer[] {
  if (answer[0] !== IDENTITIES_ANSWER) return [];
  const keys: Buffer[] = [];
  let at = 5;
  for (let left = answer.readUInt32BE(1); left > 0; left--) {
    const end = at + 4 + answer.readUInt32BE(at);
    keys.push(answer.subarray(at + 4, end));
    at = end + 4 + answer.readUInt32BE(end);
  }
  return keys;
}
