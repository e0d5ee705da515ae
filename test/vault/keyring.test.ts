import { describe, expect, test } from "vitest";
import { InputError } from "../../src/errors.ts";
import { seal } from "../../src/vault/cipher.ts";
import { writeEnvelope } from "../../src/vault/envelope.ts";
import { Keyring } from "../../src/vault/keyring.ts";

const PLACE = { file: "vars.yml", line: 3, column: 7 };
const salt = Buffer.alloc(32, 7);
const key = (id: string, password: string): { id: string; password: Buffer } => ({
  id,
  password: Buffer.from(password),
});
const encrypted = (text: string, password: string, id?: string): string =>
  writeEnvelope(seal(Buffer.from(text), Buffer.from(password), salt, id));

// The mistake that decrypting ends with.
function mistakeOf(keys: { id: string; password: Buffer }[], text: string): InputError {
  try {
    new Keyring(keys).decryptText(text, PLACE);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("no mistake was found");
}

describe("passwords", () => {
  test.each<[what: string, keys: { id: string; password: Buffer }[], label: string | undefined]>([
    ["the only one", [key("default", "right")], undefined],
    ["any of several, whatever its label", [key("a", "1"), key("b", "right"), key("c", "2")], "z"],
    ["one of two with the same label", [key("default", "1"), key("default", "right")], "default"],
  ])("%s decrypts", (_what, keys, label) => {
    expect(new Keyring(keys).decryptText(encrypted("text", "right", label), PLACE)).toBe("text");
  });

  test("the one with the text's label is tried first", () => {
    const keyring = new Keyring([key("a", "1"), key("b", "2"), key("a", "3")]) as unknown as {
      inOrder(envelope: { id?: string }): { password: Buffer }[];
    };
    expect(keyring.inOrder({ id: "b" }).map(({ password }) => String(password))).toEqual([
      "2",
      "1",
      "3",
    ]);
  });
});

describe("what cannot be decrypted is a mistake with its place and a hint", () => {
  const good = encrypted("text", "right", "prod");
  test.each<
    [
      what: string,
      keys: { id: string; password: Buffer }[],
      text: string,
      message: RegExp,
      hint: RegExp,
    ]
  >([
    ["no password", [], good, /no password is given/, /--vault-password-file/],
    [
      "a wrong password",
      [key("dev", "wrong")],
      good,
      /none of the passwords decrypts this; it is labelled "prod"/,
      /label "dev" were tried/,
    ],
    [
      "a changed text",
      [key("x", "right")],
      good.replace(/\d(?=\n$)/, (digit) => String((Number(digit) + 1) % 10)),
      /none of the passwords|hexadecimal/,
      /./,
    ],
    [
      "a text that is cut off",
      [key("x", "right")],
      good.slice(0, 200),
      /cannot be decrypted|none of the passwords/,
      /copy it again|passwords/,
    ],
    [
      "no hexadecimal digits",
      [key("x", "right")],
      "$ANSIBLE_VAULT;1.1;AES256\nzz\n",
      /hexadecimal/,
      /copy it again/,
    ],
    [
      "an old format",
      [key("x", "right")],
      "$ANSIBLE_VAULT;1.0;AES\n00\n",
      /its format is 1.0/,
      /./,
    ],
    [
      "another cipher",
      [key("x", "right")],
      "$ANSIBLE_VAULT;1.1;AES\n00\n",
      /its cipher is AES,/,
      /./,
    ],
    ["no vault at all", [key("x", "right")], "hello", /does not begin/, /./],
    [
      "bytes that are no text",
      [key("x", "right")],
      writeEnvelope(seal(Buffer.from([0xff, 0xfe]), Buffer.from("right"), salt, undefined)),
      /not UTF-8 text/,
      /^$/,
    ],
  ])("%s", (_what, keys, text, message, hint) => {
    const mistake = mistakeOf(keys, text);
    expect(mistake.place).toEqual(PLACE);
    expect(mistake.message).toMatch(message);
    expect(mistake.hint ?? "").toMatch(hint);
  });
});
