import { apt_key } from "../../../src/modules/packages/apt_key.ts";
import type { GlobbedFile } from "../../../src/probes/files/globbed.ts";
import { readKeys, writeKeys } from "../../../src/modules/shared/packages/openpgp.ts";
import { localFile, type Case } from "../case.ts";
import { sha256 } from "../execute.ts";
import { ONE, TWO } from "../shared/packages/public-keys.ts";

const both = Buffer.concat([ONE.bytes, TWO.bytes]);
const data = writeKeys(readKeys(ONE.bytes)!, true).toString();
const RING = "/etc/apt/trusted.gpg.d/x.gpg";
const parent = { type: "directory", mode: 0o755 };
const [one] = ONE.ids as [string];
const [two, sub] = TWO.ids as [string, string];

// A keyring as the host tells of it.
function ring(path: string, content: Buffer): GlobbedFile {
  return { path, sha256: sha256(content), content: content.toString("base64") };
}

function file(content: Buffer): object {
  return {
    type: "file",
    mode: 0o644,
    owner: "root",
    group: "root",
    uid: 0,
    gid: 0,
    size: content.length,
    sha256: sha256(content),
    content: content.toString("base64"),
  };
}

// The state of hosts with these keyrings.
function host(...keyrings: GlobbedFile[]): { keyrings: GlobbedFile[]; parent: object } {
  return { keyrings, parent };
}

const download = (content: Buffer) => (): ReturnType<typeof localFile> => localFile(content);

const table: Omit<Case, "module">[] = [
  {
    name: "a key from text, for all repositories",
    args: { data },
    before: host(),
    expect: {
      also: { "path /etc/apt/trusted.gpg": file(ONE.bytes) },
      after: { ...host(ring("/etc/apt/trusted.gpg", ONE.bytes)), target: file(ONE.bytes) },
    },
  },
  {
    name: "a key that some keyring has",
    args: { data },
    before: host(ring(RING, both)),
    expect: { unchanged: true },
  },
  {
    name: "a key for one keyring, beside another",
    args: { data, keyring: RING },
    before: host(ring(RING, TWO.bytes)),
    expect: { also: { [`path ${RING}`]: file(Buffer.concat([TWO.bytes, ONE.bytes])) } },
  },
  {
    name: "an armored keyring stays armored",
    args: { data, keyring: "/k.asc" },
    before: host(),
    expect: { also: { "path /k.asc": file(Buffer.from(data)) } },
  },
  {
    name: "a key from a file of the host",
    args: { file: "/tmp/k", keyring: RING },
    before: { ...host(), key: { type: "file", content: TWO.bytes.toString("base64") } },
    expect: { also: { [`path ${RING}`]: file(TWO.bytes) } },
  },
  {
    name: "a key from an address",
    args: { url: "https://a/k.gpg", id: `0x${ONE.full.toLowerCase()}` },
    before: host(),
    given: { download: download(ONE.bytes) },
    expect: { also: { "path /etc/apt/trusted.gpg": file(ONE.bytes) } },
  },
  {
    name: "with its id it is not downloaded where it is",
    args: { url: "https://a/k.gpg", id: one },
    before: host(ring(RING, both)),
    expect: { unchanged: true },
  },
  ...(["keyserver.example.org", "hkp://k.example.org:80"] as const).map((keyserver) => ({
    name: `a key from ${keyserver}`,
    args: { keyserver, id: one },
    before: host(),
    given: { download: download(ONE.bytes) },
    expect: { also: { "path /etc/apt/trusted.gpg": file(ONE.bytes) } },
  })),
  {
    name: "by eight digits",
    args: { data, id: one.slice(-8) },
    before: host(ring(RING, both)),
    expect: { unchanged: true },
  },
  {
    name: "by its subkey",
    args: { data, id: sub },
    before: host(ring(RING, TWO.bytes)),
    expect: { unchanged: true },
  },
  {
    name: "one of two goes",
    args: { id: one, state: "absent" },
    before: host(ring(RING, both)),
    expect: { also: { [`path ${RING}`]: file(TWO.bytes) } },
  },
  {
    name: "the last one takes the keyring along, wherever it is",
    args: { id: two, state: "absent" },
    before: host(ring("/etc/apt/trusted.gpg", TWO.bytes), ring(RING, both)),
    expect: {
      steps: [
        "hw_remove /etc/apt/trusted.gpg",
        `hw_place "$HW_STATE_DIR/stage/"${sha256(ONE.bytes)} ${RING} 0644 root root`,
      ],
      also: { "path /etc/apt/trusted.gpg": null, [`path ${RING}`]: file(ONE.bytes) },
    },
  },
  {
    name: "it is absent",
    args: { id: one, state: "absent" },
    before: host(ring(RING, TWO.bytes)),
    expect: { unchanged: true },
  },
  {
    name: "a subkey alone is not removed",
    args: { id: sub, state: "absent" },
    before: host(ring(RING, TWO.bytes)),
    expect: { failure: /the key was not removed .* \*not\* a subkey/ },
  },
  {
    name: "another key than the one that is named",
    args: { data, id: two },
    before: host(),
    expect: { failure: new RegExp(`${two} is not among .*: ${one}`) },
  },
  {
    name: "no key",
    args: { data: "x" },
    before: host(),
    expect: { failure: /Unable to extract key from 'inline data'/ },
  },
  {
    name: "no file",
    args: { file: "/k" },
    before: host(),
    expect: { failure: /Unable to extract key from '\/k'/ },
  },
  {
    name: "no id",
    args: { state: "absent" },
    before: host(),
    expect: { failure: /Invalid key_id/ },
  },
  {
    name: "too short an id",
    args: { id: "12345" },
    before: host(),
    expect: { failure: /Invalid key_id/ },
  },
  {
    name: "no way to a key",
    args: { id: one },
    before: host(),
    expect: { failure: /No key to add/ },
  },
  {
    name: "a keyserver without id",
    args: { keyserver: "k" },
    before: host(),
    expect: { failure: /Missing key_id/ },
  },
  {
    name: "no keyserver",
    args: { keyserver: "ldap://k", id: one },
    before: host(),
    expect: { failure: /not a keyserver/ },
  },
  {
    name: "certificates are checked",
    args: { url: "https://a/k", validate_certs: false },
    before: host(),
    expect: { failure: /checks the certificate/ },
  },
  {
    name: "no apt",
    args: { id: one },
    before: { keyrings: [], parent: null },
    expect: { failure: /\/etc\/apt does not exist/ },
  },
  {
    name: "a keyring that is too large to read",
    args: { id: one, state: "absent" },
    before: host({ ...ring(RING, both), sha256: sha256("more") }),
    expect: { failure: /more than 64 KiB/ },
  },
  {
    name: "a keyring that is something else",
    args: { data, keyring: RING },
    before: host(ring(RING, Buffer.from("KBXf"))),
    expect: { failure: /no keyring that apt reads/ },
  },
  {
    name: "a keyring that looks like a pattern",
    args: { id: one, keyring: "/k*" },
    before: {},
    expect: { failure: /looks like a pattern/ },
  },
];

export const cases = table.map((one_) => ({ ...one_, module: apt_key }));
