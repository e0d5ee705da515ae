import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HostView } from "../../../src/plan/view/host-view.ts";
import {
  askDropIns,
  directives,
  dropIns,
  environmentOf,
  takesBack,
  type DropIn,
} from "../../../src/probes/system/drop_ins.ts";
import { here } from "../../requires.ts";
import type { PathState } from "../../../src/probes/files/path.ts";

const ETC = "/etc/systemd/system/a-b@1.service.d";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const file = (path: string, text: string): string =>
  `text ${base64(text)} ${path}\nmodified 5.5 ${path}\ndigest ${"0".repeat(64)} ${path}\n`;
const read = (answer: string, name = "a-b@1.service"): DropIn[] =>
  dropIns.parse(`drop-ins ${name}\n${answer}`, [{ name }])[0]!;

describe("what the host's answer means", () => {
  test("drop-ins come by the names of their files; of one name the first directory wins, and a link to /dev/null hides the others", () => {
    const found = read(
      [
        file("/usr/lib/systemd/system/a-b@1.service.d/20.conf", "lib"),
        file("/usr/lib/systemd/system/a-b@1.service.d/10.conf", "lib"),
        file("/etc/systemd/system/a-b@.service.d/15.conf", "template"),
        file("/etc/systemd/system/a-.service.d/16.conf", "prefix"),
        file("/run/systemd/system/service.d/17.conf", "all services"),
        file("/etc/systemd/system/other.service.d/18.conf", "another's"),
        file(`${ETC}/20.conf`, "etc"),
        `other - ${ETC}/10.conf\n`,
      ].join(""),
    );
    expect(
      found.map(({ path, content }) => [path, Buffer.from(content!, "base64").toString()]),
    ).toEqual([
      [`${ETC}/10.conf`, ""],
      ["/etc/systemd/system/a-b@.service.d/15.conf", "template"],
      ["/etc/systemd/system/a-.service.d/16.conf", "prefix"],
      ["/run/systemd/system/service.d/17.conf", "all services"],
      [`${ETC}/20.conf`, "etc"],
    ]);
    expect(found[4]).toMatchObject({ modified: 5.5, sha256: "0".repeat(64) });
  });

  test("an answer that is cut is garbage", () => {
    expect(() => dropIns.parse("", [{ name: "a.service" }])).toThrow("truncated or garbled");
  });

  test("what the tasks before write and remove counts", () => {
    const name = "a.service";
    const at = (file_: string): string => `/etc/systemd/system/a.service.d/${file_}`;
    const found = ["keep", "change", "chmod", "remove"].map((one): DropIn => ({
      path: at(`${one}.conf`),
      sha256: one,
      content: base64(one),
      modified: 1,
    }));
    const planned = new Map<string, PathState>([
      [at("change.conf"), { type: "file", sha256: "other", content: base64("other") }],
      [at("chmod.conf"), { type: "file", mode: 0o600 }],
      [at("remove.conf"), null],
      [at("new.conf"), { type: "file", sha256: null }],
      [at("new.txt"), { type: "file", sha256: "x" }],
    ]);
    const joined = (paths: Map<string, PathState>): [string, string | null][] =>
      dropIns.planned!.join!(found, paths as never, { name }).map(({ path, sha256 }) => [
        path.slice(path.lastIndexOf("/") + 1),
        sha256,
      ]);
    expect(joined(planned)).toEqual([
      ["change.conf", "other"],
      ["chmod.conf", "chmod"],
      ["keep.conf", "keep"],
      ["new.conf", null],
    ]);
    expect(joined(new Map([["/etc/systemd/system/a.service.d", null]]))).toEqual([]);
  });
});

test("a later task sees the drop-in that an earlier one writes", () => {
  const probe = askDropIns("a.service");
  const world = new HostView({ answers: new Map([[`root\n${probe.key}`, []]]), changes: [] });
  const path = "/etc/systemd/system/a.service.d/x.conf";
  world.make({
    kind: "path",
    subject: path,
    before: null,
    after: { type: "file", sha256: "new", content: base64("[Service]\n") },
  });
  expect(world.get(probe, "root")).toEqual([
    { path, sha256: "new", content: base64("[Service]\n") },
  ]);
});

