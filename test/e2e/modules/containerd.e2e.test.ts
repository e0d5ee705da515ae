import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { containerd_config } from "../../../src/modules/containerd/containerd_config.ts";
import { containerd_preflight } from "../../../src/modules/containerd/containerd_preflight.ts";
import { containerd_ready } from "../../../src/modules/containerd/containerd_ready.ts";
import { containerd_registry } from "../../../src/modules/containerd/containerd_registry.ts";
import { ctr_image } from "../../../src/modules/containerd/ctr_image.ts";
import { listArchive } from "../../../src/controller/archive.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { LabHost } from "../../lab/host.ts";
import { smokeImage, smokeName } from "../../lab/image.ts";
import { startLab, type Lab } from "../../lab/lab.ts";
import { labMissing } from "../../lab/packages.ts";
import { releases, type Releases } from "../../lab/releases.ts";
import { fileTree, treeDiff } from "../../lab/tree.ts";
import { argumentsFor, localFile } from "../../modules/case.ts";
import { applyOn, planOn } from "./drive.ts";

const missing = labMissing();
const series = ["1.4", "1.6", "1.7", "2.1"];
const UNIT =
  "[Service]\nExecStart=/usr/local/bin/containerd\nType=notify\nDelegate=yes\nKillMode=process\nRestart=always\nRestartSec=1\n";

// A module and its arguments, as a playbook has them.
const call = (module: unknown, args: object): [AnyModule, unknown] => [
  module as AnyModule,
  argumentsFor(module as AnyModule, args),
];

// Applies, and says what failed.
async function make(host: LabHost, module: unknown, args: object): Promise<string> {
  const outcome = await applyOn(host, ...call(module, args));
  return [
    outcome.status,
    outcome.message,
    ...outcome.outputs.filter(({ code }) => code !== 0).map(({ stderr }) => stderr),
  ]
    .filter(Boolean)
    .join(": ")
    .trim();
}

// Whether there is something to do.
const idle = async (host: LabHost, module: unknown, args: object): Promise<boolean> =>
  (await planOn(host, ...call(module, args))).change === null;

