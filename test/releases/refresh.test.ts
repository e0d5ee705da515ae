import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RELEASE_LINES } from "../../src/modules/shared/containerd/releases.ts";
import { serveReleases, type FileServer } from "../lab/serve.ts";
import { newestFrom, withNewest, withNewestOfRole } from "./refresh.ts";

const SUM = "ab".repeat(32);
const root = mkdtempSync(join(tmpdir(), "hullwright-releases-"));
let server: FileServer;

// Puts the sum of a release where upstream has it.
function publish(version: string, text?: string): void {
  const name = `containerd-${version}-linux-amd64.tar.gz`;
  const directory = join(root, `containerd/containerd/releases/download/v${version}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `${name}.sha256sum`), text ?? `${SUM}  ${name}\n`);
}

beforeAll(async () => {
  // 2.2.9 was left out
  for (const version of ["1.7.34", "2.2.7", "2.2.8", "2.2.10", "2.4.0"]) publish(version);
  publish("2.3.4", "<html>moved</html>\n");
  publish("2.1.9", `${SUM}  containerd-2.1.8-linux-amd64.tar.gz\n`);
  server = await serveReleases(root, "127.0.0.1");
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

test.each([
  ["1.7.34", "1.7.34"],
  ["2.2.7", "2.2.10"],
  ["2.4.0", "2.4.0"],
])("from %s on, the newest is %s", async (known, version) => {
  expect(await newestFrom(server.url, known)).toEqual({ version, sha256: SUM });
});

test("a line that is not there", async () => {
  expect(await newestFrom(server.url, "2.5.0")).toBeUndefined();
});

test.each(["2.3.4", "2.1.9"])("what is not the sum of %s is refused", async (known) => {
  await expect(newestFrom(server.url, known)).rejects.toThrow(
    `is not the sum of containerd-${known}-linux-amd64.tar.gz`,
  );
});

test("a server that fails is no end of a line", async () => {
  server.faults.set("*", { status: 503 });
  await expect(newestFrom(server.url, "2.2.7")).rejects.toThrow("answers 503");
  server.faults.clear();
});

test("the table and the role get the newest, and nothing else", () => {
  const table = readFileSync("src/modules/shared/containerd/releases.ts", "utf8");
  const vars = readFileSync("playbooks/roles/hullwright.containerd/vars/main.yml", "utf8");
  const same = new Map(RELEASE_LINES.map(({ line, newest }) => [line, newest]));
  expect(withNewest(table, same)).toBe(table);
  expect(withNewestOfRole(vars, same)).toBe(vars);
  const before = same.get("2.2")!;
  const newest = new Map([["2.2", "2.2.99"]]);
  expect(withNewest(table, newest)).toBe(table.replace(`"${before}"`, '"2.2.99"'));
  expect(withNewestOfRole(vars, newest)).toBe(vars.replace(`"${before}"`, '"2.2.99"'));
});

test("every line of the table is found in it", () => {
  const table = readFileSync("src/modules/shared/containerd/releases.ts", "utf8");
  const all = new Map(RELEASE_LINES.map(({ line }) => [line, `${line}.999`]));
  expect(withNewest(table, all).match(/\.999"/g)).toHaveLength(RELEASE_LINES.length);
});
