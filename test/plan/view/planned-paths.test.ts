import { expect, test } from "vitest";
import { answerKey, HostView } from "../../../src/plan/view/host-view.ts";
import { links } from "../../../src/probes/files/links.ts";
import { statPath, type PathArg, type PathState } from "../../../src/probes/files/path.ts";
import type { Probe } from "../../../src/probes/probe.ts";
import { Unknown, type Json } from "../../../src/value.ts";
import { defined } from "../../../src/defined.ts";

const folder: PathState = { type: "directory", mode: 0o755 };
const fresh: PathState = { type: "directory", mode: 0o755, isNew: true };
const file: PathState = { type: "file", mode: 0o644, sha256: "aa", content: "eA==" };
const old: PathState = { type: "file", mode: 0o644, sha256: "bb", content: "eQ==" };
const touched: PathState = { type: "file", mode: 0o644 };
const link = (target: string): PathState => ({ type: "link", target });

/** What a test's host holds, by path; links are absolute. */
type Held = { [path: string]: PathState };

// Walks along a path on the test's host, link by link.
function follow(
  held: Held,
  path: string,
  last: boolean,
  met: { [at: string]: string } = {},
): { at: string; met: { [at: string]: string } } {
  const names = path.split("/").slice(1);
  for (const i of names.keys()) {
    const at = `/${names.slice(0, i + 1).join("/")}`;
    const target =
      held[at]?.type === "link" && (last || i + 1 < names.length) ? held[at].target! : undefined;
    if (target !== undefined)
      return follow(held, [target, ...names.slice(i + 1)].join("/"), last, {
        ...met,
        [at]: target,
      });
  }
  return { at: path, met };
}

// What the test's host answers.
function answer(held: Held, { kind, arg }: Probe<unknown>): Json {
  const { path, follow: follows = false, below } = arg as unknown as PathArg;
  if (kind.name === links.name) return follow(held, path, true).met;
  const { at } = follow(held, path, follows);
  if (below)
    return {
      type: "directory",
      below: Object.keys(held)
        .filter((one) => one.startsWith(`${at}/`))
        .map((one) => held[one]!),
    };
  return held[at] ?? null;
}

// Asks the world until it knows.
function find(
  world: HostView,
  answers: Map<string, Json>,
  held: Held,
  probe: Probe<unknown>,
): unknown {
  for (let turns = 0; turns < 5; turns++) {
    const state = world.get(probe, "root");
    if (state !== undefined) return state instanceof Unknown ? "not known" : state;
    for (const wanted of world.wants(probe, "root"))
      answers.set(answerKey(wanted, "root"), answer(held, wanted));
    world = again!(answers);
  }
  return "asked for ever";
}
let again: ((answers: Map<string, Json>) => HostView) | undefined;

