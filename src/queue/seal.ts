import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { InputError, UnplacedError } from "../errors.ts";
import { sha256Hex } from "../sha256.ts";

/** The secret that coordinators and workers share; whoever has it may have hosts changed. */
export type QueueKey = Buffer;

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD = "hullwright queue key 1\n";

// Writes a new key to a file that only its owner may read; an existing file is never
// overwritten. Throws InputError.
export function makeKey(file: string): void {
  try {
    const handle = openSync(file, "wx", 0o600);
    writeSync(handle, `${HEAD}${randomBytes(KEY_BYTES).toString("base64")}\n`);
    closeSync(handle);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST")
      throw new UnplacedError(
        `${file} exists already, and is not overwritten`,
        "use it as it is, or name another file",
      );
    throw new InputError(`the key cannot be kept in ${file}: ${(error as Error).message}`);
  }
}

// Reads a key. Throws InputError where it is none, or where others may read it.
export function readKey(file: string): QueueKey {
  const text = keyText(file);
  const key = Buffer.from(text.slice(HEAD.length), "base64");
  if (text.startsWith(HEAD) && key.length === KEY_BYTES) return key;
  throw new UnplacedError(
    `${file} is not a key of a queue`,
    "make one with: hullwright worker --make-key FILE",
  );
}

function keyText(file: string): string {
  try {
    const handle = openSync(file, "r");
    try {
      if ((fstatSync(handle).mode & 0o077) !== 0)
        throw new UnplacedError(
          `others than its owner may read ${file}, the key of the queue`,
          `chmod 600 ${file}; if somebody may have read it, make a new one`,
        );
      return readFileSync(handle, "utf8");
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new UnplacedError(
      `the key of the queue cannot be read: ${(error as Error).message}`,
      "make one with: hullwright worker --make-key FILE; coordinators and workers need the same",
    );
  }
}

// Names a key without telling of it.
export function fingerprint(key: QueueKey): string {
  return sha256Hex(key).slice(0, 12);
}

// A name that reveals nothing about a text, the same for the same key.
export function hiddenName(key: QueueKey, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex").slice(0, 32);
}

// Compresses and encrypts; `purpose` says what it is for, and opens it again only as that.
export function seal(key: QueueKey, purpose: string, content: string | Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(
    Buffer.from(purpose),
  );
  const body = Buffer.concat([cipher.update(gzipSync(content)), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

// The opposite. Throws where it was sealed with another key, for another
// purpose, or changed on its way.
export function unseal(key: QueueKey, purpose: string, sealed: Buffer): Buffer {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(purpose))
      .setAuthTag(tag);
    const body = sealed.subarray(NONCE_BYTES + TAG_BYTES);
    return gunzipSync(Buffer.concat([decipher.update(body), decipher.final()]));
  } catch {
    throw new UnplacedError(
      `the entry of the queue "${purpose}" cannot be opened`,
      "coordinators and workers need the same key (--queue-key)",
    );
  }
}

// The same for a value of JSON, as text.
export function sealJson(key: QueueKey, purpose: string, value: unknown): string {
  return seal(key, purpose, JSON.stringify(value)).toString("base64");
}

export function unsealJson<T>(key: QueueKey, purpose: string, sealed: string): T {
  return JSON.parse(unseal(key, purpose, Buffer.from(sealed, "base64")).toString("utf8")) as T;
}
