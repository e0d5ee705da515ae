import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { seal } from "../../src/vault/cipher.ts";
import { writeEnvelope } from "../../src/vault/envelope.ts";
import { Keyring } from "../../src/vault/keyring.ts";

// Reads a JSON list of [direction, password, label, text or vault text]; plain bytes are base64.
const ORACLE = `
import base64, json, sys
from ansible.parsing.vault import VaultLib, VaultSecret
def turn(direction, password, label, text):
    vault = VaultLib([(label or "default", VaultSecret(password.encode()))])
    if direction == "encrypt": return vault.encrypt(base64.b64decode(text), VaultSecret(password.encode()), label).decode()
    return base64.b64encode(vault.decrypt(text)).decode()
print(json.dumps([turn(*case) for case in json.load(sys.stdin)]))
`;

const PLACE = { file: "t.yml", line: 3, column: 7 };
const plain: [what: string, bytes: Buffer][] = [
  ["nothing", Buffer.alloc(0)],
  ["one letter", Buffer.from("a")],
  ["15 bytes", Buffer.alloc(15, "b")],
  ["a whole block", Buffer.alloc(16, "c")],
  ["17 bytes", Buffer.alloc(17, "d")],
  ["lines", Buffer.from("a: 1\r\nb: 2\n\n")],
  ["letters from far away", Buffer.from("pässwörd 日本 😀")],
  ["all bytes", Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
  ["100 kB", Buffer.alloc(100_000, "xyz")],
  ["what looks like filling", Buffer.from([1, 2, 3, 3, 3])],
];
const labels = [undefined, "default", "prod", "a label; with: signs"];
const cases = plain.flatMap(([what, bytes], i) => [
  [what, bytes, labels[i % labels.length], i % 2 === 0 ? "secret" : "geheim wörter"] as const,
]);

const haveAnsible =
  spawnSync("/usr/bin/python3", ["-c", "import ansible.parsing.vault"]).status === 0;

// Asks Ansible for all cases at once.
function ask(questions: (string | undefined | null)[][]): string[] {
  const { stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", ORACLE], {
    input: JSON.stringify(questions),
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

describe.skipIf(!haveAnsible)(
  "vaults go to and from Ansible (skipped without Debian's ansible-core)",
  () => {
    const written = haveAnsible
      ? ask(
          cases.map(([, bytes, label, password]) => [
            "encrypt",
            password,
            label ?? null,
            bytes.toString("base64"),
          ]),
        )
      : [];
    const ours = cases.map(([, bytes, label, password]) =>
      writeEnvelope(seal(bytes, Buffer.from(password), randomBytes(32), label)),
    );
    const read = haveAnsible
      ? ask(cases.map(([, , label, password], i) => ["decrypt", password, label ?? null, ours[i]!]))
      : [];

    test.each(cases.map(([what], i) => [what, i] as const))(
      "we read what Ansible wrote: %s",
      (_what, i) => {
        const [, bytes, label, password] = cases[i]!;
        const keyring = new Keyring([
          { id: "other", password: Buffer.from("wrong") },
          { id: label ?? "default", password: Buffer.from(password) },
        ]);
        expect(keyring.decrypt(written[i]!, PLACE).equals(bytes)).toBe(true);
      },
    );
    test.each(cases.map(([what], i) => [what, i] as const))(
      "Ansible reads what we wrote: %s",
      (_what, i) => {
        expect(Buffer.from(read[i]!, "base64").equals(cases[i]![1])).toBe(true);
      },
    );
    test.each(cases.map(([what], i) => [what, i] as const))(
      "both write the same form: %s",
      (_what, i) => {
        const form = (text: string): unknown => [
          text.split("\n")[0],
          text.split("\n").map((line) => line.length > 80),
          text.endsWith("\n"),
        ];
        expect(form(ours[i]!)).toEqual(form(written[i]!));
      },
    );
  },
);
