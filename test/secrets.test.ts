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
  ["a hash of a password that begins with a digit", "$1$2$3abc/", "(hidden)"],
  ["no parameters of a shell", '[ -n "$1$2$3" ] && x $2$3', '[ -n "$1$2$3" ] && x $2$3'],
  ["no parameter of a shell with a default", 'chown "$2${3:+:$3}"', 'chown "$2${3:+:$3}"'],
  [
    "a password of an option in two words",
    "login --password foo --user x",
    "login --password (hidden) --user x",
  ],
  [
    "a token of an option",
    "kubeadm join h --token ab.cd --discovery x",
    "kubeadm join h --token (hidden) --discovery x",
  ],
  ["a login of curl", "curl -u bob:s3c http://h/x", "curl -u bob:(hidden) http://h/x"],
  [
    "a login of ctr",
    "ctr images pull --user u:pw h/x:1",
    "ctr images pull --user u:(hidden) h/x:1",
  ],
  [
    "JSON inside of a text",
    String.raw`data = "{\"password\": \"pw\", \"a\": \"b\"}"`,
    String.raw`data = "{\"password\": (hidden), \"a\": \"b\"}"`,
  ],
  [
    "a variable of a short name",
    "run -e DB_PASS=foo -e MYSQL_PWD=bar",
    "run -e DB_PASS=(hidden) -e MYSQL_PWD=(hidden)",
  ],
  ["a password of redis", "requirepass foo", "requirepass (hidden)"],
  [
    "a token by its form",
    "clone https://ghp_abcdefghijklmnopqrstuvwxyz0123456789@h",
    "clone https://(hidden)@h",
  ],
  ["a password that is like a tag of sudoers", "PASSWD: hunter2", "PASSWD: (hidden)"],
  ["a password with a slash", "password: /x9+/a=", "password: (hidden)"],
  ["a login of netrc", "machine h login u password pw", "machine h login u password (hidden)"],
];

test.each(texts)("hides %s", (_what, text, shown) => {
  expect(hideSecretText(text)).toBe(shown);
});

test.each([
  "%sudo ALL=(ALL) NOPASSWD: ALL",
  "ann ALL=(root) NOPASSWD:/usr/bin/systemctl restart containerd, !/bin/sh",
  "ann ALL=(root) NOPASSWD: SETENV: /bin/ls, PASSWD: /bin/cat",
  "ann ALL=(ALL) NOPASSWD: sudoedit /etc/hosts",
  "ann ALL=(ALL) PASSWD: SERVICES, NOPASSWD: sha224:0 /bin/x",
  "password: {{ vault_password }}",
  'password: "{{ vault_password }}"',
  "PASSWORD=${DB_PASSWORD}",
  "run --password=$PW --token $TOKEN",
  "password: ${DB_PASSWORD:-}",
  "PASSWORD=$(cat /run/secrets/x)",
  "private_key: /etc/ssl/private/host.key",
  "ssl_private_key = ~/keys/host.pem",
  "token: /var/run/secrets/kubernetes.io/serviceaccount/token",
  "LoadCredential=db:/etc/db.secret",
  "password: !vault |",
  "auth: ldap",
  "auth sufficient pam_rootok.so",
  "--password-file /x",
  "docker run --user 1000:1000 -u 0:0 x",
  "OLDPWD=/root",
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
  test("a secret that is new in the text is hidden, and not said to change", () => {
    const config = "port = 1\n";
    expect(hideSecrets({ before: config, after: `${config}token = "x"\n` }).after).toBe(
      `${config}token = (hidden)\n`,
    );
    expect(hideSecrets({ before: "", after: "token = x" }).after).toBe("token = (hidden)");
    expect(hideSecrets({ before: "a_token=x", after: "a_token=y\nb_token=z" }).after).toBe(
      "a_token=(hidden, changed)\nb_token=(hidden)",
    );
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
