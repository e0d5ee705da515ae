import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KeyRing, loginAttempts } from "../../../src/transport/ssh/auth.ts";
import type { Connection } from "../../../src/transport/transport.ts";
import { makeKey } from "../sshd.ts";

let folder: string;
let home: string | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-auth-"));
  home = process.env["HOME"];
  process.env["HOME"] = folder;
});
afterAll(() => {
  process.env["HOME"] = home;
  rmSync(folder, { recursive: true });
});

const to = (differing: Partial<Connection>): Connection => ({
  ...{ name: "it", host: "it", port: 22, user: "deploy", kind: "ssh", timeoutMs: 1, knownHostsFiles: [], acceptNew: false },
  ...differing,
});
const labels = (differing: Partial<Connection>, agent?: string): string[] => loginAttempts(to(differing), new KeyRing(), agent).map(({ label }) => label);

test.each(["ed25519", "ecdsa", "rsa"])("an %s key is read, and once for all hosts", (type) => {
  const file = makeKey(folder, `key_${type}`, "-t", type);
  const keys = new KeyRing();
  expect(keys.load(file).isPrivateKey()).toBe(true);
  expect(keys.load(file)).toBe(keys.load(file));
});

test.each<[what: string, make: (file: string) => void, text: string]>([
  ["is not there", () => undefined, "is not there"],
  ["is open to others", (file) => writeFileSync(file, "x", { mode: 0o644 }), "can be read by others"],
  ["is no key", (file) => writeFileSync(file, "x", { mode: 0o600 }), "no private key that can be used"],
  ["is a public key", (file) => writeFileSync(file, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHOWf2WrKtvB8Ubn1OdsGOPbXd5JNUHcMVLbsbFqbb1E x\n", { mode: 0o600 }), "public half"],
  ["is a folder", () => undefined, "cannot be read"],
  ["has a passphrase", (file) => void makeKey(folder, file.slice(folder.length + 1), "-N", "secret"), "has a passphrase"],
])("a key file that %s is said to be so", (what, make, text) => {
  const file = what === "is a folder" ? folder : join(folder, what.replaceAll(" ", "-"));
  chmodSync(folder, 0o700);
  make(file);
  expect(() => labels({ privateKeyFile: file })).toThrow(expect.objectContaining({ kind: "key-file", message: expect.stringContaining(text) }));
});

test("what was named for a host goes first", () => {
  const file = makeKey(folder, "named");
  expect(labels({ privateKeyFile: file }, "/agent")).toEqual([`key ${file}`]);
  expect(labels({ privateKeyFile: "~/named" })).toEqual([`key ${file}`]);
  expect(labels({ privateKeyFile: file, password: "x" })).toEqual([`key ${file}`, "the password", "the password as an answer"]);
  expect(labels({ password: "x" }, "/agent")).toEqual(["the password", "the password as an answer", "the keys of the agent"]);
});

test("a named key with a passphrase is left to the agent", () => {
  const file = makeKey(folder, "locked", "-N", "secret");
  expect(labels({ privateKeyFile: file }, "/agent")).toEqual(["the keys of the agent"]);
});

test("nothing to log in with is said before anybody is asked", () => {
  expect(() => labels({})).toThrow(expect.objectContaining({ kind: "auth" }));
});
