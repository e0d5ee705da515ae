import { ping } from "../../src/modules/network/ping.ts";
import { pause } from "../../src/modules/play/pause.ts";
import type { AnyModule } from "../../src/modules/index.ts";
import { raw } from "../../src/modules/commands/raw.ts";
import { script } from "../../src/modules/commands/script.ts";
import { slurp } from "../../src/modules/files/slurp.ts";
import { tempfile } from "../../src/modules/files/tempfile.ts";
import { uri } from "../../src/modules/network/uri.ts";
import { wait_for } from "../../src/modules/network/wait_for.ts";
import type { PathState } from "../../src/probes/files/path.ts";
import { localFile, type Case } from "./case.ts";

// A temporary file or directory, and what is told of it.
const made = (words: string): string =>
  `hw_n=$(hw_temp ${words}) || exit 1\nprintf '%s\n' "$hw_n"; stat -c '%s %u %g %U %G' -- "$hw_n"`;

const modules = { ping, pause, raw, script, slurp, tempfile, uri, wait_for } as unknown as Record<
  string,
  AnyModule
>;
const folder: PathState = { type: "directory", mode: 0o755 };
const file: PathState = { type: "file", mode: 0o644 };
const one = (
  module: string,
  name: string,
  args: object,
  before: object,
  expect: Case["expect"],
  more: Partial<Case> = {},
): Case => ({
  name: `${module}: ${name}`,
  module: modules[module]!,
  args,
  before,
  expect,
  ...more,
});
const brought = { file: () => localFile("#!/bin/sh\n", { path: "/play/files/my script" }) };
const steps = (...scripts: string[]): Case["expect"] => ({ steps: scripts });

