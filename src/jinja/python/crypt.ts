import { createHash } from "node:crypto";

/** The ways to hash a password for /etc/shadow, by the names that Ansible gives them. */
export interface CryptKind {
  /** The text between the first two $ of the result. */
  id: string;
  saltSize: number;
  /** The number of rounds that Ansible does not write out. */
  silentRounds?: number;
}

export const CRYPT_KINDS: { readonly [name: string]: CryptKind } = {
  md5_crypt: { id: "1", saltSize: 8 },
  sha256_crypt: { id: "5", saltSize: 16, silentRounds: 535_000 },
  sha512_crypt: { id: "6", saltSize: 16, silentRounds: 656_000 },
};

const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/**
 * The last step of each: groups of three bytes of the digest, and how the last ones are written.
 */
const SPREAD: { readonly [id: string]: readonly (readonly number[])[] } = {
  1: [...Array.from({ length: 5 }, (_, i) => [i, i + 6, i === 4 ? 5 : i + 12]), [11]],
  5: [...Array.from({ length: 10 }, (_, i) => turned([i, i + 10, i + 20], i)), [31, 30]],
  6: [...Array.from({ length: 21 }, (_, i) => turned([i, i + 21, i + 42], -i)), [63]],
};

// Turns three places round, as the order of the bytes turns from group to group.
function turned(places: readonly number[], by: number): number[] {
  const start = (((by * 2) % 3) + 3) % 3;
  return [0, 1, 2].map((i) => places[(start + i) % 3]!);
}

// Hashes a password as crypt(3) does; the result shows how it was made.
export function crypt(password: string, { id }: CryptKind, salt: string, rounds?: number): string {
  const secret = Buffer.from(password, "utf8");
  const bare = Buffer.from(salt, "utf8");
  const digest =
    id === "1"
      ? md5Rounds(secret, bare)
      : shaRounds(id === "5" ? "sha256" : "sha512", secret, bare, rounds ?? 5000);
  return `$${id}$${rounds === undefined || id === "1" ? "" : `rounds=${rounds}$`}${salt}$${spread(digest, SPREAD[id]!)}`;
}

// One digest of several pieces.
function digestOf(algorithm: string, pieces: readonly Buffer[]): Buffer {
  const hash = createHash(algorithm);
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

// The bytes of a digest, repeated and cut to a length.
function stretched(digest: Buffer, length: number): Buffer {
  return Buffer.concat(Array<Buffer>(Math.ceil(length / digest.length)).fill(digest)).subarray(
    0,
    length,
  );
}

// For every bit of a length, the lowest first: one thing where it is set, else another.
function byBits(length: number, set: Buffer, clear: Buffer): Buffer[] {
  return length === 0
    ? []
    : [...length.toString(2)].reverse().map((bit) => (bit === "1" ? set : clear));
}

// Drepper's SHA-crypt, up to the digest of its last round.
function shaRounds(algorithm: string, secret: Buffer, salt: Buffer, rounds: number): Buffer {
  const inner = digestOf(algorithm, [secret, salt, secret]);
  const first = digestOf(algorithm, [
    secret,
    salt,
    stretched(inner, secret.length),
    ...byBits(secret.length, inner, secret),
  ]);
  const p = stretched(
    digestOf(algorithm, Array<Buffer>(secret.length).fill(secret)),
    secret.length,
  );
  const s = stretched(digestOf(algorithm, Array<Buffer>(16 + first[0]!).fill(salt)), salt.length);
  let last = first;
  for (let i = 0; i < rounds; i++) last = digestOf(algorithm, roundPieces(i, last, p, s));
  return last;
}

// Kamp's MD5-crypt, up to the digest of its last round.
function md5Rounds(secret: Buffer, salt: Buffer): Buffer {
  const inner = digestOf("md5", [secret, salt, secret]);
  let last = digestOf("md5", [
    secret,
    Buffer.from("$1$"),
    salt,
    stretched(inner, secret.length),
    ...byBits(secret.length, Buffer.from([0]), secret.subarray(0, 1)),
  ]);
  for (let i = 0; i < 1000; i++) last = digestOf("md5", roundPieces(i, last, secret, salt));
  return last;
}

// What one round mixes: both kinds do the same.
function roundPieces(i: number, last: Buffer, secret: Buffer, salt: Buffer): Buffer[] {
  return [
    i % 2 ? secret : last,
    ...(i % 3 ? [salt] : []),
    ...(i % 7 ? [secret] : []),
    i % 2 ? last : secret,
  ];
}

// Writes a digest in the alphabet of crypt(3), six bits a letter, the lowest first.
function spread(digest: Buffer, groups: readonly (readonly number[])[]): string {
  return groups
    .map((group) => {
      let bits = group.reduce((all, place) => all * 256 + digest[place]!, 0);
      return Array.from({ length: Math.ceil((group.length * 8) / 6) }, () => {
        const letter = ALPHABET[bits % 64]!;
        bits = Math.floor(bits / 64);
        return letter;
      }).join("");
    })
    .join("");
}
