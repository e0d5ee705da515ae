import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LabHost } from "../lab/host.ts";
import { smokeImage, smokeName } from "../lab/image.ts";
import { startLab, type Lab } from "../lab/lab.ts";
import { startRegistry, type Registry } from "../lab/registry.ts";
import { changesOf, Desk, skipped as missing } from "./cli.ts";
import { notDrawn } from "../sample.ts";
import { CTR_LINES, type CtrLine } from "./ctr-lines.ts";
import { startDaemons, type Daemon } from "./daemons.ts";

const SERIES = ["1.4", "1.6", "1.7", "2.1"];

const skipped = missing ?? notDrawn(1);

describe.skipIf(skipped !== undefined)(
  `what ctr does, as tasks${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let lab: Lab;
    let host: LabHost;
    let registry: Registry;
    let daemons: Daemon[];
    let desk: Desk;
    let inventory: string;

    beforeAll(async () => {
      lab = await startLab({ hosts: 1 });
      host = lab.hosts[0]!;
      desk = new Desk();
      inventory = desk.file("inventory.yml", lab.inventory({ password: "s3cret word" }));
      [registry, daemons] = await Promise.all([
        startRegistry(lab.address),
        startDaemons(host, SERIES),
      ]);
      await host.must(
        `mkdir -p /root/certs.d/docker.io; cat > /root/certs.d/docker.io/hosts.toml`,
        `server = "http://${registry.plain}"\n[host."http://${registry.plain}"]\ncapabilities = ["pull", "resolve"]\n`,
      );
      await host.must("cat > /root/ca.crt", registry.ca);
      const filled = await run("2.1", [
        `ctr_image: {name: "${smokeName}", src: "${await smokeImage()}"}`,
        ...["course/nginx:alpine", "library/nginx:alpine", "library/nginx:latest"].map(
          (name) => `ctr_image_push: {name: "${smokeName}", to: "PLAIN/${name}", plain_http: true}`,
        ),
      ]);
      expect(filled).toEqual([4, 0]);
    }, 300_000);
    afterAll(async () => {
      await registry?.close();
      await lab?.stop();
    });

    // Writes tasks for one of the daemons as a playbook.
    function playbook(series: string, tasks: readonly string[], after = ""): string {
      const { address, ctr } = daemons.find((one) => one.series === series)!;
      const defaults = [...new Set(tasks.map((task) => task.split(":")[0]!))].map(
        (name) => `    ${name}: {address: ${address}, ctr: ${ctr}}`,
      );
      const lines = tasks.map((task) => `    - ${filled(task, series)}\n      register: told`);
      return desk.file(
        "play.yml",
        `- hosts: all\n  gather_facts: false\n  module_defaults:\n${defaults.join("\n")}\n  tasks:\n${lines.join("\n")}\n${after}`,
      );
    }

    // The words of a line that differ from host to host.
    function filled(text: string, series: string): string {
      return text
        .replaceAll("SPACE", `v${series}`)
        .replaceAll("PLAIN", registry.plain)
        .replaceAll("LOGIN", registry.login)
        .replaceAll("TLS", registry.tls);
    }

    // Applies tasks, and plans them again: how many changed, and how many would change once more.
    async function run(series: string, tasks: readonly string[]): Promise<[number, number]> {
      const play = playbook(series, tasks);
      const plan = series === "2.1" ? await desk.json(["plan", play, "-i", inventory]) : undefined;
      const applied = await desk.json(["apply", play, "-i", inventory, "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      if (plan)
        expect(changesOf(applied, "h01"), "what was planned was done").toEqual(
          changesOf(plan, "h01"),
        );
      const again = await desk.json(["plan", play, "-i", inventory]);
      return [changesOf(applied, "h01").length, changesOf(again, "h01").length];
    }

    // Asks, and lets the playbook itself judge what it was told.
    async function ask(series: string, { task, told }: CtrLine): Promise<void> {
      const after = `    - assert: {that: ${JSON.stringify(told!.map((one) => filled(one, series)))}}\n`;
      const play = playbook(series, [`${task}\n      changed_when: false`], after);
      const report = await desk.call(["plan", play, "-i", inventory]);
      expect(report.code, report.stdout + report.stderr).toBe(0);
    }

    describe.each(SERIES)("containerd %s", (series) => {
      test.each(
        CTR_LINES.map((line) => ({ ...line, title: line.lines.join("; ") })).filter(
          ({ not }) => not?.[series] === undefined,
        ),
      )("$title", async (line) => {
        if (line.told) return ask(series, line);
        expect(await run(series, [line.task])).toEqual([1, 0]);
        if (!line.proof) return;
        const { address, ctr } = daemons.find((one) => one.series === series)!;
        const said = await host.run(
          `ctr() { ${ctr} -a ${address} "$@"; }; ${filled(line.proof[0], series)}`,
        );
        expect(said.stdout.trim()).toBe(filled(line.proof[1], series));
      });

      test("a CA of its own, and the digest that a name must stand for", async () => {
        const name = "TLS/course/nginx:alpine";
        expect(await run(series, [`ctr_image: {name: "${name}", ca: /root/ca.crt}`])).toEqual([
          1, 0,
        ]);
        const { stdout } = await host.run(
          `${daemons.find((one) => one.series === series)!.ctr} -a /run/c${series}/c.sock i ls | grep ${registry.tls} | grep -o 'sha256:[0-9a-f]*'`,
        );
        const digest = stdout.trim();
        expect(
          await run(series, [
            `ctr_image: {name: "${name}", ca: /root/ca.crt, digest: "${digest}"}`,
          ]),
        ).toEqual([0, 0]);
        await host.must(
          `${daemons.find((one) => one.series === series)!.ctr} -a /run/c${series}/c.sock i rm ${registry.tls}/course/nginx:alpine`,
        );
        expect(
          await run(series, [
            `ctr_image: {name: "${name}", ca: /root/ca.crt, digest: "${digest}", pinned: true}`,
          ]),
        ).toEqual([1, 0]);
      });
    });

    test("a password is in no list of processes, and on no screen", async () => {
      const watch = "hw-watch";
      await host.must(
        `systemd-run -q --unit ${watch} sh -c 'while :; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "; done > /root/seen'`,
      );
      const play = playbook("2.1", [
        'ctr_image: {name: "LOGIN/library/nginx:alpine", plain_http: true, user: me, password: "{{ password }}"}',
      ]);
      const applied = await desk.call(["apply", play, "-i", inventory, "-y", "-v", "--diff"]);
      await host.must(`systemctl stop ${watch}`);
      expect(applied.code, applied.stdout + applied.stderr).toBe(0);
      expect(await host.must("grep -c images /root/seen")).not.toBe("0\n");
      expect((await host.run("grep -c 's3cret word' /root/seen")).stdout).toBe("0\n");
      expect(applied.stdout + applied.stderr).not.toContain("s3cret word");
    });
  },
);
