import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { vaultKeys } from "../../../src/cli/vault/keys.ts";
import { vaultCommand } from "../../../src/cli/commands/vault.ts";
import { InputError } from "../../../src/errors.ts";
import { Keyring } from "../../../src/vault/keyring.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-vault-"));
const PLACE = { file: "t", line: 1, column: 1 };

// Writes a file of the test, and answers its path.
function file(name: string, text: string, mode = 0o600): string {
  writeFileSync(join(root, name), text);
  chmodSync(join(root, name), mode);
  return join(root, name);
}

const one = file("one", "  secret 1 \n");
const two = file("two", "secret2\n");
const program = file("program.sh", "#!/bin/sh\nprintf ' from a program \\n\\n'\n", 0o700);
const client = file("some-client.py", '#!/bin/sh\necho "$*"\n', 0o700);

describe("the passwords that the command line names", () => {
  test.each<
    [
      what: string,
      flags: Parameters<typeof vaultKeys>[0],
      environment: NodeJS.ProcessEnv,
      keys: [id: string, password: string][],
    ]
  >([
    ["none", {}, {}, []],
    [
      "a file, without the blanks around",
      { vaultPasswordFile: [one] },
      {},
      [["default", "secret 1"]],
    ],
    [
      "labels first, then files, then the environment",
      { vaultPasswordFile: [one], vaultId: [`a@${two}`, two] },
      { ANSIBLE_VAULT_PASSWORD_FILE: two },
      [
        ["a", "secret2"],
        ["default", "secret2"],
        ["default", "secret 1"],
        ["default", "secret2"],
      ],
    ],
    [
      "a program's output, without its line breaks",
      { vaultId: [`p@${program}`] },
      {},
      [["p", " from a program "]],
    ],
    [
      "a client, which is told the label",
      { vaultId: [`prod@${client}`] },
      {},
      [["prod", "--vault-id prod"]],
    ],
    ["Ansible's other spelling", { vaultPassFile: [two] }, {}, [["default", "secret2"]]],
    ["an empty variable, which says nothing", {}, { ANSIBLE_VAULT_PASSWORD_FILE: "" }, []],
  ])("%s", async (_what, flags, environment, keys) => {
    expect(
      (await vaultKeys(flags, { file: environment["ANSIBLE_VAULT_PASSWORD_FILE"] ?? "" })).map(
        ({ id, password }) => [id, String(password)],
      ),
    ).toEqual(keys);
  });

  test.each([
    ["a file that is not there", join(root, "nope"), /there is no vault password file/],
    ["an empty file", file("empty", "\n"), /is empty/],
    ["a program that fails", file("fails", "#!/bin/sh\nexit 3\n", 0o700), /ended with 3/],
    ["an executable that is none", file("none", "secret", 0o700), /cannot be run|ended with/],
    ["a folder", root, /there is no vault password file/],
  ])("refused: %s", async (_what, path, message) => {
    await expect(vaultKeys({ vaultPasswordFile: [path] }, {})).rejects.toThrow(message);
    await expect(vaultKeys({ vaultPasswordFile: [path] }, {})).rejects.toBeInstanceOf(InputError);
  });
});

describe("hullwright vault", () => {
  const flags = { vaultPasswordFile: [two] };

  test("encrypts in place and keeps permissions, decrypts again, and gives another password", async () => {
    const path = file("data", "a: 1\n", 0o640);
    await vaultCommand("encrypt", [path], flags);
    expect(readFileSync(path, "utf8")).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n[0-9a-f\n]+$/);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    await expect(vaultCommand("encrypt", [path], flags)).rejects.toThrow("encrypted already");
    await vaultCommand("rekey", [path], { ...flags, newVaultId: `b@${one}` });
    expect(readFileSync(path, "utf8")).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;b\n/);
    await expect(vaultCommand("decrypt", [path], flags)).rejects.toThrow("none of the passwords");
    await vaultCommand("decrypt", [path], { vaultId: [one], output: join(root, "plain") });
    expect(readFileSync(join(root, "plain"), "utf8")).toBe("a: 1\n");
    expect(statSync(join(root, "plain")).mode & 0o777).toBe(0o600);
  });

  test("writes nothing where one of several files cannot be turned", async () => {
    const [good, bad] = [file("good", "x"), join(root, "missing")];
    await expect(vaultCommand("encrypt", [good, bad], flags)).rejects.toThrow("cannot be read");
    expect(readFileSync(good, "utf8")).toBe("x");
  });

  test("writes strings as values of YAML", async () => {
    const written: string[] = [];
    const spy = vi
      .spyOn(process.stdout, "write")
      .mockImplementation((text) => written.push(String(text)) > 0);
    await vaultCommand("encrypt_string", ["first", "second"], { ...flags, name: ["a"] });
    spy.mockRestore();
    const [, vault = ""] =
      /^a: !vault \|\n((?: {10}\S+\n)+)!vault \|\n(?: {10}\S+\n)+$/.exec(written.join("")) ?? [];
    expect(
      new Keyring(await vaultKeys(flags, {})).decryptText(vault.replaceAll(" ", ""), PLACE),
    ).toBe("first");
  });

  test("asks which password is to encrypt, where it could be any", async () => {
    await expect(
      vaultCommand("encrypt", [one], { vaultId: [`a@${one}`, `b@${two}`] }),
    ).rejects.toThrow("labels a, b");
  });
});
