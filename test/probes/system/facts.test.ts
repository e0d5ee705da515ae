import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  askFacts,
  facts,
  factVariables,
  parseFacts,
  type Facts,
} from "../../../src/probes/system/facts.ts";
import { cases, type FactsCase } from "./facts.cases.ts";
import { has, shellcheck, skipReason } from "../../requires.ts";

// Writes what a host would print.
function answer({
  files = {},
  lines = {},
  exists = [],
  words = {},
  ip = [],
  sizes = [],
  names = [],
  date = "",
}: FactsCase): string {
  const found = Object.entries(lines).flatMap(([path, text]) =>
    text.split("\n").map((line) => `${path}:${line}`),
  );
  const heads = Object.entries(files).map(([path, text]) => `==> ${path} <==\n${text}\n`);
  const said = Object.entries({ host: "h", uid: "0", ...words }).map(
    ([name, value]) => `${name} ${value}`,
  );
  const parts = { words: said, exists, lines: found, names, sizes, ip, date: [date], files: heads };
  return Object.entries(parts)
    .map(([name, rows]) => `\n--${name}--\n${rows.join("\n")}\n`)
    .join("");
}

describe("facts are read from what a host answers", () => {
  test.each(cases)("$name", (one) => {
    expect(parseFacts(answer(one))).toMatchObject(one.expect);
  });

  test("an answer without its beginning is refused", () => {
    expect(() => parseFacts("Last login: today\n")).toThrow(/truncated or garbled/);
  });

  test("a file that looks like a part of the answer stays a file", () => {
    const read = parseFacts(
      answer({
        name: "",
        files: { "/etc/resolv.conf": "nameserver 1.1.1.1\n--words--\nhost evil" },
        expect: {},
      }),
    );
    expect(read).toMatchObject({ nodename: "h", dns: { nameservers: ["1.1.1.1"] } });
  });

  test("each fact is a variable, and all are ansible_facts", () => {
    const variables = factVariables({ kernel: "6.1" });
    expect(Object.fromEntries(variables)).toEqual({
      ansible_kernel: "6.1",
      ansible_facts: { kernel: "6.1" },
    });
  });

  test("all parts are one question, however they are asked", () => {
    expect(askFacts(["virtual", "network", "hardware"]).key).toBe(askFacts().key);
    expect(askFacts([]).key).not.toBe(askFacts().key);
  });
});

// Asks this machine.
function askHere(shell: string[], script = facts.script([null]).sh): string {
  return execFileSync(shell[0]!, shell.slice(1), {
    input: script,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", HOME: "/root" },
  });
}

/** Facts of Ansible that we do not gather: storage over networks, LVM, capabilities, and what only its own program knows. */
const NOT_OURS = [
  "device_links",
  "fibre_channel_wwn",
  "hostnqn",
  "iscsi_iqn",
  "lvm",
  "system_capabilities",
  "system_capabilities_enforced",
  "selinux_python_present",
]
  .map((name) => `ansible_${name}`)
  .concat("gather_subset", "module_setup");

// Interfaces come and go while other tests start hosts.
function isInterface(value: unknown): boolean {
  return typeof value === "object" && value !== null && "device" in value;
}

// What both say of the devices that both saw.
function shared(devices: Facts, others: Facts): Facts {
  const names = Object.keys(devices).filter((name) => name in others && !/^(loop|zram)/.test(name));
  return Object.fromEntries(
    names.map((name) => [
      name,
      Object.fromEntries(
        Object.entries(devices[name] as Facts).filter(
          ([key]) => key in (others[name] as Facts) && key !== "partitions",
        ),
      ),
    ]),
  );
}

// What stays the same of the root file system.
function rootOf(mounts: Facts[]): unknown {
  const { device, fstype, options, size_total, block_size, inode_total } =
    mounts.find(({ mount }) => mount === "/") ?? {};
  return { device, fstype, options, size_total, block_size, inode_total };
}

