import { expect, test } from "vitest";
import { fetch } from "../../src/modules/files/fetch.ts";
import type { AnyModule } from "../../src/modules/index.ts";
import { reboot } from "../../src/modules/system/reboot.ts";
import { wait_for_connection } from "../../src/modules/network/wait_for_connection.ts";
import { Unknown } from "../../src/value.ts";
import { argumentsFor, givenWith } from "./case.ts";

const controller = givenWith({ here: () => null, evaluate: () => "web1" });
const ready = (module: unknown, args: object): { module: AnyModule; args: unknown } => ({
  module: module as AnyModule,
  args: argumentsFor(module as AnyModule, args),
});
const printed = (...texts: string[]): { code: number; stdout: string; stderr: string }[] =>
  texts.map((stdout) => ({ code: 0, stdout, stderr: "" }));

test.each<[string, object, string]>([
  ["a folder for each host", { src: "/var/log/a", dest: "logs" }, "/here/logs/web1/var/log/a"],
  ["no way out of it", { src: "/../../a", dest: "logs/" }, "/here/logs/web1/a"],
  ["its own path", { src: "/var/log/a", dest: "x/b", flat: true }, "/here/x/b"],
  ["its own name in a folder", { src: "/var/log/a", dest: "x/", flat: true }, "/here/x/a"],
])("a file that is fetched gets %s", (_name, args, to) => {
  const { module, args: known } = ready(fetch, args);
  expect(module.plan(known, { file: { type: "file", sha256: "1" } }, controller)?.runner).toEqual({
    kind: "bring",
    from: (args as { src: string }).src,
    to,
    sha256: "1",
  });
});

test("validate_checksum: false takes whatever comes", () => {
  const { module, args } = ready(fetch, {
    src: "/a",
    dest: "/b",
    flat: true,
    validate_checksum: false,
  });
  expect(module.plan(args, { file: { type: "file", sha256: "1" } }, controller)?.runner).toEqual({
    kind: "bring",
    from: "/a",
    to: "/b",
  });
});

test("fetch tells Ansible's keys before, after, and where there is nothing to do", () => {
  const { module, args } = ready(fetch, {
    src: "/a",
    dest: "/b",
    flat: true,
    fail_on_missing: false,
  });
  const file = { type: "file", sha256: "1" };
  expect(module.result(args, { file }, undefined, controller)["checksum"]).toBeInstanceOf(Unknown);
  const sums = { sha256: "1", sha1: "2", md5: "3" };
  expect(module.result(args, { file }, printed(JSON.stringify(sums)), controller)).toEqual({
    md5sum: "3",
    dest: "/b",
    remote_md5sum: null,
    checksum: "2",
    remote_checksum: "2",
  });
  expect(
    module.result(
      args,
      { file },
      undefined,
      givenWith({ here: () => ({ type: "file", ...sums }) }),
    ),
  ).toEqual({ md5sum: "3", file: "/a", dest: "/b", checksum: "2" });
  expect(module.result(args, { file: null }, undefined, controller)).toEqual({
    changed: false,
    file: "/a",
    msg: "the remote file does not exist, not transferring, ignored",
  });
});

test("reboot and wait_for_connection tell how long it took", () => {
  const back = ready(reboot, {});
  expect(back.module.result(back.args, {}, printed("id", "", "42"), controller)).toEqual({
    rebooted: true,
    elapsed: 42,
  });
  expect(
    back.module.result(
      back.args,
      {},
      [...printed("id"), { code: 1, stdout: "", stderr: "no" }],
      controller,
    ),
  ).toEqual({ rebooted: false, elapsed: 0 });
  expect(back.module.result(back.args, {}, undefined, controller)).toEqual({
    rebooted: true,
    elapsed: expect.any(Unknown) as Unknown,
  });
  const wait = ready(wait_for_connection, {});
  expect(wait.module.result(wait.args, {}, printed("3"), controller)).toEqual({ elapsed: 3 });
});

test("what a reboot waits for is what the task says", () => {
  const { module, args } = ready(reboot, {
    post_reboot_delay: 3,
    reboot_timeout: 9,
    connect_timeout: 2,
    test_command: "true",
  });
  expect(module.plan(args, {}, controller)?.runner).toMatchObject({
    kind: "reconnect",
    delay: 3,
    timeout: 9,
    connectTimeout: 2,
    test: { sh: "/bin/sh -c true" },
  });
});
