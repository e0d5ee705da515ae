import { findModule } from "../../src/modules/index.ts";
import type { PathState } from "../../src/probes/files/path.ts";
import type { Case } from "./case.ts";

// Modules that look, speak or act on the run: with their arguments nothing is to be done on the host, or the task fails.
const quiet = (name: string, args: object, { before = {}, ...more }: Partial<Case> = {}): Case => ({
  name: `${name} changes nothing`,
  module: findModule(name)!,
  args,
  before,
  expect: { unchanged: true },
  ...more,
});
const failing = (name: string, args: object, failure: RegExp, more: Partial<Case> = {}): Case => ({
  ...quiet(name, args, more),
  name: `${name} fails`,
  expect: { failure },
});
const file: PathState = { type: "file", mode: 0o644 };
const holds = (isTrue: boolean): Partial<Case> => ({ given: { holds: () => isTrue } });

export const cases: readonly Case[] = [
  quiet("add_host", { name: "node9", groups: "workers" }),
  quiet("assert", { that: "x == 1" }, holds(true)),
  failing("assert", { that: "x == 1" }, /Assertion failed/, holds(false)),
  quiet("command", { cmd: "initdb", creates: "/srv/db" }, { before: { creates: file } }),
  quiet("debug", { msg: "hello" }),
  failing("fail", { msg: "not Debian" }, /not Debian/),
  quiet("find", { paths: "/var/log" }),
  quiet("getent", { database: "passwd" }),
  quiet("group_by", { key: "os_debian" }),
  quiet(
    "include_vars",
    { file: "more.yml" },
    {
      given: {
        vars: () => ({
          path: "/play/more.yml",
          vars: { kind: "map", entries: [], place: { file: "more.yml", line: 1, column: 1 } },
        }),
      },
    },
  ),
  quiet("meta", { action: "noop" }),
  quiet(
    "package_facts",
    { manager: "apt" },
    {
      before: { packages: [{ source: "apt", name: "a", version: "1" }] },
    },
  ),
  quiet("rollback", {}),
  quiet("service_facts", {}, { before: { services: [] } }),
  quiet("set_fact", { region: "eu" }),
  quiet("setup", {}),
  quiet("shell", { cmd: "rm /srv/db", removes: "/srv/db" }),
  quiet("stat", { path: "/etc/motd" }),
];
