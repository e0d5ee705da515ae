import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnyModule } from "../../../src/modules/index.ts";
import { copy } from "../../../src/modules/files/copy.ts";
import { file } from "../../../src/modules/files/file.ts";
import { stat } from "../../../src/modules/files/stat.ts";
import { askAnsible, noAnsible, type AnsibleResult } from "../shared/edit/ansible.ts";
import { execute, ThisHost } from "../execute.ts";

const MODULES: { readonly [name: string]: AnyModule } = { file, copy, stat };

/** One task in a folder that `setup` (a line of shell) made; ROOT stands for the folder. */
interface Twin {
  name: string;
  setup?: string;
  module: string;
  args: { [name: string]: unknown };
  /** Ansible's result keys that ours must have, with the same values. */
  keys?: string[];
  /** touch: changed each time. */
  always?: true;
  /** Ansible does it; we do not, and say so. */
  refused?: true;
}

const SHOWN = ["state", "mode", "owner", "group", "uid", "gid"];
const STATS = [
  "exists",
  "path",
  "mode",
  "isdir",
  "ischr",
  "isblk",
  "isreg",
  "isfifo",
  "islnk",
  "issock",
  "uid",
  "gid",
  "nlink",
  "wusr",
  "rusr",
  "xusr",
  "wgrp",
  "rgrp",
  "xgrp",
  "woth",
  "roth",
  "xoth",
  "isuid",
  "isgid",
  "pw_name",
  "gr_name",
  "lnk_source",
  "lnk_target",
  "checksum",
  "readable",
  "writeable",
  "executable",
];

