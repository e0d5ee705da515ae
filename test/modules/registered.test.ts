import { expect, test } from "vitest";
import type { AnyModule } from "../../src/modules/index.ts";
import { authorized_key } from "../../src/modules/system/authorized_key.ts";
import { file as fileModule } from "../../src/modules/files/file.ts";
import { ini_file } from "../../src/modules/files/ini_file.ts";
import { known_hosts } from "../../src/modules/network/known_hosts.ts";
import { cron } from "../../src/modules/system/cron.ts";
import { argumentsFor, givenWith } from "./case.ts";
import { textState } from "./shared/edited.ts";

const ran = [{ stdout: "", stderr: "", code: 0 }];
const job = "#Ansible: j\n* * * * * root run\n";
const file = { file: textState(job), real: textState(job) };
const key = { user: "ops", path: "/home/ops/.ssh/authorized_keys", key: "ssh-rsa A" };

// What Ansible's modules register after a change and without one; null: the parameter is not given.
test.each<[string, unknown, object, object, object]>([
  ["the names in a table", cron, { name: "j", job: "run" }, { table: job }, { jobs: ["j"] }],
  [
    "the names in a file, and the file",
    cron,
    { name: "j", job: "run", cron_file: "f", user: "root" },
    file,
    { jobs: ["j"], envs: [], cron_file: "f" },
  ],
  [
    "what cron leaves out",
    cron,
    { name: "j", job: "a\nb", cron_file: "a.b", user: "root" },
    file,
    {
      warnings: [
        'Filename portion of cron_file ("a.b") should consist solely of upper- and lower-case letters, digits, underscores, and hyphens',
        "Job should not contain line breaks",
      ],
    },
  ],
  [
    "the file that keys of hosts are in",
    known_hosts,
    { name: "h", path: "/k", key: "h ssh-rsa A" },
    { real: textState("") },
    { name: "h", path: "/k", hash_host: false, state: "file", mode: "0644", owner: "root" },
  ],
  [
    "the file that an option is in",
    ini_file,
    { path: "/i", section: "s", option: "o", value: "1" },
    { real: textState("") },
    { path: "/i", state: "file", mode: "0644", gid: 0, size: 0 },
  ],
  [
    "all parameters, and the usual file",
    authorized_key,
    key,
    { account: { home: "/home/ops" } },
    { key: "ssh-rsa A", key_options: null, comment: null, path: null, keyfile: key.path },
  ],
  [
    "another file",
    authorized_key,
    { ...key, path: "/k", comment: "c" },
    { account: { home: "/home/ops" }, real: textState("") },
    { comment: "c", path: "/k", keyfile: "/k", state: "file", uid: 0 },
  ],
])("registered: %s", (_what, one, args, state, wanted) => {
  const module = one as AnyModule;
  for (const outputs of [undefined, ran])
    expect(
      module.result(argumentsFor(module, args), state as never, outputs as never, givenWith()),
    ).toMatchObject(wanted);
});

const plain = { type: "file", mode: 0o644 };
const directory = { type: "directory", mode: 0o755 };

// What Ansible registers of a failure of file; on the screen there are words that say what to do.
test.each<[string, object, object, string]>([
  ["what is not there", { state: "file" }, { at: null }, "file (/x) is absent, cannot continue"],
  [
    "a directory that is to be a file",
    { state: "file" },
    { at: directory, to: directory },
    "file (/x) is directory, cannot continue",
  ],
  [
    "a file that is to be a directory",
    { state: "directory" },
    { at: plain, to: plain },
    "/x already exists as a file",
  ],
  [
    "a file that is to be a link",
    { state: "link", src: "/y" },
    { at: plain, src: plain },
    "refusing to convert from file to symlink for /x",
  ],
  [
    "a full directory that is to be a link",
    { state: "link", src: "/y", force: true },
    { at: directory, src: plain, below: { below: [{}] } },
    "the directory /x is not empty, refusing to convert it",
  ],
  [
    "a link to nothing",
    { state: "link", src: "/y" },
    { at: null, src: null },
    'src file does not exist, use "force=yes" if you really want to create the link: /y',
  ],
])("registered of a failure: %s", (_what, args, state, msg) => {
  const module = fileModule as unknown as AnyModule;
  let failure: unknown;
  try {
    module.plan(argumentsFor(module, { path: "/x", ...args }), state as never, givenWith());
  } catch (error) {
    failure = error;
  }
  expect(failure).toMatchObject({ name: "TaskFailure", result: { msg } });
});
