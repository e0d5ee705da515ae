import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { unarchive } from "../../../src/modules/files/unarchive.ts";
import { serve } from "../../playbook/serve.ts";
import { TestHost, type Ran } from "../host.ts";
import { testHost } from "../../plan/host.ts";
import { here } from "../../requires.ts";

const module = unarchive as never;
let folder: string;
let dest: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hw-unpack-"));
  dest = join(folder, "dest");
  mkdirSync(dest);
});

// Packs a tree of texts: a name that ends in "/" is a folder, a value that begins with "-> " a link.
function pack(name: string, tree: { [path: string]: string }, ...options: string[]): string {
  const root = mkdtempSync(join(folder, "in-"));
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    if (path.endsWith("/")) mkdirSync(join(root, path), { recursive: true });
    else if (content.startsWith("-> ")) symlinkSync(content.slice(3), join(root, path));
    else
      writeFileSync(join(root, path), content, { mode: content.startsWith("#!") ? 0o755 : 0o644 });
  }
  const archive = join(folder, name);
  execFileSync("tar", [
    "-czf",
    archive,
    "--owner=root",
    "--group=root",
    "--sort=name",
    ...options.filter((option) => option !== "."),
    "-C",
    root,
    ...(options.includes(".") ? ["."] : readdirSync(root)),
  ]);
  return archive;
}

const RELEASE = {
  "bin/containerd": "#!containerd 1",
  "bin/ctr": "#!ctr 1",
  "bin/shim": "-> containerd",
  "etc/": "",
  "share/doc/read me": "words",
};

// What is below a folder: path -> content, link or "/".
function tree(root: string): { [path: string]: string } {
  const all = (readdirSync(root, { recursive: true }) as string[]).sort();
  return Object.fromEntries(
    all.map((path) => {
      const at = join(root, path);
      const found = lstatSync(at);
      if (found.isDirectory()) return [path, "/"];
      return [path, found.isSymbolicLink() ? `-> ${readlinkSync(at)}` : readFileSync(at, "utf8")];
    }),
  );
}

const UNPACKED = {
  bin: "/",
  "bin/containerd": "#!containerd 1",
  "bin/ctr": "#!ctr 1",
  "bin/shim": "-> containerd",
  etc: "/",
  share: "/",
  "share/doc": "/",
  "share/doc/read me": "words",
};

async function converge(host: TestHost, args: { [name: string]: unknown }): Promise<Ran> {
  const ran = await host.apply(module, args);
  expect(ran.failure).toBeUndefined();
  expect((await host.plan(module, args)).change).toBeNull();
  return ran;
}

const shells = here([["dash"], ["bash"], ["busybox", "sh"]]);
const kinds = [
  ["the controller", {}],
  ["the host", { remote_src: true }],
] as const;
const all = shells.flatMap((shell) =>
  kinds.map(([name, args]) => [name, shell.join(" "), args, shell] as const),
);

