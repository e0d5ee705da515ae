import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLab, type Lab } from "../lab/lab.ts";
import { changesOf, Desk, skipped } from "./cli.ts";

describe.skipIf(skipped !== undefined)(
  `what the runner itself does${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let lab: Lab;
    const desk = new Desk();
    let inventory = "";
    beforeAll(async () => {
      lab = await startLab({ hosts: 1 });
      inventory = desk.file("inventory.yml", lab.inventory());
    });
    afterAll(async () => {
      await lab?.stop();
    });

    const booting = `
- hosts: all
  become: true
  tasks:
    - name: flag
      copy: { content: "x\\n", dest: /etc/flag, mode: "0644" }
      notify: reboot
  handlers:
    - name: reboot
      reboot: { msg: "it's time", reboot_timeout: 200, connect_timeout: 5 }
      register: booted
    - name: look
      listen: reboot
      shell: cat /proc/sys/kernel/random/boot_id > /etc/second
    - name: tell
      listen: reboot
      debug: { msg: "{{ booted.rebooted }} {{ booted.elapsed is number }}" }
`;

    test("a handler boots the host anew, the handlers after it run on the new boot, and the next run has nothing to do", async () => {
      const host = lab.hosts[0]!;
      const play = desk.file("boot.yml", booting);
      await host.must("cat /proc/sys/kernel/random/boot_id > /etc/first");
      const back = host.comeBack();
      const applied = await desk.json(["apply", play, "-i", inventory, "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(changesOf(applied, host.name)).toEqual(["flag", "reboot", "look"]);
      await back;
      expect(
        await host.must(
          "cmp -s /etc/first /etc/second || echo anew; ls /var/lib/hullwright/pending; [ -e /var/lib/hullwright/pending ] && echo none",
        ),
      ).toBe("anew\nnone\n");
      expect((await desk.json(["plan", play, "-i", inventory])).code).toBe(0);
    });

    test("a host that does not come back fails the task with what was waited for", async () => {
      const host = lab.hosts[0]!;
      const play = desk.file(
        "lost.yml",
        "- hosts: all\n  become: true\n  gather_facts: false\n  tasks:\n    - name: boot\n      reboot: { reboot_timeout: 2, connect_timeout: 1 }\n    - name: never\n      command: touch /etc/never\n",
      );
      const applied = await desk.json(["apply", play, "-i", inventory, "-y"]);
      expect(applied.code).toBe(2);
      expect(applied.hosts[host.name]!.failed).toMatchObject({
        task: "boot",
        message: expect.stringMatching(/^Timed out waiting for the host to be back/) as string,
      });
      await host.comeBack();
      expect((await host.run("cat /etc/never")).code).not.toBe(0);
    });

    test("a host that is off is waited for; what comes after the wait is planned then", async () => {
      const host = lab.hosts[0]!;
      await host.stop();
      const play = desk.file(
        "wait.yml",
        "- hosts: all\n  become: true\n  gather_facts: false\n  tasks:\n    - name: wait\n      wait_for_connection: { connect_timeout: 2, timeout: 200 }\n    - name: make\n      copy: { content: x, dest: /etc/waited, mode: '0644' }\n",
      );
      const planned = await desk.json(["plan", play, "-i", inventory]);
      expect([
        planned.code,
        changesOf(planned, host.name),
        planned.hosts[host.name]!.deferred,
      ]).toEqual([2, [], [expect.stringMatching(/^make: known after apply/) as string]]);
      const [applied] = await Promise.all([
        desk.json(["apply", play, "-i", inventory, "-y"]),
        host.start(),
      ]);
      expect([applied.code, changesOf(applied, host.name)], JSON.stringify(applied.hosts)).toEqual([
        0,
        ["make"],
      ]);
      expect((await desk.json(["plan", play, "-i", inventory])).code).toBe(0);
    });

    test("files come here as root has them, each host in its directory; the plan says which, and a second run brings none", async () => {
      const host = lab.hosts[0]!;
      await host.must(
        "head -c 100000000 /dev/urandom > /root/big; chmod 600 /root/big; printf 'a b\\n' > '/root/with space'",
      );
      const play = desk.file(
        "fetch.yml",
        "- hosts: all\n  become: true\n  gather_facts: false\n  tasks:\n    - name: bring\n      fetch: { src: '{{ item }}', dest: here }\n      loop: [/root/big, /root/with space]\n    - name: missing\n      fetch: { src: /root/none, dest: here, fail_on_missing: false }\n",
      );
      const plan = await desk.json(["plan", play, "-i", inventory]);
      const applied = await desk.json(["apply", play, "-i", inventory, "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(changesOf(applied, host.name)).toEqual([
        "bring [/root/big]",
        "bring [/root/with space]",
      ]);
      expect(changesOf(applied, host.name)).toEqual(changesOf(plan, host.name));
      expect(readFileSync(join(desk.folder, "here", host.name, "root/with space"), "utf8")).toBe(
        "a b\n",
      );
      expect(
        readFileSync(join(desk.folder, "here", host.name, "root/big")).equals(
          readFileSync(join(host.root, "root/big")),
        ),
      ).toBe(true);
      expect((await desk.json(["plan", play, "-i", inventory])).code).toBe(0);
    });
  },
);
