import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canonical } from "../../src/canonical.ts";
import { canVouch, validatedDigest } from "../../src/cli/remembered/validated.ts";
import { insteadOf } from "../../src/instead-of.ts";
import { askInstalled } from "../../src/probes/containerd/installed.ts";
import {
  askReadiness,
  noteOf,
  readinessFunctions,
  readinessOf,
  type ReadinessArg,
} from "../../src/probes/containerd/readiness.ts";
import { askFilesystem } from "../../src/probes/files/filesystem.ts";
import { askLinks } from "../../src/probes/files/links.ts";
import { statPath } from "../../src/probes/files/path.ts";
import { readUnpacked, UNPACKED_STAT } from "../../src/probes/files/unpacked.ts";
import { type Probe, ProbeError } from "../../src/probes/probe.ts";
import { readRecord } from "../../src/probes/record.ts";
import { askStarted } from "../../src/probes/system/daemon-start.ts";
import { answers, question, questionValidator } from "../../src/script/question.ts";
import { lines, sh } from "../../src/script/sh.ts";
import { STATE_OF_ROOT } from "../../src/script/state-folder.ts";
import { withoutValidated, withValidator } from "../../src/script/validator.ts";
import type { Output } from "../../src/transport/transport.ts";
import { numbersOf } from "../numbers.ts";
import { SEED } from "../seed.ts";

/*
 * A validator must not vouch for an answer that has changed. Everything that the answers rest on is changed here at random, and
 * each state is held against all earlier ones: where the validator says the same, so must the answers.
 */

const ROUNDS = 40;
const UNITS = "/run/systemd/units";

let world: string;
const at = (name: string): string => join(world, name);
const server = createServer();
let socket: string;
beforeAll(async () => {
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "hullwright-")));
  [world, socket] = [join(folder, "world"), join(folder, "socket")];
  fs.mkdirSync(world);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
});
afterAll(() => {
  server.close();
  fs.rmSync(dirname(world), { recursive: true, force: true });
});

/** What may be changed: a path -> what it holds at first. */
const FILES: readonly [name: string, text: () => string][] = [
  ["a", () => "aaa"],
  ["b", () => "# Written by Hullwright"],
  ["d/x", () => "xxx"],
  ["e/y.toml", () => "yyy"],
  ["run/k8s/one/t", () => ""],
  ["state/records/r", () => "[1]"],
  [
    "state/records/ready",
    () =>
      ran(
        lines([readinessFunctions(), readinessOf(ready()), sh`printf '%s\n' ${noteOf(ready())}`])
          .sh,
      ),
  ],
  [
    "state/unpacked/u",
    () =>
      ran(
        `set -- a d/x; cd ${world}; for p; do stat -c "0 ${UNPACKED_STAT} $PWD/%n" -- "$p"; done`,
      ),
  ],
  [
    "state/started/one.service",
    () =>
      ran(
        `cd ${world}; echo invocation abc; sha256sum $PWD/e/y.toml $PWD/a | sed 's/^/file /; s/  / /'; echo drop-ins`,
      ),
  ],
  ["units/invocation:one.service", () => ""],
];
const LINKS: readonly [name: string, target: string][] = [
  ["l", "a"],
  ["m", "d"],
  ["n", "m/x"],
];
const ready = (): ReadinessArg => ({
  ...{ unit: "one.service", note: "ready", requires: [], container: true },
  ...{ address: socket, ctr: "/none", runc: at("a"), opt_path: "/none", shim: at("l") },
});

/** What is asked together, and what is changed meanwhile. */
const GROUPS: readonly [what: string, probes: () => Probe<unknown>[], names: readonly string[]][] =
  [
    [
      "of files",
      () => [
        ...["a", "b", "d", "d/x", "l", "m", "m/x", "n", "none/z"]
          .map(at)
          .flatMap((path) => [
            statPath(path),
            statPath(path, { follow: true, digest: true }),
            statPath(path, { unless: "" }),
            statPath(path, { indexed: true, follow: true }),
            askLinks(path),
          ]),
        statPath(at("l"), { below: "first" }),
        askFilesystem(at("none/z")),
        readRecord("r"),
        readUnpacked("u"),
      ],
      ["a", "b", "d", "d/x", "l", "m", "n", "state/records/r", "state/unpacked/u"],
    ],
    [
      "of an installation",
      () => [
        askInstalled({
          files: [at("a"), at("b"), at("l")],
          directories: [at("d"), at("m")],
          state: at("run"),
        }),
      ],
      ["a", "b", "l", "a.distrib", "d", "m", "d/x", "run/k8s/one"],
    ],
    [
      "of a daemon",
      () => [askStarted("one.service", [at("a"), at("e/y.toml")]), askReadiness(ready())],
      ["a", "l", "e/y.toml", "state/records/ready", "units/invocation:one.service"],
    ],
  ];

