import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { architecture } from "../lab/releases.ts";
import { half, whole } from "../sample.ts";
import { changesOf, skipped } from "./cli.ts";
import { smokeVars, startFleet, type Fleet } from "./fleet.ts";

/** From which release to which; others than these by ROLLBACK_SERIES=1.7:2.1. */
const [FROM = "1.6", TO = "1.7"] = (process.env["ROLLBACK_SERIES"] ?? "1.6:1.7").split(":");

/** All that containerd.yml puts on a host. */
const PLACES =
  "/usr/local/bin /usr/local/sbin /usr/local/lib/systemd /etc/containerd /etc/crictl.yaml /etc/systemd/system /opt/containerd /usr/bin/runc";

/** One way in which an upgrade leaves no containerd that works. */
interface Unhealthy {
  name: string;
  /** Variables of the upgrade, besides those of the release. */
  vars: (fleet: Fleet) => Record<string, unknown>;
  says: RegExp;
}

const ways: Unhealthy[] = [
  {
    name: "a value that config dump accepts",
    vars: () => ({
      containerd_config_extra: {
        plugins: { "io.containerd.grpc.v1.cri": { stream_server_address: "192.0.2.77" } },
      },
    }),
    says: /192\.0\.2\.77/,
  },
  {
    name: "a binary that crashes",
    vars: (fleet) => ({ containerd_url: crashing(fleet), containerd_checksum: "" }),
    says: /panic: nothing works/,
  },
  {
    name: "a unit that does not start",
    vars: () => ({ containerd_daemon_environment: { GOMEMLIMIT: "nosuchlimit" } }),
    says: /GOMEMLIMIT/,
  },
  {
    name: "a runc that cannot be run",
    vars: (fleet) => ({ runc_url: program(fleet, "runc", "exit 3"), runc_checksum: "" }),
    says: /runc cannot run/,
  },
  {
    name: "a runc that can run no container",
    vars: (fleet) => ({
      runc_url: program(fleet, "runc", `${KNOWS_ITSELF}\necho "nothing runs here" >&2; exit 1`),
      runc_checksum: "",
    }),
    says: /no container can be run: .*(nothing runs here|OCI runtime)/,
  },
  {
    name: "a shim that can run no container",
    vars: (fleet) => ({ containerd_url: shimless(fleet), containerd_checksum: "" }),
    says: /no container can be run/,
  },
];

/** One that is noticed only once it has been waited for. */
const hanging: Unhealthy = {
  name: "a runc that hangs",
  vars: (fleet) => ({
    runc_url: program(fleet, "runc", `${KNOWS_ITSELF}\nsleep 300; exit 1`),
    runc_checksum: "",
  }),
  // containerd itself waits for what runc says of a container that runs
  says: /did not come up: .* and what was started meanwhile did not end: .*runc --root /,
};

/** A program that says its version, as if it were well. */
const KNOWS_ITSELF = 'case "$*" in --version|-v) echo "runc version 1.1.5"; exit ;; esac';

