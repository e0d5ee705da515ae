import { TaskFailure } from "../../../errors.ts";
import type { GlobbedFile } from "../../../probes/files/globbed.ts";
import { isArmored, readKeys, type PublicKey } from "./openpgp.ts";
import { sha256Hex } from "../../../sha256.ts";

/**
 * The keyring that apt trusts for all repositories; more are in the directory of this name with .d.
 */
export const TRUSTED = "/etc/apt/trusted.gpg";

/** A file of keys, as far as it can be read. */
export interface AptKeyring {
  path: string;
  keys: PublicKey[];
  isArmored: boolean;
  /** There is something else in it, such as the key box of gpg. */
  isForeign: boolean;
}

/** The id that is looked for. */
export interface WantedKey {
  /** As given, or the long id of the first key. */
  id: string;
  full: string;
}

// What the host's keyrings have; one that cannot be read has no keys, as apt sees it.
export function readKeyrings(keyrings: readonly GlobbedFile[]): AptKeyring[] {
  const isFirst = ({ path }: GlobbedFile): number => (path === TRUSTED ? 0 : 1);
  return [...keyrings]
    .sort((one, other) => isFirst(one) - isFirst(other))
    .map(({ path, sha256, content }) => {
      const bytes = Buffer.from(content ?? "", "base64");
      if (content !== undefined && sha256 !== null && sha256Hex(bytes) !== sha256)
        throw new TaskFailure(`the keyring ${path} has more than 64 KiB`, "give another keyring");
      const keys = readKeys(bytes);
      return { path, keys: keys ?? [], isArmored: isArmored(bytes), isForeign: !keys };
    });
}

// An id as it is compared: with its last 8 digits if the task gives so many.
export function shortened(id: string, { full }: WantedKey): string {
  return full.length === 8 ? id.slice(-8) : id;
}

export function idsOf(keyrings: readonly AptKeyring[], wanted: WantedKey): string[] {
  return keyrings.flatMap(({ keys }) =>
    keys.flatMap(({ ids }) => ids.map((id) => shortened(id, wanted))),
  );
}

export function withKeys(
  keyrings: readonly AptKeyring[],
  path: string,
  keys: readonly PublicKey[],
): AptKeyring[] {
  const old = keyrings.find((one) => one.path === path);
  if (old?.isForeign)
    throw new TaskFailure(`${path} is no keyring that apt reads`, "give another keyring");
  const present = new Set(old?.keys.map(({ ids }) => ids[0]));
  const next = {
    path,
    keys: [...(old?.keys ?? []), ...keys.filter(({ ids }) => !present.has(ids[0]))],
    isArmored: old?.isArmored ?? path.endsWith(".asc"),
    isForeign: false,
  };
  return old ? keyrings.map((one) => (one === old ? next : one)) : [next, ...keyrings];
}

// Removes a key wherever it is; a keyring with no other key goes, too.
export function withoutKey(keyrings: readonly AptKeyring[], wanted: WantedKey): AptKeyring[] {
  const isIt = ({ ids }: PublicKey): boolean => ids[0].endsWith(wanted.full.slice(-16));
  if (!keyrings.some(({ keys }) => keys.some(isIt)))
    throw new TaskFailure(
      "the key was not removed (check that the id is correct and *not* a subkey)",
      "name the key that the subkey belongs to",
    );
  return keyrings.flatMap((one) => {
    const keys = one.keys.filter((key) => !isIt(key));
    return keys.length === 0 && one.keys.length > 0 ? [] : [{ ...one, keys }];
  });
}

// The keys of a keyring, for people.
export function shownKeys(keyring: AptKeyring | undefined): string | null {
  return keyring ? keyring.keys.map(({ ids }) => ids[0]).join(", ") : null;
}
