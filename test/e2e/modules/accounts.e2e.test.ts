import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { group } from "../../../src/modules/system/group.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import { user } from "../../../src/modules/system/user.ts";
import type { LabHost } from "../../lab/host.ts";
import { startLab, type Lab } from "../../lab/lab.ts";
import { labMissing } from "../../lab/packages.ts";
import { converge, undoLast } from "./converge.ts";

const missing = labMissing();
/** Of the word "secret", by openssl passwd -6. */
const HASH =
  "$6$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

describe.skipIf(missing !== undefined)(
  `user and group on a real host${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let lab: Lab;
    let host: LabHost;
    const make = (module: unknown, args: object): ReturnType<typeof converge> =>
      converge(host, module as AnyModule, args);
    const passwd = (name: string): Promise<string> =>
      host.must(`getent passwd ${name} || echo none`);

    beforeAll(async () => {
      lab = await startLab({ hosts: 1 });
      host = lab.hosts[0]!;
    }, 300_000);
    afterAll(async () => {
      await lab?.stop();
    }, 60_000);

    test("a group is made, renumbered and removed", async () => {
      expect(await make(group, { name: "ops", gid: 1500 })).toMatchObject({
        status: "done",
        result: { gid: 1500 },
      });
      expect(await make(group, { name: "ops", gid: 1501 })).toMatchObject({ status: "done" });
      expect(await host.must("getent group ops")).toBe("ops:x:1501:\n");
      await undoLast(host);
      expect(await host.must("getent group ops")).toBe("ops:x:1500:\n");
      expect(await make(group, { name: "free" })).toMatchObject({
        result: { name: "free", state: "present" },
      });
      expect(await make(group, { name: "free", state: "absent" })).toMatchObject({
        status: "done",
      });
    });

    test("a user is made with all that was asked for, and the result tells the number", async () => {
      const made = await make(user, {
        name: "eve",
        groups: ["ops"],
        comment: "Eve E.",
        shell: "/bin/bash",
        home: "/srv/people/eve",
        password: HASH,
        expires: 4102444800,
        password_expire_max: 90,
      });
      expect(made).toMatchObject({
        status: "done",
        result: {
          name: "eve",
          comment: "Eve E.",
          home: "/srv/people/eve",
          shell: "/bin/bash",
          groups: "ops",
          password: "NOT_LOGGING_PASSWORD",
        },
      });
      expect(await passwd("eve")).toMatch(
        /^eve:x:(\d+):\1:Eve E.:\/srv\/people\/eve:\/bin\/bash$/m,
      );
      expect(await host.must("getent shadow eve")).toMatch(
        new RegExp(`^eve:${HASH.replaceAll("$", "\\$")}:\\d+:0:90:7::47482:$`, "m"),
      );
      expect(await host.must("id -Gn eve; stat -c %U /srv/people/eve/.bashrc")).toBe(
        "eve ops\neve\n",
      );
    });

    test("a user is changed, and the undo puts all back", async () => {
      const before = await host.must("getent passwd eve; getent shadow eve; id -Gn eve");
      expect(
        await make(user, {
          name: "eve",
          shell: "/bin/sh",
          groups: [],
          password: "!",
          uid: 4000,
          home: "/srv/eve",
          move_home: true,
        }),
      ).toMatchObject({ status: "done", result: { uid: 4000, home: "/srv/eve" } });
      expect(
        await host.must("getent shadow eve | cut -d: -f2; stat -c %u /srv/eve/.bashrc; id -Gn eve"),
      ).toBe("!\n4000\neve\n");
      await undoLast(host);
      expect(await host.must("getent passwd eve; getent shadow eve; id -Gn eve")).toBe(before);
    });

    test("a missing home is made with the skeleton", async () => {
      await host.must("rm -rf /srv/people");
      expect(await make(user, { name: "eve" })).toMatchObject({ status: "done" });
      expect(await host.must("stat -c '%U %G %a' /srv/people/eve /srv/people/eve/.bashrc")).toBe(
        "eve eve 755\neve eve 644\n",
      );
    });

    test("a removed user comes back with number, groups and password", async () => {
      await make(user, { name: "eve", groups: ["ops"] });
      const before = await host.must("getent passwd eve; getent shadow eve; id -Gn eve");
      expect(await make(user, { name: "eve", state: "absent" })).toMatchObject({ status: "done" });
      expect(await passwd("eve")).toBe("none\n");
      await undoLast(host);
      expect(await host.must("getent passwd eve; getent shadow eve; id -Gn eve")).toBe(before);
    });

    test("a new user who is undone leaves nothing", async () => {
      expect(await make(user, { name: "tmp", system: true })).toMatchObject({ status: "done" });
      await undoLast(host);
      expect(
        await host.must("getent passwd tmp; getent group tmp; ls -d /home/tmp 2>/dev/null; :"),
      ).toBe("");
    });
  },
);
