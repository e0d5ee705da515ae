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
