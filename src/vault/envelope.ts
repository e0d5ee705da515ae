/** The content of a text that ansible-vault encrypted, before any password is tried. */
export interface Envelope {
  /** The label of the password, from version 1.2 on. A nickname: nothing checks it. */
  id: string | undefined;
  salt: Buffer;
  /** HMAC-SHA256 of the ciphertext. */
  hmac: Buffer;
  ciphertext: Buffer;
}

const HEADER = "$ANSIBLE_VAULT;";
const CIPHER = "AES256";
const WIDTH = 80;

// Whether a text, or the bytes of a file, are what ansible-vault writes.
export function isEncrypted(text: string | Uint8Array): boolean {
  return typeof text === "string"
    ? text.startsWith(HEADER)
    : Buffer.from(text.subarray(0, HEADER.length)).toString("latin1") === HEADER;
}

// Takes the text apart. Throws a RangeError that says what is wrong with it.
export function parseEnvelope(text: string): Envelope {
  const [header = "", ...rest] = text.split(/\r?\n/).map((line) => line.trim());
  const [, version = "", cipher = "", id] = header.split(";");
  if (!isEncrypted(header)) throw new RangeError(`it does not begin with ${HEADER}`);
  if (version !== "1.1" && version !== "1.2")
    throw new RangeError(`its format is ${version || "missing"}, but only 1.1 and 1.2 are known`);
  if (cipher !== CIPHER)
    throw new RangeError(`its cipher is ${cipher || "missing"}, but only ${CIPHER} is known`);
  const [salt, hmac, ciphertext] = fromHex(rest.join(""))
    .toString("latin1")
    .split("\n")
    .map(fromHex);
  if (!salt || !hmac || !ciphertext) throw new RangeError("it is truncated");
  return { id: version === "1.2" ? id : undefined, salt, hmac, ciphertext };
}

function fromHex(digits: string): Buffer {
  if (!/^(?:[\da-fA-F]{2})*$/.test(digits))
    throw new RangeError("it contains something other than hexadecimal digits, or is truncated");
  return Buffer.from(digits, "hex");
}

// Writes the text as ansible-vault does: 1.2 with a label that is not the usual
// one, else 1.1; lines of 80.
export function writeEnvelope({ id, salt, hmac, ciphertext }: Envelope): string {
  const inner = [salt, hmac, ciphertext].map((part) => part.toString("hex")).join("\n");
  const header =
    id === undefined || id === "default"
      ? `${HEADER}1.1;${CIPHER}`
      : `${HEADER}1.2;${CIPHER};${id}`;
  return [
    header,
    ...(Buffer.from(inner, "latin1")
      .toString("hex")
      .match(new RegExp(`.{1,${WIDTH}}`, "g")) ?? []),
    "",
  ].join("\n");
}
