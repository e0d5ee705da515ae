import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLab, type Lab } from "../lab/lab.ts";
import { Desk, skipped } from "./cli.ts";

/** Logins by their shells; each prints something whenever it starts. */
const LOGINS: readonly [login: string, shell: string, startFile: string][] = [
  ["fishy", "/usr/bin/fish", ".config/fish/config.fish"],
  ["cshy", "/usr/bin/tcsh", ".cshrc"],
  ["zshy", "/usr/bin/zsh", ".zshenv"],
  ["rbashy", "/bin/rbash", ".bashrc"],
  ["noisy", "/bin/bash", ".bashrc"],
];

/** Who the command runs as, and the flags that say so. The account `service` may not log in and has no home. */
const USERS: readonly [user: string | undefined, home: string, flags: string[]][] = [
  [undefined, "/home/LOGIN", []],
  ["root", "/root", ["-b"]],
  ["service", "/nowhere", ["-b", "--become-user", "service"]],
];

/** Words that fish, csh and zsh would read otherwise. */
const COMMAND = `id -un; echo "$HOME" 'a!b' ~nobodyhere *[; echo two >&2; for i in 1 2; do echo "$((i + 1))"; done; exit 3`;

describe.skipIf(skipped !== undefined)(
  `run on hosts whose login shell is another${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    let lab: Lab;
    const desk = new Desk();
    beforeAll(async () => {
      lab = await startLab({ hosts: ["host"], base: "logins" });
      const make = LOGINS.map(
        ([name, shell, file]) => `useradd -m -s ${shell} ${name}
mkdir -p "$(dirname /home/${name}/${file})"
echo 'echo welcome' > /home/${name}/${file}
echo '${name} ALL=(ALL) NOPASSWD: ALL' >> /etc/sudoers.d/logins`,
      );
      await lab.hosts[0]!.must(
        `${make.join("\n")}\nuseradd -r -d /nowhere -s /usr/sbin/nologin service; chmod 440 /etc/sudoers.d/logins`,
      );
    });
    afterAll(() => lab?.stop());

    // Runs words on the host as a login.
    function run(login: string, ...words: string[]): ReturnType<Desk["call"]> {
      const inventory = desk.file("inventory.yml", lab.inventory({ ansible_user: login }));
      return desk.call(["run", "host", "-i", inventory, ...words]);
    }

    test.each(LOGINS.flatMap((login) => USERS.map((user) => [...login, ...user] as const)))(
      "%s (%s, %s) as %s",
      async (login, _shell, _file, user = login, home, flags) => {
        const { code, stdout } = await run(login, ...flags, "--", COMMAND);
        expect({ code, stdout }).toEqual({
          code: 2,
          stdout: `host: failed, exit 3\n  ${user}\n  ${home.replace("LOGIN", login)} a!b ~nobodyhere *[\n  2\n  3\n  two\n`,
        });
      },
    );

    test.each(LOGINS)("%s (%s): modules, and the system's ssh", async (login) => {
      const file = `/tmp/by-${login}`;
      const args = ["-b", "-m", "copy", "-a", `content="it's" dest=${file} mode=0600`];
      const made = await run(login, ...args);
      expect(made.stdout).toContain("host: changed");
      expect((await run(login, ...args, "-c", "openssh")).stdout).toContain("host: ok");
      expect(await lab.hosts[0]!.must(`stat -c '%U %a' ${file}; cat ${file}`)).toBe(
        "root 600\nit's",
      );
    });

    test("a login that may not log in is refused by name", async () => {
      const { code, stderr, stdout } = await run("service", "--", "id");
      expect([code, stdout + stderr]).toEqual([4, expect.stringMatching(/nologin|not available/)]);
    });
  },
);
