import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { skipped } from "./cli.ts";
import { startFleet, type Fleet } from "./fleet.ts";

// The shipped playbook in one's own, in batches: one host first, and no further host where that one is not well.
describe.skipIf(skipped !== undefined)(
  `batches of the shipped playbook${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let fleet: Fleet;
    beforeAll(async () => {
      fleet = await startFleet(["first", "second", "third"]);
    });
    afterAll(async () => fleet?.down());

    const site = (name: string, hosts: string): string =>
      fleet.desk.file(
        name,
        `- import_playbook: containerd.yml\n  vars: { containerd_hosts: "${hosts}", containerd_serial: [1, 100%], containerd_environment: { MARK: batches } }\n`,
      );
    const isThere = async (host: string, path: string): Promise<boolean> =>
      (await fleet.host(host).must(`[ -e ${path} ] && echo yes || echo no`)).trim() === "yes";

    test("a first host that is not well stops all others", async () => {
      await fleet
        .host("first")
        .must(
          "mkdir -p /usr/bin && printf '#!/bin/sh\\n' > /usr/bin/runc && chmod 755 /usr/bin/runc",
        );
      const { code, stdout } = await fleet.desk.call([
        "apply",
        site("site.yml", "all"),
        "-i",
        fleet.inventory,
        ...fleet.vars("2.1"),
        "-y",
      ]);
      expect(code).toBe(2);
      expect(stdout).toMatch(/first.*failed/s);
      expect(
        await Promise.all(
          ["second", "third"].map((host) => isThere(host, "/usr/local/bin/containerd")),
        ),
      ).toEqual([false, false]);
    });

    test("and where it is well, the others follow", async () => {
      const { code } = await fleet.desk.call([
        "apply",
        "upgrade.yml",
        "-l",
        "second,third",
        "-i",
        fleet.inventory,
        ...fleet.vars("2.1"),
        "-y",
      ]);
      expect(code).toBe(0);
      expect(
        await Promise.all(
          ["second", "third"].map((host) => isThere(host, "/usr/local/bin/containerd")),
        ),
      ).toEqual([true, true]);
    });
  },
);
