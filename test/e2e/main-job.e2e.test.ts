import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileTree, treeDiff } from "../lab/tree.ts";
import { Desk, noTerminal } from "../terminal/terminal.ts";
import { changesOf, skipped } from "./cli.ts";
import { smokeVars, startFleet, type Fleet } from "./fleet.ts";

/** A change that somebody made by hand, and the tasks that must find and mend it. */
interface Drift {
  name: string;
  damage: string;
  finds: RegExp;
  /** Drift that is none. */
  none?: true;
}

const RUNC_PLACES = "/usr/local/sbin/runc";

const drifts: Drift[] = [
  { name: "a link removed", damage: "rm /usr/bin/runc", finds: /runc/i },
  {
    name: "a link turned elsewhere",
    damage: "ln -sfn /bin/true /usr/local/bin/runc",
    finds: /runc/i,
  },
  { name: "a mode changed", damage: `chmod 0700 ${RUNC_PLACES}`, finds: /runc/i },
  {
    name: "config.toml edited",
    damage:
      'sed -i \'s/SystemdCgroup = .*/SystemdCgroup = "broken"/; s/^root = .*/root = "\\/elsewhere"/\' /etc/containerd/config.toml',
    finds: /config/i,
  },
  {
    name: "a comment in config.toml",
    damage: "echo '# by hand' >> /etc/containerd/config.toml",
    finds: /^$/,
    none: true,
  },
  {
    name: "the unit edited",
    damage:
      "sed -i 's/^OOMScoreAdjust=.*/OOMScoreAdjust=0/' /usr/local/lib/systemd/system/containerd.service",
    finds: /unit/i,
  },
  { name: "the service stopped", damage: "systemctl stop containerd", finds: /started|service/i },
  {
    name: "the service disabled",
    damage: "systemctl disable containerd",
    finds: /started|service/i,
  },
  { name: "the service masked", damage: "systemctl mask containerd", finds: /started|service/i },
  {
    name: "a binary replaced",
    damage: "cp /bin/true /usr/local/bin/ctr.new && mv /usr/local/bin/ctr.new /usr/local/bin/ctr",
    finds: /containerd/i,
  },
  {
    name: "a mirror's hosts.toml deleted",
    damage: "rm /etc/containerd/certs.d/docker.io/hosts.toml",
    finds: /registr|mirror/i,
  },
];

describe.skipIf(skipped !== undefined)(
  `the main job${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    let args: string[];

    beforeAll(async () => {
      const registries = [
        {
          name: "docker.io",
          server: "https://registry-1.docker.io",
          hosts: [{ url: "http://mirror.example.com", capabilities: ["pull", "resolve"] }],
        },
      ];
      fleet = await startFleet(1, { vars: { containerd_registries: registries } });
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

    test.each(drifts)("drift: $name", async ({ damage, finds, none }) => {
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
