import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { get_url } from "../../../src/modules/files/get_url.ts";
import { serve, type Served } from "../../playbook/serve.ts";
import { TestHost, type Ran } from "../host.ts";
import { here } from "../../requires.ts";
import { defined } from "../../../src/defined.ts";

const CONTENT = Buffer.alloc(70_000, "binary ");
const hex = (algorithm: string, content: Buffer = CONTENT): string =>
  createHash(algorithm).update(content).digest("hex");
const module = get_url as never;
let served: Buffer;
let web: Served;
let folder: string;
let dest: string;

beforeAll(async () => {
  web = await serve((path, request) => {
    if (path === "/tool") return served;
    if (path === "/SUMS") return `${hex("sha256", served)}  tool\n${hex("sha512", served)}  tool\n`;
    if (path === "/secret")
      return request.headers.authorization ===
        `Basic ${Buffer.from('me:p"\\ss').toString("base64")}` &&
        request.headers["x-token"] === "a b"
        ? served
        : 401;
    return 404;
  });
});
beforeEach(() => {
  served = CONTENT;
  web.asked.length = 0;
  folder = mkdtempSync(join(tmpdir(), "hw-get-"));
  dest = join(folder, "tool");
});
afterAll(() => web.close());

// Applies, and proves that nothing is left to do and that the web is not asked for it.
async function converge(host: TestHost, args: { [name: string]: unknown }): Promise<Ran> {
  const ran = await host.apply(module, args);
  expect(ran.failure).toBeUndefined();
  const asked = web.asked.length;
  expect((await host.plan(module, args)).change).toBeNull();
  expect(web.asked.length).toBe(asked);
  return ran;
}

const checksums = (): (string | undefined)[] => [
  undefined,
  `sha256:${hex("sha256")}`,
  `sha256:${web.url}/SUMS`,
  `sha512:${hex("sha512")}`,
  `sha512:${web.url}/SUMS`,
  `md5:${hex("md5")}`,
];

describe.each(here([["dash"], ["bash"], ["busybox", "sh"]]))("under %s %s", (...shell) => {
  const words = shell.filter((word): word is string => typeof word === "string");
  test.each(["host", "controller"])(
    "a file is downloaded by the %s, with each kind of checksum, and then left alone",
    async (from) => {
      for (const [i, checksum] of checksums().entries()) {
        const host = new TestHost(words);
        const args = {
          url: `${web.url}/tool`,
          dest: `${dest}${i}`,
          from,
          mode: "0755",
          ...defined({ checksum: checksum ? checksum : undefined }),
        };
        const { change } = await converge(host, args);
        expect(change).not.toBeNull();
        expect(readFileSync(`${dest}${i}`).equals(CONTENT)).toBe(true);
        expect(statSync(`${dest}${i}`).mode & 0o7777).toBe(0o755);
      }
      expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
    },
  );
});

test("a file of the controller or the host is taken from there, checked by each kind of checksum", async () => {
  const own = join(folder, "own");
  writeFileSync(own, CONTENT);
  writeFileSync(join(folder, "own.sums"), `${hex("sha256")}  own\n`);
  for (const [i, checksum] of [
    undefined,
    `sha256:${hex("sha256")}`,
    `sha512:${hex("sha512")}`,
    `sha256:${join(folder, "own.sums")}`,
  ].entries()) {
    const args = {
      url: i % 2 ? own : `file://${own}`,
      dest: `${dest}${i}`,
      ...defined({ checksum: checksum ? checksum : undefined }),
    };
    await converge(new TestHost(), args);
    expect(readFileSync(`${dest}${i}`).equals(CONTENT)).toBe(true);
  }
  await expect(
    new TestHost().plan(module, { url: own, dest, checksum: `sha256:${"0".repeat(64)}` }),
  ).rejects.toThrow(/has the sha256/);
});

