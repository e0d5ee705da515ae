import { createHash, getHashes } from "node:crypto";
import { wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { Fault } from "../../core/fault.ts";
import { toText } from "../../core/text.ts";
import { ownProperty } from "../../core/own-property.ts";

const NAMES: { [name: string]: string } = {
  blake2b: "blake2b512",
  blake2s: "blake2s256",
  sha512_224: "sha512-224",
  sha512_256: "sha512-256",
  sha3_224: "sha3-224",
  sha3_256: "sha3-256",
  sha3_384: "sha3-384",
  sha3_512: "sha3-512",
};

// The digest of a text in hexadecimal, by Python's name of the algorithm.
function digest(text: string, name: string): string {
  const algorithm = ownProperty(NAMES, name) ?? name;
  if (!getHashes().includes(algorithm)) throw new Fault(`unsupported hash type ${name}`);
  return createHash(algorithm).update(text, "utf8").digest("hex");
}

const ENCODINGS: { [name: string]: BufferEncoding } = {
  "utf-8": "utf8",
  utf8: "utf8",
  "utf-16-le": "utf16le",
  "utf-16le": "utf16le",
  "latin-1": "latin1",
  "iso-8859-1": "latin1",
  ascii: "ascii",
};

// Node's name of an encoding.
function encodingOf(name: unknown): BufferEncoding {
  const found = ownProperty(ENCODINGS, wantText(name).toLowerCase().replaceAll("_", "-"));
  if (!found)
    throw new Fault(
      `the encoding ${toText(name)} is not supported`,
      `there are: ${Object.keys(ENCODINGS).join(", ")}`,
    );
  return found;
}

// b64decode(encoding)
function decode(value: unknown, [encoding]: unknown[]): string {
  const base = wantText(value)
    .replace(/[^A-Za-z0-9+/=]/g, "")
    .replace(/=.*$/, "");
  if (base.length % 4 === 1 || (base.length % 4 !== 0 && !wantText(value).includes("=")))
    throw new Fault("Incorrect padding: the text is not base64");
  const bytes = Buffer.from(base, "base64");
  const text = bytes.toString(encodingOf(encoding));
  if (encodingOf(encoding) === "utf8" && !Buffer.from(text, "utf8").equals(bytes))
    throw new Fault(
      "the decoded bytes are not UTF-8 text",
      "name another encoding, or leave it encoded",
    );
  return text;
}

const ANSIBLE = "361E6D51-FAEC-444A-9079-341386DA8E2E";

// to_uuid(namespace): the UUID, version 5, of a text.
function toUuid(value: unknown, [namespace]: unknown[]): string {
  const hex = toText(namespace).replace(/^urn:uuid:|[-{}]/gi, "");
  if (!/^[\da-f]{32}$/i.test(hex))
    throw new Fault(`Invalid value '${toText(namespace)}' for 'namespace'`);
  const bytes = createHash("sha1")
    .update(Buffer.from(hex, "hex"))
    .update(toText(value), "utf8")
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Filters that digest and encode. */
export const hashFilters: Table = {
  hash: filter([["hashtype", "sha1"]], (value, [name]) => digest(toText(value), wantText(name))),
  checksum: filter([], (value) => digest(toText(value), "sha1")),
  sha1: filter([], (value) => digest(toText(value), "sha1")),
  md5: filter([], (value) => digest(toText(value), "md5")),
  b64encode: filter([["encoding", "utf-8"]], (value, [encoding]) =>
    Buffer.from(toText(value), encodingOf(encoding)).toString("base64"),
  ),
  b64decode: filter([["encoding", "utf-8"]], decode),
  to_uuid: filter([["namespace", ANSIBLE]], toUuid),
};
