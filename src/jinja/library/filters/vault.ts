import { outsideOf, type Call } from "../../core/callable.ts";
import { wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { Fault } from "../../core/fault.ts";
import { isTruthy } from "../../core/value.ts";

// vault(secret, salt, vaultid): a text as ansible-vault encrypts it.
function vault(value: unknown, [secret, salt, id, wrap]: unknown[], call: Call): string {
  if (isTruthy(wrap)) throw new Fault("wrap_object is not supported: the result is text");
  const given = salt === null ? undefined : wantText(salt, "a salt");
  return outsideOf(call, "vault").encrypt(
    wantText(value, "a text to encrypt"),
    wantText(secret, "a secret"),
    wantText(id),
    given,
  );
}

// unvault(secret): what ansible-vault encrypted; other texts stay as they are.
function unvault(value: unknown, [secret]: unknown[], call: Call): string {
  const password = wantText(secret, "a secret");
  return outsideOf(call, "unvault").decryptWith(
    wantText(value, "an encrypted text"),
    password,
    call.place(),
  );
}

/** Filters that encrypt and decrypt with a secret of their own. */
export const vaultFilters: Table = {
  vault: filter(
    ["secret", ["salt", null], ["vaultid", "filter_default"], ["wrap_object", false]],
    vault,
  ),
  unvault: filter(["secret", ["vaultid", "filter_default"]], unvault),
};
