import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  fingerprint,
  judgeKey,
  keyType,
  knownHostsLine,
  listedName,
  matchesNames,
  parseKnownHosts,
} from "../../../../src/transport/ssh/host-keys/known-hosts.ts";
import { KnownHostsFiles } from "../../../../src/transport/ssh/host-keys/known-hosts-files.ts";

// Two ed25519 keys and an ecdsa one, as blobs: only type and bytes matter here.
const blob = (type: string, byte: number): Buffer => {
  const field = (bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return Buffer.concat([field(Buffer.from(type)), field(Buffer.alloc(32, byte))]);
};
const KEY = blob("ssh-ed25519", 1);
const OTHER = blob("ssh-ed25519", 2);
const ECDSA = blob("ecdsa-sha2-nistp256", 3);
const line = (names: string, key = KEY): string =>
  `${names} ${keyType(key)} ${key.toString("base64")} a comment\n`;

describe("names", () => {
  test.each<[names: string, name: string, matches: boolean]>([
    ["web1", "web1", true],
    ["web1", "web10", false],
    ["WEB1", "web1", true],
    ["a,web1,b", "web1", true],
    ["[web1]:2222", "[web1]:2222", true],
    ["[web1]:2222", "web1", false],
    ["web1", "[web1]:2222", false],
    ["*.example.org", "a.b.example.org", true],
    ["*.example.org", "exampleXorg", false],
    ["web?", "web1", true],
    ["web?", "web12", false],
    ["*,!web1", "web1", false],
    ["!web1,*", "web1", false],
    ["!web1,*", "web2", true],
    ["!web1", "web2", false],
    ["[*]:2222", "[web1]:2222", true],
    ["10.0.0.*", "10.0.0.7", true],
    ["2001:db8::1", "2001:db8::1", true],
    ["|1|bad", "web1", false],
    ["|2|AAAA|AAAA", "web1", false],
  ])("%j and %j: %s", (names, name, matches) => {
    expect(matchesNames(names, name)).toBe(matches);
  });
});

describe("lines", () => {
  test("are passed over where they are none, and keep their number", () => {
    const text = `# a comment\n\n  ${line("web1")}nonsense\nweb1 ssh-ed25519\n@unknown ${line("web1")}web1 ssh-rsa ${KEY.toString("base64")}\n@revoked\t${line("web2")}`;
    const hosts = parseKnownHosts(text.replaceAll("\n", "\r\n"), "f");
    expect(hosts.map(({ line, marker, names }) => ({ line, marker, names }))).toEqual([
      { line: 3, marker: "", names: "web1" },
      { line: 8, marker: "@revoked", names: "web2" },
    ]);
  });

  test.each<[what: string, text: string, port: number, verdict: string]>([
    ["the same key", line("web1"), 22, "known"],
    ["the same key among others", line("web1", OTHER) + line("web1"), 22, "known"],
    ["another key of the type", line("web1", OTHER), 22, "changed"],
    ["a key of another type alone", line("web1", ECDSA), 22, "changed"],
    ["no line", line("web2"), 22, "unknown"],
    ["a certificate authority alone", `@cert-authority ${line("*", OTHER)}`, 22, "unknown"],
    ["the certificate authority's own key", `@cert-authority ${line("*")}`, 22, "unknown"],
    ["the same key, revoked", line("web1") + `@revoked ${line("*")}`, 22, "revoked"],
    ["another key, revoked", `@revoked ${line("web1", OTHER)}`, 22, "unknown"],
    ["the port's own line", line("[web1]:2222"), 2222, "known"],
    ["a line without port, the same key", line("web1"), 2222, "known"],
    ["a line without port, another key", line("web1", OTHER), 2222, "unknown"],
    ["a line without port, the key revoked", `@revoked ${line("web1")}`, 2222, "revoked"],
    ["another port's line", line("[web1]:2223", OTHER), 2222, "unknown"],
    ["the port's own line goes first", line("web1") + line("[web1]:2222", OTHER), 2222, "changed"],
  ])("%s", (_what, text, port, verdict) => {
    expect(judgeKey(parseKnownHosts(text, "f"), "Web1", port, KEY).verdict).toBe(verdict);
  });
});

describe("as OpenSSH has it", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hullwright-known-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([false, true])("ssh-keygen -F finds the same lines (hashed: %s)", (hashed) => {
    const file = join(folder, `known_${hashed}`);
    const globs = hashed ? "" : line("*.example.org,!bad.example.org") + line("10.0.0.?", OTHER);
    writeFileSync(
      file,
      line("web1") +
        line("[web1]:2222", OTHER) +
        line("web2,192.0.2.7") +
        line("web1", ECDSA) +
        globs,
    );
    if (hashed) execFileSync("ssh-keygen", ["-q", "-H", "-f", file], { stdio: "ignore" });
    const hosts = new KnownHostsFiles().lines([file]);
    for (const name of [
      "web1",
      "[web1]:2222",
      "web2",
      "192.0.2.7",
      "WEB1",
      "a.example.org",
      "bad.example.org",
      "10.0.0.5",
      "10.0.0.55",
      "web3",
    ]) {
      const answer = spawnSync("ssh-keygen", ["-F", name.toLowerCase(), "-f", file], {
        encoding: "utf8",
      }).stdout;
      const theirs = [...answer.matchAll(/found: line (\d+)/g)].map(([, number]) => Number(number));
      const ours = hosts
        .filter(({ names }) => matchesNames(names, name.toLowerCase()))
        .map(({ line }) => line);
      expect({ name, lines: ours }).toEqual({ name, lines: theirs });
    }
  });

  test("ssh-keygen -F finds what we add, -l shows our fingerprint, and the file is private", () => {
    const file = join(folder, "new", "known_hosts");
    const key = join(folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const real = Buffer.from(
      execFileSync("ssh-keygen", ["-y", "-f", key], { encoding: "utf8" }).split(" ")[1] ?? "",
      "base64",
    );
    const files = new KnownHostsFiles();
    files.add(file, knownHostsLine("web1", 2222, real));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(
      spawnSync("ssh-keygen", ["-l", "-F", listedName("web1", 2222), "-f", file], {
        encoding: "utf8",
      }).stdout,
    ).toContain(fingerprint(real));
    expect(judgeKey(files.lines([file]), "web1", 2222, real).verdict).toBe("known");
  });

  test("a line is added behind one that does not end", () => {
    const file = join(folder, "unfinished");
    writeFileSync(file, line("web1").trimEnd());
    const files = new KnownHostsFiles();
    expect(files.lines([file, join(folder, "missing")])).toHaveLength(1);
    files.add(file, knownHostsLine("web2", 22, OTHER));
    expect(files.lines([file]).map(({ names }) => names)).toEqual(["web1", "web2"]);
  });
});
