import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { has } from "../../requires.ts";
import { half } from "../../sample.ts";
import { whyNoSshd } from "../sshd.ts";
import { SetupWorld } from "./setup-world.ts";
import type { Setup } from "./setup-parts.ts";
import { SETUPS } from "./setups.ts";

const reason = whyNoSshd();

describe.skipIf(reason)(
  `as the user's own ssh has it${reason ? ` (skipped: ${reason})` : ""}`,
  { timeout: 60_000 },
  () => {
    let world: SetupWorld;
    beforeAll(() => {
      world = new SetupWorld();
    });
    beforeEach(() => world.reset());
    afterAll(() => world.stop());

    const [tried, skipped] = [true, false].map((isTried) =>
      SETUPS.filter(({ needs }) => (needs === undefined || has(needs)) === isTried),
    ) as [Setup[], Setup[]];
    test.skip.each(skipped)("$what (skipped: this machine has no $needs)", () => undefined);

    test.each(half(tried))("$what: $works", async ({ works, by, make }: Setup) => {
      const { words = [], variables = {}, password, passphrase } = (await make(world)) ?? {};
      const known = world.snapshot();
      const theirs = world.judge(words, password);
      expect({ ssh: theirs.user !== undefined, said: theirs.said }).toEqual({
        ssh: works,
        said: theirs.said,
      });
      const login =
        passphrase === undefined && password !== undefined ? { ansible_password: password } : {};
      const args =
        words.length === 0
          ? {}
          : { ansible_ssh_common_args: words.map((word) => `'${word}'`).join(" ") };
      for (const connection of ["ssh", "openssh"] as const) {
        world.restore(known);
        const ours = await world.ours(
          { ...variables, ...login, ...args, ansible_connection: connection },
          passphrase,
        );
        expect({ connection, user: ours.user, said: ours.said }).toEqual({
          connection,
          user: theirs.user,
          said: ours.said,
        });
        const isBySystem = /using the system's ssh/.test(ours.said);
        expect({ connection, isBySystem, said: ours.said }).toEqual({
          connection,
          isBySystem: isBySystem && (by === "openssh" || connection === "openssh"),
          said: ours.said,
        });
        if (by === "openssh" && works) expect(isBySystem).toBe(true);
      }
    });
  },
);