const TWINS: Twin[] = [
  {
    name: "a folder",
    module: "file",
    args: { path: "ROOT/a/b", state: "directory" },
    keys: ["path", ...SHOWN],
  },
  {
    name: "a folder with a mode",
    module: "file",
    args: { path: "ROOT/a/b", state: "directory", mode: "0750" },
  },
  {
    name: "a folder with a mode by letters",
    module: "file",
    args: { path: "ROOT/a", state: "directory", mode: "u=rwx,g=rs,o=" },
  },
  {
    name: "a folder in a setgid folder",
    setup: "mkdir s; chgrp man s; chmod 2775 s",
    module: "file",
    args: { path: "ROOT/s/x", state: "directory" },
  },
  {
    name: "a mode takes a setgid bit",
    setup: "mkdir -m 2755 s",
    module: "file",
    args: { path: "ROOT/s", state: "directory", mode: "0755" },
  },
  {
    name: "a folder where a file is",
    setup: "echo > f",
    module: "file",
    args: { path: "ROOT/f", state: "directory" },
  },
  {
    name: "a folder below a file",
    setup: "echo > f",
    module: "file",
    args: { path: "ROOT/f/d", state: "directory" },
  },
  {
    name: "a folder that a link leads to",
    setup: "mkdir d; ln -s d l",
    module: "file",
    args: { path: "ROOT/l", state: "directory", mode: "0700" },
  },
  {
    name: "a folder where a link to nothing is",
    setup: "ln -s no l",
    module: "file",
    args: { path: "ROOT/l", state: "directory" },
    refused: true,
  },
  {
    name: "attributes of a file",
    setup: "echo > f",
    module: "file",
    args: { path: "ROOT/f", mode: "u+x,go-r", owner: "games", group: "12" },
    keys: ["path", ...SHOWN, "size"],
  },
  {
    name: "attributes of a folder without a state",
    setup: "mkdir d",
    module: "file",
    args: { path: "ROOT/d", mode: "a=,u+rwX" },
  },
  {
    name: "attributes of what a link leads to",
    setup: "echo > f; ln -s f l",
    module: "file",
    args: { path: "ROOT/l", mode: "0600" },
  },
  {
    name: "attributes of a link",
    setup: "echo > f; ln -s f l",
    module: "file",
    args: { path: "ROOT/l", owner: "games", follow: false },
  },
  {
    name: "a mode of five digits",
    setup: "echo > f",
    module: "file",
    args: { path: "ROOT/f", mode: "g+s,o=t" },
    keys: ["path", ...SHOWN],
  },
  {
    name: "a mode of several steps",
    setup: "echo > f; chmod 777 f",
    module: "file",
    args: { path: "ROOT/f", mode: "u+rwX-x,g=r+w,o-w+x-x" },
    keys: ["path", ...SHOWN],
  },
  {
    name: "another target of a link, without a state",
    setup: "echo > f; ln -s g l",
    module: "file",
    args: { path: "ROOT/l", src: "f" },
    keys: ["dest", "src", "state"],
  },
  {
    name: "attributes of a further name, without a state",
    setup: "echo > f; ln f h",
    module: "file",
    args: { path: "ROOT/h", src: "ROOT/f", mode: "0600" },
  },
  {
    name: "src of a file, without a state",
    setup: "echo > f; echo > g",
    module: "file",
    args: { path: "ROOT/g", src: "ROOT/f" },
  },
  {
    name: "src of nothing, without a state",
    setup: "echo > f",
    module: "file",
    args: { path: "ROOT/g", src: "ROOT/f" },
  },
  { name: "attributes of nothing", module: "file", args: { path: "ROOT/f", mode: "0600" } },
  { name: "state: file of nothing", module: "file", args: { path: "ROOT/f", state: "file" } },
  {
    name: "state: file of a folder",
    setup: "mkdir d",
    module: "file",
    args: { path: "ROOT/d", state: "file" },
  },
  {
    name: "a file goes",
    setup: "echo > f",
    module: "file",
    args: { path: "ROOT/f", state: "absent" },
    keys: ["path", "state"],
  },
  {
    name: "a tree goes",
    setup: "mkdir -p d/e; echo > d/e/f",
    module: "file",
    args: { path: "ROOT/d", state: "absent" },
  },
  {
    name: "a link goes",
    setup: "mkdir d; ln -s d l",
    module: "file",
    args: { path: "ROOT/l", state: "absent" },
  },
  { name: "nothing goes", module: "file", args: { path: "ROOT/f", state: "absent" } },
  {
    name: "a link",
    setup: "echo > f",
    module: "file",
    args: { dest: "ROOT/l", src: "f", state: "link" },
    keys: ["dest", "src", "state"],
  },
  {
    name: "a link to another target",
    setup: "echo > f; ln -s g l",
    module: "file",
    args: { dest: "ROOT/l", src: "ROOT/f", state: "link" },
  },
  { name: "a link to nothing", module: "file", args: { dest: "ROOT/l", src: "no", state: "link" } },
  {
    name: "a link to nothing by force",
    module: "file",
    args: { dest: "ROOT/l", src: "no", state: "link", force: true, follow: false },
  },
  {
    name: "a link where a file is",
    setup: "echo > f; echo > l",
    module: "file",
    args: { dest: "ROOT/l", src: "f", state: "link" },
  },
  {
    name: "a link where a file is, by force",
    setup: "echo > f; echo > l",
    module: "file",
    args: { dest: "ROOT/l", src: "f", state: "link", force: true },
  },
  {
    name: "a link where an empty folder is, by force",
    setup: "echo > f; mkdir l",
    module: "file",
    args: { dest: "ROOT/l", src: "ROOT/f", state: "link", force: true },
  },
  {
    name: "a link where a full folder is, by force",
    setup: "echo > f; mkdir -p l/x",
    module: "file",
    args: { dest: "ROOT/l", src: "ROOT/f", state: "link", force: true },
  },
  {
    name: "a link and the mode of its target",
    setup: "echo > f",
    module: "file",
    args: { dest: "ROOT/l", src: "f", state: "link", mode: "0600" },
  },
  {
    name: "a hard link",
    setup: "echo > f",
    module: "file",
    args: { dest: "ROOT/h", src: "ROOT/f", state: "hard" },
    keys: ["dest", "src", "state"],
  },
  {
    name: "a hard link of nothing",
    module: "file",
    args: { dest: "ROOT/h", src: "ROOT/f", state: "hard" },
  },
  {
    name: "a hard link where a file is",
    setup: "echo > f; echo x > h",
    module: "file",
    args: { dest: "ROOT/h", src: "ROOT/f", state: "hard" },
  },
  {
    name: "touch",
    module: "file",
    args: { path: "ROOT/f", state: "touch", mode: "0640" },
    keys: ["dest", "mode"],
    always: true,
  },
  {
    name: "touch with its times",
    setup: "echo > f",
    module: "file",
    args: {
      path: "ROOT/f",
      state: "touch",
      modification_time: "preserve",
      access_time: "preserve",
    },
  },
  {
    name: "all below",
    setup: "mkdir -p d/e; echo > d/e/f; echo > d/x; chmod 755 d/x",
    module: "file",
    args: {
      path: "ROOT/d",
      state: "directory",
      recurse: true,
      mode: "u=rwX,go=rX",
      owner: "games",
    },
  },
  {
    name: "all below, links too",
    setup: "mkdir -p d/e; ln -s no d/e/l",
    module: "file",
    args: { path: "ROOT/d", state: "directory", recurse: true, owner: "games" },
  },
  {
    name: "all below, in octal",
    setup: "mkdir -p d/e; chmod 2755 d/e; echo > d/e/f",
    module: "file",
    args: { path: "ROOT/d", state: "directory", recurse: true, mode: "0750" },
  },

  {
    name: "a copy",
    setup: "echo x > f; chmod 640 f",
    module: "copy",
    args: { src: "ROOT/f", dest: "ROOT/g", remote_src: true },
    keys: ["dest", "src", ...SHOWN, "size"],
  },
  {
    name: "a copy with its mode",
    setup: "echo x > f; chmod 641 f",
    module: "copy",
    args: { src: "ROOT/f", dest: "ROOT/g", remote_src: true, mode: "preserve" },
  },
  {
    name: "a copy over another file",
    setup: "echo x > f; echo y > g; chmod 600 g; chown games g",
    module: "copy",
    args: { src: "ROOT/f", dest: "ROOT/g", remote_src: true },
  },
  {
    name: "a copy of the same",
    setup: "echo x > f; echo x > g",
    module: "copy",
    args: { src: "ROOT/f", dest: "ROOT/g", remote_src: true, mode: "0600" },
  },
  {
    name: "a copy without force",
    setup: "echo x > f; echo y > g",
    module: "copy",
    args: { src: "ROOT/f", dest: "ROOT/g", remote_src: true, force: false },
  },
  {
    name: "a copy into a folder",
    setup: "echo x > f; mkdir d",
    module: "copy",
    args: { src: "ROOT/f", dest: "ROOT/d", remote_src: true },
  },
  {
    name: "a copy over a link",
    setup: "echo x > f; echo y > g; ln -s g l",
    module: "copy",
    args: { src: "ROOT/f", dest: "ROOT/l", remote_src: true },
  },
  {
    name: "a copy through a link",
    setup: "echo x > f; echo y > g; ln -s g l",
    module: "copy",
    args: { src: "ROOT/f", dest: "ROOT/l", remote_src: true, follow: true },
  },
  {
    name: "a copy into no folder",
    setup: "echo x > f",
    module: "copy",
    args: { src: "ROOT/f", dest: "ROOT/no/g", remote_src: true },
  },
  {
    name: "a copy of nothing",
    module: "copy",
    args: { src: "ROOT/f", dest: "ROOT/g", remote_src: true },
  },
  {
    name: "a copy that is not valid",
    setup: "echo x > f; echo y > g",
    module: "copy",
    args: { src: "ROOT/f", dest: "ROOT/g", remote_src: true, validate: "grep -q no %s" },
  },
  {
    name: "a copy that is valid",
    setup: "echo x > f; echo y > g",
    module: "copy",
    args: { src: "ROOT/f", dest: "ROOT/g", remote_src: true, validate: "grep -q x %s" },
  },

  ...["f", "d", "l", "no", "dangling", "p", "s", "x y"].flatMap((name) =>
    [false, true].map((follow): Twin => ({
      name: `stat of ${name}${follow ? ", followed" : ""}`,
      setup:
        'echo x > f; mkdir d; ln -s d l; ln -s no dangling; mkfifo p; echo > s; chmod 6711 s; echo y > "x y"',
      module: "stat",
      args: { path: `ROOT/${name}`, follow },
      keys: STATS,
    })),
  ),
  {
    name: "stat with another digest",
    setup: "echo x > f",
    module: "stat",
    args: { path: "ROOT/f", checksum_algorithm: "sha256" },
    keys: STATS,
  },
  {
    name: "stat without a digest",
    setup: "echo x > f",
    module: "stat",
    args: { path: "ROOT/f", get_checksum: false },
    keys: STATS,
  },
];

