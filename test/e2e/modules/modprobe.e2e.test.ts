import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modprobe } from "../../../src/modules/system/modprobe.ts";
import { askFacts } from "../../../src/probes/system/facts.ts";
import type { LabHost } from "../../lab/host.ts";
import { startLab, type Lab } from "../../lab/lab.ts";
import { labMissing } from "../../lab/packages.ts";
import { applyOn, askHost, planOn, shown } from "./drive.ts";

const missing = labMissing();

describe.skipIf(missing !== undefined)(
  `a real host${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let lab: Lab;
    let host: LabHost;
    const plan = async (args: object): Promise<string[]> =>
      shown(
        (
          await planOn(
            host,
            modprobe as never,
            { state: "present", params: "", persistent: "disabled", ...args } as never,
          )
        ).change,
      );
    const apply = async (args: object): Promise<string> =>
      (
        await applyOn(
          host,
          modprobe as never,
          { state: "present", params: "", persistent: "disabled", ...args } as never,
        )
      ).status;

    beforeAll(async () => {
      lab = await startLab({ hosts: 1 });
      host = lab.hosts[0]!;
    }, 300_000);
    afterAll(async () => {
      await lab?.stop();
    }, 60_000);

    test("facts tell what it is", async () => {
      const { facts } = await askHost(host, { facts: askFacts() });
      expect(facts).toMatchObject({
        service_mgr: "systemd",
        distribution: "Debian",
        distribution_major_version: "12",
        hostname: host.name,
        nodename: host.name,
        all_ipv4_addresses: [host.ip],
        virtualization_type: "container",
        virtualization_role: "guest",
        is_chroot: false,
        user_id: "root",
        user_dir: "/root",
      });
      expect(facts["host0"]).toMatchObject({
        type: "ether",
        active: true,
        ipv4: { address: host.ip, prefix: "24" },
      });
      const mounts = facts["mounts"] as { mount: string; size_total: number }[];
      expect(
        mounts.find(({ mount }) => mount === "/var/lib/containerd")?.size_total,
      ).toBeGreaterThan(0);
    });

    test("overlay is there, however this kernel has it", async () => {
      expect(await plan({ name: "overlay" })).toEqual([]);
      expect(await plan({ name: "overlay", state: "present" })).toEqual([]);
    });

    test("a module is named to the next boot, with parameters, and no longer", async () => {
      const wanted = { name: "overlay", persistent: "present", params: "redirect_dir=on" };
      expect(await plan(wanted)).toEqual([
        "at boot: - -> /etc/modules-load.d/overlay.conf",
        "parameters: - -> redirect_dir=on",
      ]);
      expect(await apply(wanted)).toBe("done");
      expect(await plan(wanted)).toEqual([]);
      expect(
        await host.must(
          "cat /etc/modules-load.d/overlay.conf /etc/modprobe.d/overlay.conf; stat -c %a /etc/modprobe.d/overlay.conf",
        ),
      ).toBe("overlay\noptions overlay redirect_dir=on\n644\n");
      const other = { ...wanted, params: "redirect_dir=off" };
      expect(await plan(other)).toEqual(["parameters: redirect_dir=on -> redirect_dir=off"]);
      expect(await apply(other)).toBe("done");
      expect(await plan(other)).toEqual([]);
      const gone = { name: "overlay", persistent: "absent" };
      expect(await apply(gone)).toBe("done");
      expect(await plan(gone)).toEqual([]);
      expect(
        await host.must("cat /etc/modules-load.d/overlay.conf /etc/modprobe.d/overlay.conf"),
      ).toBe("#overlay\n#options overlay redirect_dir=off\n");
    });

    test("a module that the kernel does not have fails with modprobe's words", async () => {
      expect(await plan({ name: "no-such-module" })).toEqual(["kernel: absent -> loaded"]);
      const outcome = await applyOn(
        host,
        modprobe as never,
        { name: "no-such-module", state: "present", params: "", persistent: "disabled" } as never,
      );
      expect(outcome.status).toBe("failed");
      expect(outcome.outputs[0]!.stderr).toMatch(/no-such-module not found/);
    });
  },
);