describe.each(all)("an archive of %s under %s", (_name, _shell, more, shell) => {
  test("is unpacked, then left alone, and taken back", async () => {
    const host = new TestHost(shell);
    const { change } = await converge(host, { src: pack("a.tgz", RELEASE), dest, ...more });
    expect(tree(dest)).toEqual(UNPACKED);
    expect(statSync(join(dest, "bin/ctr")).mode & 0o7777).toBe(0o755);
    await host.undo(change!);
    expect(tree(dest)).toEqual({});
  });

  test("whose members have drifted is corrected, and nothing else is touched", async () => {
    const host = new TestHost(shell);
    const args = { src: pack("a.tgz", RELEASE), dest, ...more };
    await converge(host, args);
    const kept = statSync(join(dest, "bin/ctr")).ino;
    for (const drift of [
      () => writeFileSync(join(dest, "bin/containerd"), "other"),
      () => chmodSync(join(dest, "bin/containerd"), 0o700),
      () => rmSync(join(dest, "share/doc/read me")),
      () => {
        rmSync(join(dest, "bin/shim"));
        symlinkSync("elsewhere", join(dest, "bin/shim"));
      },
      () => rmSync(join(dest, "share"), { recursive: true }),
      () => {
        rmSync(join(dest, "bin/shim"));
        writeFileSync(join(dest, "bin/shim"), "a file");
      },
    ]) {
      drift();
      expect((await converge(host, args)).change).not.toBeNull();
      expect(tree(dest)).toEqual(UNPACKED);
      expect(statSync(join(dest, "bin/containerd")).mode & 0o777).toBe(0o755);
      expect(statSync(join(dest, "bin/ctr")).ino).toBe(kept);
    }
  });

  test("that finds everything in place replaces nothing", async () => {
    execFileSync("tar", ["-xzf", pack("a.tgz", RELEASE), "-C", dest]);
    const inodes = (): number[] =>
      ["bin/containerd", "bin/ctr", "share/doc/read me", "bin/shim"].map(
        (path) => lstatSync(join(dest, path)).ino,
      );
    const before = inodes();
    await converge(new TestHost(shell), { src: join(folder, "a.tgz"), dest, ...more });
    expect(inodes()).toEqual(before);
  });

  test("in another version replaces what differs, with one rename, and undo brings the old back", async () => {
    const host = new TestHost(shell);
    const src = pack("a.tgz", RELEASE);
    await converge(host, { src, dest, ...more });
    const old = tree(dest);
    const unchanged = statSync(join(dest, "share/doc/read me")).ino;
    pack("b.tgz", { ...RELEASE, "bin/containerd": "#!containerd 2", "bin/new": "#!new" });
    const { change } = await converge(host, { src: join(folder, "b.tgz"), dest, ...more });
    expect(tree(dest)).toEqual({
      ...UNPACKED,
      "bin/containerd": "#!containerd 2",
      "bin/new": "#!new",
    });
    expect(statSync(join(dest, "share/doc/read me")).ino).toBe(unchanged);
    await host.undo(change!);
    expect(tree(dest)).toEqual(old);
  });

  test("gives owner, group and mode as asked, and corrects them", async () => {
    const host = new TestHost(shell);
    const args = {
      src: pack("a.tgz", RELEASE),
      dest,
      owner: "1234",
      group: "daemon",
      mode: "u=rwX,go=rX",
      ...more,
    };
    await converge(host, args);
    const shown = (path: string): unknown => {
      const { uid, gid, mode } = lstatSync(join(dest, path));
      return [uid, gid, (mode & 0o7777).toString(8)];
    };
    expect([shown("bin"), shown("bin/ctr"), shown("bin/shim"), shown("share/doc/read me")]).toEqual(
      [
        [1234, 1, "755"],
        [1234, 1, "755"],
        [1234, 1, "777"],
        [1234, 1, "644"],
      ],
    );
    execFileSync("chown", ["-h", "root", join(dest, "bin/shim"), join(dest, "bin/ctr")]);
    await converge(host, args);
    expect([shown("bin/ctr"), shown("bin/shim")]).toEqual([
      [1234, 1, "755"],
      [1234, 1, "777"],
    ]);
  });

  test("is chosen from by strip, include and exclude as tar does", async () => {
    const src = pack("a.tgz", {
      "pkg/bin/x": "x",
      "pkg/bin/y.sh": "y",
      "pkg/doc/z": "z",
      top: "t",
    });
    for (const [i, choice] of [
      { extra_opts: ["--strip-components=1"] },
      { extra_opts: ["--strip-components", "2"] },
      { exclude: ["*.sh", "doc"] },
      { include: ["pkg/doc", "top"] },
    ].entries()) {
      const [ours, tars] = [join(folder, `ours${i}`), join(folder, `tars${i}`)];
      mkdirSync(ours);
      mkdirSync(tars);
      await converge(new TestHost(shell), { src, dest: ours, ...choice, ...more });
      const {
        extra_opts = [],
        exclude = [],
        include = [],
      } = choice as { [name: string]: string[] };
      execFileSync("tar", [
        "-xzf",
        src,
        "-C",
        tars,
        ...extra_opts,
        ...exclude.map((pattern) => `--exclude=${pattern}`),
        ...include,
      ]);
      expect(tree(ours)).toEqual(tree(tars));
    }
  });

  test("whose root member is ./ leaves dest itself alone", async () => {
    const src = pack("a.tgz", { cni: "#!x" }, "--mode=u+rwx,go-rwx", ".");
    await converge(new TestHost(shell), { src, dest, ...more });
    expect(statSync(dest).mode & 0o777).toBe(0o755);
    expect(tree(dest)).toEqual({ cni: "#!x" });
  });

  test("leaves directories that were there with their modes, and goes through links to directories", async () => {
    mkdirSync(join(dest, "real"));
    symlinkSync("real", join(dest, "bin"));
    chmodSync(join(dest, "real"), 0o750);
    await converge(new TestHost(shell), { src: pack("a.tgz", RELEASE), dest, ...more });
    expect(readlinkSync(join(dest, "bin"))).toBe("real");
    expect(statSync(join(dest, "real")).mode & 0o777).toBe(0o750);
    expect(readFileSync(join(dest, "real/ctr"), "utf8")).toBe("#!ctr 1");
  });

  test("does not disturb a program that runs from what it replaces", async () => {
    const src = pack("a.tgz", { "bin/sleeper": "x" });
    mkdirSync(join(dest, "bin"));
    execFileSync("cp", ["/bin/sleep", join(dest, "bin/sleeper")]);
    const child = spawn(join(dest, "bin/sleeper"), ["60"]);
    await new Promise((resolve) => child.once("spawn", resolve));
    await converge(new TestHost(shell), { src, dest, ...more });
    expect(readlinkSync(`/proc/${child.pid}/exe`)).toMatch(/\(deleted\)$/);
    child.kill();
  });

  test("keeps hard links together", async () => {
    const root = mkdtempSync(join(folder, "hard-"));
    writeFileSync(join(root, "a"), "same");
    execFileSync("ln", [join(root, "a"), join(root, "b")]);
    execFileSync("tar", ["-czf", join(folder, "h.tgz"), "-C", root, "a", "b"]);
    const host = new TestHost(shell);
    await converge(host, { src: join(folder, "h.tgz"), dest, ...more });
    expect(statSync(join(dest, "b")).ino).toBe(statSync(join(dest, "a")).ino);
    rmSync(join(dest, "b"));
    await converge(host, { src: join(folder, "h.tgz"), dest, ...more });
    expect(readFileSync(join(dest, "b"), "utf8")).toBe("same");
  });

  test.each<[string, () => string, RegExp]>([
    [
      "a link to an absolute path",
      () => pack("l.tgz", { evil: "-> /etc/passwd" }),
      /evil .*points to \/etc\/passwd, out/,
    ],
    [
      "a link that climbs out",
      () => pack("l.tgz", { "a/evil": "-> ../../x" }),
      /evil .*points to \.\.\/\.\.\/x, out/,
    ],
    [
      "a member with ..",
      () => pack("l.tgz", { x: "x" }, "-P", "--transform=s,^x,../x,"),
      /is outside|lead/,
    ],
    [
      "an absolute member",
      () => pack("l.tgz", { x: "x" }, "-P", "--transform=s,^x,/tmp/hw-evil,"),
      /is outside|lead/,
    ],
    [
      "a pipe",
      () => {
        const root = mkdtempSync(join(folder, "pipe-"));
        execFileSync("mkfifo", [join(root, "p")]);
        execFileSync("tar", ["-czf", join(folder, "l.tgz"), "-C", root, "p"]);
        return join(folder, "l.tgz");
      },
      /p(, a fifo| .*is a device or a pipe)/,
    ],
    [
      "a folder in a file's place",
      () => {
        mkdirSync(join(dest, "x"));
        return pack("l.tgz", { x: "x" });
      },
      /x is a (directory|file)/,
    ],
    [
      "a file in a folder's place",
      () => {
        writeFileSync(join(dest, "x"), "");
        return pack("l.tgz", { "x/y": "x" });
      },
      /x is (not a directory|a file)/,
    ],
  ])("with %s is refused, and nothing is left behind", async (_what, make, why) => {
    const src = make();
    const before = tree(dest);
    const failure = await new TestHost(shell).apply(module, { src, dest, ...more }).then(
      (ran) => ran.failure,
      (error: Error) => error.message,
    );
    expect(failure).toMatch(why);
    expect(tree(dest)).toEqual(before);
    expect(existsSync("/tmp/hw-evil")).toBe(false);
  });
});

