import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  contentText,
  path,
  statPath,
  type PathArg,
  type PathState,
} from "../../../src/probes/files/path.ts";
import { ProbeError } from "../../../src/probes/probe.ts";
import { overlayPath, PATH_FUNCTIONS } from "../../../src/probes/files/path.ts";
import { lines } from "../../../src/script/sh.ts";
import { sha256, ThisHost } from "../../modules/execute.ts";
import { here } from "../../requires.ts";

const ODD = [
  "a b",
  "it's",
  '"q"',
  "a\\b",
  "$HOME",
  "-n",
  "a -> b",
  "ü漢",
  " x ",
  "'",
  "*",
  "\t",
  "a  b",
];

describe.each(here([["dash"], ["bash", "--posix"], ["busybox", "sh"]]))(
  "paths under %s",
  (...shell) => {
    let host: ThisHost;
    const at = (name: string): string => join(host.root, name);
    const ask = (name: string, options: Omit<PathArg, "path"> = {}): PathState =>
      host.ask({ x: statPath(at(name), options) })["x"] as PathState;
    const all = (names: readonly string[], options: Omit<PathArg, "path"> = {}): PathState[] =>
      Object.values(
        host.ask(
          Object.fromEntries(names.map((name) => [`_${name}`, statPath(at(name), options)])),
        ),
      ) as PathState[];
    beforeEach(() => {
      host = new ThisHost(shell);
    });
    afterEach(() => host.remove());

    test("files, directories, links, pipes, sockets, devices, nothing", () => {
      writeFileSync(at("f"), "abc");
      chmodSync(at("f"), 0o4751);
      mkdirSync(at("d"));
      symlinkSync("f", at("l"));
      symlinkSync("no", at("dangling"));
      host.run({ sh: `mkfifo ${at("p")}` });
      expect(ask("f")).toMatchObject({
        type: "file",
        mode: 0o4751,
        size: 3,
        uid: process.getuid!(),
        gid: expect.any(Number) as number,
      });
      expect(all(["d", "l", "dangling", "p", "no", "f/x"]).map((state) => state?.type)).toEqual([
        "directory",
        "link",
        "link",
        "fifo",
        undefined,
        undefined,
      ]);
      expect(
        all(["d", "l", "dangling", "no"], { follow: true }).map((state) => state?.type),
      ).toEqual(["directory", "file", undefined, undefined]);
      expect(host.ask({ c: statPath("/dev/null") })["c"]).toMatchObject({ type: "char" });
    });

    test("odd names, as paths, as targets and with digests and texts", () => {
      for (const name of ODD) {
        writeFileSync(at(name), name);
        symlinkSync(name, at(`to ${name}`));
      }
      expect(all(ODD, { unless: "" }).map((state) => [state?.sha256, contentText(state)])).toEqual(
        ODD.map((name) => [sha256(name), name]),
      );
      expect(all(ODD.map((name) => `to ${name}`)).map((state) => state?.target)).toEqual(ODD);
      expect(all(ODD, { indexed: true }).map((state) => state?.sha256)).toEqual(
        ODD.map((name) => sha256(name)),
      );
    });

    test("hundreds of paths, of which every second is not there", () => {
      const names = Array.from(
        { length: 600 },
        (_, i) => `a-rather-long-name-so-that-buffers-fill-${i}`,
      );
      names.forEach((name, i) => i % 2 === 0 && writeFileSync(at(name), ""));
      expect(all(names).map((state) => state?.type)).toEqual(
        names.map((_, i) => (i % 2 === 0 ? "file" : undefined)),
      );
    });

    test("a text travels only where the digest is another, also where a neighbour of the same name has it", () => {
      writeFileSync(at("f"), "mine");
      writeFileSync(at("f2"), "wanted");
      const wanted = sha256("wanted");
      expect(all(["f", "f2"], { unless: wanted }).map(contentText)).toEqual(["mine", undefined]);
      expect(all(["f", "f2"], { digest: true }).map(contentText)).toEqual([undefined, undefined]);
    });

    test("bytes that are no text, an empty file, and a file that is too large", () => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
      writeFileSync(at("bytes"), bytes);
      writeFileSync(at("empty"), "");
      writeFileSync(at("large"), Buffer.alloc(3 * 1024 * 1024));
      const [some, none, large] = all(["bytes", "empty", "large"], { unless: "" });
      expect([
        Buffer.from(some!.content!, "base64").equals(bytes),
        none!.content,
        Buffer.from(large!.content!, "base64").length,
      ]).toEqual([true, "", 1024 * 1024]);
    });

    test("what is below a directory, each kind once", () => {
      mkdirSync(at("d/e"), { recursive: true });
      for (const name of ["a", "b", "e/c d"]) writeFileSync(at(`d/${name}`), "");
      symlinkSync("x", at("d/l"));
      const kinds = (state: PathState): unknown =>
        state?.below?.map((one) => [one?.type, one?.mode]);
      expect(kinds(ask("d", { below: "all" }))).toEqual([
        ["directory", 0o755],
        ["file", 0o644],
        ["link", 0o777],
      ]);
      mkdirSync(at("empty"));
      expect([
        ask("empty", { below: "first" })?.below,
        ask("d", { below: "first" })?.below?.length,
        ask("d/a", { below: "all" }),
      ]).toEqual([[], 1, null]);
    });

    test.runIf(process.getuid?.() === 0)(
      "what cannot be accessed is neither there nor not there",
      () => {
        mkdirSync(at("closed/in"), { recursive: true, mode: 0o700 });
        for (const folder of [host.folder, host.root]) chmodSync(folder, 0o755);
        const args = ["closed/in", "closed", "it's", "closed/it's"].map((name) => ({
          path: at(name),
        }));
        const program = lines([{ sh: PATH_FUNCTIONS }, path.script(args)]).sh;
        const { stdout } = spawnSync(shell[0], [...shell.slice(1), "-c", program], {
          uid: 65534,
          gid: 65534,
          encoding: "utf8",
        });
        expect(path.parse(stdout, args).map((state) => state?.type)).toEqual([
          "denied",
          "directory",
          undefined,
          "denied",
        ]);
      },
    );

    test("a look shows what the state says", () => {
      writeFileSync(at("f x"), "abc");
      symlinkSync("a target", at("l"));
      mkdirSync(at("d"));
      for (const name of ["f x", "l", "d", "no"]) {
        for (const options of [
          {},
          { digest: true },
          { follow: true },
          { follow: true, digest: true },
          { unless: "" },
        ]) {
          const probes = { x: statPath(at(name), options) };
          const [{ seen, wanted }] = host.look(probes, host.ask(probes)) as [
            { seen: unknown; wanted: unknown },
          ];
          expect(seen, `${name} ${JSON.stringify(options)}`).toEqual(wanted);
        }
      }
    });

    test("an answer without its parts is refused", () => {
      expect(() => path.parse("", [{ path: "/x" }])).toThrow(ProbeError);
      expect(() =>
        path.parse(
          "/x\0zzzz\0a\0b\x000\x000\x000\0/x\0\n\n--follow--\n\n--sums--\n\n--content--\n\n--below--\n",
          [{ path: "/x" }],
        ),
      ).toThrow(ProbeError);
    });
  },
);