// Arguments with the folder in them; an answer with the folder taken out.
const inFolder = <T>(value: T, folder: string): T =>
  JSON.parse(JSON.stringify(value).replaceAll("ROOT", folder)) as T;
const outOf = <T>(value: T, folder: string): T =>
  JSON.parse(JSON.stringify(value ?? null).replaceAll(folder, "ROOT")) as T;

// What is in a folder: types, modes, owners, targets, texts.
function shot(folder: string): string {
  return spawnSync(
    "sh",
    [
      "-c",
      `cd "$1" && find . ! -name "*.hw.*" -printf "%p %y %m %U:%G %l %n\\n" | sort; grep -r . . 2>/dev/null | sort`,
      "-",
      folder,
    ],
    { encoding: "utf8" },
  ).stdout.replaceAll(folder, "ROOT");
}

describe.skipIf(noAnsible !== undefined || process.getuid?.() !== 0)(
  "as Ansible does it",
  { timeout: 120_000 },
  () => {
    let host: ThisHost;
    let theirs: AnsibleResult[];
    const folder = (who: string, i: number): string => join(host.root, `${who}${i}`);
    beforeAll(async () => {
      host = new ThisHost();
      TWINS.forEach(({ setup = ":" }, i) => {
        for (const who of ["theirs", "ours"]) {
          mkdirSync(folder(who, i));
          spawnSync("sh", ["-c", `umask 022; ${setup}`], { cwd: folder(who, i) });
        }
      });
      process.umask(0o022);
      theirs = await askAnsible(
        TWINS.flatMap(({ module, args }, i) =>
          Array.from({ length: 2 }, () => ({ module, args: inFolder(args, folder("theirs", i)) })),
        ),
      );
    }, 120_000);
    afterAll(() => host.remove());

    test.each(TWINS.map((twin, i) => [twin.name, i] as const))("%s", (_name, i) => {
      const { module, args, keys = [], always = false, refused = false } = TWINS[i]!;
      const [first, second] = theirs.slice(2 * i);
      const run = (): AnsibleResult => {
        try {
          const { change, outputs, result } = execute(
            host,
            MODULES[module]!,
            inFolder(args, folder("ours", i)),
            { always },
          );
          const last = outputs.at(-1);
          return last && last.code !== 0
            ? { failed: true, msg: last.stderr }
            : { changed: change !== null, ...result };
        } catch (error) {
          if ((error as Error).name !== "TaskFailure") throw error;
          return { failed: true, msg: (error as Error).message };
        }
      };
      const ours = run();
      if (refused) return expect([ours.failed, first!.failed ?? false]).toEqual([true, false]);
      expect(
        { failed: ours.failed ?? false, changed: ours.changed ?? false },
        `theirs: ${first!.msg}, ours: ${ours.msg}`,
      ).toEqual({ failed: first!.failed ?? false, changed: first!.changed ?? false });
      expect(shot(folder("ours", i))).toBe(shot(folder("theirs", i)));
      const shown = (result: AnsibleResult, who: string): unknown => {
        const all = outOf(
          module === "stat" ? (result["stat"] as AnsibleResult) : result,
          folder(who, i),
        );
        return Object.fromEntries(
          keys
            .filter((key) => key in all && (module === "stat" || key in ours))
            .map((key) => [key, all[key]]),
        );
      };
      if (!first!.failed) expect(shown(ours, "ours")).toEqual(shown(first!, "theirs"));
      expect(run().changed ?? false).toBe(second!.changed ?? false);
    });
  },
);
