import { expect, test } from "vitest";
import { mentions } from "../../../src/plan/call/mentions.ts";

const FOLDER = "/home/a/book";

test.each([
  { says: "echo a > /tmp/x/file.txt", path: "/tmp/x/file.txt", wanted: true },
  { says: "make-file file.txt", path: "/tmp/x/file.txt", wanted: true },
  { says: "cd /tmp/x && make", path: "/tmp/x/file.txt", wanted: true },
  { says: "touch /tmp/x/tree/a", path: "/tmp/x/tree", wanted: true },
  { says: "gen files/key.pem", path: `${FOLDER}/files/key.pem`, wanted: true },
  { says: "gen --out=files/key.pem", path: `${FOLDER}/files/key.pem`, wanted: true },
  { says: 'printf "a\n/tmp/x/file.txt"', path: "/tmp/x/file.txt", wanted: true },
  { says: "make", path: "/tmp/x/file.txt", wanted: false },
  { says: "ls /tmp", path: "/tmp/x/file.txt", wanted: false },
  { says: "ls / . ..", path: `${FOLDER}/a.txt`, wanted: false },
  { says: "cd /home/a/book && git pull", path: `${FOLDER}/a.txt`, wanted: false },
  { says: "cat /tmp/x/file.txt.old", path: "/tmp/x/file.txt", wanted: false },
])("$says: $path: $wanted", ({ says, path, wanted }) => {
  expect(mentions({ _raw_params: says }, path, FOLDER)).toBe(wanted);
});
