import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentTree, treeDiff } from "../lab/tree.ts";
import { changesOf, skipped as missing } from "./cli.ts";
import { notDrawn } from "../sample.ts";
import { startFleet, type Fleet } from "./fleet.ts";
import { FOREIGN_HOSTS, makeForeign, pidOf } from "./foreign-hosts.ts";

/** What is no file of containerd's, or goes with the next boot. */
const PASSING = [
  "/var/lib/containerd",
  "/var/lib/hullwright",
  "/run",
  "/tmp",
  "/root",
  "/var/lib/dpkg",
  // what is put back is neither enabled nor started
  "/etc/systemd/system/multi-user.target.wants/containerd.service",
  // containerd makes them itself
  "/opt/containerd",
  "/etc/cni",
];

const ADOPT = ["-e", "containerd_allow_foreign=true"];

const skipped = missing ?? notDrawn(1);

describe.skipIf(skipped !== undefined)(
  `hosts on which others have put containerd${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    const before = new Map<string, string[]>();
    const pids = new Map<string, string>();

    beforeAll(async () => {
      fleet = await startFleet(FOREIGN_HOSTS.map(({ name }) => name));
      for (const one of FOREIGN_HOSTS) {
        const host = fleet.host(one.name);
        pids.set(one.name, await makeForeign(host, one, "1.7"));
        before.set(one.name, await contentTree(host, { exclude: PASSING }));
      }
    });
    afterAll(async () => {
      await fleet?.down();
    });

    test("are taken over with the containers that run, and lose nothing", async () => {
      const plan = await fleet.call("plan", "containerd.yml", ...fleet.vars("1.7"), ...ADOPT);
      const applied = await fleet.call("apply", "containerd.yml", ...fleet.vars("1.7"), ...ADOPT);
      const again = await fleet.call("plan", "containerd.yml", ...fleet.vars("1.7"), ...ADOPT);
      const found: Record<string, unknown> = {};
      for (const one of FOREIGN_HOSTS) {
        const host = fleet.host(one.name);
        const lost: string[] = [];
        for (const [command, wanted] of Object.entries(one.kept ?? {})) {
          const { stdout } = await host.run(command);
          if (!wanted.test(stdout)) lost.push(`${command}: ${stdout}`);
        }
        found[one.name] = {
          failed: applied.hosts[one.name]!.failed?.message,
          planned:
            JSON.stringify(changesOf(applied, one.name)) ===
            JSON.stringify(changesOf(plan, one.name)),
          pid: (await pidOf(host, one)) === pids.get(one.name),
          lost,
          again: changesOf(again, one.name),
        };
      }
      expect(found).toEqual(
        Object.fromEntries(
          FOREIGN_HOSTS.map(({ name }) => [
            name,
            { failed: undefined, planned: true, pid: true, lost: [], again: [] },
          ]),
        ),
      );
    });

    test("are as they were once it is taken off again", async () => {
      const gone = await fleet.call(
        "apply",
        "uninstall.yml",
        "-e",
        "containerd_stop_containers=true",
      );
      const found: Record<string, unknown> = {};
      for (const { name, stays = [] } of FOREIGN_HOSTS)
        found[name] = {
          failed: gone.hosts[name]!.failed?.message,
          diff: treeDiff(
            before.get(name)!,
            await contentTree(fleet.host(name), { exclude: PASSING }),
          ).filter((line) => !stays.some((path) => line.includes(path))),
        };
      expect(found).toEqual(
        Object.fromEntries(
          FOREIGN_HOSTS.map(({ name }) => [name, { failed: undefined, diff: [] }]),
        ),
      );
    });
  },
);
