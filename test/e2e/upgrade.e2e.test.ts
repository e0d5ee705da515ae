import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changesOf, skipped } from "./cli.ts";
import { smokeVars, startFleet, type Fleet } from "./fleet.ts";

/** The releases that are packed for the lab lack 2.0, which lies between. */
const ACCEPTED = ["-e", '{"containerd_allow": ["unsupported_step"]}'];

const SERIES = ["1.6", "1.7", "2.1"];

describe.skipIf(skipped !== undefined)(
  `upgrades${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    beforeAll(async () => {
      fleet = await startFleet(1);
    });
    afterAll(async () => {
      await fleet?.down();
    });

    test("steps that upstream does not support are refused, with the way that is supported", async () => {
      const plan = async (series: string) =>
        (
          await fleet.desk.json([
            "plan",
            "containerd.yml",
            "-i",
            fleet.inventory,
            ...fleet.vars(series),
          ])
        ).hosts["h01"]!.failed?.message;
      const first = await fleet.desk.json([
        "apply",
        "containerd.yml",
        "-i",
        fleet.inventory,
        "-y",
        ...fleet.vars("1.6"),
      ]);
      expect(first.code, JSON.stringify(first.hosts)).toBe(0);
      expect(await plan("1.7")).toBeUndefined();
      expect(await plan("2.1")).toMatch(
        /unsupported_step: containerd 1\.6 is installed[^]*go by 2\.0, then 2\.1/,
      );
      expect(await plan("1.4")).toMatch(/unsupported_step: .*is a downgrade/);
    });

    test("a container keeps its pid through 1.6 -> 1.7 -> 2.1", async () => {
      const host = fleet.host("h01");
      const pids: string[] = [];
      for (const series of SERIES) {
        const args = ["containerd.yml", "-i", fleet.inventory, ...fleet.vars(series), ...ACCEPTED];
        const plan = await fleet.desk.json(["plan", ...args]);
        const applied = await fleet.desk.json(["apply", ...args, "-y"]);
        expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
        expect(changesOf(applied, "h01")).toEqual(changesOf(plan, "h01"));
        expect(await host.must("ctr version")).toContain(fleet.version(series));
        if (pids.length === 0) {
          const smoke = await fleet.desk.call([
            "apply",
            "smoke.yml",
            "-i",
            fleet.inventory,
            ...(await smokeVars()),
            "-y",
          ]);
          expect(smoke.code, smoke.stdout + smoke.stderr).toBe(0);
          await host.must("ctr run -d example.com/smoke/hello:1 lasting sleep 3600");
        }
        const stdout = await host.must("ctr task ls");
        pids.push(/lasting\s+(\d+)\s+RUNNING/.exec(stdout)?.[1] ?? `not running: ${stdout}`);
        expect(changesOf(await fleet.desk.json(["plan", ...args]), "h01")).toEqual([]);
      }
      expect(new Set(pids).size, pids.join(" ")).toBe(1);
      // tarballs of the versions before do not pile up
      const kept = await host.must("ls /var/cache/containerd");
      expect(kept.trim().split("\n")).toEqual([
        expect.stringContaining(fleet.version(SERIES.at(-1)!)),
      ]);
    });

    test("upgrade.yml goes host by host, and registry.yml restarts nothing", async () => {
      const host = fleet.host("h01");
      const daemon = () => host.must("systemctl show -p MainPID --value containerd");
      const call = (verb: "plan" | "apply", playbook: string, series: string, ...more: string[]) =>
        fleet.call(verb, playbook, ...fleet.vars(series), ...more);
      await call(
        "apply",
        "uninstall.yml",
        "2.1",
        "-e",
        "containerd_stop_containers=true",
        "-e",
        "containerd_remove_data=true",
      );
      const first = await call("apply", "containerd.yml", "1.6");
      expect(first.code, JSON.stringify(first.hosts)).toBe(0);
      const upgraded = await call("apply", "upgrade.yml", "1.7", "-e", "upgrade_serial=1");
      expect(upgraded.code, JSON.stringify(upgraded.hosts)).toBe(0);
      expect(await host.must("ctr version")).toContain(fleet.version("1.7"));
      expect((await call("plan", "upgrade.yml", "1.7")).code).toBe(0);

      const before = await daemon();
      const list = (hosts: object[]) => ["-e", JSON.stringify({ containerd_registries: hosts })];
      const mirror = { name: "docker.io", hosts: [{ url: "https://mirror.example" }] };
      const plan = await call("plan", "registry.yml", "1.7", ...list([mirror]));
      const applied = await call("apply", "registry.yml", "1.7", ...list([mirror]));
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(changesOf(applied, "h01")).toEqual(changesOf(plan, "h01"));
      expect(await host.must("cat /etc/containerd/certs.d/docker.io/hosts.toml")).toContain(
        "mirror.example",
      );
      expect((await call("plan", "registry.yml", "1.7", ...list([mirror]))).code).toBe(0);
      await call("apply", "registry.yml", "1.7", ...list([]));
      expect(await host.must("ls /etc/containerd/certs.d")).toBe("");
      expect(await daemon()).toBe(before);
    });
  },
);