/** What a question is told by what earlier tasks make, in their order, on a host that holds something. */
const CASES: [
  what: string,
  question: Probe<unknown>,
  held: Held,
  made: [subject: string, after: PathState, before?: PathState][],
  said: unknown,
][] = [
  ["nobody changed anything", statPath("/a/b"), { "/a/b": old }, [], old],
  [
    "a directory above got another mode",
    statPath("/a/b"),
    { "/a": folder, "/a/b": old },
    [["/a", { type: "directory", mode: 0o700 }]],
    old,
  ],
  ["a directory above is removed", statPath("/a/b/c"), { "/a/b/c": old }, [["/a", null]], null],
  ["a directory above became a file", statPath("/a/b"), { "/a/b": old }, [["/a", file]], null],
  [
    "a directory above was removed and made anew",
    statPath("/a/b"),
    { "/a/b": old },
    [
      ["/a", null],
      ["/a", fresh],
    ],
    null,
  ],
  [
    "a directory of a like name is removed",
    statPath("/ab/c"),
    { "/ab/c": old },
    [["/a", null]],
    old,
  ],
  [
    "what was made before the directory went",
    statPath("/a/b"),
    {},
    [
      ["/a/b", file],
      ["/a", null],
    ],
    null,
  ],
  [
    "what was made after the directory went",
    statPath("/a/b"),
    {},
    [
      ["/a", null],
      ["/a", fresh],
      ["/a/b", file],
    ],
    file,
  ],
  [
    "what was made in a new directory that then got another mode",
    statPath("/a/b"),
    {},
    [
      ["/a", fresh],
      ["/a/b", file],
      ["/a", { ...fresh, mode: 0o700 }],
    ],
    file,
  ],
  [
    "a directory above that went with the one above it",
    statPath("/a/b/c"),
    { "/a/b/c": old },
    [
      ["/a/b", folder],
      ["/a", null],
    ],
    null,
  ],
  [
    "a link that was made",
    statPath("/l", { follow: true }),
    {},
    [
      ["/t", file],
      ["/l", link("/t")],
    ],
    file,
  ],
  [
    "a relative link",
    statPath("/a/l", { follow: true }),
    {},
    [
      ["/b/t", file],
      ["/a/l", link("../b/./t")],
    ],
    file,
  ],
  [
    "links to links",
    statPath("/l", { follow: true }),
    {},
    [
      ["/t", folder],
      ["/m", link("t")],
      ["/l", link("m")],
    ],
    folder,
  ],
  [
    "a new link to what nobody changed",
    statPath("/l", { follow: true }),
    { "/t": old },
    [["/l", link("/t")]],
    old,
  ],
  [
    "a link that was turned to what nobody changed",
    statPath("/l/x"),
    { "/l": link("/d"), "/d/x": file, "/e/x": old },
    [["/l", link("/e")]],
    old,
  ],
  [
    "a link to what is removed",
    statPath("/l", { follow: true }),
    { "/t": old },
    [
      ["/t", null],
      ["/l", link("/t")],
    ],
    null,
  ],
  [
    "a link that is there to what is removed",
    statPath("/l", { follow: true }),
    { "/t": old, "/l": link("/t") },
    [["/t", null]],
    null,
  ],
  ["that link itself", statPath("/l"), { "/t": old, "/l": link("/t") }, [["/t", null]], link("/t")],
  [
    "what a link that is removed led to",
    statPath("/t"),
    { "/t": old, "/l": link("/t") },
    [
      ["/l", null],
      ["follow /l", null],
    ],
    old,
  ],
  [
    "what was changed through a link that is there",
    statPath("/t"),
    { "/t": old, "/l": link("/t") },
    [["follow /l", file]],
    file,
  ],
  [
    "what is below a link that is there",
    statPath("/d/x"),
    { "/d/x": old, "/l": link("/d") },
    [["/l/x", file]],
    file,
  ],
  [
    "what is below a link that leads where something was removed",
    statPath("/l/x"),
    { "/d/x": old, "/l": link("/d") },
    [["/d", null]],
    null,
  ],
  [
    "a link to what is in a directory that is removed",
    statPath("/l", { follow: true }),
    {},
    [
      ["/d", null],
      ["/l", link("/d/t")],
    ],
    null,
  ],
  [
    "a circle of links",
    statPath("/l", { follow: true }),
    {},
    [
      ["/m", link("/l")],
      ["/l", link("/m")],
    ],
    null,
  ],
  [
    "through a link to a directory",
    statPath("/l/x"),
    {},
    [
      ["/d/x", file],
      ["/l", link("d")],
    ],
    file,
  ],
  [
    "through a link, and then one more",
    statPath("/l/x", { follow: true }),
    {},
    [
      ["/t", file],
      ["/d/x", link("/t")],
      ["/l", link("d")],
    ],
    file,
  ],
  [
    "a followed state that a removal overtook",
    statPath("/a/b", { follow: true }),
    {},
    [
      ["follow /a/b", file],
      ["/a", null],
    ],
    null,
  ],
  [
    "a file that was removed and touched has not its old content",
    statPath("/f", { unless: "" }),
    { "/f": old },
    [
      ["/f", null],
      ["/f", touched],
    ],
    "not known",
  ],
  [
    "a file that gets another mode keeps its content",
    statPath("/f", { unless: "" }),
    { "/f": old },
    [["/f", { type: "file", mode: 0o600 }]],
    { ...old, mode: 0o600 },
  ],
  [
    "below a directory that was made",
    statPath("/a", { below: "all" }),
    {},
    [
      ["/a", fresh],
      ["/a/f", file],
    ],
    { type: "directory", below: [file] },
  ],
  [
    "below a directory that is there",
    statPath("/a", { below: "all" }),
    { "/a": folder, "/a/o": old },
    [
      ["/a/f", file, null],
      ["/b", file],
    ],
    { type: "directory", below: [old, file] },
  ],
  [
    "below a directory in which something is removed",
    statPath("/a", { below: "all" }),
    { "/a": folder, "/a/o": old },
    [["/a/o", null, old]],
    "not known",
  ],
  ["below a directory that is removed", statPath("/a", { below: "all" }), {}, [["/a", null]], null],
  [
    "below what nobody changed",
    statPath("/a", { below: "all" }),
    { "/a/o": old },
    [["/b", file]],
    { type: "directory", below: [old] },
  ],
  [
    "what all below a directory was given",
    statPath("/a/f"),
    { "/a/f": old },
    [
      [
        "below /a",
        { type: "directory", below: [{ type: "file", mode: 0o600 }] },
        { type: "directory", below: [{ type: "file", mode: 0o644 }] },
      ],
    ],
    { ...old, mode: 0o600 },
  ],
];

test.each(CASES)("planned: %s", (_what, question, held, made, said) => {
  again = (answers) => {
    const world = new HostView({ answers, changes: [] });
    for (const [subject, after, before] of made) {
      // as a task would, it looks at the path first
      const probe = statPath(subject.replace(/^\w+ /, ""));
      for (const wanted of world.wants(probe, "root"))
        answers.set(answerKey(wanted, "root"), answer(held, wanted));
      world.make({ kind: "path", subject, after, ...defined({ before }) });
    }
    return world;
  };
  const answers = new Map<string, Json>();
  again(answers); // so that what it asked for on the way is known from the begin on
  expect(find(again(answers), answers, held, question)).toEqual(said);
});
