import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import ssh2, { type AnyAuthMethod, type ParsedKey } from "ssh2";
import { UnreachableError } from "../../errors.ts";
import type { Connection } from "../transport.ts";

const DEFAULT_KEYS = ["id_ed25519", "id_ecdsa", "id_rsa"];

/** One way to log in, and how it is called in messages. */
export interface Attempt {
  label: string;
  method: AnyAuthMethod;
}

/** Private keys, each read and parsed once for all hosts: an encrypted one takes a good part of a second. */
export class KeyRing {
  readonly #keys = new Map<string, ParsedKey | UnreachableError>();

  /** Throws UnreachableError of kind `key-file`. */
  load(file: string): ParsedKey {
    const known = this.#keys.get(file) ?? readKey(file);
    this.#keys.set(file, known);
    if (known instanceof UnreachableError) throw known;
    return known;
  }
}

/**
 * The ways to log in, in the order in which they are tried: what was named for this host, then (unless a key file was
 * named) the agent and the usual key files. Throws UnreachableError when there is none.
 */
export function loginAttempts(connection: Connection, keys: KeyRing, agent: string | undefined): Attempt[] {
  const { user: username, privateKeyFile, password } = connection;
  const attempts: Attempt[] = [];
  if (privateKeyFile !== undefined) attempts.push(namedKey(username, homePath(privateKeyFile), keys, agent));
  if (password !== undefined) attempts.push(...passwordAttempts(username, password));
  if (privateKeyFile === undefined) {
    if (agent) attempts.push(agentAttempt(username, agent));
    attempts.push(...defaultKeys(username, keys));
  }
  if (attempts.length > 0) return attempts;
  const hint = "give a key with ansible_ssh_private_key_file or --private-key, load one with ssh-add, or set ansible_password";
  throw new UnreachableError("auth", `there is nothing to log in with as ${username}: no key file, no agent, no password`, hint);
}

// The key file that was named. One with a passphrase is left to the agent, where there is one.
function namedKey(username: string, file: string, keys: KeyRing, agent: string | undefined): Attempt {
  try {
    return keyAttempt(username, file, keys.load(file));
  } catch (error) {
    if (agent && error instanceof UnreachableError && /passphrase/.test(error.message)) return agentAttempt(username, agent);
    throw error;
  }
}

// Those of the usual key files that can be used as they are.
function defaultKeys(username: string, keys: KeyRing): Attempt[] {
  return DEFAULT_KEYS.flatMap((name) => {
    const file = join(homedir(), ".ssh", name);
    try {
      return [keyAttempt(username, file, keys.load(file))];
    } catch {
      return [];
    }
  });
}

function keyAttempt(username: string, file: string, key: ParsedKey): Attempt {
  return { label: `key ${file}`, method: { type: "publickey", username, key } };
}

function agentAttempt(username: string, agent: string): Attempt {
  return { label: "the keys of the agent", method: { type: "agent", username, agent } };
}

// A password is also the answer where the host asks for it as a question (keyboard-interactive).
function passwordAttempts(username: string, password: string): Attempt[] {
  return [
    { label: "the password", method: { type: "password", username, password } },
    {
      label: "the password as an answer",
      method: { type: "keyboard-interactive", username, prompt: (_name, _text, _lang, prompts, answer) => answer(prompts.map(() => password)) },
    },
  ];
}

// Reads a private key, or says what is wrong with it.
function readKey(file: string): ParsedKey | UnreachableError {
  const wrong = (what: string, hint?: string): UnreachableError => new UnreachableError("key-file", `the key file ${file} ${what}`, hint);
  try {
    if ((statSync(file).mode & 0o077) !== 0) return wrong("can be read by others, so it is no secret", `chmod 600 '${file}'`);
    const key = ssh2.utils.parseKey(readFileSync(file));
    if (key instanceof Error) return wrong(...parseProblem(key.message));
    if (!key.isPrivateKey()) return wrong("is the public half of a key", "name the file without .pub");
    return key;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return wrong("is not there", "check ansible_ssh_private_key_file or --private-key");
    return wrong(code === "EACCES" ? "cannot be read by this user" : `cannot be read: ${message}`);
  }
}

// What ssh2 says of a key, in terms of what to do.
function parseProblem(message: string): [what: string, hint?: string] {
  if (/passphrase|[Ee]ncrypted/.test(message)) return ["has a passphrase", "load it into an agent: eval $(ssh-agent); ssh-add FILE"];
  return [`is no private key that can be used: ${message}`, "ed25519, ecdsa and rsa keys can be used; hardware keys (sk-*) cannot"];
}

// Ansible lets a key file begin with the home folder's sign.
function homePath(file: string): string {
  return file.startsWith("~/") ? join(homedir(), file.slice(2)) : file;
}
