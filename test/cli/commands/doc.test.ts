import { expect, test } from "vitest";
import { call } from "../call.ts";

test.each<[string[], RegExp]>([
  [["doc"], /^copy +Copies a file[\s\S]*^unarchive /m],
  [
    ["doc", "ansible.builtin.file"],
    /^ansible\.builtin\.file\n[\s\S]*Parameters:\n[\s\S]* {2}state \(.*directory[\s\S]*What register gets[\s\S]*Example:\n {2}- name: .*\n {4}file: /,
  ],
  [["doc", "-t", "filter"], /^default +\{\{ value \| default\(/m],
  [["doc", "-t", "filter", "combine"], /^combine\n\n {2}\{\{ .* \| combine/],
  [["doc", "-t", "test", "version"], / is version\(/],
  [["doc", "-t", "lookup", "file"], /lookup\('file'/],
  [["doc", "-t", "keyword", "serial"], /^serial\n\n.+\n\n {2}allowed on: play/],
  [["doc", "-t", "keyword", "become"], /allowed on: play, block, task\n {2}takes: true or false/],
])("%j", async (words, says) => {
  const { code, said } = await call(...words);
  expect(said).toMatch(says);
  expect(code).toBe(0);
});

test.each<[string[], string]>([
  [["doc", "cpoy"], 'error: there is no module "cpoy"\n  hint: did you mean "copy"?\n'],
  [
    ["doc", "-t", "filter", "defualt"],
    'error: there is no filter "defualt"\n  hint: did you mean "default"?\n',
  ],
  [
    ["doc", "combine"],
    'error: there is no module "combine"\n  hint: there is a filter of that name: hullwright doc -t filter combine\n',
  ],
  [
    ["doc", "-t", "keyword", "wen"],
    'error: there is no keyword "wen"\n  hint: did you mean "when"?\n',
  ],
])("what is not there is told with what is near: %j", async (words, says) => {
  const { code, said } = await call(...words);
  expect(said).toBe(says);
  expect(code).toBe(1);
});