test("a directory gets the file under its name in the URL", async () => {
  const { result } = await converge(new TestHost(), {
    url: `${web.url}/tool`,
    dest: `${folder}/`,
    checksum: `sha256:${hex("sha256")}`,
  });
  expect(readFileSync(dest).equals(CONTENT)).toBe(true);
  expect(result).toMatchObject({
    dest,
    url: `${web.url}/tool`,
    state: "file",
    mode: "0644",
    owner: "root",
  });
});

test("results tell of the download as Ansible's do", async () => {
  const sum = (content: Buffer): object => ({
    md5sum: hex("md5", content),
    checksum_src: hex("sha1", content),
    size: content.length,
    msg: `OK (${content.length} bytes)`,
    status_code: 200,
  });
  const args = { url: `${web.url}/tool`, dest };
  const made = await new TestHost().apply(module, args);
  expect(made.result).toMatchObject({ ...sum(CONTENT), checksum_dest: null });
  expect(typeof made.result["elapsed"]).toBe("number");
  const left = await new TestHost().apply(module, args);
  expect(left.result).toMatchObject({ state: "file", mode: "0644" });
  expect(left.result).not.toHaveProperty("status_code");
  served = Buffer.from("new");
  const replaced = await new TestHost().apply(module, {
    ...args,
    checksum: `md5:${hex("md5", served)}`,
  });
  expect(replaced.result).toMatchObject({ ...sum(served), checksum_dest: hex("sha1") });
  const failed = await new TestHost().apply(module, { url: `${web.url}/none`, dest: `${dest}2` });
  expect(failed.result).toMatchObject({ status_code: 404, dest: `${dest}2` });
  expect(failed.result).not.toHaveProperty("state");
});

test("drift is found: other content, another mode, nothing", async () => {
  const host = new TestHost();
  const args = { url: `${web.url}/tool`, dest, checksum: `sha256:${web.url}/SUMS`, mode: "0755" };
  await converge(host, args);
  for (const drift of [
    () => writeFileSync(dest, "other"),
    () => chmodSync(dest, 0o600),
    () => rmSync(dest),
  ]) {
    drift();
    expect((await converge(host, args)).change).not.toBeNull();
    expect(readFileSync(dest).equals(CONTENT)).toBe(true);
    expect(statSync(dest).mode & 0o777).toBe(0o755);
  }
});

test("mode and owner alone are corrected without a download", async () => {
  const host = new TestHost();
  const args = { url: `${web.url}/tool`, dest, checksum: `sha256:${hex("sha256")}` };
  await converge(host, args);
  web.asked.length = 0;
  await converge(host, { ...args, mode: "u+x,go-r", owner: "1234", group: "daemon" });
  expect(web.asked).toEqual([]);
  expect(statSync(dest)).toMatchObject({ uid: 1234, gid: 1 });
  expect(statSync(dest).mode & 0o777).toBe(0o700);
});

test("a file that is right already is adopted: the sums are read, nothing is downloaded", async () => {
  writeFileSync(dest, CONTENT);
  const { ino } = statSync(dest);
  await converge(new TestHost(), {
    url: `${web.url}/tool`,
    dest,
    checksum: `sha256:${web.url}/SUMS`,
  });
  expect(web.asked).toEqual(["/SUMS"]);
  expect(statSync(dest).ino).toBe(ino);
});

test("another URL or checksum is a change, though the file stands", async () => {
  const host = new TestHost();
  await converge(host, { url: `${web.url}/tool`, dest, checksum: `sha256:${web.url}/SUMS` });
  served = Buffer.from("version 2");
  const { change } = await converge(host, {
    url: `${web.url}/tool`,
    dest,
    checksum: `sha256:${hex("sha256", served)}`,
  });
  expect(change).not.toBeNull();
  expect(readFileSync(dest, "utf8")).toBe("version 2");
});

