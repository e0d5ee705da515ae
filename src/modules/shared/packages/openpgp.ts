import { createHash } from "node:crypto";

/**
 * A public key of OpenPGP as it is in a keyring: the packets of the key and of
 * everything that belongs to it.
 */
export interface PublicKey {
  /** The long ids, 16 hexadecimal digits, of the key itself and then of its subkeys. */
  ids: readonly [string, ...string[]];
  bytes: Buffer;
}

interface Packet {
  tag: number;
  body: Buffer;
  /** Where the next packet begins. */
  end: number;
}

const [PUBLIC_KEY, SUBKEY] = [6, 14];
const ARMOR =
  /-----BEGIN PGP PUBLIC KEY BLOCK-----[^\n]*\n(?:[^\n]*\S[^\n]*\n)*?\s*\n([A-Za-z0-9+/=\s]*?)(?:^=[A-Za-z0-9+/]{4}\s*)?^-----END PGP/gm;

// The public keys in a file: armored text, or binary. undefined: it is neither.
export function readKeys(file: Buffer): PublicKey[] | undefined {
  const blocks = isArmored(file)
    ? [...file.toString("latin1").replaceAll("\r", "").matchAll(ARMOR)].map((block) =>
        Buffer.from(block[1]!, "base64"),
      )
    : [file];
  const keys: PublicKey[] = [];
  for (const block of blocks) {
    const found = keysIn(block);
    if (!found) return undefined;
    keys.push(...found);
  }
  return keys;
}

// Whether a file has keys as text.
export function isArmored(file: Buffer): boolean {
  return file.includes("-----BEGIN PGP PUBLIC KEY BLOCK-----");
}

// Keys as a file, in either form.
export function writeKeys(keys: readonly PublicKey[], armored: boolean): Buffer {
  const bytes = Buffer.concat(keys.map((key) => key.bytes));
  if (!armored) return bytes;
  const text = bytes.toString("base64").replaceAll(/.{1,64}/g, "$&\n");
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc24(bytes));
  return Buffer.from(
    `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${text}=${sum.subarray(1).toString("base64")}\n-----END PGP PUBLIC KEY BLOCK-----\n`,
  );
}

// The keys in binary data; what belongs to no key is left out.
function keysIn(data: Buffer): PublicKey[] | undefined {
  const keys: { ids: string[]; from: number; to: number }[] = [];
  for (let at = 0; at < data.length;) {
    const packet = packetAt(data, at);
    if (!packet) return undefined;
    if (packet.tag === PUBLIC_KEY) keys.push({ ids: [], from: at, to: at });
    const key = keys.at(-1);
    if (key) {
      key.to = packet.end;
      if (packet.tag === PUBLIC_KEY || packet.tag === SUBKEY) key.ids.push(idOf(packet.body));
    }
    at = packet.end;
  }
  return keys.map(({ ids, from, to }) => ({
    ids: ids as [string, ...string[]],
    bytes: data.subarray(from, to),
  }));
}

// The packet that begins at a place; undefined: none does.
function packetAt(data: Buffer, at: number): Packet | undefined {
  const head = data[at]!;
  if ((head & 0x80) === 0) return undefined;
  const isNew = (head & 0x40) !== 0;
  const length = isNew ? newLength(data, at + 1) : oldLength(data, at + 1, head & 3);
  if (!length || length.start + length.size > data.length) return undefined;
  const end = length.start + length.size;
  return {
    tag: isNew ? head & 0x3f : (head & 0x3c) >> 2,
    body: data.subarray(length.start, end),
    end,
  };
}

interface Length {
  start: number;
  size: number;
}

function newLength(data: Buffer, at: number): Length | undefined {
  const first = data[at] ?? 255;
  if (first < 192) return { start: at + 1, size: first };
  if (first < 224 && at + 1 < data.length)
    return { start: at + 2, size: ((first - 192) << 8) + data[at + 1]! + 192 };
  return first === 255 && at + 5 <= data.length
    ? { start: at + 5, size: data.readUInt32BE(at + 1) }
    : undefined;
}

function oldLength(data: Buffer, at: number, kind: number): Length | undefined {
  const bytes = [1, 2, 4, 0][kind]!;
  if (bytes === 0) return { start: at, size: data.length - at };
  return at + bytes <= data.length
    ? { start: at + bytes, size: data.readUIntBE(at, bytes) }
    : undefined;
}

// The long id of a key, from its fingerprint; before version 4 it is the end of the modulus.
function idOf(body: Buffer): string {
  const version = body[0];
  if (version !== undefined && version < 4) {
    const bytes = Math.ceil(body.readUInt16BE(8) / 8);
    return hex(body.subarray(10, 10 + bytes).subarray(-8));
  }
  if (version === 4) {
    const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
    return hex(createHash("sha1").update(head).update(body).digest().subarray(-8));
  }
  const head = Buffer.alloc(5, version === 5 ? 0x9a : 0x9b);
  head.writeUInt32BE(body.length, 1);
  return hex(createHash("sha256").update(head).update(body).digest().subarray(0, 8));
}

function hex(bytes: Buffer): string {
  return bytes.toString("hex").toUpperCase();
}

// The checksum of armored text.
function crc24(bytes: Buffer): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x800000 ? 0x1864cfb : 0);
  }
  return crc & 0xffffff;
}
