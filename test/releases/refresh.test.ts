import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  PROGRAMS,
  RELEASE_LINES,
  type ReleasedProgram,
} from "../../src/modules/shared/containerd/releases.ts";
import { serveReleases, type FileServer } from "../lab/serve.ts";
import { has } from "../requires.ts";
import {
  newestFrom,
  sumsOf,
  withNewest,
  withNewestOfRole,
  withSums,
  withSumsOfRole,
} from "./refresh.ts";

const [AMD, ARM] = ["ab".repeat(32), "cd".repeat(32)];
const TABLE = "src/modules/shared/containerd/releases.ts";
const SUMS = "src/modules/shared/containerd/release_sums.ts";
const ROLE = "playbooks/roles/hullwright.containerd/vars/main.yml";
const root = mkdtempSync(join(tmpdir(), "hullwright-releases-"));
let server: FileServer;

const program = (name: string): ReleasedProgram => PROGRAMS.find((one) => one.name === name)!;

// Puts a file of a release where upstream has it.
function publish(name: string, version: string, file: string, text: string): void {
  const directory = join(root, program(name).repository, "releases/download", `v${version}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, file), text);
}

// The sums of a release of containerd, a file each.
function publishContainerd(version: string): void {
  for (const name of [`containerd-${version}`, `containerd-static-${version}`])
    for (const [processor, sum] of [
      ["amd64", AMD],
      ["arm64", ARM],
    ] as const) {
      const file = `${name}-linux-${processor}.tar.gz`;
      publish("containerd", version, `${file}.sha256sum`, `${sum}  ${file}\n`);
    }
}

const RUNC_SUMS = `${AMD}  runc.amd64\n${ARM}  runc.arm64\n`;

beforeAll(async () => {
  // 2.2.9 was left out
  for (const version of ["1.7.34", "2.2.7", "2.2.8", "2.2.10", "2.4.0"]) publishContainerd(version);
  const file = (version: string) => `containerd-${version}-linux-amd64.tar.gz.sha256sum`;
  publish("containerd", "2.3.4", file("2.3.4"), "<html>moved</html>\n");
  publish("containerd", "2.1.9", file("2.1.9"), `${AMD}  containerd-2.1.8-linux-amd64.tar.gz\n`);
  publish("runc", "1.3.6", "runc.sha256sum", RUNC_SUMS);
  for (const [processor, sum] of [
    ["amd64", AMD],
    ["arm64", ARM],
  ] as const) {
    const plugins = `cni-plugins-linux-${processor}-v1.9.2.tgz`;
    publish("cni", "1.9.2", `${plugins}.sha256`, `${sum}  ${plugins}\n`);
    publish("crictl", "1.36.0", `crictl-v1.36.0-linux-${processor}.tar.gz.sha256`, sum);
  }
  publish(
    "nerdctl",
    "2.3.5",
    "SHA256SUMS",
    `${AMD}  nerdctl-2.3.5-linux-amd64.tar.gz\n${ARM}  nerdctl-2.3.5-linux-arm64.tar.gz\n${AMD}  nerdctl-full-2.3.5-linux-amd64.tar.gz\n`,
  );
  server = await serveReleases(root, "127.0.0.1");
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

test.each([
  ["containerd", "1.7.34", "1.7.34"],
  ["containerd", "2.2.7", "2.2.10"],
  ["containerd", "2.4.0", "2.4.0"],
  ["containerd", "2.5.0", undefined],
  ["runc", "1.3.6", "1.3.6"],
  ["cni", "1.9.1", "1.9.2"],
  ["crictl", "1.36.0", "1.36.0"],
  ["nerdctl", "2.3.5", "2.3.5"],
])("of %s, from %s on, the newest is %s", async (name, known, version) => {
  expect(await newestFrom({ base: server.url }, program(name), known)).toBe(version);
});

test.each([
  [
    "containerd",
    "2.2.8",
    {
      "v2.2.8/containerd-2.2.8-linux-amd64.tar.gz": AMD,
      "v2.2.8/containerd-static-2.2.8-linux-amd64.tar.gz": AMD,
      "v2.2.8/containerd-2.2.8-linux-arm64.tar.gz": ARM,
      "v2.2.8/containerd-static-2.2.8-linux-arm64.tar.gz": ARM,
    },
  ],
  ["runc", "1.3.6", { "v1.3.6/runc.amd64": AMD, "v1.3.6/runc.arm64": ARM }],
  [
    "cni",
    "1.9.2",
    {
      "v1.9.2/cni-plugins-linux-amd64-v1.9.2.tgz": AMD,
      "v1.9.2/cni-plugins-linux-arm64-v1.9.2.tgz": ARM,
    },
  ],
  [
    "crictl",
    "1.36.0",
    {
      "v1.36.0/crictl-v1.36.0-linux-amd64.tar.gz": AMD,
      "v1.36.0/crictl-v1.36.0-linux-arm64.tar.gz": ARM,
    },
  ],
  [
    "nerdctl",
    "2.3.5",
    {
      "v2.3.5/nerdctl-2.3.5-linux-amd64.tar.gz": AMD,
      "v2.3.5/nerdctl-2.3.5-linux-arm64.tar.gz": ARM,
    },
  ],
])("the checksums of %s %s", async (name, version, sums) => {
  const found = await sumsOf({ base: server.url }, program(name), version);
  expect(Object.fromEntries(found)).toEqual(sums);
});

test.each(["2.3.4", "2.1.9"])("what is not the sum of %s is refused", async (known) => {
  await expect(newestFrom({ base: server.url }, program("containerd"), known)).rejects.toThrow(
    `has no sum of containerd-${known}-linux-amd64.tar.gz`,
  );
});

test("a server that fails is no end of a line", async () => {
  server.faults.set("*", { status: 503 });
  const asked = newestFrom({ base: server.url }, program("containerd"), "2.2.7");
  await expect(asked).rejects.toThrow("answers 503");
  server.faults.clear();
});

describe.skipIf(!has("gpg"))(
  `the signature of runc's sums${has("gpg") ? "" : " (skipped: gpg or gpgv is missing)"}`,
  () => {
    const home = mkdtempSync(join(tmpdir(), "hw-gpg-"));
    const [mine, other] = [join(home, "mine.gpg"), join(home, "other.gpg")];
    const gpg = (words: readonly string[], input = ""): string =>
      execFileSync("gpg", ["--homedir", home, "--batch", "--quiet", ...words], {
        input,
        encoding: "utf8",
        stdio: ["pipe", "pipe", "ignore"],
      });

    beforeAll(() => {
      for (const [name, file] of [
        ["mine@example.org", mine],
        ["other@example.org", other],
      ] as const) {
        const key = ["--passphrase", "", "--quick-generate-key", name, "ed25519", "sign", "never"];
        gpg(key);
        gpg(["--output", file, "--export", name]);
      }
      const signed = gpg(["-u", "mine@example.org", "--clearsign"], RUNC_SUMS);
      publish("runc", "1.4.3", "runc.sha256sum", signed);
      publish("runc", "1.4.4", "runc.sha256sum", signed.replace("abab", "abcd"));
      publish("runc", "1.4.5", "runc.sha256sum", `${"ee".repeat(32)}  runc.amd64\n\n${signed}`);
    });
    afterAll(() => {
      execFileSync("gpgconf", ["--homedir", home, "--kill", "all"]);
      rmSync(home, { recursive: true });
    });
    const ask = (version: string, keyring: string) =>
      sumsOf({ base: server.url, keyring }, program("runc"), version);

    test("is looked at where the keys are given", async () => {
      expect((await ask("1.4.3", mine)).get("v1.4.3/runc.amd64")).toBe(AMD);
    });
    test.each([
      ["by another key", "1.4.3", other],
      ["of other sums", "1.4.4", mine],
    ])("%s is refused", async (_name, version, keyring) => {
      await expect(ask(version, keyring)).rejects.toThrow("is not good");
    });
    test("is refused where there is none", async () => {
      await expect(ask("1.3.6", mine)).rejects.toThrow("is not good");
    });
    test("covers what is taken: a line outside of it is not", async () => {
      expect((await ask("1.4.5", mine)).get("v1.4.5/runc.amd64")).toBe(AMD);
    });
  },
);

test("the tables and the roles get the newest, and nothing else", () => {
  const table = readFileSync(TABLE, "utf8");
  const vars = readFileSync(ROLE, "utf8");
  const same = new Map(RELEASE_LINES.map(({ line, newest }) => [line, newest]));
  const others = new Map(PROGRAMS.slice(1).map(({ name, newest }) => [name, newest]));
  expect(withNewest(table, same, others)).toBe(table);
  expect(withNewestOfRole(vars, same)).toBe(vars);
  const before = same.get("2.2")!;
  const newest = new Map([["2.2", "2.2.99"]]);
  expect(withNewest(table, newest)).toBe(table.replace(`"${before}"`, '"2.2.99"'));
  expect(withNewestOfRole(vars, newest)).toBe(vars.replace(`"${before}"`, '"2.2.99"'));
  const cni = new Map([["cni", ["1.9.9"]]]);
  expect(withNewest(table, new Map(), cni)).toBe(table.replace('["1.9.1"]', '["1.9.9"]'));
});

test("every line of the table is found in it", () => {
  const table = readFileSync(TABLE, "utf8");
  const all = new Map(RELEASE_LINES.map(({ line }) => [line, `${line}.999`]));
  expect(withNewest(table, all).match(/\.999"/g)).toHaveLength(RELEASE_LINES.length);
});

test("the tables of checksums are written anew", () => {
  const table = readFileSync(SUMS, "utf8");
  const vars = readFileSync(ROLE, "utf8");
  const one = new Map([["v1.3.6/runc.amd64", AMD]]);
  const two = new Map([["v1.4.3/runc.arm64", ARM], ...one]);
  expect(withSums(table, two)).toContain(
    `= {\n  "v1.3.6/runc.amd64": "${AMD}",\n  "v1.4.3/runc.arm64": "${ARM}",\n};\n`,
  );
  expect(withSums(withSums(table, two), one)).toBe(withSums(table, one));
  const rest = vars.split(/^containerd_sums:.*$/m)[1]!;
  expect(withSumsOfRole(vars, two)).toContain(
    `containerd_sums:\n  "v1.3.6/runc.amd64": "${AMD}"\n  "v1.4.3/runc.arm64": "${ARM}"${rest}`,
  );
  expect(withSumsOfRole(withSumsOfRole(vars, two), one)).toBe(withSumsOfRole(vars, one));
  expect(withSumsOfRole(withSumsOfRole(vars, two), new Map())).toContain(
    `containerd_sums: {}${rest}`,
  );
});
