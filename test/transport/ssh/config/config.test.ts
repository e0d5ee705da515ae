import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InputError } from "../../../../src/errors.ts";
import {
  configValue,
  SshConfigs,
  type SshQuestion,
} from "../../../../src/transport/ssh/config/config.ts";
import { optionsBeyond, SSH_OPTIONS } from "../../../../src/transport/ssh/config/options.ts";

const isThere = spawnSync("ssh", ["-V"]).status === 0;
const ask = (destination: string, words: string[] = []): SshQuestion => ({
  words,
  hasOptions: words.length > 0,
  destination,
});

describe.skipIf(!isThere)(`what ssh says${isThere ? "" : " (skipped: needs ssh)"}`, () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "hullwright-config-"));
    mkdirSync(join(home, ".ssh"));
  });
  afterAll(() => rmSync(home, { recursive: true }));
  const write = (text: string): SshConfigs => {
    writeFileSync(join(home, ".ssh", "config"), text);
    return new SshConfigs(home);
  };
  // What ssh says without our sharing.
  const directly = (name: string): string =>
    spawnSync("ssh", ["-F", join(home, ".ssh", "config"), "-G", name], {
      encoding: "utf8",
    }).stdout.toLowerCase();

  test("nobody is asked where no file and no option says anything", () => {
    rmSync(join(home, ".ssh", "config"), { force: true });
    expect(new SshConfigs(home).of(ask("web1"))).toBeUndefined();
    expect(new SshConfigs(home).of(ask("web1", ["-o", "Port=3"]))?.values.get("port")).toEqual([
      "3",
    ]);
  });

  test.each<[what: string, text: string]>([
    ["patterns", "Host web*\nPort 3\nHost db? !db1\nUser x\nHost *\nIdentityFile ~/.ssh/k\n"],
    ["tokens in HostName", "Host web*\nHostName %h.example.org\n"],
    ["one HostName for all", "Host web*\nHostName gate.example.org\n"],
    ["names in values", "Host *\nUserKnownHostsFile ~/.ssh/known_%h\nControlPath ~/.ssh/%r@%h\n"],
    ["Match", "Match originalhost web1,db2\nPort 4\nMatch host db* exec true\nUser y\n"],
    ["canonical names", "CanonicalizeHostname yes\nCanonicalDomains example.invalid\n"],
    ["quoted patterns and equals signs", 'Host = "web1" db1\nPort=7\n'],
    ["upper case", "HOST WEB1\nPORT 9\n"],
  ])("hosts that share an answer are told what ssh tells each: %s", async (_what, text) => {
    const configs = write(text);
    const names = ["web1", "web2", "WEB3", "db1", "db2", "db10", "10.0.0.1", "a"];
    await configs.prefetch(names.map((name) => ask(name)));
    for (const name of names) {
      const values = configs.of(ask(name))!.values;
      const ours = [...values].flatMap(([key, all]) =>
        all.map((value) => `${key} ${value}`.toLowerCase()),
      );
      const isOfNoMatter = (line: string): boolean => /^(host|controlpath) /.test(line);
      expect({ name, said: ours.filter((line) => !isOfNoMatter(line)) }).toEqual({
        name,
        said: directly(name)
          .trim()
          .split("\n")
          .filter((line) => !isOfNoMatter(line)),
      });
    }
  });

  test("an include is read", () => {
    writeFileSync(join(home, ".ssh", "more.conf"), "Host web1\nPort 12\n");
    const configs = write(`Include ${join(home, ".ssh", "more*")}\n`);
    expect([
      configs.of(ask("web2"))?.values.get("port"),
      configs.of(ask("web1"))?.values.get("port"),
    ]).toEqual([["22"], ["12"]]);
  });

  test("where HOME is another, the file of all users is read behind the user's own, as ssh does", () => {
    const system = join(home, "ssh_config");
    writeFileSync(system, "Host web*\nPort 12\nUser system\n");
    writeFileSync(join(home, ".ssh", "config"), "Host web1\nUser own\n");
    const said = (name: string, words?: string[]): unknown[] => {
      const { values } = new SshConfigs(home, system).of(ask(name, words)) ?? {};
      return [values?.get("user")?.[0], values?.get("port")?.[0]];
    };
    expect(said("web1")).toEqual(["own", "12"]);
    expect(said("web2")).toEqual(["system", "12"]);
    expect(said("web1", ["-F", "/dev/null", "-p", "3"])[1]).toBe("3");
    rmSync(join(home, ".ssh", "config"));
    expect(said("web1")).toEqual(["system", "12"]);
    writeFileSync(system, "Host *\nSendEnv LANG\n");
    expect(new SshConfigs(home, system).of(ask("web1"))).toBeUndefined();
  });

  test("a configuration that ssh refuses is a mistake with its place", async () => {
    const configs = write("Port 22\nBogus yes\n");
    const mistake = expect.objectContaining({
      message: expect.stringContaining("Bad configuration option: bogus"),
      place: { file: join(home, ".ssh", "config"), line: 2, column: 1 },
    });
    expect(() => configs.of(ask("web1"))).toThrow(InputError);
    expect(() => configs.of(ask("web1"))).toThrow(mistake);
    await expect(configs.prefetch([ask("web1")])).rejects.toThrow(mistake);
  });

  test("every key that ssh prints has its line in the table, and the defaults ask for nothing special", () => {
    const config = write("Host *\n").of(ask("web1"))!;
    expect([...config.values.keys()].filter((key) => !Object.hasOwn(SSH_OPTIONS, key))).toEqual([]);
    expect(optionsBeyond(config)).toEqual([]);
    expect(configValue(config, "connecttimeout")).toBeUndefined();
  });
});