// A program of shell on the controller.
function program({ desk }: Fleet, name: string, text: string): string {
  const path = desk.file(name, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

// A release whose shim knows its version, and starts nothing.
function shimless(fleet: Fleet): string {
  const folder = join(fleet.desk.folder, "shimless");
  mkdirSync(folder, { recursive: true });
  const name = `containerd-${fleet.version(TO)}-linux-${architecture}.tar.gz`;
  const release = `containerd/containerd/releases/download/v${fleet.version(TO)}/${name}`;
  execFileSync("tar", ["-C", folder, "-xzf", join(fleet.releases, release)]);
  const shim = join(folder, "bin/containerd-shim-runc-v2");
  writeFileSync(shim, `#!/bin/sh\n${KNOWS_ITSELF}\necho "no shim" >&2; exit 1\n`, { mode: 0o755 });
  const file = join(folder, name);
  execFileSync("tar", ["-C", folder, "-czf", file, "bin"]);
  return file;
}

// A release whose containerd knows its version, and crashes otherwise.
function crashing(fleet: Fleet): string {
  const version = fleet.version(TO);
  const folder = join(fleet.desk.folder, "crashing");
  mkdirSync(join(folder, "bin"), { recursive: true });
  const text = `#!/bin/sh\ncase $1 in --version) echo containerd github.com/containerd/containerd v${version} x ;; config) exit 0 ;; *) echo "panic: nothing works" >&2; exit 2 ;; esac\n`;
  for (const name of ["containerd", "containerd-shim-runc-v2", "ctr"])
    writeFileSync(join(folder, "bin", name), text, { mode: 0o755 });
  const file = join(fleet.desk.folder, `containerd-${version}-linux-${architecture}.tar.gz`);
  execFileSync("tar", ["-C", folder, "-czf", file, "bin"]);
  return file;
}

describe.skipIf(skipped !== undefined)(
  `rollback ${FROM} -> ${TO}${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    let pid = "";
    const host = () => fleet.host("h01");
    const args = (series: string): string[] => [
      "containerd.yml",
      "-i",
      fleet.inventory,
      ...fleet.vars(series),
      "-e",
      '{"containerd_ready_timeout": 5, "containerd_allow": ["unsupported_step"]}',
    ];
    // Every path, with its mode, its owner and what is in it.
    const tree = (): Promise<string> =>
      host().must(
        `for d in ${PLACES}; do [ ! -e $d ] || find $d -printf '%p %y %m %u %g %l ' \\( -type f -exec sha256sum {} \\; -o -printf '\\n' \\); done | sort`,
      );
    const container = async (): Promise<string> =>
      /lasting\s+(\d+)\s+RUNNING/.exec(await host().must("ctr task ls"))?.[1] ?? "not running";
    // What is left of containers that were run to see whether any can be.
    const checks = (): Promise<string> =>
      host().must(
        "ctr namespaces ls -q | grep hullwright-check; pgrep -f -- '-namespace hullwright-chec[k]'; find /run /var/lib/containerd /sys/fs/cgroup -name '*hullwright-check*' 2>/dev/null; true",
      );
    const runs = async (): Promise<string[]> => {
      const { stdout } = await fleet.desk.call(["runs", "-i", fleet.inventory, "--json"]);
      const { hosts } = JSON.parse(stdout) as {
        hosts: { [name: string]: { runs: { run: string }[] } };
      };
      return hosts["h01"]!.runs.map(({ run }) => run);
    };

    beforeAll(async () => {
      fleet = await startFleet(1);
      const applied = await fleet.desk.json(["apply", ...args(FROM), "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      const smoke = ["apply", "smoke.yml", "-i", fleet.inventory, ...(await smokeVars()), "-y"];
      expect((await fleet.desk.call(smoke)).code).toBe(0);
      await host().must("ctr run -d example.com/smoke/hello:1 lasting sleep 36000");
      pid = await container();
    });
    afterAll(async () => {
      await fleet?.down();
    });

    test.each([...half(ways), ...whole([hanging])])(
      "$name: the host is put back, and says why",
      async ({ vars, says }) => {
        const before = await tree();
        const applied = await fleet.desk.json([
          "apply",
          ...args(TO),
          "-e",
          JSON.stringify(vars(fleet)),
          "-y",
        ]);
        const { failed } = applied.hosts["h01"]!;
        expect(applied.code, JSON.stringify(applied.hosts)).toBe(2);
        expect(failed!.message).toMatch(says);
        expect(failed!.message).toMatch(/changes were undone/);
        expect(failed!.message.split("\n").length, failed!.message).toBeLessThanOrEqual(5);
        expect(await tree()).toBe(before);
        expect(await host().must("ctr version")).toContain(fleet.version(FROM));
        expect(await container()).toBe(pid);
        expect(await checks()).toBe("");
        const plan = await fleet.desk.json(["plan", ...args(FROM)]);
        expect([changesOf(plan, "h01"), plan.code]).toEqual([[], 0]);
      },
    );

    test("an upgrade is rolled back, and the rollback too; the container runs on", async () => {
      const before = await tree();
      const applied = await fleet.desk.json(["apply", ...args(TO), "-y"]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      expect(await checks()).toBe("");
      const after = await tree();
      const [run = ""] = await runs();
      const back = ["rollback", run, "-i", fleet.inventory];
      const plan = await fleet.desk.json([...back, "--plan"]);
      expect(plan.code, JSON.stringify(plan.hosts)).toBe(2);
      const undone = await fleet.desk.json([...back, "-y"]);
      expect(undone.code, JSON.stringify(undone.hosts)).toBe(0);
      expect(changesOf(undone, "h01")).toEqual(changesOf(plan, "h01"));
      expect(await tree()).toBe(before);
      expect(await host().must("ctr version")).toContain(fleet.version(FROM));
      const old = await fleet.desk.json(["plan", ...args(FROM)]);
      expect([changesOf(old, "h01"), old.code]).toEqual([[], 0]);

      const [again = ""] = await runs();
      const redone = await fleet.desk.json(["rollback", again, "-i", fleet.inventory, "-y"]);
      expect(redone.code, JSON.stringify(redone.hosts)).toBe(0);
      expect(await tree()).toBe(after);
      expect(await host().must("ctr version")).toContain(fleet.version(TO));
      expect(await container()).toBe(pid);
    });

    test("what has changed since is refused by name, and nothing is undone", async () => {
      const [run = ""] = await runs();
      await host().must("echo '# by hand' >> /usr/local/bin/ctr");
      const moved = await tree();
      const refused = await fleet.desk.json(["rollback", run, "-i", fleet.inventory, "-y"]);
      expect(refused.code).toBe(2);
      expect(refused.hosts["h01"]!.failed!.message).toContain("/usr/local/bin/ctr");
      expect(await tree()).toBe(moved);
    });
  },
);

describe.skipIf(skipped !== undefined)(
  `rollback of a fresh install${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    beforeAll(async () => {
      fleet = await startFleet(1);
    });
    afterAll(async () => {
      await fleet?.down();
    });

    const tree = async (): Promise<string[]> =>
      (
        await fleet
          .host("h01")
          .must(
            "find /etc /usr /opt /var/cache -printf '%p %y %m %u %g %l\\n' | grep -v '^/etc/machine-id' | sort",
          )
      ).split("\n");

    // Nothing is lost, and only what containerd itself has made is left.
    const isAsBefore = async (before: readonly string[]): Promise<void> => {
      const after = await tree();
      const left = after.filter((line) => !before.includes(line));
      expect(left.map((line) => line.split(" ")[0])).toEqual([
        "/etc/cni",
        "/etc/cni/net.d",
        "/opt/containerd",
        "/opt/containerd/bin",
        "/opt/containerd/lib",
      ]);
      expect(before.filter((line) => !after.includes(line))).toEqual([]);
    };

    test("one that does not come up is undone by itself, but for what containerd has made", async () => {
      const before = await tree();
      const applied = await fleet.desk.json([
        "apply",
        "containerd.yml",
        "-i",
        fleet.inventory,
        ...fleet.vars(FROM),
        "-e",
        JSON.stringify({ containerd_ready_timeout: 5, ...ways[0]!.vars(fleet) }),
        "-y",
      ]);
      const message = applied.hosts["h01"]!.failed!.message;
      expect(applied.code, message).toBe(2);
      expect(message).toMatch(ways[0]!.says);
      expect(message).toMatch(/changes were undone/);
      expect(message).toMatch(/stays, as others have put something in it: \/opt\/containerd$/m);
      await isAsBefore(before);
      await fleet.host("h01").must("rm -r /etc/cni /opt/containerd");
    });

    test.each(whole([hanging]))("$name is told as what it is, and undone", async ({ vars }) => {
      const before = await tree();
      const words = [...fleet.vars(TO), "-e", JSON.stringify(vars(fleet))];
      const { code, hosts } = await fleet.call("apply", "containerd.yml", ...words);
      const { message } = hosts["h01"]!.failed!;
      expect(code, message).toBe(2);
      // the shim of containerd 2 asks runc already when the daemon starts
      expect(message).toMatch(
        /not ready: a container does not start, and does not end|did not end: .*runc features/,
      );
      expect(message).toMatch(/changes were undone/);
      await isAsBefore(before);
      await fleet.host("h01").must("rm -r /etc/cni /opt/containerd");
    });

    test("the host is as it was, but for what containerd itself has made, which is named", async () => {
      const host = fleet.host("h01");
      const local = ["-i", fleet.inventory];
      const before = await tree();
      const applied = await fleet.desk.json([
        "apply",
        "containerd.yml",
        ...local,
        ...fleet.vars(FROM),
        "-y",
      ]);
      expect(applied.code, JSON.stringify(applied.hosts)).toBe(0);
      const listed = await fleet.desk.call(["runs", ...local, "--json"]);
      const [run = ""] = /\d{8}T\d{6}Z-\w+/.exec(listed.stdout) ?? [];
      const plan = await fleet.desk.json(["rollback", run, ...local, "--plan"]);
      const undone = await fleet.desk.call(["rollback", run, ...local, "-y"]);
      expect(undone, undone.stdout + undone.stderr).toMatchObject({ code: 0 });
      expect(undone.stdout).toMatch(/\/opt\/containerd, which holds bin, lib/);
      expect(changesOf(plan, "h01").join()).not.toMatch(/FAILED/);
      await isAsBefore(before);
      expect(await host.must("pgrep -x containerd || :")).toBe("");
    });
  },
);
