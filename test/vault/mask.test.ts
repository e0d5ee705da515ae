import { expect, test } from "vitest";
import { Mask } from "../../src/vault/mask.ts";

const cases: [what: string, secrets: string[], text: string, shown: string][] = [
  [
    "a secret wherever it stands",
    ["hunter2"],
    "password=hunter2; again hunter2hunter2",
    "password=********; again ****************",
  ],
  [
    "the longer of two that begin alike",
    ["pass", "password1"],
    "password1 pass",
    "******** ********",
  ],
  [
    "every line of a key",
    ["-----BEGIN-----\nabcdef\n-----END-----\n"],
    "+-----BEGIN-----\n+abcdef\n+-----END-----",
    "+********\n+********\n+********",
  ],
  ["signs of regular expressions", ["a.c+[x]$"], "a.c+[x]$ abc", "******** abc"],
  ["not what is too short to hide", ["abc", ""], "abc", "abc"],
  [
    "base64 of a text that begins with it",
    ["hunter2-long"],
    Buffer.from("hunter2-long").toString("base64"),
    "********",
  ],
  [
    "base64 of a text that holds it, one byte in",
    ["hunter2-long"],
    Buffer.from("xhunter2-longyz").toString("base64"),
    "eG********3l6",
  ],
  [
    "base64 of a text that holds it, two bytes in",
    ["hunter2-long"],
    Buffer.from("xxhunter2-longy").toString("base64"),
    "eHh********d5",
  ],
  ["JSON of it", ['say "hi"\n\there'], JSON.stringify('x say "hi"\n\there'), '"x ********"'],
  ["a URL with it", ["p@ss/word"], "http://u:p%40ss%2Fword@h", "http://u:********@h"],
  ["a quoted word of the shell", ["it's me"], String.raw`echo 'it'\''s me'`, "echo '********'"],
  ["a URL with its slashes", ["p@ss/w'rd"], "?a=p%40ss/w%27rd", "?a=********"],
  ["a form with it", ["p@ss wörd"], "p%40ss+w%c3%b6rd", "********"],
  [
    "JSON of JSON",
    ['say "hi"'],
    JSON.stringify(JSON.stringify('say "hi"')),
    String.raw`"\"********\""`,
  ],
  ["JSON in ASCII alone", ["wört 😀!"], String.raw`"w\u00f6rt \ud83d\ude00!"`, '"********"'],
  [
    "base64 of JSON",
    ['a-"quoted"-one'],
    Buffer.from(JSON.stringify('a-"quoted"-one')).toString("base64"),
    "Im********Ui",
  ],
  [
    "base64 in the alphabet of URLs",
    [">>>???~~~>>>"],
    Buffer.from(">>>???~~~>>>").toString("base64url"),
    "********",
  ],
  [
    "a very long line",
    ["ab+".repeat(300_000)],
    `<${"ab+".repeat(300_000)}>`,
    `<${"********".repeat(900)}>`,
  ],
  ["a word that Python quotes", ["it's me"], `echo 'it'"'"'s me'`, "echo '********'"],
  ["JSON of that", ["it's me"], JSON.stringify(`echo 'it'"'"'s me'`), `"echo '********'"`],
  [
    "a quoted word in a quoted word",
    ["it's me"],
    String.raw`sh -c 'echo '\''it'\''"'\''"'\''s me'\'`,
    String.raw`sh -c 'echo '\''********'\'`,
  ],
  ["a word with backslashes", ["a b$c"], String.raw`echo a\ b\$c`, "echo ********"],
  ["backslashes", [String.raw`dom\user`], JSON.stringify(String.raw`dom\user`), '"********"'],
  ["HTML of it", ["a<b>&'c\""], "a&lt;b&gt;&amp;&#39;c&quot;", "********"],
  [
    "with blanks around it, also without",
    ["  token  "],
    "x token y  token  z",
    "x ******** y********z",
  ],
];

test.each(cases)("masks %s", (_what, secrets, text, shown) => {
  const mask = new Mask();
  for (const secret of secrets) mask.learn(secret);
  expect(mask.hide(text)).toBe(shown);
});

test("masks texts inside of data, but neither keys nor the words of a report", () => {
  const mask = new Mask();
  mask.learn("changed");
  expect(
    mask.hideIn({
      status: "changed",
      changed: [{ title: "it changed", kind: "changed" }, 1, null, true],
    }),
  ).toEqual({
    status: "changed",
    changed: [{ title: "it ********", kind: "changed" }, 1, null, true],
  });
});
