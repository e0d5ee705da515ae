import { expect, test } from "vitest";
import { HostView } from "../../../src/plan/view/host-view.ts";
import { askLocalFacts } from "../../../src/probes/system/facts/local.ts";
import { askServices } from "../../../src/probes/system/listing.ts";
import { statPath } from "../../../src/probes/files/path.ts";
import { markRenewed } from "../../../src/probes/files/may-be-replaced.ts";
import { askLinks } from "../../../src/probes/files/links.ts";
import { Unknown, type Json } from "../../../src/value.ts";

const service = {
  name: "a.service",
  state: "running",
  status: "enabled",
  source: "systemd" as const,
};
const stopped = { kind: "unit", subject: "a.service", after: {} };
const services = askServices();
const answers = new Map([[`root\n${services.key}`, { "a.service": service }]]);

test("which services run is not known once one is planned to change", () => {
  const view = new HostView({ answers, changes: [] });
  expect(view.get(services, "root")).toEqual({ "a.service": service });
  view.make(stopped);
  expect(view.get(services, "root")).toBeInstanceOf(Unknown);
});

test("what was asked after a change was made is believed", () => {
  expect(new HostView({ answers, changes: [stopped] }).get(services, "root")).toEqual({
    "a.service": service,
  });
});

test("what is read below a directory is not known while an archive that nobody has looked into is to be unpacked there", () => {
  const [read, written] = [statPath("/opt/a/tool", { source: true }), statPath("/opt/a/tool")];
  const view = new HostView({
    answers: new Map([
      [`root\n${read.key}`, null],
      [`root\n${written.key}`, null],
    ]),
    changes: [],
  });
  view.make(markRenewed("/opt/b"));
  expect(view.get(read, "root")).toBe(null);
  view.make(markRenewed("/opt/a"));
  expect(view.get(read, "root")).toBeInstanceOf(Unknown);
  expect(view.get(written, "root")).toBe(null);
});

test.each([
  ["user", "app", { type: "file", uid: 900, group: "www", gid: 33 }],
  ["group", "www", { type: "file", owner: "app", uid: 900, gid: 33 }],
  ["user", "www", { type: "file", owner: "app", uid: 900, gid: 33 }],
  ["user", "other", { type: "file", owner: "app", uid: 900, group: "www", gid: 33 }],
])("files of a %s %s who is to be removed have only its number", (kind, subject, after) => {
  const file = statPath("/srv/f");
  const state = { type: "file", owner: "app", uid: 900, group: "www", gid: 33 };
  const view = new HostView({ answers: new Map([[`root\n${file.key}`, state]]), changes: [] });
  view.make({ kind, subject, after: null });
  expect(view.get(file, "root")).toEqual(after);
});

test.each([
  ["root", "0600", true],
  ["app by admin", "0600", true],
  ["www", "0600", false],
  ["www by root", "0600", false],
  ["www", "0640", true],
  ["www", "0604", true],
])("%s sees the content of app's file with mode %s that a task makes: %s", (who, mode, sees) => {
  const file = statPath("/srv/f", { follow: true, unless: "" });
  const view = new HostView({
    answers: new Map<string, Json>([
      [`${who}\n${file.key}`, null],
      [`${who}\n${askLinks("/srv/f").key}`, {}],
    ]),
    changes: [],
  });
  const bits = Number.parseInt(mode, 8);
  const after = { type: "file", mode: bits, owner: "app", sha256: "1", content: "eA==" };
  view.make({ kind: "path", subject: "/srv/f", before: null, after });
  const found = view.get(file, who) as { content?: string };
  expect(found.content === undefined).toBe(!sees);
});

test("whom the host has told a file's content may read it, by whatever name it knows the user", () => {
  const file = statPath("/srv/f", { follow: true, unless: "" });
  const told = { type: "file", mode: 0o600, owner: "app", sha256: "1", content: "eA==" };
  const view = new HostView({ answers: new Map([[`www\n${file.key}`, told]]), changes: [] });
  expect(view.get(file, "www")).toEqual(told);
});

test("facts of the host's owner are not known while a file of theirs is planned to change, and no other", () => {
  const facts = askLocalFacts("/etc/ansible/facts.d");
  const view = new HostView({
    answers: new Map([[`root\n${facts.key}`, { ansible_local: {} }]]),
    changes: [],
  });
  view.make({ kind: "path", subject: "/etc/ansible/other", after: { type: "file" } });
  expect(view.get(facts, "root")).toEqual({ ansible_local: {} });
  view.make({
    kind: "path",
    subject: "follow /etc/ansible/facts.d/a.fact",
    after: { type: "file" },
  });
  expect(view.get(facts, "root")).toBeInstanceOf(Unknown);
});

/** What paths are, what a change makes of them, and what all of them are told then. */
const changes: [
  what: string,
  links: { [path: string]: { [location: string]: string } },
  states: [path: string, follow: boolean, before: Json, after: Json][],
  told: Json[],
][] = [
  [
    "a link that leads back to itself leads nowhere",
    { "/a": { "/a": "/d", "/d": "/b" }, "/d": { "/d": "/b" } },
    [
      ["/d", false, { type: "link", target: "/b" }, { type: "link", target: "/a" }],
      ["/d", true, { type: "file", mode: 1 }, { type: "file", mode: 1 }],
      ["/a", true, { type: "file", mode: 1 }, { type: "file", mode: 1 }],
    ],
    [{ type: "link", target: "/a" }, null, null],
  ],
  [
    "two names of one directory have one mode",
    { "/d/g": { "/d/g": "../a", "/a": "/d" }, "/d": {} },
    [
      ["/d/g", true, { type: "directory", mode: 1 }, { type: "directory", mode: 2 }],
      ["/d", true, { type: "directory", mode: 1 }, { type: "directory", mode: 1 }],
    ],
    [
      { type: "directory", mode: 2 },
      { type: "directory", mode: 2 },
    ],
  ],
  [
    "other paths stay as they are",
    { "/a": {}, "/b": {} },
    [
      ["/a", false, { type: "file", mode: 1 }, { type: "file", mode: 2 }],
      ["/b", false, { type: "file", mode: 1 }, { type: "file", mode: 1 }],
    ],
    [
      { type: "file", mode: 2 },
      { type: "file", mode: 1 },
    ],
  ],
];

test.each(changes)("after a change, %s", (_what, links, states, told) => {
  const answers = new Map(
    Object.entries(links).map(([at, found]) => [`root\n${askLinks(at).key}`, found as Json]),
  );
  const view = new HostView({ answers, changes: [] });
  const agreed = view.agreed(
    states.map(([at, follow, before, after]) => [
      statPath(at, follow ? { follow } : {}),
      before,
      after,
    ]),
  );
  expect(agreed.map(([, , after]) => after)).toEqual(told);
});
