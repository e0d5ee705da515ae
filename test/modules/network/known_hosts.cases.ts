import { known_hosts } from "../../../src/modules/network/known_hosts.ts";
import { hashedLine } from "../../../src/modules/shared/edit/host-keys.ts";
import { textCases, type TextCase } from "../shared/edited.ts";

const path = "/root/.ssh/known_hosts";
const [rsa, ed] = ["h ssh-rsa AAAAr", "h ssh-ed25519 AAAAe"];
const base = { name: "h", path, key: ed };

const table: TextCase[] = [
  { name: "a first key", args: base, before: null, after: `${ed}\n` },
  { name: "it is there", args: base, before: `${rsa}\n${ed} comment\n`, after: "same" },
  { name: "of another kind", args: base, before: `${rsa}`, after: `${rsa}\n${ed}\n` },
  {
    name: "another key of its kind",
    args: base,
    before: `h ssh-ed25519 AAAAold\n${rsa}\n`,
    after: `${rsa}\n${ed}\n`,
  },
  {
    name: "another host's",
    args: base,
    before: `i ssh-ed25519 AAAAold\n`,
    after: `i ssh-ed25519 AAAAold\n${ed}\n`,
  },
  {
    name: "hashed",
    args: { ...base, hash_host: true },
    before: null,
    after: `${hashedLine("h", ed)}\n`,
  },
  {
    name: "hashed already",
    args: { ...base, hash_host: true },
    before: `${hashedLine("h", rsa)}\n${hashedLine("h", ed)}\n`,
    after: "same",
  },
  {
    name: "a key goes",
    args: { ...base, state: "absent" },
    before: `${rsa}\n${ed}\n`,
    after: `${rsa}\n`,
  },
  { name: "a key is gone", args: { ...base, state: "absent" }, before: `${rsa}\n`, after: "same" },
  {
    name: "all keys go",
    args: { name: "h", path, state: "absent" },
    before: `${rsa}\ni ssh-rsa AAAAi\n${hashedLine("h", ed)}\n`,
    after: "i ssh-rsa AAAAi\n",
  },
  {
    name: "no file, nothing to take away",
    args: { name: "h", path, state: "absent" },
    before: null,
    after: "same",
  },
  { name: "no key", args: { name: "h", path }, before: null, after: /No key specified/ },
  {
    name: "another host's key",
    args: { ...base, name: "i" },
    before: null,
    after: /does not match/,
  },
];

export const cases = textCases(known_hosts, "/root/.ssh", table);
