import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { alternativesKind, askAlternatives } from "../../../src/probes/system/alternatives.ts";
import type { LookWord } from "../../../src/probes/probe.ts";
import { defined } from "../../../src/defined.ts";
import { findModule } from "../../../src/modules/index.ts";
import { argumentsFor, givenWith } from "../case.ts";
import { ThisHost } from "../execute.ts";
import { has, shellcheck, skipReason } from "../../requires.ts";

type Looked = ReturnType<ThisHost["look"]>[number];

const alternatives = findModule("alternatives")!;

/** What Red Hat's update-alternatives prints of a group. */
const RED_HAT = `java - status is manual.
 link currently points to /usr/lib/jvm/11/bin/java
/usr/lib/jvm/8/bin/java - family java-8 priority 8
 slave jre: /usr/lib/jvm/8
 slave keytool: (null)
/usr/lib/jvm/11/bin/java - family java-11 priority 1100
 follower jre: /usr/lib/jvm/11
Current \`best' version is /usr/lib/jvm/11/bin/java.
`;

/** One task after the other on one host, on programs a to d: what each is to say of itself. */
const TASKS: {
  args: { path: string; link?: string; state?: string; priority?: number; subcommands?: string[] };
  msg: string;
}[] = [
  {
    args: { path: "b" },
    msg: "Install alternative 'b' for 'tool'. Set alternative 'b' for 'tool'.",
  },
  { args: { path: "b" }, msg: "" },
  {
    args: { path: "a", state: "present", priority: 70 },
    msg: "Install alternative 'a' for 'tool'.",
  },
  { args: { path: "a", state: "auto" }, msg: "Set alternative to auto for 'tool'." },
  {
    args: { path: "a", state: "present", priority: -7 },
    msg: "Install alternative 'a' for 'tool'.",
  },
  { args: { path: "a", state: "present", priority: -7 }, msg: "" },
  {
    args: { path: "c", state: "present", subcommands: ["x", "y"] },
    msg: "Install alternative 'c' for 'tool'.",
  },
  { args: { path: "c", state: "present", subcommands: ["x", "y"] }, msg: "" },
  {
    args: { path: "c", priority: 51 },
    msg: "Install alternative 'c' for 'tool'. Set alternative 'c' for 'tool'.",
  },
  { args: { path: "c", subcommands: ["y"] }, msg: "Install alternative 'c' for 'tool'." },
  {
    args: { path: "d", state: "present", link: "other", priority: 51 },
    msg: "Install alternative 'd' for 'tool'.",
  },
  { args: { path: "c", state: "absent" }, msg: "Remove alternative 'c' from 'tool'." },
  { args: { path: "c", state: "absent" }, msg: "" },
  { args: { path: "d", state: "absent" }, msg: "Remove alternative 'd' from 'tool'." },
  { args: { path: "a", state: "absent" }, msg: "Remove alternative 'a' from 'tool'." },
  { args: { path: "b", state: "absent" }, msg: "Remove alternative 'b' from 'tool'." },
];

let host: ThisHost;
let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "hw-alternatives-"));
  host = new ThisHost(["env", `PATH=${bin}:/usr/sbin:/usr/bin:/sbin:/bin`, "dash"]);
});
afterEach(() => {
  host.remove();
  rmSync(bin, { recursive: true });
});

// Puts a program before those of this machine.
function provide(name: string, text: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${text}`);
  chmodSync(join(bin, name), 0o755);
}

// A task's arguments with paths below the host's directory.
function argsOf({ subcommands, link, path, ...more }: (typeof TASKS)[number]["args"]): object {
  const at = (name: string): string => join(host.root, name);
  const followers = subcommands?.map((one) => ({
    name: one,
    path: at(one),
    link: at(`${one}.link`),
  }));
  return {
    name: "tool",
    path: at(path),
    link: at(link ?? "link"),
    ...more,
    ...defined({ subcommands: followers }),
  };
}

describe("alternatives", () => {
  test("reads what hosts of Red Hat's kin say", () => {
    provide("update-alternatives", `cat <<'END'\n${RED_HAT}END\n`);
    expect(host.ask({ group: askAlternatives("java") })).toEqual({
      group: {
        mode: "manual",
        value: "/usr/lib/jvm/11/bin/java",
        link: "",
        links: {},
        alternatives: {
          "/usr/lib/jvm/8/bin/java": { priority: 8, followers: { jre: "/usr/lib/jvm/8" } },
          "/usr/lib/jvm/11/bin/java": { priority: 1100, followers: { jre: "/usr/lib/jvm/11" } },
        },
        missing: ["/usr/lib/jvm/8", "/usr/lib/jvm/11"],
      },
    });
  });

  test.skipIf(!has("update-alternatives"))(
    `each task leaves what it planned, and can be taken back${skipReason("update-alternatives")}`,
    () => {
      const own = ["alt", "admin"].map((name) => join(host.folder, name));
      for (const path of own) mkdirSync(path);
      const options = `--altdir ${own[0]!} --admindir ${own[1]!} --log /dev/null`;
      provide("update-alternatives", `exec /usr/bin/update-alternatives ${options} "$@"\n`);
      for (const name of ["a", "b", "c", "d", "x", "y"]) writeFileSync(join(host.root, name), "");
      for (const { args, msg } of TASKS) {
        const given = argumentsFor(alternatives, argsOf(args));
        const controller = givenWith();
        const probes = alternatives.observe(given, controller);
        const before = host.ask(probes);
        const change = alternatives.plan(given, before, controller);
        const said = (change?.result ?? alternatives.result(given, before, undefined, controller))[
          "msg"
        ];
        expect(String(said).replaceAll(`${host.root}/`, "")).toBe(msg);
        if (!change) continue;
        // done, taken back, and done again
        for (const isLast of [false, true]) {
          const now = host.look(probes, before);
          expect(now.map(onlyKnown), JSON.stringify([args, before, host.ask(probes)])).toEqual(
            now.map(wantedOf),
          );
          expect(host.runSteps(change.steps).map(({ code }) => code)).toEqual(
            change.steps.map(() => 0),
          );
          const after = host.look(probes, change.after);
          expect(after.map(onlyKnown), JSON.stringify(args)).toEqual(after.map(wantedOf));
          if (!isLast) host.undo(change);
        }
        expect(alternatives.plan(given, host.ask(probes), controller)).toBeNull();
      }
    },
  );

  test.skipIf(!has("shellcheck"))(
    `shellcheck accepts the questions${skipReason("shellcheck")}`,
    () => {
      const { script, look } = alternativesKind;
      expect(shellcheck(script([{ name: "a" }, { name: "b c" }]).sh)).toBe("");
      expect(shellcheck(look!.script({ name: "a" }).sh)).toBe("");
    },
  );
});

const wantedOf = ({ wanted }: Looked): LookWord[] => wanted;
const onlyKnown = ({ seen, wanted }: Looked): LookWord[] =>
  seen.map((word, index) => (wanted[index] === null ? null : word));
