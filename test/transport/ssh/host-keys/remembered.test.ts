import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UnreachableError } from "../../../../src/errors.ts";
import { hostKeyCheck } from "../../../../src/transport/ssh/host-keys/host-key.ts";
import { KnownHostsFiles } from "../../../../src/transport/ssh/host-keys/known-hosts-files.ts";
import type { Connection } from "../../../../src/transport/transport.ts";

// A key as sshd shows it, of one byte that tells it from others.
function keyOf(byte: number): Buffer {
  const part = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return Buffer.concat([part(Buffer.from("ssh-ed25519")), part(Buffer.alloc(32, byte))]);
}

test("two logins on a new host at the same time remember its key once; another key is refused", () => {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-keys-"));
  const file = join(folder, "known_hosts");
  const connection = {
    host: "jump",
    port: 22,
    acceptNew: true,
    knownHostsFiles: [file],
  } as unknown as Connection;
  const files = new KnownHostsFiles();
  const checks = [1, 2, 3].map(() => hostKeyCheck(connection, files));
  expect(checks.slice(0, 2).map((check) => check.verify(keyOf(1)))).toEqual([true, true]);
  expect(readFileSync(file, "utf8").match(/^jump ssh-ed25519 /gm)).toHaveLength(1);
  expect(() => checks[2]!.verify(keyOf(2))).toThrow(UnreachableError);
  rmSync(folder, { recursive: true });
});
