import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostname } from "../../../src/modules/system/hostname.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import { mount } from "../../../src/modules/files/mount.ts";
import { package_facts } from "../../../src/modules/packages/package_facts.ts";
import { service } from "../../../src/modules/system/service.ts";
import { service_facts } from "../../../src/modules/system/service_facts.ts";
import { sysctl } from "../../../src/modules/system/sysctl.ts";
import type { LabHost } from "../../lab/host.ts";
import { startLab, type Lab } from "../../lab/lab.ts";
import { labMissing } from "../../lab/packages.ts";
import { converge, undoLast } from "./converge.ts";

const missing = labMissing();

describe.skipIf(missing !== undefined)(
  `the system's modules on a real host${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let lab: Lab;
    let host: LabHost;
    const make = (
      module: unknown,
      args: object,
      options: { always?: true } = {},
    ): ReturnType<typeof converge> => converge(host, module as AnyModule, args, options);
    const mounted = (path: string): Promise<string> =>
      host.must(`grep ' ${path} ' /proc/self/mountinfo || echo nothing`);

    beforeAll(async () => {
      lab = await startLab({ hosts: 1 });
      host = lab.hosts[0]!;
    }, 300_000);
    afterAll(async () => {
      await lab?.stop();
    }, 60_000);

    test("a kernel parameter is kept in a file and set at once; the undo brings both back", async () => {
      await host.must(
        "echo 0 > /proc/sys/net/ipv4/ip_forward; printf '# mine\\nnet.ipv4.conf.all.log_martians = 1\\n' > /etc/sysctl.d/9.conf",
      );
      const args = { name: "net.ipv4.ip_forward", value: 1, sysctl_file: "/etc/sysctl.d/9.conf" };
      expect(await make(sysctl, args)).toMatchObject({ status: "done" });
      expect(
        await host.must(
          "cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/all/log_martians /etc/sysctl.d/9.conf",
        ),
      ).toBe("1\n1\n# mine\nnet.ipv4.conf.all.log_martians=1\nnet.ipv4.ip_forward=1\n");
      await undoLast(host);
      expect(await host.must("cat /proc/sys/net/ipv4/ip_forward /etc/sysctl.d/9.conf")).toBe(
        "0\n# mine\nnet.ipv4.conf.all.log_martians = 1\n",
      );
      expect(await make(sysctl, { ...args, reload: false, sysctl_set: true })).toMatchObject({
        status: "done",
      });
      expect(
        await make(sysctl, {
          name: "net.ipv4.ip_local_port_range",
          value: "20000  30000",
          sysctl_file: "/etc/sysctl.d/new.conf",
        }),
      ).toMatchObject({ status: "done" });
      expect(
        await make(sysctl, { name: args.name, state: "absent", sysctl_file: args.sysctl_file }),
      ).toMatchObject({ status: "done" });
    });

    test("what the kernel does not take is a failure that names it", async () => {
      expect(
        await make(sysctl, {
          name: "net.ipv4.ip_forward",
          value: "many",
          reload: false,
          sysctl_set: true,
          sysctl_file: "/etc/sysctl.d/x.conf",
        }),
      ).toMatchObject({
        status: "failed",
        said: expect.stringContaining(
          "the kernel does not take net.ipv4.ip_forward = many",
        ) as string,
      });
      expect(
        await make(sysctl, {
          name: "net.ipv4.nothing",
          value: "1",
          sysctl_file: "/etc/sysctl.d/x.conf",
        }),
      ).toMatchObject({
        status: "failed",
        said: expect.stringContaining("ipv4/nothing") as string,
      });
      await host.must("rm /etc/sysctl.d/x.conf");
    });

    test("a file system is mounted, remounted, and gone again", async () => {
      const args = {
        path: "/srv/my data",
        src: "tmpfs",
        fstype: "tmpfs",
        opts: "size=64k",
        state: "mounted",
      };
      expect(await make(mount, args)).toMatchObject({
        status: "done",
        result: { name: "/srv/my data", fstab: "/etc/fstab", boot: "yes" },
      });
      expect(await mounted("/srv/my.040data")).toContain("tmpfs tmpfs rw,size=64k");
      expect(await make(mount, { ...args, opts: "size=128k" })).toMatchObject({ status: "done" });
      expect(await mounted("/srv/my.040data")).toContain("size=128k");
      expect(await host.must("cat /etc/fstab")).toContain(
        "tmpfs /srv/my\\040data tmpfs size=128k 0 0\n",
      );
      expect(
        await make(mount, { path: args.path, state: "remounted" }, { always: true }),
      ).toMatchObject({ status: "done" });
      expect(await make(mount, { path: args.path, state: "absent" })).toMatchObject({
        status: "done",
      });
      expect(await mounted("/srv/my.040data")).toBe("nothing\n");
      expect(await host.must("grep -c my /etc/fstab; ls /srv; :")).toBe("0\n");
    });

    test("the undo of a mount leaves nothing, that of an unmount mounts again", async () => {
      expect(
        await make(mount, { path: "/srv/a", src: "tmpfs", fstype: "tmpfs", state: "mounted" }),
      ).toMatchObject({ status: "done" });
      await undoLast(host);
      expect(
        await host.must(
          "grep -c ' /srv/a ' /etc/fstab /proc/self/mountinfo; ls -d /srv/a 2>/dev/null; :",
        ),
      ).toBe("/etc/fstab:0\n/proc/self/mountinfo:0\n");
      expect(
        await make(
          mount,
          { path: "/srv/a", src: "tmpfs", fstype: "tmpfs", state: "ephemeral" },
          { always: true },
        ),
      ).toMatchObject({ status: "done" });
      expect(await make(mount, { path: "/srv/a", state: "unmounted" })).toMatchObject({
        status: "done",
      });
      await undoLast(host);
      expect(await mounted("/srv/a")).toContain("tmpfs");
    });

    test("a mount that fails writes no fstab and leaves no directory; a bind mount is one", async () => {
      const before = await host.must("cat /etc/fstab");
      expect(
        await make(mount, {
          path: "/srv/bad",
          src: "/dev/nothing",
          fstype: "ext4",
          state: "mounted",
        }),
      ).toMatchObject({
        status: "failed",
        said: expect.stringContaining("/dev/nothing") as string,
      });
      expect(await host.must("cat /etc/fstab; ls -d /srv/bad 2>/dev/null; :")).toBe(before);
      expect(
        await make(mount, {
          path: "/srv/bound",
          src: "/usr/share",
          fstype: "none",
          opts: "bind",
          state: "mounted",
        }),
      ).toMatchObject({ status: "done" });
      expect(await host.must("ls -d /srv/bound/doc")).toBe("/srv/bound/doc\n");
    });

    test("a host gets a name, and its old one back", async () => {
      const before = await host.must("cat /etc/hostname /proc/sys/kernel/hostname");
      expect(await make(hostname, { name: "n1.example.com" })).toMatchObject({
        status: "done",
        result: {
          name: "n1.example.com",
          ansible_facts: { ansible_hostname: "n1", ansible_nodename: "n1.example.com" },
        },
      });
      expect(await host.must("cat /etc/hostname /proc/sys/kernel/hostname")).toBe(
        "n1.example.com\nn1.example.com\n",
      );
      await undoLast(host);
      expect(await host.must("cat /etc/hostname /proc/sys/kernel/hostname")).toBe(before);
      await host.must("systemctl mask --now systemd-hostnamed.service");
      expect(await make(hostname, { name: "n2" })).toMatchObject({ status: "done" });
      expect(await host.must("cat /etc/hostname; uname -n")).toBe("n2\nn2\n");
    });

    test("service is systemd_service, and facts know its state", async () => {
      expect(
        await make(service, { name: "ssh", state: "started", enabled: true, use: "systemd" }),
      ).toMatchObject({
        status: "unchanged",
        result: { name: "ssh", state: "started", enabled: true },
      });
      const facts = (await make(service_facts, {})).result["ansible_facts"] as {
        services: Record<string, unknown>;
      };
      expect(facts.services["ssh.service"]).toEqual({
        name: "ssh.service",
        state: "running",
        status: "enabled",
        source: "systemd",
      });
      const { packages } = (await make(package_facts, {})).result["ansible_facts"] as {
        packages: Record<string, unknown>;
      };
      expect(packages["bash"]).toEqual([
        {
          name: "bash",
          version: expect.any(String) as string,
          arch: expect.any(String) as string,
          category: "shells",
          source: "apt",
        },
      ]);
    });
  },
);
