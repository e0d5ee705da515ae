/** Files that hosts fetch from a relay: what leaves the controller is counted on the bridge of the lab. */
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLab, type Lab } from "../lab/lab.ts";
import { Desk, MAIN, skipped } from "./cli.ts";

const SIZE = 20_000_000;
const PLAYBOOK = `- hosts: all
  gather_facts: false
  tasks:
    - {name: big, copy: {src: big.bin, dest: /root/big.bin, mode: "0644"}}
`;

describe.skipIf(skipped !== undefined)(`a relay${skipped ? ` (skipped: ${skipped})` : ""}`, () => {
  let lab: Lab;
  let desk: Desk;
  beforeAll(async () => {
    lab = await startLab({ hosts: 4 });
    desk = new Desk();
    desk.file("site.yml", PLAYBOOK);
  });
  afterAll(() => lab?.stop());

  // Another big file, and the inventory with a value for `ansible_relay`.
  const prepare = (relay: unknown, mode = 0o644): Buffer => {
    const content = randomBytes(SIZE);
    writeFileSync(join(desk.folder, "big.bin"), content);
    chmodSync(join(desk.folder, "big.bin"), mode);
    desk.file("hosts.yml", lab.inventory({ ansible_relay: relay }));
    return content;
  };
  // What has left the controller for the hosts, in files of that size.
  const sent = (): number =>
    Number(readFileSync(`/sys/class/net/${bridge()}/statistics/tx_bytes`, "utf8")) / SIZE;
  const bridge = (): string => lab.name;
  // What a run leaves behind on hosts within a few seconds.
  const left = async (): Promise<string[]> =>
    Promise.all(
      lab.hosts.map((host) =>
        host.must(
          'for i in 1 2 3 4 5 6 7 8 9 10; do found=$(ls -d /var/tmp/hullwright-relay-* 2>/dev/null; ss -Hltn 2>/dev/null | grep -v \':22 \'); [ "$found" ] || break; sleep 1; done; printf %s "$found"',
        ),
      ),
    );
  const expectSame = async (content: Buffer): Promise<void> => {
    for (const host of lab.hosts)
      expect(await host.must("sha256sum < /root/big.bin | cut -c-64")).toBe(
        `${createHash("sha256").update(content).digest("hex")}\n`,
      );
  };

  test.each([
    ["one host", "h01", 1],
    ["the first two hosts of a group", "{{ groups['all'][:2] }}", 2],
  ])("%s: the file leaves the controller as often as there are relays", async (_, relay, times) => {
    const content = prepare(relay);
    const before = sent();
    const { code, stderr } = await desk.call(["apply", "site.yml", "-i", "hosts.yml", "-y"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(Math.round((sent() - before) * 4) / 4).toBe(times);
    await expectSame(content);
    expect(await left()).toEqual(lab.hosts.map(() => ""));
  });

  test("a host that cannot reach its relay is sent the file from here, and it is said", async () => {
    const content = prepare("h01");
    await lab.hosts[2]!.must("mv /usr/bin/curl /usr/bin/curl.away");
    const { code, stderr } = await desk.call(["apply", "site.yml", "-i", "hosts.yml", "-y"]);
    await lab.hosts[2]!.must("mv /usr/bin/curl.away /usr/bin/curl");
    expect(code).toBe(0);
    expect(stderr).toBe(
      "h03: cannot fetch from its relay h01, so files are sent from here: there is neither curl nor wget\n",
    );
    await expectSame(content);
  });

  test("a file that not every user may read is not shown to a relay, and it is said", async () => {
    const content = prepare("h01", 0o600);
    const before = sent();
    const { code, stderr } = await desk.call(["apply", "site.yml", "-i", "hosts.yml", "-y"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^h0\d: gets .*big\.bin from here and not from a relay: .*\n$/);
    expect(sent() - before).toBeGreaterThan(3.9);
    await expectSame(content);
  });

  test("nothing listens any more after a controller that was killed", async () => {
    prepare("h01");
    const child = spawn(process.execPath, [MAIN, "apply", "site.yml", "-i", "hosts.yml", "-y"], {
      cwd: desk.folder,
      env: desk.env,
      stdio: "ignore",
    });
    const over = new Promise((resolve) => child.once("close", resolve));
    await lab.hosts[0]!.must(
      "for i in $(seq 600); do [ -s /var/tmp/hullwright-relay-*/at ] && exit; sleep 0.02; done; exit 1",
    );
    child.kill("SIGKILL");
    await over;
    expect(await left()).toEqual(lab.hosts.map(() => ""));
  });

  test("a relay that is no host of the inventory is refused", async () => {
    prepare("h09");
    const { code, stderr } = await desk.call(["apply", "site.yml", "-i", "hosts.yml", "-y"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ansible_relay names "h09", which is no host of the inventory/);
  });
});
