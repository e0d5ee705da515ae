import { filesOf } from "../../src/modules/contract/module.ts";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { blockinfile } from "../../src/modules/files/blockinfile.ts";
import { copy } from "../../src/modules/files/copy.ts";
import { file } from "../../src/modules/files/file.ts";
import type { AnyModule } from "../../src/modules/index.ts";
import { findModule, moduleNames } from "../../src/modules/index.ts";
import { lineinfile } from "../../src/modules/files/lineinfile.ts";
import { replace } from "../../src/modules/files/replace.ts";
import { unarchive } from "../../src/modules/files/unarchive.ts";
import { TaskFailure } from "../../src/errors.ts";
import { lines, sh } from "../../src/script/sh.ts";
import { argumentsFor, givenWith, localFile } from "../modules/case.ts";
import { ThisHost } from "../modules/execute.ts";
import { has } from "../requires.ts";

const NOBODY = 65534;
const ROUNDS = Number(process.env["ATTACK_ROUNDS"] ?? 10);
const BELOW_ROUNDS = Number(process.env["ATTACK_ROUNDS"] ?? 3);
const noCompiler = has("gcc") ? undefined : "this machine has no gcc";
const missing = process.getuid?.() === 0 ? noCompiler : "needs root";

/** A deed of root in a directory of another user, where `x` and `d` are; done again in each round. */
interface Deed {
  name: string;
  module: AnyModule;
  args(at: (name: string) => string, round: number): object;
  /** It also makes sense where the attacker exchanges what is there already. */
  flips?: "x" | "d";
  /** What a host says that has what this machine may lack. */
  has?: object;
}

// The change of a deed here.
function planned(
  { module, has }: Deed,
  known: ReturnType<typeof argumentsFor>,
  host: ThisHost,
): ReturnType<AnyModule["plan"]> {
  const controller = givenWith({ becomeUser: "root" });
  const state = host.ask(module.observe(known, controller));
  return module.plan(known, { ...state, ...has }, controller);
}

const deeds: Deed[] = [
  {
    name: "copy",
    module: copy,
    args: (at, round) => ({ dest: at("x"), content: `${round}\n`, owner: "nobody", mode: "0666" }),
    flips: "x",
  },
  {
    name: "copy, kept beside",
    module: copy,
    args: (at, round) => ({ dest: at("x"), content: `${round}\n`, backup: true }),
    flips: "x",
  },
  {
    name: "lineinfile",
    module: lineinfile,
    args: (at, round) => ({ path: at("x"), line: `line ${round}`, owner: "nobody", mode: "0666" }),
  }, // A link that is there is followed, as in Ansible.
  {
    name: "blockinfile",
    module: blockinfile,
    args: (at, round) => ({ path: at("x"), block: `line ${round}`, create: true, owner: "nobody" }),
  },
  {
    name: "replace",
    module: replace,
    args: (at, round) => ({
      path: at("x"),
      regexp: "^.*$",
      replace: `line ${round}`,
      mode: "0666",
    }),
  },
  {
    name: "an empty file",
    module: file,
    args: (at, round) => ({
      path: at(`new${round}`),
      state: "touch",
      owner: "nobody",
      mode: "0666",
    }),
  },
  {
    name: "mode and owner",
    module: file,
    args: (at, round) => ({
      path: at("x"),
      owner: "nobody",
      mode: round % 2 ? "0666" : "0606",
      follow: false,
    }),
    flips: "x",
  },
  {
    name: "mode of a directory",
    module: file,
    args: (at, round) => ({
      path: at("d"),
      state: "directory",
      owner: "nobody",
      mode: round % 2 ? "0777" : "0707",
      follow: false,
    }),
    flips: "d",
  },
  {
    name: "a directory",
    module: file,
    args: (at, round) => ({
      path: at(`dir${round}`),
      state: "directory",
      owner: "nobody",
      mode: "0777",
    }),
  },
  {
    name: "all below",
    module: file,
    args: (at, round) => ({
      path: at("."),
      state: "directory",
      recurse: true,
      owner: "nobody",
      mode: round % 2 ? "u=rwX,go=rwX" : "u=rwX,go=rX",
    }),
    flips: "x",
  },
  {
    name: "a link",
    module: file,
    args: (at, round) => ({
      path: at(`link${round}`),
      state: "link",
      src: "x",
      owner: "nobody",
      mode: "0666",
    }),
  },
  {
    name: "a hard link",
    module: file,
    args: (at, round) => ({ path: at(`hard${round}`), state: "hard", src: at("x"), mode: "0666" }),
  },
  {
    name: "unarchive",
    module: unarchive,
    args: (at, round) => ({
      src: at("../a.tar"),
      remote_src: true,
      dest: at("d/.."),
      owner: "nobody",
      mode: round % 2 ? "0666" : "0777",
    }),
  },
];