test("without a checksum a file that is there is left alone, unless forced", async () => {
  const host = new TestHost();
  writeFileSync(dest, "old");
  const args = { url: `${web.url}/tool`, dest };
  expect((await host.plan(module, args)).change).toBeNull();
  expect((await host.apply(module, { ...args, force: true })).failure).toBeUndefined();
  expect(readFileSync(dest).equals(CONTENT)).toBe(true);
  writeFileSync(dest, "old");
  await converge(new TestHost(), { ...args, force: true, from: "controller" });
  expect(readFileSync(dest).equals(CONTENT)).toBe(true);
});

test("what is replaced keeps owner and mode, can be kept beside it, and comes back on undo", async () => {
  const host = new TestHost();
  writeFileSync(dest, "old", { mode: 0o750 });
  const { change, result } = await converge(host, {
    url: `${web.url}/tool`,
    dest,
    checksum: `sha256:${hex("sha256")}`,
    backup: true,
  });
  expect(statSync(dest).mode & 0o777).toBe(0o750);
  expect(readFileSync(result["backup_file"] as string, "utf8")).toBe("old");
  await host.undo(change!);
  expect(readFileSync(dest, "utf8")).toBe("old");
});

test("a new file is gone after undo", async () => {
  const host = new TestHost();
  const { change } = await converge(host, {
    url: `${web.url}/tool`,
    dest,
    checksum: `sha256:${hex("sha256")}`,
  });
  await host.undo(change!);
  expect(existsSync(dest)).toBe(false);
});

test("another user than root downloads as their own", async () => {
  const host = new TestHost(
    ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "dash"],
    "nobody",
  );
  await new TestHost().run(`chown nobody ${folder}`);
  for (const [i, from] of ["host", "controller"].entries())
    await converge(host, {
      url: `${web.url}/tool`,
      dest: `${dest}${i}`,
      from,
      checksum: `sha256:${web.url}/SUMS`,
    });
  expect(statSync(`${dest}1`)).toMatchObject({ uid: 65534, gid: 65534, size: CONTENT.length });
});

test("a link in the file's place is replaced, what it points to is not", async () => {
  writeFileSync(join(folder, "other"), "other");
  symlinkSync("other", dest);
  expect(readlinkSync(dest)).toBe("other");
  await converge(new TestHost(), {
    url: `${web.url}/tool`,
    dest,
    checksum: `sha256:${hex("sha256")}`,
  });
  expect(statSync(dest).size).toBe(CONTENT.length);
  expect(readFileSync(join(folder, "other"), "utf8")).toBe("other");
});

test("a new file in a setgid directory gets the directory's group, as planned", async () => {
  const shared = join(folder, "shared");
  mkdirSync(shared);
  await new TestHost().run(`chgrp daemon ${shared}; chmod 2755 ${shared}`);
  const { change } = await converge(new TestHost(), {
    url: `${web.url}/tool`,
    dest: `${shared}/tool`,
    checksum: `sha256:${hex("sha256")}`,
  });
  expect(change!.after["file"]).toMatchObject({ owner: "root", group: "daemon" });
});

