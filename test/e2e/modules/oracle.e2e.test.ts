import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { group } from "../../../src/modules/system/group.ts";
import { hostname } from "../../../src/modules/system/hostname.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import { mount } from "../../../src/modules/files/mount.ts";
import { service } from "../../../src/modules/system/service.ts";
import { service_facts } from "../../../src/modules/system/service_facts.ts";
import { sysctl } from "../../../src/modules/system/sysctl.ts";
import { user } from "../../../src/modules/system/user.ts";
import { run } from "../../lab/command.ts";
import { startLab, type Lab } from "../../lab/lab.ts";
import { labMissing } from "../../lab/packages.ts";
import { hasPosix } from "../../conformance/ansible.ts";
import { converge } from "./converge.ts";

const missing =
  labMissing() ?? (hasPosix ? undefined : "the collection ansible.posix is not there");
const HASH = `$6$salt$${"A".repeat(86)}`;

/** Tasks in their order, each done by Ansible on one host and by us on its twin. */
const tasks: [module: { name: string; collection?: string }, args: Record<string, unknown>][] = [
  [group, { name: "ops", gid: 1500 }],
  [group, { name: "ops", gid: 1501 }],
  [group, { name: "ops" }],
  [group, { name: "sys", system: true }],
  [group, { name: "gone", state: "absent" }],
  [
    user,
    {
      name: "eve",
      uid: 1700,
      groups: ["ops", "sys"],
      comment: "Eve",
      shell: "/bin/bash",
      password: HASH,
    },
  ],
  [user, { name: "eve", groups: ["ops"], append: true }],
  [
    user,
    { name: "eve", groups: ["ops"], shell: "/bin/sh", update_password: "on_create", password: "x" },
  ],
  [user, { name: "eve", groups: "", home: "/srv/eve", move_home: true }],
  [user, { name: "eve", password_lock: true, expires: 4102444800, password_expire_max: 60 }],
  [user, { name: "eve", password_lock: false, expires: -1 }],
  [user, { name: "eve", group: "ops" }],
  [user, { name: "svc", system: true, create_home: false }],
  [user, { name: "svc", state: "absent", remove: true }],
  [user, { name: "svc", state: "absent" }],
  [sysctl, { name: "net.ipv4.ip_forward", value: "1", sysctl_file: "/etc/sysctl.d/t.conf" }],
  [sysctl, { name: "net.ipv4.ip_forward", value: "yes", sysctl_file: "/etc/sysctl.d/t.conf" }],
  [
    sysctl,
    {
      name: "net.ipv4.conf.all.log_martians",
      value: "1",
      sysctl_file: "/etc/sysctl.d/t.conf",
      sysctl_set: true,
    },
  ],
  [sysctl, { name: "net.ipv4.ip_forward", state: "absent", sysctl_file: "/etc/sysctl.d/t.conf" }],
  [
    mount,
    {
      path: "/srv/t",
      src: "tmpfs",
      fstype: "tmpfs",
      opts: "size=64k",
      state: "mounted",
      passno: 2,
    },
  ],
  [
    mount,
    {
      path: "/srv/t",
      src: "tmpfs",
      fstype: "tmpfs",
      opts: "size=64k",
      state: "mounted",
      passno: 2,
    },
  ],
  [mount, { path: "/srv/u", src: "tmpfs", fstype: "tmpfs", state: "present", boot: false }],
  [
    mount,
    {
      path: "/srv/t",
      src: "tmpfs",
      fstype: "tmpfs",
      opts: "size=128k",
      state: "mounted",
      passno: 2,
    },
  ],
  [mount, { path: "/srv/t", state: "unmounted" }],
  [mount, { path: "/srv/t", state: "absent" }],
  [service, { name: "ssh", state: "started", enabled: true }],
  [service, { name: "lab-cgroups", enabled: false }],
  [hostname, { name: "twin.example.com" }],
  [hostname, { name: "twin.example.com" }],
  [service_facts, {}],
];