// A deed of a module that is only named here.
function deed(name: string, args: Deed["args"], flips?: Deed["flips"]): Deed {
  const found: Deed = { name, module: findModule(name)!, args };
  return flips === undefined ? found : { ...found, flips };
}

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI";
deeds.push(
  deed("ini_file", (at, round) => ({
    path: at("x"),
    section: "s",
    option: "o",
    value: `${round}`,
    mode: "0666",
  })),
  deed("known_hosts", (at, round) => ({
    path: at("x"),
    name: "h",
    key: `h ${KEY}${String(round).padStart(43, "A")}`,
  })),
  deed("authorized_key", (at, round) => ({
    user: "nobody",
    path: at("x"),
    manage_dir: false,
    key: `${KEY}${String(round).padStart(43, "A")} a`,
  })),
  deed("authorized_key", (at, round) => ({
    user: "nobody",
    path: at(`ssh${round}/keys`),
    key: `${KEY}${String(round).padStart(43, "A")} a`,
  })),
  deed("mount", (at, round) => ({
    path: "/nowhere/at/all",
    src: `/dev/nothing${round}`,
    fstype: "ext4",
    state: "present",
    fstab: at("x"),
  })),
  deed("kernel_blacklist", (at, round) => ({ name: `m${round}`, blacklist_file: at("x") })),
  deed("pam_limits", (at, round) => ({
    domain: "joe",
    limit_type: "soft",
    limit_item: "nofile",
    value: `${round}`,
    dest: at("x"),
  })),
  {
    ...deed("cron", (at, round) => ({
      name: "job",
      job: `true ${round}`,
      user: "nobody",
      cron_file: at("x"),
    })),
    has: { crontab: true },
  },
  // A link that is there is followed, as in Ansible.
  deed("archive", (at, round) => ({
    path: at("../member"),
    dest: at("x"),
    format: "tar",
    force_archive: true,
    owner: "nobody",
    mode: round % 2 ? "0666" : "0606",
  })),
  deed("tempfile", (at) => ({ path: at("."), state: "file" })),
  deed("containerd_registry", (at, round) => ({
    name: "r.example",
    config_path: at("d"),
    hosts: [{ url: `https://m${round}.example` }],
  })),
  deed("sysctl", (at, round) => ({
    name: "kernel.nothing",
    value: `${round}`,
    sysctl_file: at("x"),
    reload: false,
  })),
);

/** Modules that write, and why nobody else can exchange what they write to. */
const ELSEWHERE: { readonly [name: string]: string } = {
  assemble: "writes as copy does",
  template: "writes as copy does",
  get_url: "has a test of its own, below",
  ...Object.fromEntries(
    "apt apt_key apt_repository deb822_repository dnf dpkg_selections package seboolean selinux yum_repository alternatives group hostname iptables modprobe reboot service systemd_service timezone user containerd_absent containerd_config containerd_registries"
      .split(" ")
      .map((name) => [name, "writes to directories that only root can write"]),
  ),
  ...Object.fromEntries(
    "ctr_container ctr_exec ctr_image ctr_image_mount ctr_image_push ctr_namespace ctr_task"
      .split(" ")
      .map((name) => [name, "has containerd write"]),
  ),
  ...Object.fromEntries(
    "command raw script shell uri".split(" ").map((name) => [name, "runs what its user says"]),
  ),
  git: "has git write",
  pip: "has pip write",
  ctr_image_export: "makes its file in the private directory that is attacked here",
  fetch: "writes on the controller",
  pause: "writes nothing",
  wait_for_connection: "writes nothing",
  journal_undo: "puts back with the functions that are attacked here",
};

