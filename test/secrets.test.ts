import { describe, expect, test } from "vitest";
import { hideSecrets, hideSecretText, hideSecretValue } from "../src/secrets.ts";

const texts: [what: string, text: string, shown: string][] = [
  ["a value of TOML", 'auth = "aGVsbG8="', "auth = (hidden)"],
  ["a value of YAML with blanks", "  password: hunter2 and more", "  password: (hidden)"],
  [
    "a value of JSON, and not what is behind it",
    '{"auth": "abc", "next": 1}',
    '{"auth": (hidden), "next": 1}',
  ],
  ["a key with a prefix", 'identitytoken = "abc"', "identitytoken = (hidden)"],
  [
    "a key inside of a table",
    '{"auth":{"username":"robot","password":"x"}}',
    '{"auth":{"username":"robot","password":(hidden)}}',
  ],
  ["a variable of a unit", "Environment=REG_PASSWORD=foo", "Environment=REG_PASSWORD=(hidden)"],
  ["an option of a command", "login --password=foo --user x", "login --password=(hidden) --user x"],
  [
    "the password of a URL",
    'Environment="HTTPS_PROXY=http://u:pw@h:1"',
    'Environment="HTTPS_PROXY=http://u:(hidden)@h:1"',
  ],
  ["a header", 'curl -H "Authorization: Bearer abcd"', 'curl -H "Authorization: (hidden)"'],
  [
    "a header of hosts.toml",
    '  Authorization = ["Basic aHc6czNjcmV0"]',
    "  Authorization = [(hidden)]",
  ],
  ["a block of YAML", "token: |\n  abc\n  def\nnext: 1\n", "token: |\n  (hidden)\nnext: 1\n"],
  [
    "a private key",
    "-----BEGIN RSA PRIVATE KEY-----\nabc\ndef\n-----END RSA PRIVATE KEY-----\nx",
    "-----BEGIN RSA PRIVATE KEY-----\n(hidden)\n-----END RSA PRIVATE KEY-----\nx",
  ],
  ["a hash of a password", "root:$6$salt$hash:1:2", "root:(hidden):1:2"],
  ["a login of netrc", "machine h login u password pw", "machine h login u password (hidden)"],
];

test.each(texts)("hides %s", (_what, text, shown) => {
  expect(hideSecretText(text)).toBe(shown);
});

test.each([
  "PasswordAuthentication no",
  "auth: true",
  "password = ''",
  "password_file: /x",
  "author: me",
  "passwd: files systemd",
  "tokens: 10",
  "auth: { user: x }",
  "auth required pam_unix.so",
  "a basic setup",
  "http://host:80/x",
  "SystemdCgroup = true",
  "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
])("leaves %s as it is", (text) => {
  expect(hideSecretText(text)).toBe(text);
});

describe("of a change", () => {
  test("a secret that stays is the same on both sides", () => {
    expect(
      hideSecrets({ before: 'a = 1\npassword = "x"\n', after: 'a = 2\npassword = "x"\n' }),
    ).toEqual({ before: "a = 1\npassword = (hidden)\n", after: "a = 2\npassword = (hidden)\n" });
  });
  test("a secret that changes is said to change", () => {
    expect(hideSecrets({ before: 'password = "x"', after: 'password = "y"' })).toEqual({
      before: "password = (hidden)",
      after: "password = (hidden, changed)",
    });
  });
  test("secrets that change places are said to change", () => {
    expect(hideSecrets({ before: "a_token=x\nb_token=y", after: "a_token=y\nb_token=x" })).toEqual({
      before: "a_token=(hidden)\nb_token=(hidden)",
      after: "a_token=(hidden, changed)\nb_token=(hidden, changed)",
    });
  });
  test.each([
    [
      "that goes",
      'plugins."x".configs."r.example".auth.password',
      { before: '"s3cret"', after: null },
      { before: "(hidden)", after: null },
    ],
    [
      "that comes",
      "host.x.header.Authorization",
      { before: null, after: '["Basic x"]' },
      { before: null, after: "(hidden)" },
    ],
    [
      "that becomes another",
      "auth",
      { before: '"a"', after: '"b"' },
      { before: "(hidden)", after: "(hidden, changed)" },
    ],
    [
      "that is none",
      "auth.username",
      { before: '"a"', after: '"b"' },
      { before: '"a"', after: '"b"' },
    ],
  ])("the value of a key %s", (_what, key, sides, shown) => {
    expect(hideSecretValue(key, sides)).toEqual(shown);
  });
});