describe.each([["curl"], ["wget"]])("with %s", (tool) => {
  // A PATH on which only one of the two is found.
  const path = (...without: string[]): string => {
    const bin = mkdtempSync(join(tmpdir(), "hw-bin-"));
    for (const name of [...readdirSync("/usr/bin"), ...["flock", "sync"]]) {
      if (!without.includes(name) && !existsSync(join(bin, name)))
        symlinkSync(join("/usr/bin", name), join(bin, name));
    }
    return bin;
  };
  const only = path(...["curl", "wget"].filter((name) => name !== tool));
  const env = { PATH: only };

  test("logins and headers arrive, and are in no argument list", async () => {
    const args = {
      url: `${web.url}/secret`,
      dest,
      checksum: `sha256:${hex("sha256")}`,
      url_username: "me",
      url_password: 'p"\\ss',
      headers: { "X-Token": "a b" },
    };
    const seen = mkdtempSync(join(tmpdir(), "hw-seen-"));
    rmSync(join(only, tool));
    writeFileSync(
      join(only, tool),
      `#!/bin/sh\ntr '\\0' '\\n' < /proc/$$/cmdline >> ${seen}/args\nexec /usr/bin/${tool} "$@"\n`,
      { mode: 0o755 },
    );
    expect((await new TestHost().apply(module, args, env)).failure).toBeUndefined();
    const words = readFileSync(join(seen, "args"), "utf8");
    expect(words).toContain("-");
    expect(words).not.toMatch(/ss|a b|X-Token|me:/);
    expect(readFileSync(dest).equals(CONTENT)).toBe(true);
  });

  test.each([
    ["404", "/none", {}, /cannot download http.*\/none: [^]*404/],
    [
      "nobody listening",
      "http://127.0.0.1:1/x",
      {},
      /cannot download http:\/\/127.0.0.1:1\/x: [^]*hint: .*from: controller/,
    ],
    [
      "no such name",
      "http://no-such-host.invalid/x",
      {},
      /cannot download [^]*hint: check the name/,
    ],
    [
      "a wrong digest",
      "/tool",
      { checksum: `sha256:${"0".repeat(64)}` },
      new RegExp(`has the sha256 ${hex("sha256")}, not 0{64}`),
    ],
    ["sums without the name", "/secret", { checksum: "SUMS" }, /SUMS has no checksum for secret/],
    ["sums that are not there", "/tool", { checksum: "NONE" }, /cannot download .*\/none[^]*404/],
  ])("%s is a clear failure that leaves nothing behind", async (_name, url, more, why) => {
    const sums = { SUMS: `sha256:${web.url}/SUMS`, NONE: `sha256:${web.url}/none` }[
      (more as { checksum?: string }).checksum ?? ""
    ];
    const { failure } = await new TestHost().apply(
      module,
      {
        url: url.startsWith("/") ? web.url + url : url,
        dest,
        ...more,
        ...defined({ checksum: sums ? sums : undefined }),
      },
      env,
    );
    expect(failure).toMatch(why);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("a host without curl and wget is told what to do", async () => {
  const bin = mkdtempSync(join(tmpdir(), "hw-bin-"));
  for (const name of readdirSync("/usr/bin"))
    if (!/^(curl|wget)$/.test(name)) symlinkSync(join("/usr/bin", name), join(bin, name));
  const { failure } = await new TestHost().apply(
    module,
    { url: `${web.url}/tool`, dest },
    { PATH: bin },
  );
  expect(failure).toMatch(/neither curl nor wget on the host; hint: .*from: controller/);
});

test.each([
  ["a relative dest", { dest: "tool" }, /not an absolute path/],
  ["a home", { dest: "~/tool" }, /not an absolute path/],
  ["a folder that is not there", { dest: "/nowhere/tool" }, /directory \/nowhere does not exist/],
  [
    "a dest with a slash that is not there",
    { dest: "/tmp/hw-nowhere/" },
    /directory \/tmp\/hw-nowhere does not exist/,
  ],
  [
    "a folder in the file's place",
    { dest: "/usr", url: "http://127.0.0.1:1/bin" },
    /\/usr\/bin is a directory/,
  ],
  ["another scheme", { dest: "/tmp/x", url: "s3://x/y" }, /cannot download s3/],
  ["mode preserve", { dest: "/tmp/hw-x", mode: "preserve" }, /preserve/],
  [
    "headers by the controller",
    { dest: "/tmp/hw-x", from: "controller", headers: { a: "b" } },
    /cannot be used with from: controller/,
  ],
  ["a header with a line break", { dest: "/tmp/hw-x", headers: { a: "b\nc" } }, /line break/],
  ["a checksum that is none", { dest: "/tmp/hw-x", checksum: "abc" }, /has an unknown algorithm/],
])("%s is refused while planning", async (_name, args, why) => {
  await expect(
    new TestHost().plan(module, { url: "http://127.0.0.1:1/tool", ...args }),
  ).rejects.toThrow(why);
});
