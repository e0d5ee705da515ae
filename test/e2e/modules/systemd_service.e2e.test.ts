import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemdService } from "../../../src/modules/system/systemd_service.ts";
import { askUnit } from "../../../src/probes/system/unit.ts";
import type { LabHost } from "../../lab/host.ts";
import { startLab, type Lab } from "../../lab/lab.ts";
import { labMissing } from "../../lab/packages.ts";
import { applyOn, askHost, planOn, shown } from "./drive.ts";

const missing = labMissing();
const UNIT = "/etc/systemd/system/dozer.service";
const BINARY = "/usr/local/bin/dozer";
const CONFIG = "/etc/dozer/config.toml";
const files = [UNIT, BINARY, CONFIG];
const start = { name: "dozer", state: "started", enabled: true, files, scope: "system" } as const;

// Writes a daemon's files the way a run does: beside, then renamed.
async function lay(host: LabHost, exec = `${BINARY} infinity`): Promise<void> {
  await host.must(
    `mkdir -p /etc/dozer && cp /bin/sleep ${BINARY}.new && mv ${BINARY}.new ${BINARY} && printf 'version = 2\\n' > ${CONFIG}`,
  );
  await host.must(
    `cat > ${UNIT}.new && mv ${UNIT}.new ${UNIT}`,
    `[Service]\nExecStart=${exec}\n[Install]\nWantedBy=multi-user.target\n`,
  );
}