/** Keys that speak of the moment, of Python, or of how it was done. */
const OTHER = [
  "diff",
  "invocation",
  "warnings",
  "stdout",
  "stderr",
  "stdout_lines",
  "stderr_lines",
  "status",
  "ansible_facts",
  "failed",
  "ssh_public_key",
  "backup_file",
  "module_stdout",
];
/** What must be the same on both hosts in the end. */
const LOOK = String.raw`getent passwd eve svc; getent group ops sys eve; getent shadow eve | cut -d: -f2,4-; stat -c '%n %U %G %a' /srv/eve /srv/eve/.bashrc /srv/t; cat /etc/sysctl.d/t.conf /etc/fstab /etc/hostname /proc/sys/net/ipv4/conf/all/log_martians; ls /srv; :`;

describe.skipIf(missing !== undefined)(
  `results and hosts are as Ansible's${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let lab: Lab;
    let inventory: string;

    beforeAll(async () => {
      lab = await startLab({ hosts: 2, base: "python" });
      for (const host of lab.hosts) {
        for (const path of ["/usr/sbin/sysctl", ...libraries("/usr/sbin/sysctl")])
          if (!existsSync(join(host.root, path))) copyFileSync(path, join(host.root, path));
        await host.must("echo 0 > /proc/sys/net/ipv4/ip_forward; ldconfig");
      }
      const folder = mkdtempSync(join(tmpdir(), "hw-oracle-"));
      inventory = join(folder, "inventory.yml");
      writeFileSync(inventory, lab.inventory({ ansible_python_interpreter: "/usr/bin/python3" }));
    }, 300_000);
    afterAll(async () => {
      await lab?.stop();
    }, 60_000);

    test.each(
      tasks.map(
        ([module, args], i) =>
          [`${i} ${module.name} ${JSON.stringify(args)}`, module, args] as const,
      ),
    )(
      "%s",
      async (_name, module, args) => {
        const theirs = await ansible(
          `${module.collection ?? "ansible.builtin"}.${module.name}`,
          args,
        );
        const ours = await converge(lab.hosts[1]!, module as unknown as AnyModule, args);
        expect(ours, ours.said).toMatchObject({
          status: theirs["changed"] === true ? "done" : "unchanged",
        });
        const common = Object.keys(ours.result).filter(
          (key) => key in theirs && !OTHER.includes(key),
        );
        expect(Object.fromEntries(common.map((key) => [key, ours.result[key]]))).toEqual(
          Object.fromEntries(common.map((key) => [key, theirs[key]])),
        );
        const [facts, known] = [ours.result["ansible_facts"], theirs["ansible_facts"]] as Record<
          string,
          unknown
        >[];
        if (facts && module.name === "service_facts")
          expect(facts["services"]).toEqual(underSystemd(known!["services"]));
        else if (facts) expect(known).toMatchObject(facts);
      },
      60_000,
    );

    test("the hosts are the same", async () => {
      const [theirs, ours] = await Promise.all(lab.hosts.map((host) => host.must(LOOK)));
      expect(ours).toBe(theirs);
    });

    // One module of Ansible on the first host.
    async function ansible(module: string, args: object): Promise<Record<string, unknown>> {
      const output = await run([
        "env",
        "ANSIBLE_LOAD_CALLBACK_PLUGINS=1",
        "ANSIBLE_STDOUT_CALLBACK=ansible.posix.json",
        "ansible",
        "-i",
        inventory,
        "h01",
        "-m",
        module,
        ...(Object.keys(args).length > 0 ? ["-a", JSON.stringify(args)] : []),
      ]);
      const text = output.stdout.slice(output.stdout.indexOf("{"));
      const found = (
        JSON.parse(text) as {
          plays: { tasks: { hosts: Record<string, Record<string, unknown>> }[] }[];
        }
      ).plays[0]!.tasks[0]!.hosts["h01"];
      if (!found || found["failed"] === true || found["unreachable"] === true)
        throw new Error(`Ansible: ${JSON.stringify(found)} ${output.stderr}`);
      return found;
    }
  },
);

// Scripts of SysV init, which Ansible lists too, are nobody's daemons under systemd.
function underSystemd(services: unknown): object {
  return Object.fromEntries(
    Object.entries(services as Record<string, { source: string }>).filter(
      ([, { source }]) => source === "systemd",
    ),
  );
}

// The libraries that a program needs, as the loader finds them here.
function libraries(program: string): string[] {
  return [
    ...execFileSync("ldd", [program])
      .toString()
      .matchAll(/=> (\/\S+)/g),
  ].map((match) => match[1]!);
}
