import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cacheFolder, download } from "../../src/controller/download.ts";
import { newPart } from "../../src/controller/part.ts";
import { serve, type Served } from "../playbook/serve.ts";

const CONTENT = Buffer.alloc(300_000, "release ");
const hex = (algorithm: string): string => createHash(algorithm).update(CONTENT).digest("hex");
const WRONG = "00".repeat(32);
const ranges: (string | undefined)[] = [];
// The id of a process that has ended.
const gonePid = (): number => spawnSync("true").pid;
let web: Served;
let cache: string;

beforeAll(async () => {
  web = await serve((path, request, response) => {
    if (path === "/v1/tool.tgz") return CONTENT;
    if (path === "/v1/short.tgz") return request.headers.range === undefined ? CONTENT : 416;
    if (path === "/v1/SUMS") return `${WRONG}  other.tgz\n${hex("sha256")}  tool.tgz\n`;
    if (path === "/moved") return void response.writeHead(302, { location: "/v1/tool.tgz" }).end();
    if (path === "/secret")
      return request.headers.authorization === `Basic ${Buffer.from("me:p@ss").toString("base64")}`
        ? CONTENT
        : 401;
    if (path.startsWith("/breaks")) {
      const { range } = request.headers;
      ranges.push(range);
      if (range === undefined)
        return void response
          .writeHead(200, { "content-length": CONTENT.length })
          .write(CONTENT.subarray(0, 100_000), () => response.destroy());
      const from = path === "/breaks" ? Number(/\d+/.exec(range)![0]) : 0;
      return void response.writeHead(from > 0 ? 206 : 200).end(CONTENT.subarray(from));
    }
    if (path === "/busy") return web.asked.length < 3 ? 503 : CONTENT;
    if (path === "/cut")
      return void response
        .writeHead(200, { "content-length": 1000 })
        .write("half", () => response.destroy());
    return 404;
  });
});
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "hw-cache-"));
  web.asked.length = 0;
});
afterAll(() => web.close());

