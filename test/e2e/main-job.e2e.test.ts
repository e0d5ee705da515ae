import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileTree, treeDiff } from "../lab/tree.ts";
import { Desk, noTerminal } from "../terminal/terminal.ts";
import { changesOf, skipped } from "./cli.ts";
import { DRIFT_REGISTRIES, DRIFTS } from "./drifts.ts";
import { smokeVars, startFleet, type Fleet } from "./fleet.ts";

describe.skipIf(skipped !== undefined)(
  `the main job${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    let args: string[];

    beforeAll(async () => {
      fleet = await startFleet(1, { vars: { containerd_registries: DRIFT_REGISTRIES } });
      args = ["containerd.yml", "-i", fleet.inventory, ...fleet.vars("2.1")];
    });
    afterAll(async () => {
      await fleet?.down();
    });

    test("the plan of a bare host writes nothing, and apply makes exactly its changes", async () => {
      const host = fleet.host("h01");
      const before = await fileTree(host);
      const plan = await fleet.desk.json(["plan", ...args]);
      expect(treeDiff(before, await fileTree(host))).toEqual([]);
      expect(plan.code, JSON.stringify(plan.hosts)).toBe(2);
      const applied = await fleet.desk.json(["apply", ...args, "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(changesOf(applied, "h01")).toEqual(changesOf(plan, "h01"));
      expect(changesOf(plan, "h01").length).toBeGreaterThan(8);
    });

    test("a second apply changes nothing, restarts nothing, and asks the host at most twice", async () => {
      const host = fleet.host("h01");
      const pid = await host.must("systemctl show -p MainPID -p InvocationID containerd");
      const again = await fleet.desk.json(["apply", ...args, "-y"]);
      expect(changesOf(again, "h01")).toEqual([]);
      expect(again.code).toBe(0);
      expect(again.hosts["h01"]!.rounds).toBeLessThanOrEqual(2);
      expect(await host.must("systemctl show -p MainPID -p InvocationID containerd")).toBe(pid);
    });

    test.skipIf(noTerminal)("in a terminal, too, a second apply ends by itself", async () => {
      const desk = new Desk({});
      try {
        const { code, text } = await desk
          .open(["hullwright", "apply", ...args, "-y"].map((word) => `'${word}'`).join(" "))
          .ends();
        expect(text).toMatch(/1 ok, 0 changed/);
        expect(code).toBe(0);
      } finally {
        desk.close();
      }
    });

    test("a real container runs", async () => {
      const smoke = await fleet.desk.call([
        "apply",
        "smoke.yml",
        "-i",
        fleet.inventory,
        ...(await smokeVars()),
        "-y",
      ]);
      expect(smoke.code, smoke.stdout + smoke.stderr).toBe(0);
      expect(smoke.stdout).toMatch(/hello/);
    });

    test.each(DRIFTS)("drift: $name", async ({ damage, finds, none }) => {
      const host = fleet.host("h01");
      await host.must(damage);
      const plan = await fleet.desk.json(["plan", ...args]);
      if (none) return expect(changesOf(plan, "h01")).toEqual([]);
      expect(changesOf(plan, "h01").join("\n")).toMatch(finds);
      expect(plan.code).toBe(2);
      const applied = await fleet.desk.json(["apply", ...args, "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(changesOf(applied, "h01")).toEqual(changesOf(plan, "h01"));
      const again = await fleet.desk.json(["plan", ...args]);
      expect(changesOf(again, "h01")).toEqual([]);
      expect(again.code).toBe(0);
      return undefined;
    });

    test("a daemon that runs with an older config than what is on disk is restarted, by any later run", async () => {
      const host = fleet.host("h01");
      const other = [...args, "-e", "containerd_sandbox_image=example.com/pause:9"];
      const pid = await host.must("systemctl show -p MainPID --value containerd");
      const config = await fleet.desk.json(["apply", ...other, "-y", "--tags", "config"]);
      expect(config.code, JSON.stringify(config.hosts)).toBe(0);
      expect(await host.must("systemctl show -p MainPID --value containerd")).toBe(pid);
      const plan = await fleet.desk.json(["plan", ...other]);
      expect(changesOf(plan, "h01")).toHaveLength(1);
      const applied = await fleet.desk.json(["apply", ...other, "-y"]);
      expect(changesOf(applied, "h01")).toEqual(changesOf(plan, "h01"));
      expect(await host.must("systemctl show -p MainPID --value containerd")).not.toBe(pid);
      expect(changesOf(await fleet.desk.json(["plan", ...other]), "h01")).toEqual([]);
    });
  },
);
