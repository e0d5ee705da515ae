import { InputError, type Place } from "../../errors.ts";
import { Vault } from "../../vault/vault.ts";
import type { VaultFlags } from "../settings/vault-options.ts";
import { vaultKeys } from "./keys.ts";

// The vault that the flags open. Throws InputError for a password that cannot be had.
export async function openVault(flags: VaultFlags): Promise<Vault> {
  return new Vault(await vaultKeys(flags));
}

// Does work whose errors may contain decrypted values: they come out masked, and
// without lines of such files.
export async function guarded<T>(vault: Vault, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof InputError ? discreet(error, vault) : error;
  }
}

// The mistake as it may be shown.
export function discreet({ message, place, hint }: InputError, vault: Vault): InputError {
  return new InputError(
    vault.mask.hide(message),
    place && discreetPlace(place, vault),
    hint === undefined ? undefined : vault.mask.hide(hint),
  );
}

// A place with the masked lines of its file; an encrypted file shows none.
function discreetPlace({ text, written, ...bare }: Place, vault: Vault): Place {
  const place: Place = { ...bare };
  if (text !== undefined && !vault.hides(bare.file)) place.text = vault.mask.hide(text);
  if (written) place.written = discreetPlace(written, vault);
  return place;
}