describe("a download by the controller", () => {
  test.each(["sha256", "sha1", "sha512", "md5"])(
    "is checked by %s and kept under its sha256",
    async (algorithm) => {
      const file = await download(
        `${web.url}/v1/tool.tgz`,
        `${algorithm}:${hex(algorithm)}`,
        cache,
      );
      expect(file).toMatchObject({
        path: join(cache, "sha256", hex("sha256")),
        size: CONTENT.length,
        sha256: hex("sha256"),
      });
      expect(file.mode).toBeUndefined();
      expect(readFileSync(file.path!).equals(CONTENT)).toBe(true);
    },
  );
  test("happens once for a digest, also for a sums file, also in the next run", async () => {
    const checksum = `sha256:${web.url}/v1/SUMS`;
    await download(`${web.url}/v1/tool.tgz`, checksum, cache);
    expect(web.asked).toEqual(["/v1/SUMS", "/v1/tool.tgz"]);
    await download(`${web.url}/v1/tool.tgz`, checksum, cache);
    await download("http://127.0.0.1:1/nobody", `sha256:${hex("sha256")}`, cache);
    expect(web.asked.length).toBe(2);
  });
  test("without a checksum happens in every run", async () => {
    await download(`${web.url}/v1/tool.tgz`, undefined, cache);
    await download(`${web.url}/v1/tool.tgz`, undefined, cache);
    expect(web.asked.length).toBe(2);
  });
  test("is made again where the cached file was damaged", async () => {
    const { path } = await download(`${web.url}/v1/tool.tgz`, `sha256:${hex("sha256")}`, cache);
    writeFileSync(path!, "damaged");
    const again = await download(`${web.url}/v1/tool.tgz`, `sha256:${hex("sha256")}`, cache);
    expect(again.sha256).toBe(hex("sha256"));
    expect(web.asked.length).toBe(2);
  });
  test("goes on where an answer broke off, and begins anew where the server does not know how", async () => {
    expect((await download(`${web.url}/breaks`, `sha256:${hex("sha256")}`, cache)).sha256).toBe(
      hex("sha256"),
    );
    expect((await download(`${web.url}/breaks-anew`, `sha1:${hex("sha1")}`, cache)).sha256).toBe(
      hex("sha256"),
    );
    // how much came before the break is the network's affair
    expect(
      ranges.filter((range) => range !== undefined && /^bytes=[1-9]\d*-$/.test(range)),
    ).toHaveLength(2);
  });
  test.each([
    ["goes on with what", "/breaks", true, 100_000],
    ["takes as it is what, whole,", "/nowhere", true, CONTENT.length],
    ["begins anew where it cannot check what", "/v1/tool.tgz", false, 100_000],
    ["begins anew where the server does not know how to go on with what", "/breaks-anew", true, 9],
    ["begins anew where more than there is", "/v1/short.tgz", true, CONTENT.length + 1],
  ])("%s a killed run had fetched", async (_what, path, isChecked, length) => {
    const part = newPart(web.url + path, isChecked ? hex("sha256") : undefined, gonePid());
    mkdirSync(join(cache, "sha256"));
    writeFileSync(
      join(cache, "sha256", part),
      Buffer.concat([CONTENT, CONTENT]).subarray(0, length),
    );
    ranges.length = 0;
    const checksum = isChecked ? `sha256:${hex("sha256")}` : undefined;
    expect((await download(web.url + path, checksum, cache)).sha256).toBe(hex("sha256"));
    if (path === "/breaks") expect(ranges).toEqual(["bytes=100000-"]);
    expect(readdirSync(join(cache, "sha256"))).toEqual([hex("sha256")]);
  });
  test("begins anew where what a killed run had fetched was of another file", async () => {
    mkdirSync(join(cache, "sha256"));
    const part = newPart(`${web.url}/breaks`, hex("sha256"), gonePid());
    writeFileSync(join(cache, "sha256", part), "something else");
    await download(`${web.url}/breaks`, `sha256:${hex("sha256")}`, cache);
    expect(readdirSync(join(cache, "sha256"))).toEqual([hex("sha256")]);
  });
  test("removes what is a day old and nobody's; lets others go on, also with the same file", async () => {
    const url = `${web.url}/v1/tool.tgz`;
    const folder = join(cache, "sha256");
    mkdirSync(folder);
    const put = (name: string, isOld: boolean): string => {
      writeFileSync(join(folder, name), "half");
      if (isOld) utimesSync(join(folder, name), 1000, 1000);
      return name;
    };
    put(newPart("http://other", undefined, gonePid()), true);
    put(".0123456789abcdef.part", true);
    const kept = [
      put(newPart("http://other", undefined, gonePid()), false),
      put(newPart(url, hex("sha256"), process.pid), true),
    ];
    const both = [1, 2].map(() => download(url, `sha256:${hex("sha256")}`, cache));
    for (const file of await Promise.all(both)) expect(file.sha256).toBe(hex("sha256"));
    expect(readdirSync(folder).sort()).toEqual([...kept, hex("sha256")].sort());
  });
  test("is tried again where the server is busy", async () => {
    expect((await download(`${web.url}/busy`, undefined, cache)).sha256).toBe(hex("sha256"));
    expect(web.asked).toEqual(["/busy", "/busy", "/busy"]);
  });
  test("follows redirects", async () => {
    expect((await download(`${web.url}/moved`, `sha256:${hex("sha256")}`, cache)).sha256).toBe(
      hex("sha256"),
    );
  });
  test("takes name and password from the URL, and names neither in a failure", async () => {
    expect(
      (await download(web.url.replace("//", "//me:p%40ss@") + "/secret", undefined, cache)).sha256,
    ).toBe(hex("sha256"));
    const refused = download(web.url.replace("//", "//me:guess@") + "/secret", undefined, cache);
    await expect(refused).rejects.toThrow(/\/secret answers 401/);
    await expect(refused).rejects.not.toThrow(/guess/);
  });
  test.each([
    [
      "a wrong digest, naming both",
      "/v1/tool.tgz",
      `sha256:${WRONG}`,
      new RegExp(`${hex("sha256")}, not ${WRONG}`),
    ],
    ["404", "/v2/tool.tgz", undefined, /answers 404 Not Found/],
    ["a sums file without the name", "/moved", "sums", /has no checksum for moved/],
    ["a sums file that is not there", "/v1/tool.tgz", "nosums", /nosums answers 404/],
    ["an answer that breaks off", "/cut", undefined, /cannot download/],
  ])("fails for %s, and leaves nothing", async (_name, path, checksum, why) => {
    const given = checksum
      ?.replace(/^sums$/, `sha256:${web.url}/v1/SUMS`)
      .replace(/^nosums$/, `sha256:${web.url}/nosums`);
    await expect(download(web.url + path, given, cache)).rejects.toThrow(why);
    rmSync(join(cache, "checked"), { recursive: true, force: true });
    expect(readdirSync(cache, { recursive: true }).filter((name) => name !== "sha256")).toEqual([]);
  });
  test("fails clearly where nobody listens", async () => {
    await expect(download("http://127.0.0.1:1/x", undefined, cache)).rejects.toThrow(
      /cannot download http:\/\/127.0.0.1:1\/x: .+/,
    );
  });
});

describe("a file that lies on the controller", () => {
  const at = join(mkdtempSync(join(tmpdir(), "hw-here-")), "tool.tgz");
  writeFileSync(at, CONTENT, { mode: 0o640 });
  writeFileSync(`${at}.sums`, `${hex("sha512")}  tool.tgz\n`);
  test.each([undefined, `sha512:${hex("sha512")}`, `sha512:${at}.sums`])(
    "is taken from where it is with checksum %s",
    async (checksum) => {
      expect(await download(at, checksum, cache)).toMatchObject({
        path: at,
        sha256: hex("sha256"),
        mode: 0o640,
      });
      expect(readdirSync(cache)).toEqual([]);
    },
  );
  test("is refused if it is not what the checksum says", async () => {
    await expect(download(at, `sha256:${WRONG}`, cache)).rejects.toThrow(/tool.tgz has the sha256/);
  });
});

test("the cache lies where the user wants caches", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/c" })).toBe("/c/hullwright");
  expect(cacheFolder({})).toMatch(/\/\.cache\/hullwright$/);
});