describe.skipIf(missing !== undefined)(
  `systemd_service on a real host${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let lab: Lab;
    let host: LabHost;
    const plan = async (args: object = start): Promise<string[]> =>
      shown((await planOn(host, systemdService as never, args as never)).change);
    const apply = async (args: object = start): Promise<string> => {
      const outcome = await applyOn(host, systemdService as never, args as never);
      return outcome.status === "done"
        ? "done"
        : [outcome.status, outcome.message, ...outcome.outputs.map((output) => output.stderr)]
            .filter(Boolean)
            .join("\n")
            .trim();
    };
    const pid = async (): Promise<string> =>
      (await host.must("systemctl show -p MainPID --value dozer")).trim();

    beforeAll(async () => {
      lab = await startLab({ hosts: 1 });
      host = lab.hosts[0]!;
    }, 300_000);
    afterAll(async () => {
      await lab?.stop();
    }, 60_000);

    test("many units are one question, each by its own name or another", async () => {
      const states = await askHost(host, {
        ssh: askUnit("ssh.service"),
        nope: askUnit("nope.service"),
        alias: askUnit("dbus-org.freedesktop.network1.service"),
        target: askUnit("multi-user.target"),
      });
      expect(states.ssh).toMatchObject({
        load: "loaded",
        active: "active",
        sub: "running",
        fileState: "enabled",
        type: "notify",
        killMode: "process",
        exec: "/usr/sbin/sshd",
      });
      expect(states.ssh.mainPid).toBeGreaterThan(1);
      expect(states.ssh.invocation).toMatch(/^[0-9a-f]{32}$/);
      expect(states.nope).toMatchObject({ load: "not-found", active: "inactive", mainPid: 0 });
      expect(states.alias).toMatchObject({ load: "loaded", active: "active" });
      expect(states.target).toMatchObject({ load: "loaded", active: "active", type: "" });
    });

    test("a unit that nobody has is refused", async () => {
      await expect(plan()).rejects.toThrow(/Could not find the requested service dozer/);
    });

    test("a unit whose file an earlier task of the run writes is planned before it is there", async () => {
      const file = { type: "file", sha256: null } as const;
      const states = { unitFiles: { "/etc/systemd/system/early.service": file } };
      const deeds =
        "printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' > /etc/systemd/system/early.service";
      const outcome = await applyOn(
        host,
        systemdService as never,
        { name: "early", state: "started", enabled: true, scope: "system" },
        { states, deeds },
      );
      expect(outcome).toMatchObject({ status: "done" });
      expect(await host.must("systemctl is-active early; systemctl is-enabled early")).toBe(
        "active\nenabled\n",
      );
    });

    test("a unit whose file has just come is read, enabled and started, once", async () => {
      await lay(host);
      expect(await plan()).toEqual(["enabled: no -> yes", "state: inactive -> active"]);
      expect(await apply()).toBe("done");
      expect(await plan()).toEqual([]);
      expect(await host.must("systemctl is-active dozer; systemctl is-enabled dozer")).toBe(
        "active\nenabled\n",
      );
    });

    test("comments in the config restart nothing, keys do, and say which", async () => {
      await host.must(`printf '# ours\\nversion   = 2\\n' > ${CONFIG}`);
      expect(await plan()).toEqual([]);
      await host.must(`printf 'version = 3\\n' > ${CONFIG}`);
      expect(await plan()).toEqual([
        `restart: runs with older files: ${CONFIG} (version: 2 -> 3) -> runs with what is on disk`,
      ]);
      const before = await pid();
      expect(await apply()).toBe("done");
      expect(await pid()).not.toBe(before);
      expect(await plan()).toEqual([]);
    });

    test("a new binary is a restart, though nobody notified anyone", async () => {
      await host.must(
        `cp /bin/sleep ${BINARY}.new && printf x >> ${BINARY}.new && mv ${BINARY}.new ${BINARY}`,
      );
      expect(await plan()).toEqual([
        `restart: runs with older files: ${BINARY} (replaced) -> runs with what is on disk`,
      ]);
      expect(await apply()).toBe("done");
      expect(await plan()).toEqual([]);
    });

    test("a changed unit file is read anew and then runs", async () => {
      await host.must(`sed -i 's/infinity/987654/' ${UNIT}`);
      expect(await plan()).toEqual([
        "daemon-reload: - -> systemd reloads the unit",
        `restart: runs with older files: ${UNIT} (replaced) -> runs with what is on disk`,
      ]);
      expect(await apply()).toBe("done");
      expect(await host.must(`tr '\\0' ' ' < /proc/${await pid()}/cmdline`)).toContain("987654");
      expect(await plan()).toEqual([]);
    });

    test("a drop-in is read anew and then runs", async () => {
      await host.must(
        "mkdir -p /etc/systemd/system/dozer.service.d; systemctl daemon-reload; printf '[Service]\\nNice=5\\n' > /etc/systemd/system/dozer.service.d/nice.conf",
      );
      expect(await plan()).toEqual([
        "daemon-reload: - -> systemd reloads the unit",
        "restart: runs with older files: /etc/systemd/system/dozer.service.d/nice.conf (new) -> runs with what is on disk",
      ]);
      const before = await pid();
      expect(await apply()).toBe("done");
      expect(await pid()).not.toBe(before);
      expect(await plan()).toEqual([]);
    });

    test("a restart by hand is no drift; what is written after it is", async () => {
      await host.must("systemctl restart dozer");
      expect(await plan()).toEqual([]);
      await host.must("sleep 0.1");
      await host.must(`touch ${CONFIG}`);
      expect(await plan()).toEqual([
        `restart: runs with older files: ${CONFIG} (written after it was started) -> runs with what is on disk`,
      ]);
      expect(await apply()).toBe("done");
      expect(await plan()).toEqual([]);
    });

    test("a program replaced by an older file is found by its process", async () => {
      await host.must(
        `systemctl restart dozer; cp -p /bin/sleep ${BINARY}.new && mv ${BINARY}.new ${BINARY}`,
      );
      expect(await plan()).toEqual([
        `restart: runs with older files: ${BINARY} (replaced while it runs) -> runs with what is on disk`,
      ]);
      expect(await apply()).toBe("done");
    });

    test("a handler's restart without files notes anew what an earlier task named", async () => {
      // the tests before have started it often, and systemd counts
      await host.must(`systemctl reset-failed dozer; printf 'version = 4\\n' > ${CONFIG}`);
      expect(await apply({ name: "dozer", state: "restarted", scope: "system" })).toBe("done");
      expect(await plan()).toEqual([]);
    });

    test("the next boot is no drift", async () => {
      await host.reboot();
      expect(await host.must("systemctl is-active dozer")).toBe("active\n");
      expect(await plan()).toEqual([]);
    }, 60_000);

    test("stop, disable, mask, and back", async () => {
      const off = { name: "dozer", state: "stopped", enabled: false, scope: "system" };
      expect(await plan(off)).toEqual(["enabled: yes -> no", "state: active -> inactive"]);
      expect(await apply(off)).toBe("done");
      expect(await plan(off)).toEqual([]);
      const mask = { name: "systemd-timesyncd", masked: true, scope: "system" };
      expect(await apply(mask)).toBe("done");
      expect(await plan(mask)).toEqual([]);
      await expect(plan({ ...mask, masked: undefined, state: "started" })).rejects.toThrow(
        /is masked/,
      );
      expect(await apply({ ...mask, masked: false })).toBe("done");
      expect(await plan({ ...mask, masked: false })).toEqual([]);
    });

    test("a daemon that dies tells why, with its own last words", async () => {
      await host.must(
        `printf '#!/bin/sh\\necho the disk is full of eels\\nexit 3\\n' > /usr/local/bin/eels && chmod +x /usr/local/bin/eels`,
      );
      await host.must(
        "cat > /etc/systemd/system/eels.service",
        "[Service]\nExecStart=/usr/local/bin/eels\n",
      );
      const said = await apply({ name: "eels", state: "started", scope: "system" });
      expect(said).toMatch(
        /^failed\neels.service did not come up: failed \(failed\), result exit-code\n/,
      );
      expect(said).toContain("the disk is full of eels");
      await host.must(
        "printf 'Restart=always\\n' >> /etc/systemd/system/eels.service; systemctl daemon-reload; systemctl reset-failed eels",
      );
      expect(await apply({ name: "eels", state: "started", scope: "system" })).toMatch(
        /^failed\neels.service did not come up/,
      );
    });

    test("a start that takes too long names the program that did not end", async () => {
      await host.must(
        "cat > /etc/systemd/system/waits.service",
        "[Service]\nType=notify\nTimeoutStartSec=7\nKillMode=process\nExecStart=/bin/sh -c 'sleep 7654; :'\n",
      );
      const start = { name: "waits", state: "started", scope: "system" };
      expect(await apply(start)).toMatch(
        /^failed\nwaits.service did not come up: failed \(failed\), result timeout, and what was started meanwhile did not end: sleep 7654\n/,
      );
      await host.must("pkill -f 'sleep 765[4]'");
    });

    test("daemon_reload does nothing where systemd knows it all", async () => {
      const reread = { name: "ssh", daemon_reload: true, state: "started", scope: "system" };
      expect(await plan(reread)).toEqual([]);
      await host.must(
        "mkdir -p /etc/systemd/system/ssh.service.d; printf '[Unit]\\nDescription=x\\n' > /etc/systemd/system/ssh.service.d/x.conf",
      );
      expect(await plan(reread)).toEqual(["daemon-reload: - -> systemd reloads the unit"]);
      expect(await apply(reread)).toBe("done");
      expect(await plan(reread)).toEqual([]);
    });
  },
);
