import type { Call } from "../../core/callable.ts";
import { wantInt, wantText } from "../../core/convert.ts";
import { CRYPT_KINDS, crypt, type CryptKind } from "../../python/crypt.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { Fault } from "../../core/fault.ts";
import { ownProperty } from "../../core/own-property.ts";
import { toText } from "../../core/text.ts";
import { dice } from "./chance.ts";

const SALT_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./";
const SHORT: { readonly [name: string]: string } = {
  md5: "md5_crypt",
  sha256: "sha256_crypt",
  sha512: "sha512_crypt",
};

// The hashing method with the given name.
export function cryptKind(name: unknown): CryptKind {
  const text = toText(name);
  const kind = ownProperty(CRYPT_KINDS, ownProperty(SHORT, text) ?? text);
  if (!kind)
    throw new Fault(
      `passwords are not hashed with ${text} here`,
      `there are: ${Object.keys(SHORT).join(", ")}`,
    );
  return kind;
}

// A salt that the controller's chance makes.
export function randomSalt(length: number, call: Call): string {
  const source = dice(null, call);
  return Array.from({ length }, () => SALT_LETTERS[source.below(SALT_LETTERS.length)]).join("");
}

// password_hash(hashtype, salt, salt_size, rounds): a password as /etc/shadow holds it.
function passwordHash(
  value: unknown,
  [type, salt, saltSize, rounds]: unknown[],
  call: Call,
): string {
  const kind = cryptKind(type ?? "sha512");
  const given =
    salt === null || salt === ""
      ? randomSalt(saltSize === null ? kind.saltSize : wantInt(saltSize), call)
      : wantText(salt, "a salt");
  refuseSalt(given, kind.saltSize);
  const turns = rounds === null || rounds === 0 ? undefined : wantInt(rounds, "a number of rounds");
  if (turns !== undefined && (turns < 1000 || turns > 999_999_999))
    throw new Fault(`${turns} rounds are not possible`, "give a number from 1000 to 999999999");
  return crypt(
    wantText(value, "a password as text"),
    kind,
    given,
    turns === kind.silentRounds ? undefined : turns,
  );
}

function refuseSalt(salt: string, size: number): void {
  if (/[^./0-9A-Za-z]/.test(salt))
    throw new Fault("invalid characters in salt", "letters, digits, dots and slashes are allowed");
  if (salt.length > size)
    throw new Fault("invalid salt size", `a salt has at most ${size} characters here`);
}

/** The filter that hashes passwords. */
export const passwordHashFilter: Table = {
  password_hash: filter(
    [
      ["hashtype", "sha512"],
      ["salt", null],
      ["salt_size", null],
      ["rounds", null],
      ["ident", null],
    ],
    passwordHash,
  ),
};