test("another user than root unpacks as their own, and converges all the same", async () => {
  const src = pack("a.tgz", RELEASE, "--owner=1001", "--mode=a+rwx");
  const host = new TestHost(
    ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "dash"],
    "nobody",
  );
  chmodSync(folder, 0o755);
  for (const [i, more] of [{}, { remote_src: true }, { mode: "u=rwX,go=" }].entries()) {
    const own = join(folder, `own${i}`);
    mkdirSync(own);
    execFileSync("chown", ["nobody", own]);
    await converge(host, { src, dest: own, ...more });
    expect(tree(own)).toEqual(UNPACKED);
    expect(statSync(join(own, "bin/ctr"))).toMatchObject({
      uid: 65534,
      mode: 0o100000 + (i === 2 ? 0o700 : 0o755),
    });
  }
});

test("the files of an archive can be listed, before and after", async () => {
  const names = ["bin/containerd", "bin/ctr", "bin/shim", "share/doc/read me"];
  for (const more of [{}, { remote_src: true }]) {
    const host = new TestHost();
    const args = { src: pack("a.tgz", RELEASE), dest, list_files: true, ...more };
    expect(((await host.apply(module, args)).result["files"] as string[]).sort()).toEqual(names);
    expect(((await host.plan(module, args)).result["files"] as string[]).sort()).toEqual(names);
    rmSync(dest, { recursive: true });
    mkdirSync(dest);
  }
});

