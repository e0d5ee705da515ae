import { dump } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { half } from "../sample.ts";
import { startLab, type Lab } from "../lab/lab.ts";
import { BECOME_SETUPS, type BecomeSetup, PASSWORDS, PREPARE } from "./become-setups.ts";
import { Desk, skipped } from "./cli.ts";

const WRITTEN = "/tmp/become";

describe.skipIf(skipped !== undefined)(
  `becoming another user${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let lab: Lab;
    const desk = new Desk();
    beforeAll(async () => {
      lab = await startLab({ hosts: ["host"], base: "logins" });
      await host().must(PREPARE);
      await host().must("chpasswd", `other:${PASSWORDS.other}\n`);
    });
    afterAll(() => lab?.stop());
    const host = (): Lab["hosts"][number] => lab.hosts[0]!;

    // Sets the host up, and takes back what the set-up before has left.
    async function prepare({ sudoers = "", doas = "", before = ":" }: BecomeSetup): Promise<void> {
      await host().must(
        "cat > /etc/sudoers.d/.become && chmod 440 /etc/sudoers.d/.become && visudo -qcf /etc/sudoers.d/.become && mv /etc/sudoers.d/.become /etc/sudoers.d/become",
        `${sudoers}\n`,
      );
      await host().must("cat > /etc/doas.conf && chmod 400 /etc/doas.conf", `${doas}\n`);
      await host().must(`rm -rf ${WRITTEN} /run/sudo/ts/* /run/doas/*; ${before}`);
    }

    // The play of a set-up, and its inventory.
    function filesOf({ login = "deploy", become = {}, variables = {} }: BecomeSetup): string[] {
      const play = {
        hosts: "all",
        gather_facts: false,
        become: true,
        ...become,
        tasks: [{ copy: { content: "it\n", dest: WRITTEN, mode: "0644" } }],
      };
      return [
        desk.file("play.yml", dump([play])),
        "-i",
        desk.file("inventory.yml", lab.inventory({ ansible_user: login, ...variables })),
      ];
    }

    test.each(half(BECOME_SETUPS).map((setup) => [setup.what, setup] as const))(
      "%s",
      async (_what, setup) => {
        await prepare(setup);
        try {
          const args = filesOf(setup);
          const applied = await desk.json(["apply", ...args, "-y"]);
          const { status, failed } = applied.hosts["host"]!;
          if (setup.refused) {
            expect([status, failed?.message]).toEqual([
              expect.stringMatching(/failed|unreachable/),
              expect.stringContaining(setup.refused),
            ]);
            return;
          }
          expect({ status, failed, code: applied.code }).toEqual({
            status: "changed",
            failed: null,
            code: 0,
          });
          expect((await host().must(`stat -c %U ${WRITTEN}`)).trim()).toBe(setup.becomes);
        } finally {
          await host().must(setup.after ?? ":");
        }
      },
    );
  },
);
