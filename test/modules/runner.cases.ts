import type { AnyModule } from "../../src/modules/index.ts";
import { fetch } from "../../src/modules/files/fetch.ts";
import type { Controller, ControllerPath } from "../../src/modules/contract/module.ts";
import { reboot } from "../../src/modules/system/reboot.ts";
import { wait_for_connection } from "../../src/modules/network/wait_for_connection.ts";
import type { PathState } from "../../src/probes/files/path.ts";
import type { Case } from "./case.ts";

const file: PathState = { type: "file", mode: 0o644, sha256: "a1" };
const here = (found: ControllerPath | null): { given: Partial<Controller> } => ({
  given: { here: () => found, evaluate: () => "web1" },
});
const same: ControllerPath = { type: "file", sha256: "a1", sha1: "b", md5: "c" };
const one = (
  module: unknown,
  name: string,
  args: object,
  before: object,
  expect: Case["expect"],
  more: Partial<Case> = {},
): Case => ({ name, module: module as AnyModule, args, before, expect, ...more });
const bring = { src: "/etc/a", dest: "/here/f", flat: true };
const boot = "/bin/sh -c 'cat /proc/sys/kernel/random/boot_id'";

export const cases: readonly Case[] = [
  one(fetch, "fetch: what is here already", bring, { file }, { unchanged: true }, here(same)),
  // What it changes is here and not on the host: no look at the host can show that it is done.
  one(
    fetch,
    "fetch: what is another here",
    bring,
    { file },
    { steps: [], after: { file } },
    { ...here({ ...same, sha256: "a2" }), always: true },
  ),
  one(
    fetch,
    "fetch: what is not here yet",
    bring,
    { file },
    { steps: [] },
    { ...here(null), always: true },
  ),
  one(
    fetch,
    "fetch: nothing there",
    bring,
    { file: null },
    { failure: /the remote file does not exist/ },
    here(null),
  ),
  one(
    fetch,
    "fetch: nothing there, which is fine",
    { ...bring, fail_on_missing: false },
    { file: null },
    { unchanged: true },
    here(null),
  ),
  one(
    fetch,
    "fetch: a folder there",
    bring,
    { file: { type: "directory" } },
    { failure: /fetch cannot work on directories/ },
    here(null),
  ),
  one(
    fetch,
    "fetch: a folder here",
    bring,
    { file },
    { failure: /use a trailing slash|existing directory/ },
    here({ type: "directory" }),
  ),
  one(
    fetch,
    "fetch: a relative path there",
    { ...bring, src: "etc/a" },
    {},
    { failure: /not an absolute path/ },
  ),
  one(
    reboot,
    "reboot: by shutdown",
    { pre_reboot_delay: 130, msg: "it's time" },
    {},
    {
      steps: [
        boot,
        `hw_b=; for hw_p in /sbin /bin /usr/sbin /usr/bin /usr/local/sbin; do [ -x "$hw_p/"shutdown ] && { hw_b="$hw_p/"shutdown; break; }; done
[ -n "$hw_b" ] || { hw_fail 'Unable to find command "shutdown" in search paths: /sbin, /bin, /usr/sbin, /usr/bin, /usr/local/sbin'; exit 1; }
"$hw_b" -r 2 'it'\\''s time'`,
      ],
    },
    { always: true },
  ),
  one(
    reboot,
    "reboot: by a program of one's own",
    { reboot_command: "/bin/systemctl reboot --force && true", boot_time_command: "uptime -s" },
    {},
    {
      steps: [
        "/bin/sh -c 'uptime -s'",
        `hw_b=/bin/systemctl\n/bin/sh -c '"$0" reboot --force && true' "$hw_b"`,
      ],
    },
    { always: true },
  ),
  one(
    reboot,
    "reboot: not of this machine",
    {},
    {},
    { failure: /would reboot the control node/ },
    { given: { isLocal: true } },
  ),
  one(wait_for_connection, "wait_for_connection: no step", {}, {}, { steps: [] }, { always: true }),
];