export const cases: readonly Case[] = [
  one("ping", "answers", {}, { root: folder }, { unchanged: true }),
  one("ping", "crashes if told to", { data: "crash" }, { root: folder }, { failure: /boom/ }),
  one(
    "slurp",
    "a text",
    { src: "/etc/a" },
    { file: { ...file, sha256: "0", content: "YQ==" } },
    { unchanged: true },
  ),
  one(
    "slurp",
    "nothing",
    { src: "/etc/a" },
    { file: null },
    { failure: /file not found: \/etc\/a/ },
  ),
  one(
    "slurp",
    "a folder",
    { src: "/etc" },
    { file: folder },
    { failure: /is a directory, not a file/ },
  ),
  one(
    "slurp",
    "what may not be read",
    { src: "/etc/a" },
    { file: { ...file, content: "" } },
    { failure: /file is not readable: \/etc\/a/ },
  ),
  one("slurp", "a relative path", { src: "etc" }, {}, { failure: /not an absolute path/ }),
  one(
    "tempfile",
    "a file",
    {},
    {},
    steps(made(`"\${TMPDIR:-/tmp}" --suffix='' -- ansible.XXXXXXXX`)),
    { always: true },
  ),
  one(
    "tempfile",
    "a folder",
    { state: "directory", path: "/srv/a b", prefix: "x'", suffix: ".d" },
    {},
    steps(made(`'/srv/a b' --suffix=.d -d -- 'x'\\''XXXXXXXX'`)),
    { always: true },
  ),
  one(
    "tempfile",
    "a slash in its name",
    { prefix: "../x" },
    {},
    { failure: /must not contain a slash/ },
  ),
  one(
    "raw",
    "a line",
    { cmd: "echo 'a' | cat" },
    {},
    steps(`/bin/sh -c 'echo '\\''a'\\'' | cat' 2>&1`),
    { always: true },
  ),
  one(
    "raw",
    "another shell",
    { cmd: "x", executable: "/bin/bash" },
    {},
    steps("/bin/sh -c '/bin/bash -c x' 2>&1"),
    { always: true },
  ),
  one(
    "script",
    "is brought and run",
    { cmd: "'my script' $HOME | cat" },
    {},
    {},
    { given: brought, always: true },
  ),
  one(
    "script",
    "made needless",
    { cmd: "x", creates: "/done" },
    { creates: file },
    { unchanged: true },
  ),
  one(
    "script",
    "not needed yet",
    { cmd: "x", removes: "/todo" },
    { removes: null },
    { unchanged: true },
  ),
  one(
    "script",
    "a relative chdir",
    { cmd: "x", chdir: "tmp" },
    {},
    { failure: /chdir tmp is not an absolute path/ },
  ),
  one(
    "pause",
    "seconds",
    { seconds: 2.9 },
    {},
    steps("date '+%F %T.%6N'; hw_sleep 2; date '+%F %T.%6N'"),
    { always: true },
  ),
  one(
    "pause",
    "minutes",
    { minutes: 2 },
    {},
    steps("date '+%F %T.%6N'; hw_sleep 120; date '+%F %T.%6N'"),
    { always: true },
  ),
  one(
    "pause",
    "at least a second",
    { seconds: 0 },
    {},
    steps("date '+%F %T.%6N'; hw_sleep 1; date '+%F %T.%6N'"),
    { always: true },
  ),
  one("wait_for", "a port that is open", { port: 22 }, { there: true }, { unchanged: true }),
  one(
    "wait_for",
    "a port that is not open yet",
    { port: 22 },
    { there: false },
    { after: { there: true } },
  ),
  one(
    "wait_for",
    "a port that is closed",
    { port: 22, state: "stopped" },
    { there: false },
    { unchanged: true },
  ),
  one(
    "wait_for",
    "a port that is to close",
    { port: 22, state: "absent" },
    { there: true },
    { after: { there: false } },
  ),
  one("wait_for", "a path that is there", { path: "/run/x" }, { there: true }, { unchanged: true }),
  one(
    "wait_for",
    "a path that is to go",
    { path: "/run/x", state: "absent" },
    { there: true },
    { after: { there: false } },
  ),
  one(
    "wait_for",
    "another host is tried at apply",
    { port: 22, host: "10.0.0.1" },
    {},
    {},
    { always: true },
  ),
  one(
    "wait_for",
    "an expression is tried at apply",
    { path: "/x", search_regex: "y" },
    {},
    {},
    { always: true },
  ),
  one(
    "wait_for",
    "nothing but a time",
    { timeout: 3 },
    {},
    {
      steps: [
        `hw_s=$(cut -d. -f1 /proc/uptime); sleep 0\nsleep 3\nprintf 'elapsed %s\n' "$(($(cut -d. -f1 /proc/uptime) - hw_s))"`,
      ],
    },
    { always: true },
  ),
  one(
    "wait_for",
    "a path cannot be stopped",
    { path: "/x", state: "stopped" },
    { there: true },
    { failure: /is for ports, not for paths/ },
  ),
  one(
    "wait_for",
    "drained needs a port",
    { state: "drained" },
    {},
    { failure: /drained needs a port/ },
  ),
  one("wait_for", "no port", { port: 0 }, { there: false }, { failure: /0 is not a port/ }),
  one(
    "uri",
    "made needless",
    { url: "http://a/", creates: "/done" },
    { creates: file },
    { unchanged: true },
  ),
  one("uri", "what is sent at apply is no change", { url: "http://a/" }, {}, {}, { always: true }),
  one("uri", "no URL", { url: "a/b" }, {}, { failure: /is not an http or https URL/ }),
  one(
    "uri",
    "no method",
    { url: "http://a/", method: "GET /" },
    {},
    { failure: /is not an HTTP method/ },
  ),
  one(
    "uri",
    "a header over two lines",
    { url: "http://a/", headers: { a: "b\nc: d" } },
    {},
    { failure: /line break/ },
  ),
  one(
    "uri",
    "a mapping without a format",
    { url: "http://a/", method: "POST", body: { a: 1 } },
    {},
    { failure: /a mapping or a list/ },
  ),
];
