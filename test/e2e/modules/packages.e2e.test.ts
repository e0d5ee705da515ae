import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apt } from "../../../src/modules/packages/apt.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import { packageModule } from "../../../src/modules/packages/package.ts";
import { askDeb, askLists, askSimulation } from "../../../src/probes/packages/apt.ts";
import { askCandidate, askPackage } from "../../../src/probes/packages/package.ts";
import type { LabHost } from "../../lab/host.ts";
import { startLab, type Lab } from "../../lab/lab.ts";
import { labMissing } from "../../lab/packages.ts";
import { converge, undoLast } from "./converge.ts";
import { askHost } from "./drive.ts";

const missing = labMissing();

/** A repository in a folder of the host: no network, and versions of our own. */
const BUILD = String.raw`set -e; mkdir -p /srv/repo; cd /srv/repo
build() { mkdir -p "d/DEBIAN" "d/etc"; echo conf > "d/etc/$1.conf"; echo "/etc/$1.conf" > d/DEBIAN/conffiles
  printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: Lab <lab@example.com>\nDescription: a test\n%s\n' "$1" "$2" "$3" | sed '/^$/d' > d/DEBIAN/control
  dpkg-deb --root-owner-group -b d "$1_$2.deb" >/dev/null; rm -r d; }
index() { for f; do dpkg-deb -f "$f"; printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$f" "$(stat -c %s "$f")" "$(sha256sum "$f" | cut -d' ' -f1)"; done > Packages; }
build hw-app 1.0 'Depends: hw-lib'; build hw-lib 1.0 'Provides: hw-virtual'; build hw-app 2.0 'Depends: hw-lib'; build hw-file 1.0 ''; build hw-file 2.0 ''
index hw-app_1.0.deb hw-lib_1.0.deb
echo 'deb [trusted=yes] file:///srv/repo ./' > /etc/apt/sources.list; rm -rf /etc/apt/sources.list.d
`;

describe.skipIf(missing !== undefined)(
  `apt and package on a real host${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let lab: Lab;
    let host: LabHost;
    const make = (module: unknown, args: object): ReturnType<typeof converge> =>
      converge(host, module as AnyModule, args);
    const installed = (): Promise<string> =>
      host.must(
        "dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version}\\n' 'hw-*' | grep -v ^un | sort",
      );

    beforeAll(async () => {
      lab = await startLab({ hosts: 1 });
      host = lab.hosts[0]!;
      await host.must("exec sh -s", BUILD);
    }, 300_000);
    afterAll(async () => {
      await lab?.stop();
    }, 60_000);

    test("lists are updated once in their time", async () => {
      for (let turn = 0; turn < 2; turn++) {
        await host.must("touch -d '2 hours ago' /var/lib/apt/lists");
        expect(await make(apt, { update_cache: true, cache_valid_time: 3600 })).toMatchObject({
          status: "done",
          result: { cache_updated: true },
        });
      }
      const { lists } = await askHost(host, { lists: askLists() });
      expect(lists!.age).toBeLessThan(600);
      expect(await make(apt, { cache_valid_time: 3600 })).toMatchObject({
        status: "unchanged",
        result: { cache_updated: false, cache_update_time: lists!.time },
      });
    });

    test("a package comes with what it needs, and the undo takes both away", async () => {
      expect(await make(apt, { name: "hw-app" })).toMatchObject({
        status: "done",
        result: { stdout: expect.stringContaining("hw-lib") as string },
      });
      expect(await installed()).toBe("ii  hw-app 1.0\nii  hw-lib 1.0\n");
      await undoLast(host);
      expect(await installed()).toBe("");
      expect(await make(packageModule, { name: "hw-app", state: "present" })).toMatchObject({
        status: "done",
      });
    });

    test("what a package provides counts as there", async () => {
      expect(await askHost(host, { virtual: askPackage("hw-virtual") })).toEqual({
        virtual: {
          by: "apt",
          installed: true,
          version: "1.0",
          provider: "hw-lib",
          leftovers: false,
        },
      });
      expect(await make(apt, { name: ["hw-virtual", "hw-app=1.*"] })).toMatchObject({
        status: "unchanged",
      });
    });

    test("latest follows the lists, and a version is kept to", async () => {
      expect(await make(apt, { name: "hw-app", state: "latest" })).toMatchObject({
        status: "unchanged",
      });
      await host.must(
        "cd /srv/repo && { cat Packages; dpkg-deb -f hw-app_2.0.deb; printf 'Filename: ./hw-app_2.0.deb\\nSize: %s\\nSHA256: %s\\n' \"$(stat -c %s hw-app_2.0.deb)\" \"$(sha256sum hw-app_2.0.deb | cut -d' ' -f1)\"; } > P && mv P Packages && apt-get -q update",
      );
      expect(await askHost(host, { candidate: askCandidate({ name: "hw-app" }) })).toEqual({
        candidate: "2.0",
      });
      expect(await make(apt, { name: "hw-app", state: "latest" })).toMatchObject({
        status: "done",
      });
      expect(await installed()).toContain("hw-app 2.0");
      expect(await make(apt, { name: "hw-app=1.0", allow_downgrade: true })).toMatchObject({
        status: "done",
      });
      expect(await askHost(host, { all: askSimulation("dist-upgrade") })).toEqual({
        all: [{ name: "hw-app", from: "1.0", to: "2.0" }],
      });
      expect(await make(apt, { upgrade: "dist" })).toMatchObject({ status: "done" });
      expect(await make(apt, { name: "hw-app=1.0", allow_downgrade: true })).toMatchObject({
        status: "done",
      });
      expect(await installed()).toContain("hw-app 1.0");
    });

    test("removed, then purged, then what nothing needs", async () => {
      expect(await make(apt, { name: "hw-app", state: "absent" })).toMatchObject({
        status: "done",
      });
      expect(await installed()).toContain("rc  hw-app");
      expect(await make(apt, { name: "hw-app", state: "absent", purge: true })).toMatchObject({
        status: "done",
      });
      expect(await askHost(host, { removable: askSimulation("autoremove") })).toEqual({
        removable: [{ name: "hw-lib", from: "1.0", to: null }],
      });
      expect(await make(apt, { autoremove: true })).toMatchObject({ status: "done" });
      expect(await installed()).toBe("rc  hw-lib 1.0\n");
    });

    test("a package's file is installed and upgraded", async () => {
      expect(await make(apt, { deb: "/srv/repo/hw-file_1.0.deb" })).toMatchObject({
        status: "done",
      });
      expect(await make(apt, { deb: "/srv/repo/hw-file_2.0.deb" })).toMatchObject({
        status: "done",
      });
      expect(await askHost(host, { deb: askDeb("/srv/repo/hw-file_2.0.deb") })).toMatchObject({
        deb: { name: "hw-file", version: "2.0", installed: "2.0" },
      });
    });

    test("what cannot be had fails with Ansible's words", async () => {
      expect(await make(apt, { name: "hw-nope" })).toMatchObject({
        status: "failed",
        said: expect.stringMatching(/No package matching 'hw-nope' is available/) as string,
      });
    });
  },
);
