import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smokeImage, smokeName } from "../lab/image.ts";
import { changesOf, skipped as missing } from "./cli.ts";
import { notDrawn } from "../sample.ts";
import { CTR_LINES, type CtrLine } from "./ctr-lines.ts";
import { startDaemons } from "./daemons.ts";
import { RegistryLab, SERIES } from "./registry-lab.ts";

const skipped = missing ?? notDrawn(1);

describe.skipIf(skipped !== undefined)(
  `what ctr does, as tasks${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let lab: RegistryLab;

    beforeAll(async () => {
      let daemons;
      [lab, daemons] = await RegistryLab.start(async (host) => startDaemons(host, SERIES), {
        password: "s3cret word",
      });
      lab.daemons = daemons;
      const { host, registry } = lab;
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
    afterAll(async () => lab?.stop());

    // Writes tasks for one of the daemons as a playbook.
    function playbook(series: string, tasks: readonly string[], after = ""): string {
      const { address, ctr } = lab.daemon(series);
      const defaults = [...new Set(tasks.map((task) => task.split(":")[0]!))].map(
        (name) => `    ${name}: {address: ${address}, ctr: ${ctr}}`,
      );
      const lines = tasks.map((task) => `    - ${filled(task, series)}\n      register: told`);
      return lab.desk.file(
        "play.yml",
        `- hosts: all\n  gather_facts: false\n  module_defaults:\n${defaults.join("\n")}\n  tasks:\n${lines.join("\n")}\n${after}`,
      );
    }

    // The words of a line that differ from host to host.
    function filled(text: string, series: string): string {
      return lab.filled(text.replaceAll("SPACE", `v${series}`));
    }

    // Applies tasks, and plans them again: how many changed, and how many would change once more.
    async function run(series: string, tasks: readonly string[]): Promise<[number, number]> {
      const play = playbook(series, tasks);
      const plan =
        series === "2.1" ? await lab.desk.json(["plan", play, "-i", lab.inventory]) : undefined;
      const applied = await lab.desk.json(["apply", play, "-i", lab.inventory, "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      if (plan)
        expect(changesOf(applied, "h01"), "what was planned was done").toEqual(
          changesOf(plan, "h01"),
        );
      const again = await lab.desk.json(["plan", play, "-i", lab.inventory]);
      return [changesOf(applied, "h01").length, changesOf(again, "h01").length];
    }

    // Asks, and lets the playbook itself judge what it was told.
    async function ask(series: string, { task, told }: CtrLine): Promise<void> {
      const after = `    - assert: {that: ${JSON.stringify(told!.map((one) => filled(one, series)))}}\n`;
      const play = playbook(series, [`${task}\n      changed_when: false`], after);
      const report = await lab.desk.call(["plan", play, "-i", lab.inventory]);
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
        const { address, ctr } = lab.daemon(series);
        const said = await lab.host.run(
          `ctr() { ${ctr} -a ${address} "$@"; }; ${filled(line.proof[0], series)}`,
        );
        expect(said.stdout.trim()).toBe(filled(line.proof[1], series));
      });

      test("a CA of its own, and the digest that a name must stand for", async () => {
        const name = "TLS/course/nginx:alpine";
        expect(await run(series, [`ctr_image: {name: "${name}", ca: /root/ca.crt}`])).toEqual([
          1, 0,
        ]);
        const { stdout } = await lab.host.run(
          `${lab.daemon(series).ctr} -a /run/c${series}/c.sock i ls | grep ${lab.registry.tls} | grep -o 'sha256:[0-9a-f]*'`,
        );
        const digest = stdout.trim();
        expect(
          await run(series, [
            `ctr_image: {name: "${name}", ca: /root/ca.crt, digest: "${digest}"}`,
          ]),
        ).toEqual([0, 0]);
        await lab.host.must(
          `${lab.daemon(series).ctr} -a /run/c${series}/c.sock i rm ${lab.registry.tls}/course/nginx:alpine`,
        );
        expect(
          await run(series, [
            `ctr_image: {name: "${name}", ca: /root/ca.crt, digest: "${digest}", pinned: true}`,
          ]),
        ).toEqual([1, 0]);
      });
    });

    test("a password is in no list of processes, and on no screen", async () => {
      const { host } = lab;
      const watch = "hw-watch";
      await host.must(
        `systemd-run -q --unit ${watch} sh -c 'while :; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "; done > /root/seen'`,
      );
      const play = playbook("2.1", [
        'ctr_image: {name: "LOGIN/library/nginx:alpine", plain_http: true, user: me, password: "{{ password }}"}',
      ]);
      const applied = await lab.desk.call([
        "apply",
        play,
        "-i",
        lab.inventory,
        "-y",
        "-v",
        "--diff",
      ]);
      await host.must(`systemctl stop ${watch}`);
      expect(applied.code, applied.stdout + applied.stderr).toBe(0);
      expect(await host.must("grep -c images /root/seen")).not.toBe("0\n");
      expect((await host.run("grep -c 's3cret word' /root/seen")).stdout).toBe("0\n");
      expect(applied.stdout + applied.stderr).not.toContain("s3cret word");
    });
  },
);
