import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { releases } from "../lab/releases.ts";
import { changesOf, skipped } from "./cli.ts";
import { startFleet, type Fleet } from "./fleet.ts";

describe.skipIf(skipped !== undefined)(
  `other ways to the same end${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    beforeAll(async () => {
      fleet = await startFleet(["offline", "shipped", "taken", "plain"]);
    });
    afterAll(async () => {
      await fleet?.down();
    });

    test("the controller downloads once for hosts without internet, and the same plan is empty afterwards", async () => {
      const args = [
        "containerd.yml",
        "-i",
        fleet.inventory,
        "-l",
        "offline",
        ...fleet.vars("2.1"),
        "-e",
        "containerd_download=controller",
      ];
      fleet.server.requests.length = 0;
      const plan = await fleet.desk.json(["plan", ...args]);
      const applied = await fleet.desk.json(["apply", ...args, "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(changesOf(applied, "offline")).toEqual(changesOf(plan, "offline"));
      expect(fleet.server.requests.filter(({ path }) => path.endsWith(".tar.gz"))).toHaveLength(1);
      expect((await fleet.desk.json(["plan", ...args])).code).toBe(0);
    });

    test("releases may be files of the controller; a wrong checksum is refused with both digests", async () => {
      const packed = await releases();
      const containerd = packed.containerd.findLast(({ version }) => version.startsWith("1.7."))!;
      const runc = packed.runc.at(-1)!;
      const args = (sum: string): string[] => [
        "containerd.yml",
        "-i",
        fleet.inventory,
        "-l",
        "shipped",
        ...Object.entries({
          containerd_version: containerd.version,
          runc_version: runc.version,
          containerd_url: join(packed.dir, containerd.path),
          runc_url: join(packed.dir, runc.path),
          containerd_checksum: `sha256:${sum}`,
          runc_checksum: `sha256:${runc.sha256}`,
        }).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
      ];
      const wrong = await fleet.desk.json(["apply", ...args("0".repeat(64)), "-y"]);
      expect(wrong.hosts["shipped"]!.failed!.message).toMatch(
        new RegExp(`0{64}[\\s\\S]*${containerd.sha256}|${containerd.sha256}[\\s\\S]*0{64}`),
      );
      const applied = await fleet.desk.json(["apply", ...args(containerd.sha256), "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(await fleet.host("shipped").must("ctr version")).toContain(containerd.version);
      expect((await fleet.desk.json(["plan", ...args(containerd.sha256)])).code).toBe(0);
    });

    test("a runc that a package owns is refused; where it is allowed, it is kept aside", async () => {
      const host = fleet.host("taken");
      await host.must(
        "mkdir -p /tmp/p/DEBIAN /tmp/p/usr/bin && printf 'Package: runc\\nVersion: 9\\nArchitecture: all\\nMaintainer: x <x@example.com>\\nDescription: x\\n' > /tmp/p/DEBIAN/control && printf '#!/bin/sh\\necho old\\n' > /tmp/p/usr/bin/runc && chmod 755 /tmp/p/usr/bin/runc && dpkg-deb -b /tmp/p /tmp/p.deb && dpkg -i /tmp/p.deb",
      );
      const args = ["containerd.yml", "-i", fleet.inventory, "-l", "taken", ...fleet.vars("2.1")];
      const refused = await fleet.desk.json(["apply", ...args, "-y"]);
      expect(refused.hosts["taken"]!.failed!.message).toMatch(/runc/);
      expect(await host.must("/usr/bin/runc")).toContain("old");
      const allowed = [...args, "-e", "containerd_allow_foreign=true"];
      const plan = await fleet.desk.json(["plan", ...allowed]);
      const applied = await fleet.desk.json(["apply", ...allowed, "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(changesOf(applied, "taken")).toEqual(changesOf(plan, "taken"));
      expect(await host.must("/usr/bin/runc.distrib; readlink /usr/bin/runc")).toMatch(
        /old\n\/usr\/local\/sbin\/runc/,
      );
      expect((await fleet.desk.json(["plan", ...allowed])).code).toBe(0);
    });

    test("a saved plan is kept, or refused where the host changed, by name; nothing is done there", async () => {
      const play = fleet.desk.file(
        "saved.yml",
        "- hosts: plain:shipped\n  become: true\n  gather_facts: false\n  tasks:\n    - name: file\n      copy: {content: new, dest: /etc/saved, mode: '0644'}\n    - name: mode\n      file: {path: /etc/hostname, mode: '0600'}\n",
      );
      const out = join(fleet.desk.folder, "saved.plan");
      expect((await fleet.desk.call(["plan", play, "-i", fleet.inventory, "-o", out])).code).toBe(
        2,
      );
      expect(statSync(out).mode & 0o777).toBe(0o600);
      await fleet.host("plain").must("echo other > /etc/saved");
      const applied = await fleet.desk.json(["apply", out]);
      expect(applied.code).toBe(2);
      expect(applied.hosts["plain"]!.failed!.message).toMatch(
        /changed since the plan was saved: "file"/,
      );
      expect(await fleet.host("plain").must("cat /etc/saved; stat -c %a /etc/hostname")).toBe(
        await fleet.host("plain").must("printf 'other\\n644\\n'"),
      );
      expect(applied.hosts["shipped"]!.status).toBe("changed");
      expect(
        await fleet.host("shipped").must("cat /etc/saved; stat -c %a /etc/hostname"),
      ).toContain("new600");
    });

    test("a handler that was notified is not lost when the run breaks: the next run does it", async () => {
      const text = (middle: string): string =>
        `- hosts: plain\n  become: true\n  gather_facts: false\n  tasks:\n    - name: change\n      copy: {content: x, dest: /etc/handled, mode: '0644'}\n      notify: tell\n    - name: middle\n      command: ${middle}\n      changed_when: false\n  handlers:\n    - name: tell\n      shell: echo told >> /etc/told\n`;
      const broken = await fleet.desk.json([
        "apply",
        fleet.desk.file("handled.yml", text("/bin/false")),
        "-i",
        fleet.inventory,
        "-y",
      ]);
      expect(broken.code).toBe(2);
      expect((await fleet.host("plain").run("cat /etc/told")).code).not.toBe(0);
      const mended = fleet.desk.file("handled.yml", text("/bin/true"));
      expect(
        changesOf(await fleet.desk.json(["plan", mended, "-i", fleet.inventory]), "plain"),
      ).toEqual(["tell"]);
      const applied = await fleet.desk.json(["apply", mended, "-i", fleet.inventory, "-y"]);
      expect(changesOf(applied, "plain")).toEqual(["tell"]);
      expect(await fleet.host("plain").must("cat /etc/told")).toContain("told");
      expect((await fleet.desk.json(["plan", mended, "-i", fleet.inventory])).code).toBe(0);
    });

    test("an unknown host is refused, --accept-new takes and remembers it; plan says 4 for unreachable; apply wants --yes without a terminal", async () => {
      const known = join(fleet.desk.folder, "known_hosts_new");
      const inventory = fleet.desk.file(
        "unknown.yml",
        readFileSync(fleet.inventory, "utf8").replace(
          /UserKnownHostsFile=\S+/,
          `UserKnownHostsFile=${known}`,
        ),
      );
      const play = fleet.desk.file(
        "mode.yml",
        "- hosts: plain\n  gather_facts: false\n  tasks:\n    - file: {path: /etc/hostname, mode: '0640'}\n",
      );
      const refused = await fleet.desk.json(["plan", play, "-i", inventory]);
      expect(refused.code).toBe(4);
      expect(refused.hosts["plain"]!.failed!.hint).toMatch(/--accept-new/);
      expect((await fleet.desk.json(["plan", play, "-i", inventory, "--accept-new"])).code).toBe(2);
      expect((await fleet.desk.json(["plan", play, "-i", inventory])).code).toBe(2);
      const asked = await fleet.desk.call(["apply", play, "-i", inventory]);
      expect(asked.code).toBe(1);
      expect(asked.stderr).toMatch(/--yes/);
    });
  },
);
