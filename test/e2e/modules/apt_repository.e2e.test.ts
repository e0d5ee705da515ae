import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apt } from "../../../src/modules/packages/apt.ts";
import { apt_repository } from "../../../src/modules/packages/apt_repository.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { LabHost } from "../../lab/host.ts";
import { startLab, type Lab } from "../../lab/lab.ts";
import { labMissing } from "../../lab/packages.ts";
import { converge, undoLast } from "./converge.ts";

const missing = labMissing();
const REPO = "deb [trusted=yes] file:///srv/repo ./";
const LIST = "/etc/apt/sources.list.d/srv_repo.list";

/** A repository with one package in a folder of the host. */
const BUILD = String.raw`set -e; mkdir -p /srv/repo/d/DEBIAN; cd /srv/repo
printf 'Package: hw-one\nVersion: 1\nArchitecture: all\nMaintainer: Lab <lab@example.com>\nDescription: a test\n' > d/DEBIAN/control
dpkg-deb --root-owner-group -b d hw-one_1.deb >/dev/null; rm -r d
{ dpkg-deb -f hw-one_1.deb; printf 'Filename: ./hw-one_1.deb\nSize: %s\nSHA256: %s\n\n' "$(stat -c %s hw-one_1.deb)" "$(sha256sum hw-one_1.deb | cut -d' ' -f1)"; } > Packages
: > /etc/apt/sources.list; rm -rf /etc/apt/sources.list.d; mkdir /etc/apt/sources.list.d
`;

describe.skipIf(missing !== undefined)(
  `apt_repository on a real host${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let lab: Lab;
    let host: LabHost;
    const make = (module: unknown, args: object): ReturnType<typeof converge> =>
      converge(host, module as AnyModule, args);

    beforeAll(async () => {
      lab = await startLab({ hosts: 1 });
      host = lab.hosts[0]!;
      await host.must("exec sh -s", BUILD);
    }, 300_000);
    afterAll(async () => {
      await lab?.stop();
    }, 60_000);

    test("a source is added once, and its packages can be had at once", async () => {
      const done = await make(apt_repository, { repo: REPO, mode: "0640" });
      expect(done, done.said).toMatchObject({
        status: "done",
        result: { repo: REPO, state: "present" },
      });
      expect(await host.must(`stat -c '%a %U' ${LIST}; cat ${LIST}`)).toBe(`640 root\n${REPO}\n`);
      expect(
        (await make(apt_repository, { repo: `${REPO} # again`, filename: "other" })).status,
      ).toBe("unchanged");
      expect((await make(apt, { name: "hw-one" })).status).toBe("done");
    });

    test("one that is switched off is switched on where it stands, and keeps its mode", async () => {
      await host.must(`sed -i 's/^/# /' ${LIST}; chmod 600 ${LIST}`);
      expect((await make(apt_repository, { repo: REPO, update_cache: false })).status).toBe("done");
      expect(await host.must(`stat -c %a ${LIST}; cat ${LIST}; ls /etc/apt/sources.list.d`)).toBe(
        `600\n${REPO}\nsrv_repo.list\n`,
      );
    });

    test("a source that apt cannot use is not left behind, and is complained of once", async () => {
      const bad = { repo: "deb [trusted=yes] file:///srv/none ./", update_cache_retries: 2 };
      const before = await host.must("cd /etc/apt; tail -n +1 sources.list.d/*; ls sources.list.d");
      const own = await make(apt_repository, { ...bad, update_cache_retry_max_delay: 0 });
      expect(own.status, own.said).toBe("failed");
      expect(own.said.match(/does not exist|not found/gi), own.said).toHaveLength(1);
      const shared = { ...bad, filename: "srv_repo", update_cache_retry_max_delay: 0 };
      expect((await make(apt_repository, shared)).status).toBe("failed");
      expect(await host.must("cd /etc/apt; tail -n +1 sources.list.d/*; ls sources.list.d")).toBe(
        before,
      );
    });

    test("it is taken away with its list, and the undo brings both back", async () => {
      expect((await make(apt_repository, { repo: REPO, state: "absent" })).status).toBe("done");
      expect((await host.run(`cat ${LIST}`)).code).not.toBe(0);
      await undoLast(host);
      expect(await host.must(`cat ${LIST}`)).toBe(`${REPO}\n`);
    });
  },
);
