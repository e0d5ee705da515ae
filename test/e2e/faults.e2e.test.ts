import { generateKeyPairSync } from "node:crypto";
import { chmodSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labPassword } from "../lab/base.ts";
import { skipped } from "./cli.ts";
import { startFleet, type Fleet } from "./fleet.ts";

/** One host that something is wrong with, among others that are fine. */
interface Fault {
  name: string;
  /** Variables of the faulty host. */
  vars: (fleet: Fleet) => Record<string, unknown>;
  status: "failed" | "unreachable";
  code: number;
  says: RegExp;
  mend: RegExp;
}

const faults: Fault[] = [
  {
    name: "refused port",
    vars: () => ({ ansible_port: 9 }),
    status: "unreachable",
    code: 4,
    says: /refused/i,
    mend: /sshd|port/i,
  },
  {
    name: "wrong key",
    vars: (fleet) => ({ ansible_ssh_private_key_file: otherKey(fleet) }),
    status: "unreachable",
    code: 4,
    says: /root|denied|refused|log in/i,
    mend: /key|authorized/i,
  },
  {
    name: "wrong password",
    vars: () => ({
      ansible_user: "secret",
      ansible_password: "not this",
      ansible_ssh_private_key_file: null,
    }),
    status: "unreachable",
    code: 4,
    says: /secret|password/i,
    mend: /password|key/i,
  },
  {
    name: "changed host key",
    vars: (fleet) => ({ ansible_ssh_common_args: `-o UserKnownHostsFile=${wrongHostKey(fleet)}` }),
    status: "unreachable",
    code: 4,
    says: /which is not the known one/,
    mend: /ssh-keygen .*-R/,
  },
  {
    name: "no sudo",
    vars: () => ({ ansible_user: "nosudo" }),
    status: "failed",
    code: 2,
    says: /sudo/i,
    mend: /sudo/i,
  },
  {
    name: "wrong sudo password",
    vars: () => ({ ansible_user: "secret", ansible_become_password: "not this" }),
    status: "failed",
    code: 2,
    says: /password/i,
    mend: /password/i,
  },
];

const PLAY = `
- hosts: all
  become: true
  gather_facts: false
  tasks:
    - name: mark
      copy:
        content: "{{ inventory_hostname }}"
        dest: /etc/marked
        mode: "0644"
`;

describe.skipIf(skipped !== undefined)(
  `faults${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    beforeAll(async () => {
      fleet = await startFleet(["bad", "fine"], {
        disks: (host) => (host === "bad" ? { "/usr/local": "tiny" } : {}),
      });
    });
    afterAll(async () => {
      await fleet?.down();
    });

    test.each(faults)(
      "$name: one clear error, the other host is done",
      async ({ name, vars, status, code, says, mend }) => {
        await fleet.host("fine").must("rm -f /etc/marked");
        await fleet.host("bad").must("rm -f /etc/marked");
        const report = await fleet.desk.json([
          "apply",
          fleet.desk.file("mark.yml", PLAY),
          "-i",
          inventoryWith(fleet, name, vars(fleet)),
          "-y",
        ]);
        const { failed, status: got } = report.hosts["bad"]!;
        expect(got, JSON.stringify(failed)).toBe(status);
        expect(failed!.message).toMatch(says);
        expect(`${failed!.message} ${failed!.hint ?? ""}`).toMatch(mend);
        expect(report.code).toBe(code);
        expect(report.hosts["fine"]!.status).toBe("changed");
        expect(await fleet.host("fine").must("cat /etc/marked")).toContain("fine");
      },
    );

    test("sudo's password may be right, from the inventory or from -K", async () => {
      const inventory = inventoryWith(fleet, "right", { ansible_user: "secret" });
      const { code, stdout, stderr } = await fleet.desk.call(
        ["apply", fleet.desk.file("mark.yml", PLAY), "-i", inventory, "-l", "bad", "-y", "-K"],
        `${labPassword}\n`,
      );
      expect(code, stdout + stderr).toBe(0);
      expect(stdout + stderr).not.toContain(labPassword);
    });

    test("a full disk fails one host with the reason, and keeps what was there", async () => {
      await fleet
        .host("bad")
        .must(
          "mkdir -p /usr/local/bin && echo old > /usr/local/bin/big && dd if=/dev/zero of=/usr/local/fill bs=64k 2>/dev/null || true",
        );
      const play = fleet.desk.file(
        "big.yml",
        `
- hosts: all
  become: true
  gather_facts: false
  tasks:
    - name: put a big file
      copy: {src: big.bin, dest: /usr/local/bin/big, mode: "0755"}
`,
      );
      fleet.desk.file("big.bin", "x".repeat(3_000_000));
      const report = await fleet.desk.json(["apply", play, "-i", fleet.inventory, "-y"]);
      expect(report.hosts["bad"]!.status).toBe("failed");
      expect(report.hosts["bad"]!.failed!.message).toMatch(/No space left/);
      expect(report.hosts["bad"]!.failed!.hint).toMatch(/room|space/);
      expect(await fleet.host("bad").must("cat /usr/local/bin/big")).toContain("old");
      expect(await fleet.host("bad").must("ls -A /usr/local/bin")).toBe(
        await fleet.host("bad").must("echo big"),
      );
      expect(report.hosts["fine"]!.status).toBe("changed");
      expect(report.code).toBe(2);
    });

    test("a read-only root fails one host with the reason", async () => {
      await fleet
        .host("bad")
        .must("mount --bind /etc /etc && mount -o remount,bind,ro /etc && rm -f /tmp/x");
      await fleet.host("fine").must("rm -f /etc/marked");
      const report = await fleet.desk.json([
        "apply",
        fleet.desk.file(
          "mark2.yml",
          PLAY.replace("inventory_hostname }}", "inventory_hostname }} again"),
        ),
        "-i",
        fleet.inventory,
        "-y",
      ]);
      await fleet.host("bad").must("umount /etc");
      expect(report.hosts["bad"]!.status).toBe("failed");
      expect(report.hosts["bad"]!.failed!.message).toMatch(/Read-only file system/);
      expect(report.hosts["bad"]!.failed!.hint).toMatch(/read-only/);
      expect(report.hosts["fine"]!.status).toBe("changed");
      expect(report.code).toBe(2);
    });
  },
);

// The lab's inventory with more variables for the host "bad".
function inventoryWith(fleet: Fleet, name: string, vars: Record<string, unknown>): string {
  const lines = readFileSync(fleet.inventory, "utf8").split("\n");
  const at = lines.findIndex((line) => /^\s+bad:/.test(line));
  const indent = /^\s*/.exec(lines[at + 1]!)![0];
  lines.splice(
    at + 1,
    0,
    ...Object.entries(vars).map(([key, value]) => `${indent}${key}: ${JSON.stringify(value)}`),
  );
  return fleet.desk.file(`${name.replaceAll(" ", "-")}.yml`, lines.join("\n"));
}

// A key that no host knows.
function otherKey(fleet: Fleet): string {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const path = fleet.desk.file("other-key", privateKey);
  chmodSync(path, 0o600);
  return path;
}

// Known hosts with the other host's key for the bad one.
function wrongHostKey(fleet: Fleet): string {
  const [bad, fine] = [fleet.host("bad").ip, fleet.host("fine").ip];
  const lines = readFileSync(fleet.lab.knownHosts, "utf8")
    .split("\n")
    .filter((line) => line.startsWith(fine));
  return fleet.desk.file("known_hosts", lines.map((line) => line.replace(fine, bad)).join("\n"));
}
