import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labPassword } from "./base.ts";
import { must, run } from "./command.ts";
import { smokeImage, smokeName } from "./image.ts";
import { cleanStale, startLab, type Lab } from "./lab.ts";
import type { LabHost } from "./host.ts";
import { labMissing } from "./packages.ts";
import { startProxy } from "./proxy.ts";
import { releases, type Releases } from "./releases.ts";
import { serveReleases, type FileServer } from "./serve.ts";
import { labsFolder, type LabState } from "./state.ts";
import { contentTree, fileTree, treeDiff } from "./tree.ts";

const missing = labMissing();
const disks = { h01: "ext4-bind", h02: "no-dtype", h03: "none" } as const;

describe.skipIf(missing !== undefined)(
  missing === undefined ? "a lab" : `a lab (skipped: ${missing})`,
  () => {
    let lab: Lab;
    let packed: Releases;
    let server: FileServer;
    const host = (name: keyof typeof disks): LabHost => {
      const found = lab.hosts.find((one) => one.name === name);
      if (found === undefined) throw new Error(`no host ${name}`);
      return found;
    };
    const ssh = (user: string, target: string[]): string[] => {
      const strict = [
        "-o",
        `UserKnownHostsFile=${lab.knownHosts}`,
        "-o",
        "StrictHostKeyChecking=yes",
        "-o",
        "BatchMode=yes",
      ];
      return ["ssh", "-i", lab.keyFile, "-l", user, ...strict, ...target];
    };

    beforeAll(async () => {
      packed = await releases();
      lab = await startLab({
        hosts: Object.keys(disks),
        dataRoot: (name) => disks[name as keyof typeof disks],
      });
      server = await serveReleases(packed.dir, lab.address);
    }, 600_000);

    afterAll(async () => {
      await server?.close();
      await lab?.stop();
    }, 60_000);

    test.each(Object.keys(disks) as (keyof typeof disks)[])(
      "%s has a systemd without failed units",
      async (name) => {
        expect(
          await host(name).must("systemctl is-system-running; systemctl --failed --no-legend"),
        ).toBe("running\n");
      },
    );

    test.each(["root", "deploy", "secret", "nosudo"])(
      "%s logs in by key, the host key being checked",
      async (user) => {
        expect(await must([...ssh(user, [host("h01").ip]), "id -un; hostname"])).toBe(
          `${user}\nh01\n`,
        );
      },
    );

    test.each([
      ["deploy", "sudo -n id -u", "0\n"],
      ["secret", "sudo -n id -u || echo asked", "asked\n"],
      ["secret", `echo ${labPassword} | sudo -S id -u`, "0\n"],
      ["nosudo", `echo ${labPassword} | sudo -S id -u || echo refused`, "refused\n"],
    ])("sudo of %s: %s", async (user, command, answer) => {
      expect((await run([...ssh(user, [host("h01").ip]), command])).stdout).toBe(answer);
    });

    test("a plain host has no Python, and modprobe finds overlay", async () => {
      expect(
        await host("h01").must("command -v python3 || echo none; modprobe overlay && echo loaded"),
      ).toBe("none\nloaded\n");
    });

    test("hosts do not share a daemon: one stops its own while the other keeps it", async () => {
      await host("h01").must("systemctl restart dbus systemd-logind");
      expect(await host("h02").must("systemctl is-active systemd-logind ssh")).toBe(
        "active\nactive\n",
      );
      expect(await host("h01").must("cat /proc/1/cgroup")).not.toContain("hwlab");
    });

    test("releases arrive whole and with their sums", async () => {
      for (const { path, sha256 } of packed.containerd.slice(-1)) {
        expect(await host("h01").must(`curl -fsS ${server.url}/${path} | sha256sum`)).toBe(
          `${sha256}  -\n`,
        );
        expect(await host("h01").must(`curl -fsS ${server.url}/${path}.sha256sum`)).toContain(
          sha256,
        );
      }
      for (const { path, sha256 } of packed.runc) {
        expect(
          await host("h01").must(
            `curl -fsS ${server.url}/${path.replace(/[^/]*$/, "runc.sha256sum")}`,
          ),
        ).toContain(`${sha256}  runc.`);
      }
    });

    test.each([
      ["a status", { status: 500 }, 22],
      ["a cut", { truncateAt: 100_000 }, 18],
      ["a slow line", { bytesPerSecond: 50_000 }, 28],
    ])("the server misbehaves as told: %s", async (_what, fault, code) => {
      const path = `/${packed.runc[0]?.path ?? ""}`;
      server.faults.set(path, fault);
      expect(
        (await host("h01").run(`curl -fsS --max-time 2 -o /dev/null ${server.url}${path}`)).code,
      ).toBe(code);
      server.faults.clear();
      expect(server.requests.at(-1)?.path).toBe(path);
    });

    // Lays the programs as an administrator would by hand, and starts the daemon.
    const install = async (on: LabHost, version: string): Promise<void> => {
      const [release, runc] = [
        packed.containerd.find((one) => one.version.startsWith(version)),
        packed.runc.at(-1),
      ];
      await on.must(`curl -fsS ${server.url}/${String(release?.path)} | tar -C /usr/local -xz`);
      await on.must(
        `curl -fsS -o /usr/local/sbin/runc ${server.url}/${String(runc?.path)} && chmod 755 /usr/local/sbin/runc`,
      );
      await on.must(
        "systemd-run -q --unit=containerd -p Type=notify -p Delegate=yes -p KillMode=process containerd",
      );
    };

    const importSmoke = async (on: LabHost): Promise<void> => {
      writeFileSync(join(on.root, "root/smoke.tar"), readFileSync(await smokeImage()));
      await on.must("ctr images import /root/smoke.tar");
    };

    test("containerd 2.1 runs a container from the smoke image", async () => {
      const on = host("h01");
      await install(on, "2.1.");
      await importSmoke(on);
      expect(await on.must(`ctr run --rm ${smokeName} one echo hello`)).toBe("hello\n");
      await on.must(`ctr run -d ${smokeName} two sleep 600`);
      expect(await on.must("ctr task exec --exec-id x two id -u")).toBe("0\n");
      await on.must(
        "ctr task kill -s 9 two; while ctr task ls | grep -q RUNNING; do sleep 0.1; done",
      );
      await on.must("ctr task rm two; systemctl stop containerd");
    }, 60_000);

    test("containerd 1.6 refuses a data root without d_type", async () => {
      await install(host("h02"), "1.6.");
      expect(await host("h02").must("ctr plugins ls | grep overlayfs")).toContain("error");
      expect(await host("h02").must("journalctl -u containerd | grep overlayfs")).toContain(
        "d_type",
      );
      await host("h02").must("systemctl stop containerd");
    }, 60_000);

    test("containerd 1.6 can mount no container on a data root that is an overlay", async () => {
      await install(host("h03"), "1.6.");
      await importSmoke(host("h03"));
      const { code, stderr } = await host("h03").run(`ctr run --rm ${smokeName} one echo hello`);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/failed to mount .*invalid argument/);
      await host("h03").must("systemctl stop containerd");
    }, 60_000);

    test("the tree of a quiet host stays, also over logins, and shows a write that was undone", async () => {
      const on = host("h02");
      const before = await fileTree(on);
      await must([...ssh("secret", [on.ip]), `echo ${labPassword} | sudo -S ls /root`]);
      expect(treeDiff(before, await fileTree(on))).toEqual([]);
      await on.must(
        "touch /tmp/stamp && cp -p /etc/hostname /run/keep && echo other > /etc/hostname",
      );
      await on.must(
        "cat /run/keep > /etc/hostname && touch -r /run/keep /etc/hostname && rm /run/keep",
      );
      const moved = treeDiff(before, await fileTree(on)).map((line) => line.split("\t")[0]);
      expect(moved).toEqual(
        expect.arrayContaining(["- /etc/hostname", "+ /etc/hostname", "+ /tmp/stamp"]),
      );
      const content = await contentTree(on, { roots: ["/etc/hostname"] });
      expect(content).toEqual([
        expect.stringMatching(/^\/etc\/hostname\tf\t644\troot\troot\t[0-9a-f]{64}$/),
      ]);
    });

    test("a write survives a reboot and a power cut, the host keeps its address", async () => {
      const on = host("h03");
      await on.must("echo kept > /etc/kept && sync");
      await on.reboot();
      await on.cutPower();
      await on.start();
      expect(
        await must([...ssh("root", [on.ip]), "cat /etc/kept; systemctl is-system-running"]),
      ).toBe("kept\nrunning\n");
    });

    test("a proxy counts the bytes and turns of a login", async () => {
      const proxy = await startProxy({ host: host("h01").ip }, 5);
      const alias = ["-p", String(proxy.port), "-o", `HostKeyAlias=${host("h01").ip}`, "127.0.0.1"];
      expect(await must([...ssh("root", alias), "echo through"])).toBe("through\n");
      expect(proxy).toMatchObject({ connections: 1 });
      expect(proxy.turns).toBeGreaterThan(4);
      expect(Math.min(proxy.sent, proxy.received)).toBeGreaterThan(1000);
      await proxy.close();
    });

    test("two labs run side by side, and one whose owner ended is cleaned away alone", async () => {
      const orphan = await startLab({ hosts: 1, dataRoot: "tiny" });
      const file = join(labsFolder(), orphan.name, "lab.json");
      const state = JSON.parse(readFileSync(file, "utf8")) as LabState;
      expect(
        (await orphan.hosts[0]?.run("head -c 20m /dev/zero > /var/lib/containerd/full"))?.stderr,
      ).toContain("No space left");
      writeFileSync(file, JSON.stringify({ ...state, owner: { pid: 1, start: "long ago" } }));
      expect(await cleanStale()).toEqual([orphan.name]);
      expect(existsSync(state.folder) || existsSync(`/sys/class/net/${state.network.bridge}`)).toBe(
        false,
      );
      expect(await host("h01").must("systemctl is-active ssh")).toBe("active\n");
    }, 60_000);
  },
);