test("every module that writes is attacked, or there is a reason why not", () => {
  const attacked = new Set(deeds.map(({ module }) => module.name));
  const modules = moduleNames().map((name) => findModule(name)!);
  const writing = [...new Set(modules.filter(({ readOnly }) => !readOnly).map(({ name }) => name))];
  expect(writing.filter((name) => !attacked.has(name) && !(name in ELSEWHERE))).toEqual([]);
  expect(Object.keys(ELSEWHERE).filter((name) => !writing.includes(name))).toEqual([]);
});

// Does it where nobody attacks: a deed that does nothing shows nothing.
test.skipIf(missing !== undefined).each(deeds)("$name is done where nobody attacks", (one) => {
  const host = new ThisHost();
  try {
    const at = (name: string): string =>
      name === "." ? join(host.root, "home") : `${host.root}/home/${name}`;
    mkdirSync(at("d"), { recursive: true });
    writeFileSync(at("x"), "old\n");
    writeFileSync(join(host.root, "member"), "member\n");
    spawnSync("tar", ["-cf", join(host.root, "a.tar"), "-C", host.root, "member"]);
    const change = planned(one, argumentsFor(one.module, one.args(at, 1)), host)!;
    host.stage(filesOf(change));
    for (const output of host.runSteps(change.steps)) expect(output).toMatchObject({ code: 0 });
  } finally {
    host.remove();
  }
});