describe.skipIf(missing !== undefined)(
  `the modules that know containerd, on real hosts${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let lab: Lab;
    let good: LabHost;
    let untyped: LabHost;
    let packed: Releases;

    beforeAll(async () => {
      packed = await releases();
      lab = await startLab({
        hosts: ["good", "untyped", "overlaid"],
        dataRoot: (host) =>
          ({ good: "ext4-bind", untyped: "no-dtype", overlaid: "none" })[host] as "none",
      });
      [good, untyped] = [lab.hosts[0]!, lab.hosts[1]!];
    }, 600_000);
    afterAll(async () => {
      await lab?.stop();
    }, 60_000);

    // Installs a version by hand, with runc.
    async function install(host: LabHost, version: string): Promise<string> {
      const release = packed.containerd.find((one) => one.version.startsWith(`${version}.`))!;
      const tar = readFileSync(join(packed.dir, release.path)).toString("base64");
      const runc = readFileSync(join(packed.dir, packed.runc.at(-1)!.path)).toString("base64");
      await host.must(
        "systemctl stop containerd 2>/dev/null; rm -f /usr/local/bin/c* /etc/containerd/config.toml; base64 -d | tar -xz -C /usr/local --no-same-owner",
        tar,
      );
      await host.must(
        "base64 -d > /usr/local/sbin/.r; chmod 755 /usr/local/sbin/.r; mv /usr/local/sbin/.r /usr/local/sbin/runc; mkdir -p /etc/containerd",
        runc,
      );
      await host.must(
        "mkdir -p /usr/local/lib/systemd/system; cat > /usr/local/lib/systemd/system/containerd.service; systemctl daemon-reload",
        UNIT,
      );
      return release.version;
    }

    describe("preflight", () => {
      test("a good host passes, is tried once at apply, and is clean afterwards", async () => {
        const before = await fileTree(good);
        const { change } = await planOn(good, ...call(containerd_preflight, {}));
        expect(change).toMatchObject({ silent: true });
        expect(treeDiff(before, await fileTree(good))).toEqual([]);
        expect(await make(good, containerd_preflight, {})).toBe("done");
        expect(await idle(good, containerd_preflight, {})).toBe(true);
        expect(await good.must("ls -A /var/lib/containerd")).toBe("");
      });

      test.each([
        ["untyped", /d_type: \/var\/lib\/containerd is on/],
        ["overlaid", /overlayfs\) cannot carry the overlayfs snapshotter/],
      ])("a host with a bad root filesystem fails at plan: %s", async (name, message) => {
        const host = lab.hosts.find((one) => one.name === name)!;
        const before = await fileTree(host);
        await expect(planOn(host, ...call(containerd_preflight, {}))).rejects.toThrow(message);
        expect(treeDiff(before, await fileTree(host))).toEqual([]);
      });

      test("the trial itself finds a filesystem without types, where its superblock cannot be read", async () => {
        const blind = {
          ...containerd_preflight,
          plan: (args: never, before: { disk: object }, given: never) =>
            containerd_preflight.plan(
              args,
              { ...before, disk: { ...before.disk, dtype: "unknown" } } as never,
              given,
            ),
        };
        const said = await make(untyped, blind, {});
        expect(said).toMatch(
          /^failed: d_type: \/var\/lib\/containerd is on .* hint: create it again with mkfs\.ext4 -O filetype/,
        );
        expect(
          await untyped.must(
            "ls -A /var/lib/containerd; ls /var/lib/hullwright/records 2>/dev/null || :",
          ),
        ).toBe("lost+found\n");
      });

      test("strays, masks and read-only directories are all told at once", async () => {
        await good.must(
          "mkdir -p /opt/containerd/bin; echo x > /opt/containerd/bin/runc; ln -s /dev/null /etc/systemd/system/containerd.service; mount --bind /usr/local /usr/local; mount -o remount,bind,ro /usr/local",
        );
        await expect(planOn(good, ...call(containerd_preflight, {}))).rejects.toThrow(
          /read_only: [^]*masked_unit: [^]*stray_runc: /,
        );
        await good.must(
          "umount /usr/local; rm -r /opt/containerd /etc/systemd/system/containerd.service",
        );
      });
    });

    describe.each(series)("containerd %s", (version) => {
      let exact: string;
      beforeAll(async () => {
        exact = await install(good, version);
      }, 120_000);

      test("reads the config, starts with it, and is found ready", async () => {
        const args = {
          version: exact,
          runc_binary: "/usr/local/sbin/runc",
          sandbox_image: "example.com/pause:1",
          max_concurrent_downloads: 5,
          cni_bin_dir: "/opt/cni/bin",
        };
        expect(await make(good, containerd_config, args)).toBe("done");
        expect(await idle(good, containerd_config, args)).toBe(true);
        const dump = await good.must("containerd config dump 2>&1");
        // 1.4 knows no hosts.toml, and does not show a runtime's options
        for (const text of [
          "example.com/pause:1",
          "/opt/cni/bin",
          ...(version === "1.4" ? [] : ["/usr/local/sbin/runc", "/etc/containerd/certs.d"]),
        ])
          expect(dump).toContain(text);
        expect(dump).toMatch(/max_concurrent_downloads = 5/);
        await good.must("systemctl start containerd");
        expect(await make(good, containerd_ready, {})).toBe("done");
        expect(await idle(good, containerd_ready, {})).toBe(true);
        await good.must("systemctl restart containerd");
        expect(await idle(good, containerd_ready, {})).toBe(false);
      });

      test("imports an image, runs it, and lets it go", async () => {
        const file = localFile(readFileSync(await smokeImage()));
        const members = await listArchive(await smokeImage());
        const withFile = {
          ...ctr_image,
          plan: (args: never, before: never, given: object) =>
            ctr_image.plan(args, before, {
              ...given,
              file: () => file,
              archive: () => members,
            } as never),
        };
        const args = { name: smokeName, src: "smoke.tar" };
        expect(await make(good, withFile, args)).toBe("done");
        expect(await idle(good, withFile, args)).toBe(true);
        expect(await good.must(`ctr run --rm ${smokeName} smoke echo hello`)).toBe("hello\n");
        await expect(
          planOn(good, ...call(withFile, { ...args, name: "example.com/other:1" })),
        ).rejects.toThrow(/smoke\.tar does not hold example\.com\/other:1/);
        expect(await make(good, ctr_image, { name: smokeName, state: "absent" })).toBe("done");
      });

      test("asks a registry where hosts.toml says it is", async () => {
        const asked: string[] = [];
        const server: Server = createServer((request, response) => {
          asked.push(`${request.headers.host} ${request.url}`);
          response.statusCode = 404;
          response.end();
        });
        await new Promise<void>((resolve) => server.listen(0, lab.address, resolve));
        const address = `${lab.address}:${(server.address() as AddressInfo).port}`;
        const args = {
          name: "registry.example.com",
          server: `http://${address}`,
          hosts: [{ url: `http://${address}/v2/mirror`, override_path: true }],
        };
        expect(await make(good, containerd_registry, args)).toBe("done");
        expect(await idle(good, containerd_registry, args)).toBe(true);
        if (version !== "1.4")
          await good.run(
            "ctr images pull --hosts-dir /etc/containerd/certs.d registry.example.com/a/b:1",
          );
        expect(await make(good, containerd_registry, { ...args, state: "absent" })).toBe("done");
        await new Promise((resolve) => server.close(resolve));
        if (version !== "1.4")
          expect(asked.map((line) => line.replace(/^\S+ /, ""))).toEqual(
            expect.arrayContaining(["/v2/mirror/a/b/manifests/1?ns=registry.example.com"]),
          );
      });
    });

    test("a daemon whose plugins do not work is not ready, and the journal says why", async () => {
      const version = await install(good, "2.1");
      await make(good, containerd_config, {
        version,
        required_plugins: [],
        snapshotter: "btrfs",
        platform: "linux/amd64",
      });
      await good.must("systemctl restart containerd");
      expect(await make(good, containerd_ready, { timeout: 2 })).toMatch(
        /containerd\.service is not ready: .*grpc\.v1\/cri is (error|skip)[^]*the journal's last words[^]*btrfs/,
      );
    });

    test("with the native snapshotter, 2.1 lives where overlayfs cannot", async () => {
      const args = {
        version: await install(untyped, "2.1"),
        snapshotter: "native",
        platform: "linux/amd64",
      };
      expect(await idle(untyped, containerd_preflight, { snapshotter: "native" })).toBe(true);
      expect(await make(untyped, containerd_config, args)).toBe("done");
      await untyped.must("systemctl restart containerd");
      expect(await make(untyped, containerd_ready, { snapshotter: "native" })).toBe("done");
    });
  },
);