const folder: PathState = { type: "directory", mode: 0o755 };
const seen: PathState = { type: "file", mode: 0o644, size: 3, sha256: "aa", content: "YWJj" };

test.each<[what: string, after: PathState, wanted: PathState]>([
  ["a new mode keeps the content", { type: "file", mode: 0o600 }, { ...seen, mode: 0o600 }],
  [
    "the same content keeps its text",
    { type: "file", mode: 0o600, sha256: "aa" },
    { ...seen, mode: 0o600 },
  ],
  [
    "another content has not the old text",
    { type: "file", sha256: "bb" },
    { type: "file", sha256: "bb" },
  ],
  [
    "an unknown content has not the old text",
    { type: "file", sha256: null },
    { type: "file", sha256: null },
  ],
  ["what became a folder has no text", folder, folder],
  ["what is removed is nothing", null, null],
])("joined: %s", (_what, after, wanted) => {
  expect(overlayPath(seen, after)).toEqual(wanted);
});

test("what another stat than that of coreutils says is no answer, as nothing is absent by it", () => {
  const answer = (said: string): string =>
    `${said}\n--follow--\n\n--sums--\n\n--content--\n\n--below--\n`;
  const args = [{ path: "/a" }];
  expect(path.parse(answer("stat: cannot stat '/a': No such file or directory"), args)).toEqual([
    null,
  ]);
  for (const said of ["stat: unrecognized option: printf", "sh: 1: stat: not found"])
    expect(() => path.parse(answer(said), args)).toThrow(`stat does not work on the host: ${said}`);
});
