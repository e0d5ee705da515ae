import { InputError, type Place } from "../errors.ts";
import { open } from "./cipher.ts";
import { parseEnvelope, type Envelope } from "./envelope.ts";

/** One password of ansible-vault with its label, which is "default" unless it was given one. */
export interface VaultKey {
  id: string;
  password: Buffer;
}

/** How passwords are given, for messages. */
export const GIVE = "give the password with --vault-password-file, --vault-id or --ask-vault-pass";

/**
 * The passwords of a run. What was decrypted once is remembered, as each password
 * costs ten thousand rounds.
 */
export class Keyring {
  readonly keys: readonly VaultKey[];
  private readonly opened = new Map<string, Buffer>();

  constructor(keys: readonly VaultKey[]) {
    this.keys = keys;
  }

  /**
   * Decrypts what ansible-vault wrote. Throws InputError at `place` where no password
   * fits, or the text is damaged.
   */
  decrypt(text: string, place: Place): Buffer {
    const known = this.opened.get(text);
    if (known) return known;
    const envelope = parse(text, place);
    if (this.keys.length === 0)
      throw new InputError(
        "this is encrypted with ansible-vault, and no password is given",
        place,
        GIVE,
      );
    for (const { password } of this.inOrder(envelope)) {
      const plain = open(envelope, password);
      if (!plain) continue;
      this.opened.set(text, plain);
      return plain;
    }
    const labelled = envelope.id === undefined ? "" : `; it is labelled "${envelope.id}"`;
    const tried = [...new Set(this.keys.map(({ id }) => `"${id}"`))].join(" or ");
    throw new InputError(
      `none of the passwords decrypts this${labelled}`,
      place,
      `those with the label ${tried} were tried; check what was typed, or ${GIVE}`,
    );
  }

  /** The same where text must come out. */
  decryptText(text: string, place: Place): string {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
        this.decrypt(text, place),
      );
    } catch (error) {
      if (error instanceof TypeError)
        throw new InputError("the decrypted value is not UTF-8 text", place);
      throw error;
    }
  }

  // Those with the text's own label first, then all others, each in the order
  // in which they were given.
  private inOrder({ id }: Envelope): VaultKey[] {
    return [
      ...this.keys.filter((key) => key.id === id),
      ...this.keys.filter((key) => key.id !== id),
    ];
  }
}

function parse(text: string, place: Place): Envelope {
  try {
    return parseEnvelope(text);
  } catch (error) {
    if (error instanceof RangeError)
      throw new InputError(
        `this cannot be decrypted: ${error.message}`,
        place,
        "copy it again from what ansible-vault wrote",
      );
    throw error;
  }
}
