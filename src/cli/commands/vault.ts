import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { replaceFile } from "../../disk/write-whole.ts";
import { InputError, plainly, UnplacedError } from "../../errors.ts";
import { screen } from "../../report/screen.ts";
import { seal } from "../../vault/cipher.ts";
import { isEncrypted, writeEnvelope } from "../../vault/envelope.ts";
import { GIVE, Keyring, type VaultKey } from "../../vault/keyring.ts";
import type { VaultCommandFlags } from "../settings/vault-options.ts";
import { askNewPassword, vaultKeys } from "../vault/keys.ts";
import { defined } from "../../defined.ts";

// `hullwright vault VERB`: does to files and texts what ansible-vault does, with the same formats.
export async function vaultCommand(
  verb: string,
  words: readonly string[],
  flags: VaultCommandFlags,
): Promise<number> {
  const keys = await vaultKeys(flags);
  if (flags.output !== undefined && flags.output !== "-" && words.length > 1)
    throw new UnplacedError(
      "--output takes one file, but several are named",
      "run it once for each",
    );
  if (verb === "encrypt_string")
    screen.tell("stdout", encryptStrings(words, await encryptingKey(keys, flags), flags));
  else if (verb === "view") eachFile(words, "-", decrypting(keys));
  else if (verb === "encrypt")
    writeEach(words, flags.output, encrypting(await encryptingKey(keys, flags)), "encrypted");
  else if (verb === "decrypt") writeEach(words, flags.output, decrypting(keys), "decrypted");
  else writeEach(words, undefined, rekeying(keys, await newKey(flags)), "encrypted anew");
  return 0;
}

// Turns each file, and says so to whoever watches: the prompts alone do not tell that it worked.
function writeEach(
  files: readonly string[],
  output: string | undefined,
  turn: Turn,
  done: string,
): void {
  eachFile(files, output, turn);
  if (screen.isLive && output !== "-")
    screen.tell("stderr", files.map((file) => `${output ?? file}: ${done}\n`).join(""));
}

/** What becomes of a file's bytes. */
type Turn = (bytes: Buffer, file: string) => Uint8Array;

// Turns each file; nothing is written before all of them could be turned.
function eachFile(files: readonly string[], output: string | undefined, turn: Turn): void {
  const turned = files.map((file) => [file, turn(readBytes(file), file)] as const);
  for (const [file, bytes] of turned) writeBytes(output ?? file, bytes);
}

function encrypting(key: VaultKey): Turn {
  return (bytes, file) => {
    if (isEncrypted(bytes))
      throw new UnplacedError(
        `${file} is encrypted already`,
        "for another password: hullwright vault rekey",
      );
    return Buffer.from(encrypt(bytes, key));
  };
}

function decrypting(keys: readonly VaultKey[]): Turn {
  const keyring = new Keyring(keys);
  return (bytes, file) => {
    if (!isEncrypted(bytes)) throw new InputError(`${file} is not encrypted`);
    return keyring.decrypt(bytes.toString("latin1"), { file, line: 1, column: 1 });
  };
}

function rekeying(keys: readonly VaultKey[], to: VaultKey): Turn {
  const decrypt = decrypting(keys);
  return (bytes, file) => Buffer.from(encrypt(decrypt(bytes, file), to));
}

function encrypt(plain: Uint8Array, { id, password }: VaultKey): string {
  return writeEnvelope(seal(plain, password, randomBytes(32), id));
}

// The one password that encrypts; it is asked for where none is given.
async function encryptingKey(
  keys: readonly VaultKey[],
  { encryptVaultId: id }: VaultCommandFlags,
): Promise<VaultKey> {
  if (keys.length === 0)
    return { id: id ?? "default", password: Buffer.from(await askNewPassword()) };
  const labels = [...new Set(keys.map((key) => key.id))];
  if (id === undefined && labels.length > 1)
    throw new UnplacedError(
      `passwords with the labels ${labels.join(", ")} are given, and any could encrypt`,
      "say which: --encrypt-vault-id LABEL",
    );
  const key = keys.find((one) => id === undefined || one.id === id);
  if (!key) throw new UnplacedError(`no password has the label "${id}"`, GIVE);
  return key;
}

// The password that `rekey` goes over to.
async function newKey({ newVaultId, newVaultPasswordFile }: VaultCommandFlags): Promise<VaultKey> {
  const given = {
    ...defined({
      vaultId: newVaultId === undefined ? undefined : [newVaultId],
      vaultPasswordFile: newVaultPasswordFile === undefined ? undefined : [newVaultPasswordFile],
    }),
  };
  const [key] = Object.keys(given).length === 0 ? [] : await vaultKeys(given, {});
  return key ?? { id: "default", password: Buffer.from(await askNewPassword()) };
}

// Texts as values of YAML, each under its name.
function encryptStrings(
  texts: readonly string[],
  key: VaultKey,
  { name = [], stdinName }: VaultCommandFlags,
): string {
  const named = texts.map((text, i) => [name[i], text] as const);
  const all =
    texts.length === 0 || stdinName !== undefined
      ? [...named, [stdinName ?? name[texts.length], readBytes("-").toString("utf8")] as const]
      : named;
  return all
    .map(
      ([label, text]) =>
        `${label === undefined ? "" : `${label}: `}!vault |\n${encrypt(Buffer.from(text), key).replace(/^(?=.)/gm, " ".repeat(10))}`,
    )
    .join("");
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file === "-" ? 0 : file);
  } catch (error) {
    throw plainly(error, { path: file, tried: "read" });
  }
}

// Writes a file, whose permissions stay; a new one is readable by its owner only.
function writeBytes(file: string, bytes: Uint8Array): void {
  if (file === "-") return screen.content(bytes);
  try {
    replaceFile(file, bytes, (statSync(file, { throwIfNoEntry: false })?.mode ?? 0o600) & 0o7777);
  } catch (error) {
    throw plainly(error, { path: file, tried: "written" });
  }
}
