import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileTree, treeDiff } from "../lab/tree.ts";
import { skipped } from "./cli.ts";
import { startFleet, type Fleet } from "./fleet.ts";

describe.skipIf(skipped !== undefined)(
  `a host that cannot carry containers${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    beforeAll(async () => {
      fleet = await startFleet(["good", "untyped", "overlaid"], {
        dataRoot: (host) =>
          ({ good: "ext4-bind", untyped: "no-dtype", overlaid: "none" })[host] as "none",
      });
    });
    afterAll(async () => {
      await fleet?.down();
    });

    test("fails preflight with reason and hint before anything is written to it; the others are done", async () => {
      const args = ["containerd.yml", "-i", fleet.inventory, ...fleet.vars("2.1")];
      const before = {
        untyped: await fileTree(fleet.host("untyped")),
        overlaid: await fileTree(fleet.host("overlaid")),
      };
      const plan = await fleet.desk.json(["plan", ...args]);
      expect(plan.code).toBe(1);
      const applied = await fleet.desk.json(["apply", ...args, "-y"]);
      expect(applied.code, JSON.stringify(applied.totals)).toBe(2);
      expect(applied.hosts["good"]!.status, JSON.stringify(applied.hosts["good"]!.failed)).toBe(
        "changed",
      );
      for (const [name, reason] of [
        ["untyped", /d_type/],
        ["overlaid", /overlay/],
      ] as const) {
        const { status, failed, changes } = applied.hosts[name]!;
        expect(status).toBe("failed");
        expect(failed!.message).toMatch(reason);
        expect(`${failed!.message}\n${failed!.hint ?? ""}`).toMatch(/hint: .*(ext4|reformat)/);
        expect(changes).toEqual([]);
        expect(treeDiff(before[name], await fileTree(fleet.host(name)))).toEqual([]);
      }
    });
  },
);