describe.skipIf(missing !== undefined)(
  `root in a directory of another user${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  { timeout: 240_000 },
  () => {
    let tools: string;
    let host: ThisHost;
    let attacker: ChildProcess | undefined;
    const at = (name: string): string =>
      name === "." ? join(host.root, "home") : `${host.root}/home/${name}`;
    beforeAll(() => {
      tools = mkdtempSync(join(tmpdir(), "hw-attacker-"));
      chmodSync(tools, 0o755);
      expect(
        spawnSync(
          "gcc",
          ["-O2", "-o", join(tools, "attacker"), "test/script/attacker/attacker.c"],
          { encoding: "utf8" },
        ).status,
      ).toBe(0);
    });
    afterAll(() => rmSync(tools, { recursive: true, force: true }));
    beforeEach(() => {
      host = new ThisHost();
      for (const folder of [host.folder, host.root]) chmodSync(folder, 0o755);
      mkdirSync(join(host.root, "secrets"), { mode: 0o700 });
      writeFileSync(join(host.root, "victim"), "root's own\n", { mode: 0o600 });
      writeFileSync(join(host.root, "secrets/x"), "root's own\n", { mode: 0o600 });
      mkdirSync(at("d"), { recursive: true });
      writeFileSync(at("x"), "old\n");
      for (const path of [at("."), at("d"), at("x")]) chownSync(path, NOBODY, NOBODY);
      writeFileSync(join(host.root, "member"), "member\n");
      expect(
        spawnSync("tar", ["-cf", join(host.root, "a.tar"), "-C", host.root, "member"]).status,
      ).toBe(0);
      rmSync(join(host.root, "member"));
    });
    afterEach(async () => {
      const ended = attacker && once(attacker, "exit");
      attacker?.kill("SIGKILL");
      await ended;
      attacker = undefined;
      host.remove();
    });

    // What root owns, as it must stay.
    const untouched = (): unknown =>
      ["victim", "secrets", "secrets/x"].map((name) => {
        const { mode, uid, gid } = statSync(join(host.root, name));
        return [
          name,
          mode & 0o7777,
          uid,
          gid,
          name === "secrets"
            ? readdirSync(join(host.root, name))
            : readFileSync(join(host.root, name), "utf8"),
        ];
      });

    // The same place one directory deeper, in `d`; what is beside the home stays there.
    const below = (name: string): string => {
      if (name.startsWith("../")) return at(name);
      return name === "." ? at("d") : at(`d/${name}`);
    };

    // Does it as a run would, whatever comes of it.
    const attempt = (one: Deed, round: number, place = at): void => {
      const known = argumentsFor(one.module, one.args(place, round));
      try {
        const change = planned(one, known, host);
        if (change) host.stage(filesOf(change));
        if (change) host.runSteps(change.steps);
        if (change && round % 3 === 0)
          host.run(
            host.program([
              sh`HW_ENTRY_DIR="$HW_RUN_DIR/undone"; mkdir -p "$HW_ENTRY_DIR"`,
              ...change.steps.flatMap((step) => (step.undo ? [step.undo] : [])).reverse(),
            ]),
          );
      } catch (error) {
        if (!(error instanceof TaskFailure)) throw error;
      }
    };
    const start = async (...words: string[]): Promise<void> => {
      attacker = spawn(join(tools, "attacker"), words, {
        uid: NOBODY,
        gid: NOBODY,
        stdio: ["ignore", "pipe", "inherit"],
      });
      await (words[0] === "flip" ? once(attacker, "spawn") : once(attacker.stdout!, "data"));
    };

    const ways = deeds.flatMap((deed) =>
      ["victim", "secrets"].flatMap((victim) => [
        {
          what: `${deed.name}: each new name becomes a link to ${victim}`,
          deed,
          victim,
          flip: undefined,
        },
        ...(deed.flips
          ? [
              {
                what: `${deed.name}: ${deed.flips} is also a link to ${victim}`,
                deed,
                victim,
                flip: deed.flips,
              },
            ]
          : []),
      ]),
    );
    test.each(ways)("$what", async ({ deed, victim, flip }) => {
      const before = untouched();
      await start(
        flip === undefined ? "new" : "flip",
        at("."),
        join(host.root, victim),
        ...(flip === undefined ? [] : [flip]),
      );
      for (let round = 0; round < ROUNDS; round++) {
        attempt(deed, round);
        expect(untouched()).toEqual(before);
      }
    });

    test.each(deeds)("$name in a directory that is also a link to secrets", async (deed) => {
      mkdirSync(below("d"));
      writeFileSync(below("x"), "old\n");
      for (const path of [below("d"), below("x")]) chownSync(path, NOBODY, NOBODY);
      const before = untouched();
      await start("flip", at("."), join(host.root, "secrets"), "d");
      for (let round = 0; round < BELOW_ROUNDS; round++) {
        attempt(deed, round, below);
        expect(untouched()).toEqual(before);
      }
    });

    test("links of others are followed where they lead to a directory of the same user", () => {
      const go = (path: string): string =>
        host.run(host.program([sh`hw_dir ${path} && pwd`])).stdout.trim();
      const link = (name: string, target: string, owner: number): string => {
        symlinkSync(target, at(name));
        lchownSync(at(name), owner, owner);
        return at(`${name}/x`);
      };
      mkdirSync(join(host.root, "disk"));
      chownSync(join(host.root, "disk"), NOBODY, NOBODY);
      symlinkSync(at("own"), join(host.root, "roots"));
      expect([
        go(link("own", "../disk", NOBODY)),
        go(link("made-by-root", "../secrets", 0)),
        go(join(host.root, "roots/x")),
        go(link("bad", "../secrets", NOBODY)),
        // what a path leads to could not be found out: it is not the root directory
        go(""),
      ]).toEqual(["disk", "secrets", "disk", "", ""].map((name) => name && join(host.root, name)));
    });

    test("a download", async () => {
      const before = untouched();
      await start("new", at("."), join(host.root, "victim"));
      const { GET_FUNCTIONS } = await import("../../src/modules/files/get_url/steps.ts");
      for (let round = 0; round < ROUNDS; round++) {
        host.run(
          host.program([
            { sh: GET_FUNCTIONS },
            sh`hw_to=${at("x")}; hw_bring_file() { echo ${`${round}`} > "$hw_t"; }; hw_get '' sha256 64 x '' && hw_put 0666 nobody ''`,
          ]),
        );
        expect(untouched()).toEqual(before);
      }
    });

    test("what is staged comes to its place where nobody attacks", () => {
      const staged = localFile("new\n");
      host.stage([staged]);
      expect(
        host.run(
          host.program([
            lines([sh`hw_place "$HW_STATE_DIR/stage/"${staged.sha256} ${at("x")} 0640 nobody ''`]),
          ]),
        ),
      ).toEqual({ code: 0, stdout: "", stderr: "" });
      expect([
        readFileSync(at("x"), "utf8"),
        statSync(at("x")).mode & 0o777,
        statSync(at("x")).uid,
        readdirSync(at(".")),
      ]).toEqual(["new\n", 0o640, NOBODY, ["d", "x"]]);
    });
  },
);
