import type { Place } from "../errors.ts";
import { loadYaml } from "../yaml/load.ts";
import type { YamlNode } from "../yaml/node.ts";
import { isEncrypted } from "./envelope.ts";
import { Keyring, type VaultKey } from "./keyring.ts";
import { Mask } from "./mask.ts";
import { attempt } from "../instead-of.ts";

/** What a run decrypts, and what it therefore must not show. */
export class Vault {
  readonly mask = new Mask();
  private readonly keyring: Keyring;
  private readonly files = new Set<string>();

  /** The passwords that it opens with. */
  readonly keys: readonly VaultKey[];

  constructor(keys: readonly VaultKey[] = []) {
    this.keys = keys;
    this.keyring = new Keyring(keys);
  }

  /** An inline value (`!vault`); it is masked wherever it is shown. Throws InputError. */
  value(text: string, place: Place): string {
    const plain = this.keyring.decryptText(text, place);
    this.mask.learn(plain);
    return plain;
  }

  /** The same with a secret of the playbook's own. */
  reveal(text: string, secret: string, place: Place): string {
    const plain = new Keyring([
      { id: "default", password: Buffer.from(secret, "utf8") },
    ]).decryptText(text, place);
    this.mask.learn(plain);
    return plain;
  }

  /**
   * A file as text, decrypted where it is encrypted. The values of a file of variables are
   * masked. Throws InputError.
   */
  text(raw: string, place: Place): string {
    if (!isEncrypted(raw)) return raw;
    const plain = this.keyring.decryptText(raw, place);
    if (!this.files.has(place.file)) this.learnFrom(plain, place.file);
    this.files.add(place.file);
    return plain;
  }

  /**
   * A file whose text a template looks up; all of it is masked where it is
   * encrypted. Throws InputError.
   */
  content(raw: string, place: Place): string {
    return isEncrypted(raw) ? this.value(raw, place) : raw;
  }

  /** The bytes of an encrypted file that is copied. Throws InputError. */
  bytes(raw: string, place: Place): Buffer {
    return this.keyring.decrypt(raw, place);
  }

  /** Whether a file was decrypted, so that no line of it may be shown. */
  hides(file: string): boolean {
    return this.files.has(file);
  }

  // The texts of a mapping; what is no mapping (tasks, plays, a template) holds no variables.
  private learnFrom(plain: string, file: string): void {
    const root = attempt(() => loadYaml(plain, file));
    if (root?.kind === "map") for (const text of textsOf(root)) this.mask.learn(text);
  }
}

// All texts in values, not in keys; a text with a template in it is a formula and no secret.
function textsOf(node: YamlNode): string[] {
  if (node.kind === "seq") return node.items.flatMap(textsOf);
  if (node.kind === "map") return node.entries.flatMap(({ value }) => textsOf(value));
  return typeof node.value === "string" && !node.value.includes("{{") && node.tag !== "!vault"
    ? [node.value]
    : [];
}

// What cannot be read says so where it is loaded in earnest.
