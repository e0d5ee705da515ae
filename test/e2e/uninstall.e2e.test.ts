import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentTree, treeDiff } from "../lab/tree.ts";
import { changesOf, skipped } from "./cli.ts";
import { one } from "../sample.ts";
import { smokeVars, startFleet, type Fleet } from "./fleet.ts";

/** What stays on purpose: images, and what we note of our own runs; and what goes with the next boot. */
const STAYS = ["/var/lib/containerd", "/var/lib/hullwright", "/run/nri", "/tmp"];

/** How a host is installed, and what its daemon does when everything goes. */
const WAYS = [
  { series: "1.6", daemon: "stopped" },
  { series: "1.7", daemon: "running" },
  { series: "2.1", daemon: "running" },
  { series: "2.1", daemon: "stopped" },
];

describe.skipIf(skipped !== undefined)(
  `uninstall.yml${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    const host = (): ReturnType<Fleet["host"]> => fleet.host("h01");

    beforeAll(async () => {
      fleet = await startFleet(1);
      await host().must(
        "echo keep > /usr/local/bin/mine; mkdir -p /usr/bin; cp /bin/true /usr/bin/runc",
      );
      await host().must("echo 'timeout: 1' > /etc/foreign.yaml");
    });
    afterAll(async () => {
      await fleet?.down();
    });

    test("a host on which we never were is left alone", async () => {
      expect(changesOf(await fleet.call("plan", "uninstall.yml"), "h01")).toEqual([]);
    });

    test.each(one(WAYS))(
      "$series, $daemon, goes as it came, and images stay",
      async ({ series, daemon }) => {
        const before = await contentTree(host(), { exclude: STAYS });
        const vars = fleet.vars(series);
        const registries = JSON.stringify({
          containerd_registries: [
            { name: "docker.io", hosts: [{ url: "https://mirror.example.org" }] },
          ],
          containerd_proxy: { https: "http://192.0.2.1:3128" },
          containerd_allow_foreign: true,
        });
        const installed = await fleet.call("apply", "containerd.yml", ...vars, "-e", registries);
        expect(installed.code, JSON.stringify(installed.hosts)).toBe(0);
        const smoke = await fleet.call("apply", "smoke.yml", ...(await smokeVars()));
        expect(smoke.code, JSON.stringify(smoke.hosts)).toBe(0);
        await host().must(`ctr run -d example.com/smoke/hello:1 lasting${series} sleep 3600`);
        // its containers live on
        if (daemon === "stopped") await host().must("systemctl stop containerd");

        const refused = await fleet.call("plan", "uninstall.yml");
        expect(refused.hosts["h01"]!.failed!.message).toMatch(/containers run: default\/lasting/);
        const stop = ["-e", "containerd_stop_containers=true"];
        const plan = await fleet.call("plan", "uninstall.yml", ...stop);
        expect(plan.code).toBe(2);
        const gone = await fleet.call("apply", "uninstall.yml", ...stop);
        expect(gone.code, JSON.stringify(gone.hosts)).toBe(0);
        expect(changesOf(gone, "h01")).toEqual(changesOf(plan, "h01"));
        expect(treeDiff(before, await contentTree(host(), { exclude: STAYS }))).toEqual([]);
        expect(await host().must("ls /var/lib/containerd")).toContain(
          "io.containerd.metadata.v1.bolt",
        );
        expect(
          (await host().run("pgrep containerd; systemctl is-enabled containerd")).stdout.trim(),
        ).not.toMatch(/^\d+$|enabled/m);
        expect((await fleet.call("plan", "uninstall.yml")).code).toBe(0);
      },
    );

    test("images go where that is said", async () => {
      expect(
        (
          await fleet.call(
            "apply",
            "containerd.yml",
            ...fleet.vars("2.1"),
            "-e",
            "containerd_allow_foreign=true",
          )
        ).code,
      ).toBe(0);
      const gone = await fleet.call("apply", "uninstall.yml", "-e", "containerd_remove_data=true");
      expect(gone.code, JSON.stringify(gone.hosts)).toBe(0);
      expect(await host().must("ls -A /var/lib/containerd")).toBe("");
      expect(
        (await fleet.call("plan", "uninstall.yml", "-e", "containerd_remove_data=true")).code,
      ).toBe(0);
    });
  },
);