// Runs a program in the world: our directory and systemd's are there, and a unit runs.
function ran(program: string): string {
  const units = `Names=one.service\nMainPID=0\nInvocationID=abc\nExecStart={ path=${at("a")} ; }`;
  const moved = program.replaceAll(STATE_OF_ROOT, at("state")).replaceAll(UNITS, at("units"));
  const { stdout, error } = spawnSync("sh", {
    input: `hw_units='${units}'\n${moved}`,
    encoding: "utf8",
  });
  if (error) throw error;
  return stdout;
}

function put(name: string, text: string): void {
  fs.rmSync(at(name), { recursive: true, force: true });
  fs.mkdirSync(dirname(at(name)), { recursive: true });
  fs.writeFileSync(at(name), text);
}

function makeWorld(): void {
  for (const name of fs.readdirSync(world)) fs.rmSync(at(name), { recursive: true });
  for (const [name, target] of LINKS) fs.symlinkSync(target, at(name));
  for (const [name, text] of FILES) put(name, text());
  fs.rmSync(at("units/invocation:one.service"));
  fs.symlinkSync("abc", at("units/invocation:one.service"));
  const device = ran(`printf '%s-%s' $(stat -c %d ${world}) $(stat -f -c %i ${world})`);
  put(`state/records/overlay-${device}`, "");
  put("state/records/ready", FILES.find(([name]) => name === "state/records/ready")![1]());
}

// Changes something, or nothing that counts. What cannot be done (a directory below a file) is left.
function change(names: readonly string[], below: (limit: number) => number): string {
  const [name, other] = [names[below(names.length)]!, names[below(names.length)]!];
  const ways: Record<string, () => void> = {
    nothing: () => undefined,
    "a file beside": () => put("beside", String(below(1000))),
    "text of the same length": () => fs.writeFileSync(at(name), `${"abcdefgh"[below(8)]!}aa`),
    times: () => fs.utimesSync(at(name), 1000 + below(3), 1000 + below(3)),
    mode: () => fs.chmodSync(at(name), below(2) === 0 ? 0o755 : 0o700),
    removed: () => fs.rmSync(at(name), { recursive: true, force: true }),
    "a directory": () => void fs.mkdirSync(at(name)),
    "a link": () => fs.symlinkSync(at(other), at(name)),
    renamed: () => fs.renameSync(at(name), at(other)),
    "a name in a directory": () => put(`${name}/name${String(below(3))}`, ""),
    "as it was": () => makeWorld(),
  };
  const way = Object.keys(ways)[below(Object.keys(ways).length)]!;
  try {
    ways[way]!();
  } catch {
    return `${way} (not possible) ${name}`;
  }
  return `${way} ${name} ${other}`;
}

// The answers, but for sizes of directories and free space, which pass.
function read(output: string, probes: readonly Probe<unknown>[]): string {
  const found = insteadOf([ProbeError], undefined, () => answers(output, probes, "n"));
  return [...(found ?? [["garbled", null] as const])]
    .map(([key, answer]) => {
      const state = Object(answer) as { type?: string; free?: number };
      const passing = state.type === "directory" ? { size: 0 } : { free: 0 };
      return `${key} ${canonical(answer === null ? null : { ...state, ...passing })}`;
    })
    .join("\n");
}

function asOutput(stdout: string): Output {
  return { code: 0, stdout: Buffer.from(stdout), stderr: "" };
}

test.each(GROUPS)(
  `what a validator vouches for has not changed: answers %s (seed ${String(SEED)})`,
  { timeout: 600_000 },
  async (_what, ask, names) => {
    const below = numbersOf(SEED);
    const seen = new Map<string, { answers: string; when: string }>();
    const counts = { vouched: 0, same: 0 };
    makeWorld();
    for (let round = 0; round < ROUNDS; round++) {
      const when = ["at first", "nothing"][round] ?? change(names, below);
      await sleep(12); // the clock of a file system goes in steps
      const probes = ask();
      const text = question(probes, { nonce: "n", isRoot: true }).sh;
      const validator = questionValidator(probes, true)!;
      const [whole, brief] = [
        ran(withValidator(text, validator)),
        ran(withoutValidated(text, validator)),
      ];
      const found = { answers: read(whole, probes), when: `${String(round)}: ${when}` };
      const digest = validatedDigest(asOutput(brief), "n");
      expect(validatedDigest(asOutput(whole), "n"), found.when).toBe(digest);
      const before = seen.get(digest);
      if (before) {
        counts.same++;
        expect(found.answers, `${found.when}, as ${before.when}`).toBe(before.answers);
      } else if (canVouch(asOutput(whole.replace(/\nnow \d+\n/, "\nnow 9999999999\n")), "n")) {
        counts.vouched++;
        seen.set(digest, found);
      }
    }
    expect(counts.same).toBeGreaterThan(0);
    expect(counts.vouched).toBeGreaterThan(0);
  },
);