describe("what drop-ins say", () => {
  const said = (...texts: string[]): DropIn[] =>
    texts.map((text, i) => ({ path: `/${i}.conf`, sha256: "x", content: base64(text) }));

  test.each([
    [
      "the last one counts",
      said("[Service]\nKillMode=mixed\n", "[Service]\n  KillMode = process  \n"),
      [
        ["mixed", "/0.conf"],
        ["process", "/1.conf"],
      ],
    ],
    [
      "other sections and comments do not",
      said("[Unit]\nKillMode=mixed\n[Service]\n#KillMode=none\n ; KillMode=none\n"),
      [],
    ],
    [
      "an empty value takes back what was before",
      said("[Service]\nKillMode=mixed\n", "[Service]\nKillMode=\n"),
      [],
    ],
    [
      "lines go on behind a backslash",
      said("[Service]\nKillMode=\\\n# a comment between\n  mixed\n"),
      [["mixed", "/0.conf"]],
    ],
    ["content that is not known says nothing", [{ path: "/0.conf", sha256: null }], []],
  ])("%s", (_name, found, wanted) => {
    expect(directives(found, "KillMode").map(({ value, path }) => [value, path])).toEqual(wanted);
  });

  test("variables may be quoted, and stand together on a line", () => {
    const found = said(
      `[Service]\nEnvironment=A=1 "B=two words" 'C=3'\nEnvironment="PATH=/a:/b"\n`,
      "[Service]\nEnvironment=A=4\n",
    );
    expect(
      [...environmentOf(found)].map(([name, { value, path }]) => `${name} ${value} ${path}`),
    ).toEqual(["A 4 /1.conf", "B two words /0.conf", "C 3 /0.conf", "PATH /a:/b /0.conf"]);
  });

  test("an empty ExecStart takes back the unit's own", () => {
    expect(takesBack(said("[Service]\nExecStart=\nExecStart=/x\n"), "ExecStart")).toBe(true);
    expect(takesBack(said("[Service]\nExecStart=/x\n"), "ExecStart")).toBe(false);
  });
});

describe.each(here(["dash", "bash", "busybox sh"]))("asked through %s", (shell) => {
  const folder = mkdtempSync(join(tmpdir(), "drop-ins-"));
  const places = [join(folder, "etc/a.service.d"), join(folder, "lib/a.service.d")];
  beforeAll(() => {
    for (const place of places) mkdirSync(place, { recursive: true });
    writeFileSync(join(places[0]!, "10.conf"), "[Service]\nKillMode=mixed\n");
    symlinkSync("/dev/null", join(places[0]!, "20.conf"));
    symlinkSync("/nowhere", join(places[0]!, "30.conf"));
    mkdirSync(join(places[1]!, "40.conf"));
    writeFileSync(join(places[1]!, "50.txt"), "no drop-in");
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("what is there is told, and what is not costs no process", () => {
    const program = dropIns
      .script([{ name: "a.service" }])
      .sh.replaceAll("/etc/systemd/system/", `${folder}/etc/`)
      .replaceAll("/usr/lib/systemd/system/", `${folder}/lib/`);
    const [command, ...rest] = shell.split(" ") as [string, ...string[]];
    const { stdout, stderr } = spawnSync(command, [...rest, "-s"], {
      input: program,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const told = stdout
      .replaceAll(`${folder}/etc/`, "/etc/systemd/system/")
      .replaceAll(`${folder}/lib/`, "/usr/lib/systemd/system/");
    const [found] = dropIns.parse(told, [{ name: "a.service" }]);
    expect(found!.map(({ path, sha256 }) => [path, sha256!.length])).toEqual([
      ["/etc/systemd/system/a.service.d/10.conf", 64],
      ["/etc/systemd/system/a.service.d/20.conf", 1],
      ["/etc/systemd/system/a.service.d/30.conf", 1],
      ["/usr/lib/systemd/system/a.service.d/40.conf", 1],
    ]);
    expect(directives(found!, "KillMode")[0]!.value).toBe("mixed");
    expect(found![0]!.modified).toBeGreaterThan(1e9);
  });
});
