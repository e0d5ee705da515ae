import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { facts } from "../../src/probes/system/facts.ts";
import { statPath } from "../../src/probes/files/path.ts";
import { ask, askBehind, ProbeError, type Probe, type ProbeKind } from "../../src/probes/probe.ts";
import { readRecord } from "../../src/probes/record.ts";
import { askSame } from "../../src/probes/files/same-file.ts";
import { askStat } from "../../src/probes/files/stat.ts";
import { answers, question } from "../../src/script/question.ts";
import { sh } from "../../src/script/sh.ts";
import { ThisHost } from "../modules/execute.ts";
import { has, here, shellcheck, skipReason } from "../requires.ts";

const options = { nonce: "abc123", isRoot: false };

// A question that prints back what it is asked.
const echo: ProbeKind<string, string> = {
  name: "echo",
  subject: (arg) => arg,
  script: (args) => sh`printf '%s\n' ${args}`,
  parse: (output, args) => {
    const found = output.split("\n").slice(0, args.length);
    if (found.length < args.length || found.includes("")) throw new ProbeError("garbled");
    return found;
  },
};

let host: ThisHost;
beforeAll(() => {
  host = new ThisHost();
  writeFileSync(join(host.root, "f"), "text");
  mkdirSync(join(host.root, "d"));
  symlinkSync("f", join(host.root, "l"));
});
afterAll(() => host.remove());

describe("the program", () => {
  test("equal questions are asked once, all of a kind together", () => {
    const probes = [ask(echo, "a"), statPath("/x"), ask(echo, "b"), ask(echo, "a"), statPath("/x")];
    const { sh: program } = question(probes, options);
    expect(program.match(/' a b\n/g)).toHaveLength(1);
    expect(program.match(/hw_stat '' \/x\n/g)).toHaveLength(1);
  });

  test("what may change the host keeps its place between other questions", () => {
    const writing: ProbeKind<string, string> = {
      ...echo,
      name: "w",
      holds: { mayWrite: () => true },
    };
    const probes = [
      ask(echo, "a"),
      statPath("/x"),
      ask(echo, "b"),
      ask(writing, "c"),
      ask(writing, "d"),
      askBehind(ask(echo, "a"), "cd"),
    ];
    const { sh: program } = question(probes, options);
    expect(program.match(/' (a b|c d|a)\n/g)).toEqual(["' a b\n", "' c d\n", "' a\n"]);
    expect(program.match(/hw_nonce" '?\w+( \d)?'?\n/g)!.map((line) => line.slice(10, -1))).toEqual([
      "echo",
      "path",
      "'w 1'",
      "'echo 2'",
    ]);
    const said =
      "\n@abc123 echo\n1\n2\n\n@abc123 path\n\n@abc123 w 1\n3\n4\n\n@abc123 echo 2\n5\n\n@abc123 end\n";
    const asked = probes.filter(({ kind }) => kind.name !== "path");
    expect([...answers(said, asked, "abc123").values()]).toEqual(["1", "2", "3", "4", "5"]);
  });

  test.skipIf(!has("shellcheck"))(
    `shellcheck has nothing to say${skipReason("shellcheck")}`,
    () => {
      const kinds = [
        statPath("/a b", { unless: "" }),
        statPath("/b", { follow: true, indexed: true }),
        statPath("/c", { below: "all" }),
        readRecord("n"),
        askSame("/a", "/b"),
        askStat({ path: "/a", follow: true, checksum: "sha1" }),
        ask(facts, null),
      ];
      // Left out: -ef in tests of POSIX sh (known to all three shells), a loop over one word, options that are meant to be split.
      expect(
        shellcheck(question(kinds, options).sh, ["SC3013", "SC2043", "SC2086", "SC2015"]),
      ).toBe("");
    },
  );

  test("nothing on the host changes", () => {
    const shot = (): string[] =>
      (readdirSync(host.folder, { recursive: true }) as string[])
        .filter((name) => name !== "program")
        .map((name) => `${name} ${statSync(join(host.folder, name)).ctimeMs}`);
    const before = shot();
    host.ask(
      Object.fromEntries(
        ["f", "d", "l", "no"].flatMap((name) =>
          [
            statPath(join(host.root, name), { unless: "" }),
            statPath(join(host.root, name), { indexed: true, follow: true }),
            statPath(host.root, { below: "all" }),
          ].map((probe, i) => [`${name}${i}`, probe]),
        ),
      ),
    );
    expect(shot()).toEqual(before);
  });

  test.each(here([["dash"], ["bash", "--posix"], ["busybox", "sh"]]))("%s reads it", (...shell) => {
    const other = new ThisHost(shell);
    chmodSync(host.folder, 0o755);
    const state = other.ask({
      f: statPath(join(host.root, "f"), { unless: "" }),
      l: statPath(join(host.root, "l")),
      n: readRecord("none"),
    });
    other.remove();
    expect(state).toMatchObject({
      f: { type: "file", content: Buffer.from("text").toString("base64") },
      l: { type: "link", target: "f" },
      n: null,
    });
  });
});

describe("the answer", () => {
  const probes: Probe<unknown>[] = [
    ask(echo, "one"),
    ask(echo, "two"),
    statPath("/etc/passwd", { digest: true }),
  ];
  const output = (): string => host.run(question(probes, options)).stdout;
  const read = (text: string): unknown[] => [...answers(text, probes, options.nonce).values()];

  test("each question has its own", () => {
    expect(read(output())).toEqual(["one", "two", expect.objectContaining({ type: "file" })]);
  });
  test("noise before it and behind it is passed over", () => {
    expect(read(`Welcome!\n@other end\n${output()}\nbye`).slice(0, 2)).toEqual(["one", "two"]);
  });
  test("one that is cut anywhere is refused", () => {
    const whole = output();
    for (let length = 0; length < whole.trimEnd().length; length += 7)
      expect(() => read(whole.slice(0, length))).toThrow(ProbeError);
  });
  test("a host without stat is told as such, and not as one where nothing is", () => {
    const { sh: program } = question(probes, options);
    const without = host.run({
      sh: `command() { case $2 in stat) return 1 ;; esac; }; stat() { return 127; }\n${program}`,
    }).stdout;
    expect(() => read(without)).toThrow(/no stat on the host/);
  });
  test.skipIf(!has("busybox"))(
    `a host whose commands are busybox's is told as such${skipReason("busybox")}`,
    () => {
      const { sh: program } = question(probes, options);
      const { stdout } = host.run({ sh: `stat() { busybox stat "$@"; }\n${program}` });
      expect(() => read(stdout)).toThrow(/not that of coreutils.*busybox/);
    },
  );
  test("one to another question is refused", () => {
    expect(() => answers(output(), probes, "fff")).toThrow(ProbeError);
  });
  test("a part that is missing is garbage", () => {
    expect(() => read(output().replace(/--sums--/, "--x--"))).toThrow(ProbeError);
  });
});