test("a URL is downloaded and unpacked by the host, once", async () => {
  const archive = readFileSync(pack("a.tgz", RELEASE));
  const web = await serve((path) => (path === "/a.tgz" ? archive : 404));
  const host = new TestHost();
  await converge(host, { src: `${web.url}/a.tgz`, dest, remote_src: true });
  expect(web.asked).toEqual(["/a.tgz"]);
  expect(tree(dest)).toEqual(UNPACKED);
  expect(
    (await host.apply(module, { src: `${web.url}/none.tgz`, dest, remote_src: true })).failure,
  ).toMatch(/cannot download .*404/);
  await web.close();
});

test("a touched member of the host's archive is looked at again, and found the same", async () => {
  const host = new TestHost();
  const args = { src: pack("a.tgz", RELEASE), dest, remote_src: true };
  await converge(host, args);
  utimesSync(join(dest, "bin/ctr"), 1, 1);
  writeFileSync(join(dest, "unrelated"), "");
  expect((await host.plan(module, args)).change).toBeNull();
});

test("creates that is there stops it", async () => {
  const args = { src: pack("a.tgz", RELEASE), dest, creates: dest };
  const { change, result } = await new TestHost().plan(module, args);
  expect(change).toBeNull();
  expect(result).toMatchObject({ skipped: true, msg: `skipped, since ${dest} exists` });
});

