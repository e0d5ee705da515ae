import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smokeImage, smokeName } from "../lab/image.ts";
import { serveReleases, type FileServer } from "../lab/serve.ts";
import { tools, type Tools } from "../lab/tools.ts";
import { contentTree, fileTree, treeDiff } from "../lab/tree.ts";
import { isDrawn } from "../sample.ts";
import { changesOf, skipped } from "./cli.ts";
import { startFleet, type Fleet } from "./fleet.ts";

describe.skipIf(skipped !== undefined)(
  `tools.yml${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    let packed: Tools;
    let server: FileServer;

    beforeAll(async () => {
      [fleet, packed] = await Promise.all([startFleet(1), tools()]);
      server = await serveReleases(packed.dir, fleet.lab.address);
      // Debian 12's crun is older than 1.14.3, and refuses the version of the OCI spec that later ones write
      const applied = await fleet.call("apply", "containerd.yml", ...fleet.vars("1.6"));
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
    }, 300_000);
    afterAll(async () => {
      await server?.close();
      await fleet?.down();
    });

    // The releases of the server, and more.
    function vars(more: Record<string, unknown> = {}): string[] {
      const all = {
        tools_github: server.url,
        tools_cni_version: packed.cni.version,
        tools_cni_plugins: packed.cni.plugins,
        tools_crictl_version: packed.crictl,
        tools_nerdctl_version: packed.nerdctl,
        ...more,
      };
      return ["-e", JSON.stringify(all)];
    }

    // Plans, which writes nothing; applies exactly that; and finds nothing left to do.
    async function settle(more: Record<string, unknown>, words: readonly string[] = []) {
      const host = fleet.host("h01");
      const before = await fileTree(host);
      const plan = await fleet.call("plan", "tools.yml", ...vars(more), ...words);
      expect(treeDiff(before, await fileTree(host))).toEqual([]);
      const applied = await fleet.call("apply", "tools.yml", ...vars(more), ...words);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(changesOf(applied, "h01")).toEqual(changesOf(plan, "h01"));
      const again = await fleet.call("plan", "tools.yml", ...vars(more), ...words);
      expect(changesOf(again, "h01")).toEqual([]);
      return changesOf(plan, "h01");
    }

    test("installs all three on a host, with their configuration", async () => {
      const changes = await settle({ tools_cni_subnet: "10.88.0.0/16" });
      expect(changes).toContain("Unpack CNI's plugins");
      const host = fleet.host("h01");
      expect(await host.must("crictl; nerdctl; cat /etc/nerdctl/nerdctl.toml")).toMatch(
        /^crictl 1\.30\.0\nnerdctl 2\.0\.0\n[^]*address = "unix:\/\/\/run\/containerd\/containerd\.sock"/,
      );
    });

    test("a container gets an address of the basic network", async () => {
      const host = fleet.host("h01");
      const applied = await fleet.call(
        "apply",
        "images.yml",
        "-e",
        JSON.stringify({ images_present: [{ name: smokeName, src: await smokeImage() }] }),
      );
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      const said = await host.must(`ctr run --rm --cni ${smokeName} net busybox ip addr show eth0`);
      expect(said).toMatch(/inet 10\.88\.\d+\.\d+\/16/);
    });

    test("the basic network goes when it is no longer described", async () => {
      expect(await settle({})).toEqual(["Take the basic network away"]);
    });

    test.each([
      ["a plugin removed", "rm /opt/cni/bin/bridge", "Unpack CNI's plugins"],
      ["a program replaced", "echo > /usr/local/bin/crictl", "Unpack crictl"],
      ["a file edited", "echo >> /etc/nerdctl/nerdctl.toml", "Tell nerdctl where containerd is"],
    ])("drift: %s", async (_name, damage, task) => {
      await fleet.host("h01").must(damage);
      expect(await settle({})).toEqual([task]);
    });

    const FURTHER = ["crun", "buildkit", "stargz"];
    const further = (): Record<string, unknown> => ({
      tools_install: FURTHER,
      tools_crun_version: packed.crun.version,
      tools_buildkit_version: packed.buildkit,
      tools_stargz_version: packed.stargz,
      tools_buildkit_checksum: `sha256:${packed.buildkitSum}`,
    });

    test.skipIf(!isDrawn(0))("crun, buildkit and stargz come, run, and go again", async () => {
      const host = fleet.host("h01");
      const tree = (): Promise<string[]> =>
        contentTree(host, {
          exclude: [
            ...["/var/lib/containerd", "/var/lib/hullwright", "/run/containerd", "/tmp"],
            ...["/etc/ld.so.cache", "/var/cache/ldconfig"],
          ],
        });
      const before = await tree();
      await settle(further());
      expect(
        await host.must("systemctl is-active buildkit buildkit.socket stargz-snapshotter"),
      ).toBe("active\nactive\nactive\n");
      const library = readFileSync(packed.crun.library).toString("base64");
      await host.must("base64 -d > /usr/lib/libyajl.so.2; ldconfig", library);
      expect(
        await host.must(
          `ctr run --rm --runc-binary /usr/local/bin/crun ${smokeName} crun echo hello`,
        ),
      ).toBe("hello\n");
      await host.must("rm /usr/lib/libyajl.so.2; ldconfig");
      await host.must(
        "echo > /usr/local/bin/crun; sed -i 's/= true/= false/' /etc/buildkit/buildkitd.toml; systemctl disable -q --now stargz-snapshotter",
      );
      expect(await settle(further())).toEqual([
        "Download crun",
        "Have stargz's snapshotter started, with what is on disk",
        // the daemon still runs with what is written again
        "Configure buildkit",
      ]);
      await settle({ tools_install: [], tools_remove: FURTHER });
      expect(treeDiff(before, await tree())).toEqual([]);
    });

    test("the kernel for Kubernetes, by its tag alone", async () => {
      const host = fleet.host("h01");
      await host.must(
        "printf '/dev/sda1 / ext4 defaults 0 1\\n/swapfile none swap sw 0 0\\n' > /etc/fstab",
      );
      await settle({ tools_kubernetes: true }, ["--tags", "kubernetes"]);
      expect(await host.must("cat /etc/fstab /proc/sys/net/ipv4/ip_forward")).toBe(
        "/dev/sda1 / ext4 defaults 0 1\n# /swapfile none swap sw 0 0\n1\n",
      );
      expect(await host.must("cat /etc/modules-load.d/*")).toMatch(/br_netfilter/);
    });
  },
);
