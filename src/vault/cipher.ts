import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  pbkdf2Sync,
  timingSafeEqual,
} from "node:crypto";
import type { Envelope } from "./envelope.ts";

const ROUNDS = 10_000;

/** The keys derived from a password and a salt. */
interface Keys {
  cipher: Buffer;
  hmac: Buffer;
  iv: Buffer;
}

function deriveKeys(password: Buffer, salt: Buffer): Keys {
  const bytes = pbkdf2Sync(password, salt, ROUNDS, 80, "sha256");
  return {
    cipher: bytes.subarray(0, 32),
    hmac: bytes.subarray(32, 64),
    iv: bytes.subarray(64, 80),
  };
}

// What the envelope hides; undefined: the password is not the one, or the text was changed.
export function open({ salt, hmac, ciphertext }: Envelope, password: Buffer): Buffer | undefined {
  const keys = deriveKeys(password, salt);
  const found = createHmac("sha256", keys.hmac).update(ciphertext).digest();
  if (found.length !== hmac.length || !timingSafeEqual(found, hmac)) return undefined;
  const decipher = createDecipheriv("aes-256-ctr", keys.cipher, keys.iv);
  const padded = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  return padded.subarray(0, padded.length - (padded.at(-1) ?? 0));
}

// Hides bytes, filled up to whole blocks of 16 as PKCS #7 has it. The salt must be new for
// each, 32 bytes of chance.
export function seal(
  plain: Uint8Array,
  password: Buffer,
  salt: Buffer,
  id: string | undefined,
): Envelope {
  const keys = deriveKeys(password, salt);
  const fill = 16 - (plain.length % 16);
  const cipher = createCipheriv("aes-256-ctr", keys.cipher, keys.iv);
  const ciphertext = Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(fill, fill)),
    cipher.final(),
  ]);
  return {
    id,
    salt,
    hmac: createHmac("sha256", keys.hmac).update(ciphertext).digest(),
    ciphertext,
  };
}
