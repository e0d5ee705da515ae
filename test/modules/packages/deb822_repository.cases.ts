import { createHash } from "node:crypto";
import { deb822_repository } from "../../../src/modules/packages/deb822_repository.ts";
import { localFile, type Case } from "../case.ts";

const made = (text: string): object => {
  const bytes = Buffer.from(text);
  return {
    type: "file",
    mode: 0o644,
    owner: "root",
    group: "root",
    uid: 0,
    gid: 0,
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    content: bytes.toString("base64"),
  };
};
const REPO = {
  name: "Docker CE",
  uris: "https://dl.example.org/debian",
  suites: "bookworm",
  components: "stable",
};
const TEXT =
  "Components: stable\nX-Repolib-Name: Docker CE\nSuites: bookworm\nTypes: deb\nURIs: https://dl.example.org/debian\n";
const KEY = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc\n-----END PGP PUBLIC KEY BLOCK-----\n";
const SIGNED = TEXT.replace("Suites", "Signed-By: /etc/apt/keyrings/docker-ce.asc\nSuites");
const given = { download: () => localFile(KEY) };

const table: Omit<Case, "module">[] = [
  {
    name: "a new one is a file of fields",
    args: REPO,
    before: {},
    expect: { after: { file: made(TEXT) } },
  },
  {
    name: "one that is there stays",
    args: REPO,
    before: { file: made(TEXT) },
    expect: { unchanged: true },
  },
  {
    name: "its key is fetched and named",
    args: { ...REPO, signed_by: "https://dl.example.org/key" },
    before: {},
    given,
    expect: { after: { file: made(SIGNED), key: made(KEY) } },
  },
  {
    name: "only the key is new",
    args: { ...REPO, signed_by: "https://dl.example.org/key" },
    before: { file: made(SIGNED), key: made("old") },
    given,
    expect: { after: { file: made(SIGNED), key: made(KEY) } },
  },
  {
    name: "a key on the host is named alone",
    args: { ...REPO, signed_by: "/usr/share/keyrings/x.gpg" },
    before: {},
    expect: {
      after: { file: made(TEXT.replace("Suites", "Signed-By: /usr/share/keyrings/x.gpg\nSuites")) },
    },
  },
  {
    name: "an armored key stands in the fields",
    args: { ...REPO, signed_by: KEY, enabled: false, types: ["deb", "deb-src"] },
    before: {},
    expect: {
      after: {
        file: made(
          "Components: stable\nEnabled: no\nX-Repolib-Name: Docker CE\nSigned-By: \n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n -----END PGP PUBLIC KEY BLOCK-----\nSuites: bookworm\nTypes: deb deb-src\nURIs: https://dl.example.org/debian\n",
        ),
      },
    },
  },
  {
    name: "it goes with its key",
    args: { name: "Docker CE", state: "absent" },
    before: { file: made(TEXT), keys: { "/etc/apt/keyrings/docker-ce.asc": made(KEY) } },
    expect: {
      steps: ["/etc/apt/sources.list.d/docker-ce.sources", "/etc/apt/keyrings/docker-ce.asc"].map(
        (path) => `hw_remove ${path}`,
      ),
    },
  },
  {
    name: "what is not there need not go",
    args: { name: "x", state: "absent" },
    before: {},
    expect: { unchanged: true },
  },
];

export const cases: Case[] = table.map((one) => ({
  module: deb822_repository,
  ...one,
}));
