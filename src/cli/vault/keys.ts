import { InputError } from "../../errors.ts";
import { isEncrypted } from "../../vault/envelope.ts";
import { Keyring, type VaultKey } from "../../vault/keyring.ts";
import { askPassword } from "../ask.ts";
import { isOn } from "../settings/settled-flags.ts";
import { pathOf, readAnsibleConfig, type SettingName } from "../settings/ansible-cfg.ts";
import { passwordFile, printedPassword, storedPassword, wantPassword } from "../password-file.ts";
import type { VaultFlags } from "../settings/vault-options.ts";

const DEFAULT = "default";
const PASSWORD_FILE: SettingName = {
  environment: ["ANSIBLE_VAULT_PASSWORD_FILE"],
  section: "defaults",
  key: "vault_password_file",
};

const IDENTITIES: SettingName = {
  environment: ["ANSIBLE_VAULT_IDENTITY_LIST"],
  section: "defaults",
  key: "vault_identity_list",
};
const ASKS: SettingName = {
  environment: ["ANSIBLE_ASK_VAULT_PASS"],
  section: "defaults",
  key: "ask_vault_pass",
};

/** What the environment, or else ansible.cfg, says of passwords. */
interface VaultSettings {
  /** The path of a password file; "" is none. */
  file?: string;
  /** As --vault-id; they go before those of the command line, as with Ansible. */
  ids?: readonly string[];
  asks?: boolean;
}

function vaultSettings(): VaultSettings {
  const settings = readAnsibleConfig(() => {});
  const file = settings.setting(PASSWORD_FILE);
  const ids = settings.setting(IDENTITIES)?.value ?? "";
  return {
    file: file?.value ? pathOf(file) : "",
    ids: ids
      .split(",")
      .map((id) => id.trim())
      .filter(Boolean),
    asks: isOn(settings.setting(ASKS)),
  };
}

// The passwords that the command line and the settings name, in Ansible's order. Throws InputError.
export async function vaultKeys(
  flags: VaultFlags,
  settings = vaultSettings(),
): Promise<VaultKey[]> {
  const keys: VaultKey[] = [];
  const add = async (id: string, password: string | Promise<string>): Promise<void> =>
    void keys.push({ id, password: Buffer.from(await password) });
  for (const named of [...(settings.ids ?? []), ...(flags.vaultId ?? [])]) {
    const [, id = DEFAULT, source = ""] = /^(?:([^@]*)@)?(.*)$/s.exec(named)!;
    const isAsked = ["prompt", "prompt_ask_vault_pass"].includes(source);
    await add(
      id || DEFAULT,
      isAsked ? prompt(id || DEFAULT) : passwordOf(source, id || undefined, keys),
    );
  }
  for (const file of passwordFiles(flags, settings.file))
    await add(DEFAULT, passwordOf(file, DEFAULT, keys));
  if (flags.askVaultPass ?? flags.askVaultPassword ?? settings.asks)
    await add(DEFAULT, prompt(undefined));
  return keys;
}

// The files of passwords without an id, in the order in which they are tried.
function passwordFiles(
  { vaultPasswordFile = [], vaultPassFile = [] }: VaultFlags,
  file: string | undefined,
): string[] {
  return [...vaultPasswordFile, ...vaultPassFile, ...(file ? [file] : [])];
}

// Asks; an empty answer is no password.
async function prompt(id: string | undefined): Promise<string> {
  const password = await askPassword(
    id === undefined ? "Vault password: " : `Vault password (${id}): `,
  );
  if (password.trim() === "") throw new InputError("an empty vault password was given");
  return password;
}

// Asks twice for a password to encrypt with, because a typing mistake would lose what it protects.
export async function askNewPassword(): Promise<string> {
  const password = await askPassword("New vault password: ");
  if (password.trim() === "") throw new InputError("an empty vault password was given");
  if ((await askPassword("Confirm new vault password: ")) !== password)
    throw new InputError("the two passwords do not match");
  return password;
}

// What a password file holds, or what it prints if it is a program. It may be encrypted
// with a password before it.
function passwordOf(named: string, id: string | undefined, keys: readonly VaultKey[]): string {
  const { file, isProgram } = passwordFile(named, "vault");
  const text = isProgram ? printed(file, id) : contentOf(file, named, keys);
  return wantPassword(text, named, "vault");
}

function contentOf(file: string, named: string, keys: readonly VaultKey[]): string {
  const text = storedPassword(file, "vault").trim();
  const plain = isEncrypted(text)
    ? new Keyring(keys).decryptText(text, { file: named, line: 1, column: 1 })
    : text;
  return plain.replace(/^[\r\n]+|[\r\n]+$/g, "");
}

// A program whose name ends in -client is told which password is wanted.
function printed(file: string, id: string | undefined): string {
  const isClient = /-client(?:\.[^./]*)?$/.test(file);
  const words = isClient && id !== undefined ? ["--vault-id", id] : [];
  return printedPassword(file, "vault", words).replace(/^[\r\n]+|[\r\n]+$/g, "");
}
