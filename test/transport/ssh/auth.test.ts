import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Agents } from "../../../src/transport/ssh/agent.ts";
import { loginMeans } from "../../../src/transport/ssh/auth.ts";
import { KeyRing } from "../../../src/transport/ssh/keys.ts";
import type { Connection } from "../../../src/transport/transport.ts";
import { makeKey, publicKey } from "../sshd.ts";

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
  ...{
    name: "it",
    host: "it",
    port: 22,
    user: "deploy",
    kind: "ssh",
    timeoutMs: 1,
    knownHostsFiles: [],
    acceptNew: false,
  },
  ...differing,
});
async function labels(differing: Partial<Connection>): Promise<string[]> {
  const means = await loginMeans(to(differing), { keys: new KeyRing(), agents: new Agents() }, {});
  return means.attempts.map(({ label }) => label);
}

test.each(["ed25519", "ecdsa", "rsa"])("an %s key is read, and once for all hosts", (type) => {
  const file = makeKey(folder, `key_${type}`, "-t", type);
  const keys = new KeyRing();
  expect(keys.look(file).state).toBe("open");
  expect(keys.look(file)).toBe(keys.look(file));
});

test("where ssh's configuration names no key, none of the usual ones need be there", async () => {
  const config = { values: new Map([["proxyjump", ["bastion"]]]) } as unknown as NonNullable<
    Connection["config"]
  >;
  await expect(labels({ config })).rejects.toThrow(/^there are no credentials to log in as deploy/);
});

test.each<[what: string, make: (file: string) => void, text: string]>([
  ["is not there", () => undefined, "is not there"],
  [
    "is open to others",
    (file) => writeFileSync(file, "x", { mode: 0o644 }),
    "can be read by other users",
  ],
  [
    "is not a usable key",
    (file) => writeFileSync(file, "x", { mode: 0o600 }),
    "is not a usable private key",
  ],
  ["is a folder", () => undefined, "cannot be read"],
])("a key file that %s is said to be so", async (what, make, text) => {
  const file = what === "is a folder" ? folder : join(folder, what.replaceAll(" ", "-"));
  chmodSync(folder, 0o700);
  make(file);
  await expect(labels({ privateKeyFile: file })).rejects.toThrow(
    expect.objectContaining({ kind: "key-file", message: expect.stringContaining(text) }),
  );
});

test("what was named for a host goes first, a password last", async () => {
  const file = makeKey(folder, "named");
  expect(await labels({ privateKeyFile: file })).toEqual([`key ${file}`]);
  expect(await labels({ privateKeyFile: file, password: "x" })).toEqual([
    `key ${file}`,
    "the password as an answer",
    "the password",
  ]);
});

test("a key with a passphrase is tried, as its public half is known", async () => {
  const file = makeKey(folder, "locked", "-N", "secret");
  expect(await labels({ privateKeyFile: file })).toEqual([`key ${file}`]);
});

test("nothing to log in with is said before anybody is asked", async () => {
  await expect(labels({})).rejects.toThrow(expect.objectContaining({ kind: "auth" }));
});

const TYPES: [type: string, options: string[]][] = [
  ["rsa", []],
  ["ecdsa", []],
  ["ed25519", []],
];
test.each(TYPES)(
  "PKCS8 and PEM keys of type %s are read, with and without passphrase",
  async (type, options) => {
    for (const form of ["PKCS8", "PEM"]) {
      for (const passphrase of ["", "a secret"]) {
        const file = makeKey(
          folder,
          `${type}-${form}-${passphrase.length}`,
          "-t",
          type,
          ...options,
        );
        // ssh-keygen rewrites no ed25519 key; openssl has it in PKCS8 alone.
        if (type !== "ed25519")
          execFileSync(
            "ssh-keygen",
            ["-q", "-p", "-P", "", "-N", passphrase, "-m", form, "-f", file],
            { stdio: "ignore" },
          );
        const keys = new KeyRing(() => Promise.resolve(passphrase));
        const found = keys.look(file);
        const key = found.state === "open" ? found.key : await keys.unlock(file);
        expect(key?.getPublicSSH().toString("base64")).toBe(
          publicKey(file, passphrase).split(" ")[1],
        );
      }
    }
  },
);

test("an ed25519 key in PKCS8 is read", () => {
  const { privateKey, publicKey: shown } = generateKeyPairSync("ed25519");
  const file = join(folder, "ed25519-pkcs8");
  writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  const found = new KeyRing().look(file);
  const raw = shown.export({ format: "jwk" }).x!;
  expect(
    found.state === "open" && found.key.getPublicSSH().subarray(-32).toString("base64url"),
  ).toBe(raw);
});

test("a passphrase is asked for once for all hosts, and three times where it is wrong", async () => {
  const file = makeKey(folder, "asked", "-N", "secret");
  const answers = ["wrong", "secret"];
  const prompts: string[] = [];
  const keys = new KeyRing((prompt) => {
    prompts.push(prompt);
    return Promise.resolve(answers[prompts.length - 1] ?? "wrong");
  });
  const [one, other] = await Promise.all([keys.unlock(file), keys.unlock(file)]);
  expect([one === other, one?.isPrivateKey(), prompts.length]).toEqual([true, true, 2]);
  const stubborn = new KeyRing(() => Promise.resolve("wrong"));
  expect(await stubborn.unlock(file)).toBeUndefined();
});
