import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLab, type Lab } from "../lab/lab.ts";
import { Desk, skipped } from "./cli.ts";

const NAMES = 100;

describe.skipIf(skipped !== undefined)(
  `hosts behind a jump host${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let lab: Lab;
    const desk = new Desk();
    beforeAll(async () => {
      lab = await startLab({ hosts: ["jump", "behind"] });
      // nobody gets past the jump host
      await host("behind").must(
        `iptables -A INPUT -p tcp --dport 22 ! -s ${host("jump").ip} -j REJECT --reject-with tcp-reset`,
      );
    });
    afterAll(() => lab?.stop());
    const host = (name: string): Lab["hosts"][number] =>
      lab.hosts.find((one) => one.name === name)!;

    // How often somebody has logged in on a host, by its own account.
    async function logins(name: string): Promise<number> {
      const told = await host(name).must("journalctl -q -u ssh -o cat | grep -c '^Accepted' || :");
      return Number(told);
    }

    // An inventory of so many names of the host behind, by way of the jump host unless told otherwise.
    function inventoryOf(jump = `-J ${host("jump").ip}`): string {
      const config = desk.file(
        "ssh_config",
        `Host *\n  User root\n  IdentityFile ${lab.keyFile}\n  UserKnownHostsFile ${lab.knownHosts}\n`,
      );
      const vars = {
        ansible_ssh_common_args: `-F ${config} ${jump}`,
        ansible_host: host("behind").ip,
      };
      const hosts = { [`n[001:${NAMES}]`]: null };
      return desk.file("inventory.yml", JSON.stringify({ all: { vars, hosts } }));
    }

    test("are reached by one login on it, however many they are", async () => {
      const playbook = desk.file(
        "play.yml",
        "- hosts: all\n  gather_facts: false\n  tasks: [{file: {path: /etc, state: directory}}]\n",
      );
      const before = [await logins("jump"), await logins("behind")];
      const report = await desk.json(["plan", playbook, "-i", inventoryOf(), "--forks", "50"]);
      expect(Object.values(report.hosts).filter(({ status }) => status === "ok")).toHaveLength(
        NAMES,
      );
      const after = [await logins("jump"), await logins("behind")];
      expect(after.map((count, at) => count - before[at]!)).toEqual([1, NAMES]);
    });

    test("are asked again on the same way where the run is remembered", async () => {
      const there = "/srv/made";
      await host("behind").must(`mkdir ${there}`);
      const playbook = desk.file(
        "made.yml",
        `- hosts: all\n  gather_facts: false\n  tasks: [{file: {path: ${there}, state: directory}}]\n`,
      );
      const args = ["plan", playbook, "-i", inventoryOf(), "-T", "120"];
      await sleep(2500); // what was written a moment ago is not trusted
      const first = await desk.call(args);
      expect(first.code).toBe(0);
      expect(readdirSync(join(desk.folder, "cache", "hullwright", "runs"))).toHaveLength(1);
      const before = [await logins("jump"), await logins("behind")];
      expect(await desk.call(args)).toEqual(first);
      const after = [await logins("jump"), await logins("behind")];
      expect(after.map((count, at) => count - before[at]!)).toEqual([1, NAMES]);
      await host("behind").must(`rmdir ${there}`);
      expect((await desk.call(args)).code).toBe(2);
    });

    test("are not reached past it", async () => {
      const playbook = desk.file(
        "raw.yml",
        "- hosts: n001\n  gather_facts: false\n  tasks: [{file: {path: /etc, state: directory}}]\n",
      );
      const args = ["plan", playbook, "-i", inventoryOf("-o ProxyJump=none")];
      expect((await desk.json(args)).hosts["n001"]!.failed!.message).toMatch(
        /nothing listens there/,
      );
    });
  },
);
