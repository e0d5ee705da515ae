import { open, readFile, stat } from "../disk/reading.ts";
import type { LocalFile } from "../modules/contract/module.ts";
import { isEncrypted } from "../vault/envelope.ts";
import type { Vault } from "../vault/vault.ts";
import { decode } from "./digest.ts";
import { defined } from "../defined.ts";
import { sha256Hex } from "../sha256.ts";

// A file that ansible-vault encrypted, with what is in it; undefined: it is not
// encrypted. Throws InputError.
export async function decryptedFile(path: string, vault: Vault): Promise<LocalFile | undefined> {
  if (!isEncrypted(await beginning(path))) return undefined;
  const raw = await readFile(path, "latin1");
  const content = vault.bytes(raw, { file: path, line: 1, column: 1 });
  const text = decode(content);
  const { mode } = await stat(path);
  return {
    path,
    content,
    size: content.length,
    sha256: sha256Hex(content),
    mode: mode & 0o7777,
    secret: true,
    ...defined({ text }),
  };
}

// The first bytes of a regular file; none of anything else.
async function beginning(path: string): Promise<Uint8Array> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return new Uint8Array();
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(16) });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
