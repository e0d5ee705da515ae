import { expect } from "vitest";
import { apt_repository } from "../../../src/modules/packages/apt_repository.ts";
import type { PathState } from "../../../src/probes/files/path.ts";
import type { Case } from "../case.ts";

const DOCKER =
  "deb [arch=amd64 signed-by=/etc/apt/keyrings/docker.gpg] https://download.docker.com/linux/debian bookworm stable";
const OWN = "/etc/apt/sources.list.d/download_docker_com_linux_debian.list";
const MAIN = "/etc/apt/sources.list";
const main = {
  [MAIN]:
    "deb http://deb.debian.org/debian bookworm main\n# deb-src http://deb.debian.org/debian bookworm main\n",
};
const file = (text: string): PathState => ({
  type: "file",
  mode: 0o644,
  content: Buffer.from(text).toString("base64"),
});
const one = (name: string, args: object, before: object, expect: Case["expect"]): Case => ({
  name,
  module: apt_repository,
  args: { update_cache: false, ...args },
  before,
  expect,
});
/** The lists as they are afterwards; the digests of what is written are not looked at. */
const lists = (sources: object, more: object = {}): Case["expect"] => ({
  after: expect.objectContaining({ sources, ...more }) as object,
});

export const cases: readonly Case[] = [
  one(
    "a new source gets a list of its own",
    { repo: DOCKER },
    { sources: main, file: null },
    lists({ ...main, [OWN]: `${DOCKER}\n` }),
  ),
  one(
    "a name for the list",
    { repo: `  ${DOCKER.replaceAll(" ", "  ")}  # note`, filename: "docker" },
    { sources: main, file: null },
    lists({ ...main, "/etc/apt/sources.list.d/docker.list": `${DOCKER}\n` }),
  ),
  one(
    "a list that is there is added to",
    { repo: DOCKER, filename: "x" },
    { sources: { "/etc/apt/sources.list.d/x.list": "# mine" }, file: file("# mine") },
    lists({ "/etc/apt/sources.list.d/x.list": `# mine\n${DOCKER}\n` }),
  ),
  one(
    "it stands in any list",
    { repo: DOCKER },
    {
      sources: {
        ...main,
        "/etc/apt/sources.list.d/y.list": `${DOCKER.replace(" [", "   [")} # by hand\n`,
      },
      file: null,
    },
    { unchanged: true },
  ),
  one(
    "an earlier task brings it",
    { repo: DOCKER },
    { sources: main, file: file(`${DOCKER}\n`) },
    { unchanged: true },
  ),
  one(
    "it is switched off",
    { repo: "deb-src http://deb.debian.org/debian bookworm main" },
    { sources: main, file: null },
    lists({
      [MAIN]:
        "deb http://deb.debian.org/debian bookworm main\ndeb-src http://deb.debian.org/debian bookworm main\n",
    }),
  ),
  one(
    "the lists of packages are updated, and later tasks know",
    { repo: DOCKER, update_cache: true },
    { sources: main, file: null, lists: { age: 9, time: 1 } },
    lists({ ...main, [OWN]: `${DOCKER}\n` }, { lists: { age: 0, time: null } }),
  ),
  one(
    "it is taken away wherever it stands, and an empty list with it",
    { repo: DOCKER, state: "absent" },
    {
      sources: {
        ...main,
        [OWN]: `${DOCKER}\n`,
        "/etc/apt/sources.list.d/y.list": `# y\n${DOCKER} # x\n`,
      },
      file: file(`${DOCKER}\n`),
    },
    lists({ ...main, "/etc/apt/sources.list.d/y.list": "# y\n" }, { file: null }),
  ),
  one(
    "it is not there anyway",
    { repo: DOCKER, state: "absent" },
    { sources: main, file: null },
    { unchanged: true },
  ),
  one("a PPA", { repo: "ppa:a/b" }, {}, { failure: /Launchpad/ }),
  one(
    "no source",
    { repo: "https://download.docker.com" },
    {},
    { failure: /Invalid repository string/ },
  ),
];