describe("facts of this machine", () => {
  // What does not move while other tests start hosts of their own here.
  const moving =
    /^(date_time|loadavg|mem.*|swapfree_mb|mounts|uptime_seconds|env|interfaces|all_ipv._addresses|devices)$/;
  const stable = (all: Facts): Facts =>
    Object.fromEntries(
      Object.entries(all).filter(
        ([name, value]) =>
          !moving.test(name) && !(typeof value === "object" && value !== null && "device" in value),
      ),
    );

  test.each([[["bash", "-s"]], [["busybox", "sh"]]])("%s answers like dash", (shell) => {
    expect(stable(parseFacts(askHere(shell)))).toEqual(stable(parseFacts(askHere(["dash", "-s"]))));
  });

  test("little is asked where little is wanted", () => {
    const little = parseFacts(askHere(["dash", "-s"], facts.script([{ subsets: [] }]).sh), []);
    expect(little).toMatchObject({ system: "Linux", user_id: "root" });
    expect(Object.keys(little)).not.toContain("mounts");
    expect(Object.keys(little)).not.toContain("interfaces");
  });

  test("a file that cannot be read leaves no other out: the speed of lo is one", () => {
    const own = parseFacts(askHere(["dash", "-s"]));
    expect(own["env"]).toMatchObject({ HOME: "/root" });
    expect(Object.keys(own["devices"] as Facts).length).toBeGreaterThan(0);
  });

  test("facts of the host's owner are those of the directory that is asked for", () => {
    const folder = mkdtempSync(join(tmpdir(), "facts-"));
    writeFileSync(join(folder, "one.fact"), "[part]\nKey = value\n");
    writeFileSync(join(folder, "two.fact"), '{"list": [1, 2]}');
    writeFileSync(join(folder, "three.fact"), "#!/bin/sh\necho '{\"ran\": true}'\n", {
      mode: 0o755,
    });
    writeFileSync(join(folder, "four.fact"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    mkdirSync(join(folder, "folder.fact"));
    const args = [{ subsets: [], folder }, null];
    const [there, elsewhere] = facts.parse(askHere(["dash", "-s"], facts.script(args).sh), args);
    rmSync(folder, { recursive: true });
    expect(there!["ansible_local"]).toEqual({
      one: { part: { key: "value" } },
      two: { list: [1, 2] },
      three: { ran: true },
      four: `Failure executing fact script (${folder}/four.fact), rc: 3, err: `,
    });
    expect(elsewhere!["ansible_local"]).not.toHaveProperty("one");
  });

  const missing = spawnSync("ansible", ["--version"]).error !== undefined;
  test.skipIf(missing)(
    `the facts are Ansible's${missing ? " (skipped: ansible is not installed)" : ""}`,
    () => {
      const printed = execFileSync("ansible", ["localhost", "-c", "local", "-m", "setup"], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      const theirs = JSON.parse(printed.slice(printed.indexOf("{"))).ansible_facts as Facts;
      for (const name of ["guest", "host"])
        (theirs[`ansible_virtualization_tech_${name}`] as string[]).sort(); // a set of Python's
      const own = parseFacts(askHere(["dash", "-s"]));
      const known = new Set([
        ...Object.keys(own).map((name) => name.replace(/^(?!ansible_local)/, "ansible_")),
        ...NOT_OURS,
      ]);
      expect(
        Object.entries(theirs)
          .filter(([name, value]) => !known.has(name) && !isInterface(value))
          .map(([name]) => name),
      ).toEqual([]);
      expect(
        Object.keys(shared(own["devices"] as Facts, theirs["ansible_devices"] as Facts)).length,
      ).toBeGreaterThan(0);
      expect(shared(own["devices"] as Facts, theirs["ansible_devices"] as Facts)).toEqual(
        shared(theirs["ansible_devices"] as Facts, own["devices"] as Facts),
      );
      const compared = Object.entries(stable(own)).filter(([name]) => `ansible_${name}` in theirs);
      expect(compared.length).toBeGreaterThan(40);
      for (const [name, value] of compared)
        expect({ [name]: theirs[`ansible_${name}`] }).toEqual({ [name]: value });
      expect(theirs["ansible_lo"]).toEqual(own["lo"]);
      expect(own["interfaces"]).toContain("lo");
      expect(rootOf(own["mounts"] as Facts[])).toEqual(rootOf(theirs["ansible_mounts"] as Facts[]));
      expect(Object.keys(theirs["ansible_date_time"] as Facts).sort()).toEqual(
        Object.keys(own["date_time"] as Facts).sort(),
      );
    },
    60_000,
  );

  test.skipIf(!has("shellcheck"))(
    `shellcheck accepts the program${skipReason("shellcheck")}`,
    () => {
      const stdout = shellcheck(facts.script([null]).sh);
      expect(stdout).toBe("");
    },
  );
});
