/** A run over ssh that is stopped from the keyboard: the host hears of it while its program runs, also through sudo. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLab, type Lab } from "../lab/lab.ts";
import { labPassword } from "../lab/base.ts";
import { Desk, noTerminal } from "../terminal/terminal.ts";
import { skipped } from "./cli.ts";

// The second task ends once the host was told to stop.
const playbook = (who: string): string => `- hosts: all
  gather_facts: false
  tasks:
    - {name: first, copy: {content: x, dest: /root/${who}.first}}
    - name: middle
      shell: until ls /var/lib/hullwright/stop-*; do sleep 0.1; done
    - {name: last, copy: {content: x, dest: /root/${who}.last}}
`;

const USERS: [who: string, flags: string, password?: string][] = [
  ["root", "-u root"],
  ["deploy", "-u deploy -b"],
  ["secret", "-u secret -b -K", labPassword],
];

const reason = skipped ?? noTerminal;

describe.skipIf(reason !== undefined)(
  `Ctrl-C over ssh${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  () => {
    let lab: Lab;
    let desk: Desk;
    beforeAll(async () => {
      lab = await startLab({ hosts: 1 });
      desk = new Desk({ "hosts.yml": lab.inventory({}).replaceAll(/^.*ansible_user.*\n/gm, "") });
    });
    afterAll(async () => {
      desk?.close();
      await lab?.stop();
    });

    test.each(USERS)("as %s", async (who, flags, password) => {
      const host = lab.hosts[0]!;
      await host.must("rm -rf /var/lib/hullwright/journal");
      desk.file("play.yml", playbook(who));
      const line = `hullwright apply play.yml -i hosts.yml -y ${flags}`;
      const terminal = desk.open(line, { columns: 200 });
      if (password !== undefined) {
        await terminal.shows(/Become password:/);
        terminal.type(password, "Enter");
      }
      await terminal.shows(/: middle/);
      terminal.type("C-c");
      const { code, text } = await terminal.ends();
      expect(text).toMatch(/^Interrupted\n  stopped: h01, before "last" \(2 done, 1 left\)/m);
      expect(text).not.toMatch(/^\s+at .*[:(]\d/m);
      expect(code).toBe(130);
      expect(await host.must(`ls /root/${who}.first /root/${who}.last 2>/dev/null || true`)).toBe(
        `/root/${who}.first\n`,
      );
    });
  },
);
