import { createPrivateKey, type KeyObject } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import ssh2, { type ParsedKey } from "ssh2";
import { UnreachableError } from "../../errors.ts";

/** Asks a person for a secret; undefined: there is nobody to ask, or no answer. */
export type AskSecret = (prompt: string) => Promise<string | undefined>;

const PASSPHRASE_TRIES = 3;

/** A file that may hold a private key. */
export type KeyFile =
  | { state: "open"; key: ParsedKey }
  /** It has a passphrase; without one its public half is known at best. */
  | { state: "locked"; key: ParsedKey | undefined }
  /** Only the public half: some agent may have the other. */
  | { state: "public"; key: ParsedKey }
  /**
   * A certificate lies beside it, or it is the handle of a security key: only
   * the system's ssh can use it.
   */
  | { state: "beyond"; why: string }
  | { state: "unusable"; error: UnreachableError }
  | { state: "missing"; error: UnreachableError };

/**
 * Private keys, each read, and unlocked, once for all hosts: an encrypted one
 * takes a good part of a second.
 */
export class KeyRing {
  readonly #ask: AskSecret;
  readonly #files = new Map<string, KeyFile>();
  readonly #passphrases = new Map<string, Promise<string | undefined>>();
  readonly #unlocked = new Map<string, Promise<ParsedKey | undefined>>();

  constructor(ask: AskSecret = () => Promise.resolve(undefined)) {
    this.#ask = ask;
  }

  look(file: string): KeyFile {
    const known = this.#files.get(file) ?? readKeyFile(file);
    this.#files.set(file, known);
    return known;
  }

  /** The key behind a passphrase, which is asked for once. Undefined: nobody knew it. */
  unlock(file: string): Promise<ParsedKey | undefined> {
    const known = this.#unlocked.get(file) ?? this.#askFor(file);
    this.#unlocked.set(file, known);
    return known;
  }

  /** The answer to a question for a passphrase as ssh itself asks it, which is asked once. */
  passphrase(prompt: string): Promise<string | undefined> {
    const known = this.#passphrases.get(prompt) ?? this.#ask(prompt);
    this.#passphrases.set(prompt, known);
    return known;
  }

  async #askFor(file: string): Promise<ParsedKey | undefined> {
    for (let attempt = 0; attempt < PASSPHRASE_TRIES; attempt++) {
      const passphrase = await this.#ask(`Enter passphrase for key '${file}': `);
      if (!passphrase) return undefined;
      const key = parsePrivate(readFileSync(file, "utf8"), passphrase);
      if (!(key instanceof Error)) return key;
    }
    return undefined;
  }
}

// Reads a key file, or says what is wrong with it.
function readKeyFile(file: string): KeyFile {
  const wrong = (what: string, hint?: string): KeyFile => ({
    state: "unusable",
    error: keyError(file, what, hint),
  });
  if (existsSync(`${file}-cert.pub`))
    return { state: "beyond", why: `a certificate, ${file}-cert.pub` };
  try {
    const isOpen = (statSync(file).mode & 0o077) !== 0;
    const text = readFileSync(file, "utf8").replaceAll("\r\n", "\n");
    const type = /^([\w@.-]+) AAAA/.exec(text)?.[1];
    if (type !== undefined) return publicFile(file, text, type);
    if (isOpen)
      return wrong("can be read by other users, so it is not secret", `chmod 600 '${file}'`);
    if (isOfSecurityKey(text)) return { state: "beyond", why: `a key of a security key, ${file}` };
    const key = parsePrivate(text);
    if (!(key instanceof Error)) return { state: "open", key };
    if (/passphrase|encrypted|interrupted or cancelled/i.test(key.message))
      return { state: "locked", key: publicHalf(file, text) };
    return wrong(
      `is not a usable private key: ${key.message}`,
      "ed25519, ecdsa and rsa keys are supported",
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT")
      return {
        state: "missing",
        error: keyError(
          file,
          "is not there",
          "check ansible_ssh_private_key_file or --private-key",
        ),
      };
    return wrong(code === "EACCES" ? "cannot be read by this user" : `cannot be read: ${message}`);
  }
}

function keyError(file: string, what: string, hint?: string): UnreachableError {
  return new UnreachableError("key-file", `the key file ${file} ${what}`, hint);
}

// A file that holds the public half.
function publicFile(file: string, text: string, type: string): KeyFile {
  if (/^sk-|-cert-v01/.test(type)) return { state: "beyond", why: `${type}, ${file}` };
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error)
    return {
      state: "unusable",
      error: keyError(file, `is not a usable key: ${key.message}`),
    };
  return { state: "public", key };
}

// Parses a private key in any of the forms that ssh reads.
function parsePrivate(text: string, passphrase?: string): ParsedKey | Error {
  if (!/^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/m.test(text))
    return ssh2.utils.parseKey(text, passphrase);
  try {
    return ssh2.utils.parseKey(
      rewritten(createPrivateKey(passphrase === undefined ? text : { key: text, passphrase })),
    );
  } catch (error) {
    return error as Error;
  }
}

// A PKCS8 key in a form that ssh2 reads.
function rewritten(key: KeyObject): string {
  if (key.asymmetricKeyType === "rsa")
    return key.export({ type: "pkcs1", format: "pem" }) as string;
  if (key.asymmetricKeyType === "ec") return key.export({ type: "sec1", format: "pem" }) as string;
  const { x = "", d = "" } = key.export({ format: "jwk" });
  return ed25519File(Buffer.from(x, "base64url"), Buffer.from(d, "base64url"));
}

// OpenSSH's own form of an ed25519 key (PROTOCOL.key), without a passphrase.
function ed25519File(publicKey: Buffer, secret: Buffer): string {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const field = (value: Buffer | string): Buffer =>
    Buffer.concat([number(Buffer.byteLength(value)), Buffer.from(value)]);
  const shown = Buffer.concat([field("ssh-ed25519"), field(publicKey)]);
  const hidden = Buffer.concat([
    number(1),
    number(1),
    shown,
    field(Buffer.concat([secret, publicKey])),
    field(""),
  ]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (hidden.length % 8)) % 8));
  const whole = [
    Buffer.from("openssh-key-v1\0"),
    field("none"),
    field("none"),
    field(""),
    number(1),
    field(shown),
    field(Buffer.concat([hidden, padding])),
  ];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.concat(whole).toString("base64").replace(/.{70}/g, "$&\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

// The public half of a key whose private one is locked: OpenSSH's form has it in the
// open, else it may lie beside.
function publicHalf(file: string, text: string): ParsedKey | undefined {
  const blob = openBlob(text);
  const beside = existsSync(`${file}.pub`) ? readFileSync(`${file}.pub`, "utf8") : undefined;
  const key = blob
    ? ssh2.utils.parseKey(
        `${blob.toString("latin1", 4, 4 + blob.readUInt32BE(0))} ${blob.toString("base64")}`,
      )
    : beside && ssh2.utils.parseKey(beside);
  return key instanceof Error || !key ? undefined : key;
}

function isOfSecurityKey(text: string): boolean {
  return openBlob(text)?.toString("latin1", 4, 7) === "sk-";
}

// The public key's blob in OpenSSH's own form.
function openBlob(text: string): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  if (body === undefined) return undefined;
  const bytes = Buffer.from(body, "base64");
  let at = "openssh-key-v1\0".length;
  for (let field = 0; field < 3; field++) at += 4 + bytes.readUInt32BE(at);
  at += 4;
  return bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at));
}
