import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changesOf, skipped as missing } from "./cli.ts";
import { notDrawn } from "../sample.ts";
import { smokeVars, startFleet, type Fleet } from "./fleet.ts";

const DIRECTORY = "/etc/systemd/system/containerd.service.d";
const FILE = `${DIRECTORY}/zz.conf`;
const START = "Have containerd started, with what is on disk";

// The shell line that puts a drop-in where others put theirs.
const dropIn = (text: string): string =>
  `mkdir -p ${DIRECTORY} && printf '[Service]\\n${text}\\n' > ${FILE}`;

const skipped = missing ?? notDrawn(1);

describe.skipIf(skipped !== undefined)(
  `the unit as systemd has it${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    let args: string[];
    const host = (): ReturnType<Fleet["host"]> => fleet.host("h01");
    const isAlive = async (): Promise<void> => {
      expect(await host().must("ctr task ls")).toMatch(/lasting\s+\d+\s+RUNNING/);
    };
    const environment = (): Promise<string> =>
      host().must("tr '\\0' '\\n' < /proc/$(systemctl show -p MainPID --value containerd)/environ");

    beforeAll(async () => {
      fleet = await startFleet(1);
      args = ["containerd.yml", "-i", fleet.inventory, ...fleet.vars("1.7")];
      const applied = await fleet.desk.json(["apply", ...args, "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      const smoke = await fleet.desk.call([
        "apply",
        "smoke.yml",
        "-i",
        fleet.inventory,
        ...(await smokeVars()),
        "-y",
      ]);
      expect(smoke.code, smoke.stdout + smoke.stderr).toBe(0);
      await host().must("ctr run -d example.com/smoke/hello:1 lasting sleep 3600");
    });
    afterAll(async () => {
      await fleet?.down();
    });

    test.each([
      ["KillMode=control-group", "kill_mode"],
      ["KillMode=mixed", "kill_mode"],
      ["ExecStart=\\nExecStart=/opt/ctd --config /etc/other.toml", "exec_start"],
      ["Environment=PATH=/usr/games", "daemon_path"],
    ])(
      "%s in a drop-in of others is told with its file, and nothing is restarted",
      async (text, finding) => {
        await host().must(`${dropIn(text)}; systemctl daemon-reload`);
        for (const verb of [["plan"], ["apply", "-y"]]) {
          const report = await fleet.desk.json([
            verb[0]!,
            ...args,
            ...verb.slice(1),
            "-e",
            "containerd_sandbox_image=example.org/pause:1",
          ]);
          expect(report.hosts["h01"]!.failed!.message).toMatch(new RegExp(`${finding}: ${FILE}`));
          expect(changesOf(report, "h01")).toHaveLength(1);
        }
        await host().must(`rm ${FILE}; systemctl daemon-reload`);
        await isAlive();
      },
    );

    test("a restart by another task is refused on the host itself, too", async () => {
      await host().must(`${dropIn("KillMode=control-group")}; systemctl daemon-reload`);
      const play = fleet.desk.file(
        "restart.yml",
        `
- hosts: all
  gather_facts: false
  tasks:
    - shell: printf '[Service]\\nKillMode=control-group\\n' > ${FILE}
    - systemd_service: {name: containerd, state: restarted, keep_processes: true}
`,
      );
      const report = await fleet.desk.json(["apply", play, "-i", fleet.inventory, "-y"]);
      expect(report.hosts["h01"]!.failed!.message).toMatch(
        new RegExp(`${FILE}.*KillMode=control-group|KillMode is control-group \\(${FILE}`),
      );
      await host().must(`rm ${FILE}; systemctl daemon-reload`);
      await isAlive();
    });

    test.each([
      [
        "comes, and systemd has read it",
        `${dropIn("Environment=HTTP_PROXY=http://192.0.2.1:3128")}; systemctl daemon-reload`,
        "new",
        /HTTP_PROXY=http:\/\/192\.0\.2\.1:3128/,
      ],
      [
        "changes, and systemd has not read it",
        dropIn("Environment=HTTP_PROXY=http://192.0.2.2:3128"),
        "changed",
        /HTTP_PROXY=http:\/\/192\.0\.2\.2:3128/,
      ],
      ["goes", `rm ${FILE}`, "removed", /^(?![^]*HTTP_PROXY)/],
    ])("a drop-in that %s restarts the daemon once", async (_what, command, why, wanted) => {
      await host().must(command);
      const plan = await fleet.desk.json(["plan", ...args]);
      expect(changesOf(plan, "h01")).toEqual([START]);
      expect(JSON.stringify(plan.hosts["h01"])).toContain(`zz.conf (${why})`);
      const applied = await fleet.desk.json(["apply", ...args, "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(await environment()).toMatch(wanted);
      const again = await fleet.desk.json(["plan", ...args]);
      expect([changesOf(again, "h01"), again.code]).toEqual([[], 0]);
      expect(again.hosts["h01"]!.rounds, "facts and all else in one question").toBe(1);
      await isAlive();
    });

    test("a daemon that crashes over and over is no host on which nothing is to be done", async () => {
      const bad = [
        ...args,
        "-e",
        JSON.stringify({
          containerd_ready_timeout: 2,
          containerd_rollback: false,
          containerd_config_extra: {
            plugins: { "io.containerd.grpc.v1.cri": { stream_server_address: "192.0.2.77" } },
          },
        }),
      ];
      const applied = await fleet.desk.json(["apply", ...bad, "-y"]);
      expect(applied.code).toBe(2);
      expect(applied.hosts["h01"]!.failed!.message).toMatch(/192\.0\.2\.77/);
      const plan = await fleet.desk.json(["plan", ...bad]);
      expect(plan.code).toBe(2);
      expect(JSON.stringify(plan.hosts["h01"])).toMatch(
        /activating \(auto-restart\), result exit-code|not ready/,
      );
      const mended = await fleet.desk.json(["apply", ...args, "-y"]);
      expect(mended.code, JSON.stringify(mended.hosts)).toBe(0);
      await isAlive();
    });

    test.each([["/usr/local/sbin/runc"], ["/usr/local/bin/containerd-shim-runc-v2"]])(
      "%s that cannot run is told, though the daemon runs on",
      async (program) => {
        await host().must(
          `cp -a ${program} /root/kept; printf '#!/bin/sh\\nexit 3\\n' > ${program}.new; chmod 755 ${program}.new; mv ${program}.new ${program}`,
        );
        const plan = await fleet.desk.json(["plan", ...args, "--tags", "service"]);
        expect(plan.code).toBe(2);
        expect(JSON.stringify(plan.hosts["h01"])).toContain(`not ready: ${program} cannot run`);
        await host().must(`mv /root/kept ${program}`);
        expect((await fleet.desk.json(["plan", ...args])).code).toBe(0);
      },
    );

    test("a runc that others have put where containerd looks first is taken over", async () => {
      await host().must(
        "mkdir -p /opt/containerd/bin; printf '#!/bin/sh\\nexit 1\\n' > /opt/containerd/bin/runc; chmod 755 /opt/containerd/bin/runc",
      );
      const applied = await fleet.desk.json([
        "apply",
        ...args,
        "-y",
        "-e",
        "containerd_allow_foreign=true",
      ]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(
        await host().must(
          "ctr run --rm example.com/smoke/hello:1 again echo hello >&2 && ls /opt/containerd/bin",
        ),
      ).toBe("runc\nrunc.distrib\n");
      expect((await fleet.desk.json(["plan", ...args])).code).toBe(0);
    });

    test("the daemon gets a proxy, and loses it when the variable is removed", async () => {
      const proxy = [
        "-e",
        JSON.stringify({
          containerd_proxy: { https: "http://me:s3cret@192.0.2.1:3128", no_proxy: "10.0.0.0/8" },
          containerd_daemon_environment: { GODEBUG: "x=100%" },
        }),
      ];
      const applied = await fleet.desk.call(["apply", ...args, ...proxy, "-y", "--diff"]);
      expect(applied.code, applied.stdout + applied.stderr).toBe(0);
      expect(applied.stdout).not.toContain("s3cret");
      for (const one of [
        "HTTPS_PROXY=http://me:s3cret@192.0.2.1:3128",
        "NO_PROXY=10.0.0.0/8",
        "GODEBUG=x=100%",
      ])
        expect(await environment()).toContain(`${one}\n`);
      expect((await fleet.desk.json(["plan", ...args, ...proxy])).code).toBe(0);
      expect((await fleet.desk.json(["apply", ...args, "-y"])).code).toBe(0);
      expect(await environment()).not.toContain("PROXY");
      expect((await fleet.desk.json(["plan", ...args])).code).toBe(0);
      await isAlive();
    });

    test("files that the config imports or names count as its own, whoever writes them", async () => {
      const directory = "/etc/containerd/conf.d";
      const spec = "/etc/containerd/spec.json";
      const extra = JSON.stringify({
        containerd_config_extra: { imports: [`${directory}/*.toml`] },
        containerd_settings: { runtimes: [{ name: "ours", base_runtime_spec: spec }] },
      });
      await host().must(`ctr oci spec > ${spec}`);
      const site = fleet.desk.file(
        "imports.yml",
        `- hosts: all
  gather_facts: false
  tasks:
    - file: {path: ${directory}, state: directory, mode: "0755"}
    - copy: {dest: ${directory}/a.toml, mode: "0644", content: "version = 2\\n[debug]\\n  level = '{{ level }}'\\n"}
- import_playbook: containerd.yml
`,
      );
      const own = [site, ...args.slice(1), "-e", extra, "-e", "level=debug"];
      // the one that an earlier task of the same run writes is seen while planning
      for (const level of ["debug", "warn"]) {
        const run = [...own, "-e", `level=${level}`];
        const plan = await fleet.desk.json(["plan", ...run]);
        expect(changesOf(plan, "h01")).toContain(START);
        const applied = await fleet.desk.json(["apply", ...run, "-y"]);
        expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
        expect(changesOf(applied, "h01")).toEqual(changesOf(plan, "h01"));
        expect(changesOf(await fleet.desk.json(["plan", ...run]), "h01")).toEqual([]);
      }
      await host().must(`sed -i s/warn/info/ ${directory}/a.toml`);
      const changed = await fleet.desk.call(["plan", ...args, "-e", extra]);
      expect(changed.stdout).toMatch(/a\.toml \(debug\.level: "warn" -> "info"\)/);
      await host().must(
        `touch -d 2020-01-01 ${directory}/a.toml; mv ${directory}/a.toml ${directory}/z.toml; sed -i 's/"noNewPrivileges": true/"noNewPrivileges": false/' ${spec}`,
      );
      const moved = await fleet.desk.call(["plan", ...args, "-e", extra, "--diff=full"]);
      expect(moved.stdout).toMatch(
        /z\.toml \(new\); [^;]*spec\.json \(replaced\); [^;]*a\.toml \(removed\)/,
      );
      expect((await fleet.desk.json(["apply", ...args, "-e", extra, "-y"])).code).toBe(0);
      const removal = fleet.desk.file(
        "removal.yml",
        `- hosts: all
  gather_facts: false
  tasks: [{file: {path: ${directory}/z.toml, state: absent}}]
- import_playbook: containerd.yml
`,
      );
      const removed = await fleet.desk.call(["plan", removal, ...args.slice(1), "-e", extra]);
      expect(removed.stdout).toMatch(/older files: [^;]*z\.toml \(will be removed\) ->/);
      await host().must(`printf 'version = 2\\n[debug\\n' > ${directory}/b.toml`);
      const broken = await fleet.desk.json(["plan", ...args, "-e", extra]);
      expect(broken.hosts["h01"]!.failed!.message).toMatch(
        /imports files that are not TOML:\n.*b\.toml: line 2/,
      );
      await host().must(`rm -r ${directory} ${spec}`);
      expect((await fleet.desk.json(["apply", ...args, "-y"])).code).toBe(0);
      await isAlive();
    });

    test("registries that are no longer described go, those of others stay; logins are for root alone, and not shown", async () => {
      const login = {
        name: "a.example",
        hosts: [{ url: "http://192.0.2.1:1", header: { Authorization: "Basic aHc6czNjcmV0" } }],
      };
      const list = (registries: object[]): string[] => [
        "-e",
        JSON.stringify({ containerd_registries: registries }),
      ];
      const both = await fleet.desk.call([
        "apply",
        ...args,
        ...list([{ name: "docker.io", hosts: [{ url: "http://192.0.2.1:1" }] }, login]),
        "-y",
        "--diff",
      ]);
      expect(both.code, both.stdout + both.stderr).toBe(0);
      expect(both.stdout).not.toContain("aHc6czNjcmV0");
      expect(await host().must("stat -c %a /etc/containerd/certs.d/*/hosts.toml")).toBe(
        "600\n644\n",
      );
      await host().must(
        "mkdir -p /etc/containerd/certs.d/foreign.example; echo 'server = \"https://foreign.example\"' > /etc/containerd/certs.d/foreign.example/hosts.toml",
      );
      const one = await fleet.desk.json([
        "apply",
        ...args,
        ...list([{ name: "docker.io", hosts: [{ url: "http://192.0.2.1:1" }] }]),
        "-y",
      ]);
      expect(changesOf(one, "h01")).toEqual(["Remove registries that are no longer in the list"]);
      expect(await host().must("ls /etc/containerd/certs.d")).toBe("docker.io\nforeign.example\n");
      await host().must("rm -r /etc/containerd/certs.d/foreign.example");
      expect((await fleet.desk.json(["apply", ...args, "-y"])).code).toBe(0);
    });

    test("a root that moves away from containers is refused, and a relative one before the host is asked", async () => {
      const moved = await fleet.desk.json([
        "plan",
        ...args,
        "-e",
        "containerd_root=/var/lib/containerd/other",
      ]);
      expect(moved.hosts["h01"]!.failed!.message).toMatch(/root_moved: 1 container is there/);
      const relative = await fleet.desk.json(["plan", ...args, "-e", "containerd_root=data"]);
      expect(JSON.stringify(relative)).toMatch(/an absolute path/);
      // a shell that ends may take its time; one that loops never goes
      const left = "ps -eo args= | awk '/hw_k hw_n/ && !/awk/' | wc -l";
      expect(
        await host().must(
          `for i in $(seq 100); do n=$(${left}); [ "$n" = 0 ] && break; sleep 0.1; done; echo "$n"`,
        ),
      ).toBe("0\n");
    });
  },
);