/** Archives of the controller that bring what `creates` names: extra parameters, and its path below `dest`. */
test.each<[string, object, string]>([
  ["a file", {}, "bin/ctr"],
  ["a folder", {}, "bin"],
  ["a file, with include", { include: ["bin/ctr"] }, "bin/ctr"],
  ["a file whose first folder is taken off", { extra_opts: ["--strip-components=1"] }, "ctr"],
])("creates that comes out of the archive itself: %s", async (_what, extra, path) => {
  const host = new TestHost();
  const args = { src: pack("a.tgz", RELEASE), dest, creates: `${dest}/${path}`, ...extra };
  const { failure } = await host.apply(module, args);
  expect(failure).toBeUndefined();
  expect(existsSync(join(dest, path))).toBe(true);
  expect((await host.plan(module, args)).change).toBeNull();
});

test("a damaged archive of the host is told, and leaves nothing", async () => {
  const archive = readFileSync(pack("a.tgz", RELEASE));
  writeFileSync(join(folder, "cut.tgz"), archive.subarray(0, archive.length / 2));
  const { failure } = await new TestHost().apply(module, {
    src: join(folder, "cut.tgz"),
    dest,
    remote_src: true,
  });
  expect(failure).toMatch(/cannot unpack .*cut.tgz/);
  expect(tree(dest)).toEqual({});
});

test.each<[string, object, RegExp]>([
  ["a dest that is not there", { dest: "/nowhere" }, /directory \/nowhere does not exist/],
  [
    "an archive that does not exist on the host",
    { src: "/nowhere.tgz", remote_src: true },
    /\/nowhere.tgz does not exist on the host/,
  ],
  [
    "an archive that is not on the controller",
    { src: "/nowhere.tgz" },
    /there is no \/nowhere.tgz on the controller/,
  ],
  ["a folder for an archive", { src: "/usr", remote_src: true }, /is a directory, not an archive/],
  ["zip", { src: "/x.zip" }, /zip archive/],
  ["a URL without remote_src", { src: "http://127.0.0.1/x.tgz" }, /set remote_src|must download/],
  [
    "an option of tar that we do not know",
    { extra_opts: ["--transform=s/a/b/"] },
    /does not support "--transform/,
  ],
  ["a member that is not in the archive", { include: ["nope"] }, /no member nope/],
  ["mode preserve", { mode: "preserve" }, /preserve/],
])("%s is refused while planning", async (_name, args, why) => {
  await expect(
    new TestHost().plan(module, { src: pack("a.tgz", RELEASE), dest, ...args }),
  ).rejects.toThrow(why);
});

test("what was unpacked into a directory that was removed since is unpacked again", async () => {
  const at = (name: string): string => join(folder, name);
  writeFileSync(at("f"), "x\n");
  execFileSync("tar", ["czf", at("a.tgz"), "-C", folder, "f"]);
  const again = `    - { name: remove, file: { path: "${at("o")}", state: absent } }
    - { name: make anew, file: { path: "${at("o")}", state: directory, OWN } }
    - { name: unpack again, unarchive: { src: "${at("a.tgz")}", dest: "${at("o")}", remote_src: true } }
    - { name: nothing left, unarchive: { src: "${at("a.tgz")}", dest: "${at("o")}", remote_src: true } }
`;
  const book = `- hosts: all
  gather_facts: false
  tasks:
    - { name: make, file: { path: "${at("o")}", state: directory, OWN } }
    - { name: unpack, unarchive: { src: "${at("a.tgz")}", dest: "${at("o")}", remote_src: true } }
${again}`;
  const { run, session } = testHost(book.replaceAll("OWN", 'owner: "{{ me }}", mode: "0755"'), {
    me: userInfo().username,
  });
  try {
    await run.plan();
    await run.apply(0, () => {});
    expect(run.broken).toBeUndefined();
    expect(readFileSync(at("o/f"), "utf8")).toBe("x\n");
    const done = [...run.known.completed.values()].map(
      ({ entry, outcome }) => `${outcome ? "did" : "ok"} ${entry.task}`,
    );
    expect(done.slice(-3)).toEqual(["did make anew", "did unpack again", "ok nothing left"]);
  } finally {
    await (await session).close();
  }
});
