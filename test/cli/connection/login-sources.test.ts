import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noAnsible } from "../../conformance/ansible.ts";
import {
  makeKey,
  PASSWORD,
  publicKey,
  startSshd,
  type Sshd,
  whyNoSshd,
} from "../../transport/sshd.ts";
import { half } from "../../sample.ts";
import { call } from "../call.ts";
import { changesAt, CHANGES, SOURCES } from "./login-sources.ts";

const reason = whyNoSshd() || noAnsible;

/** One source with one change. */
interface Case {
  name: string;
  what: string;
  probes: number;
}

// Writes a value as a file; JSON is YAML.
function put(folder: string, path: string, value: unknown): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value, undefined, 1));
}

describe.skipIf(reason)(
  `variables of a login, set anywhere, as Ansible has them${reason ? ` (skipped: ${reason})` : ""}`,
  { timeout: 300_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "hullwright-sources-"));
    const cases: Case[] = [];
    let servers: Sshd[];

    beforeAll(async () => {
      chmodSync(folder, 0o755);
      const key = makeKey(folder, "key");
      const settings = [`AuthorizedKeysFile ${key}.pub`, "ListenAddress 127.0.0.2"];
      servers = [await startSshd(settings), await startSshd(settings)];
      const known = servers.flatMap(({ port, hostKeyFile }) =>
        ["127.0.0.1", "127.0.0.2"].map((name) => `[${name}]:${port} ${publicKey(hostKeyFile)}\n`),
      );
      writeFileSync(join(folder, "known"), known.join(""));
      const plays: unknown[] = [];
      for (const source of half(SOURCES))
        for (const [change, vars] of changesAt(source)) {
          const what = `${source.what}: ${change}`;
          const one: Case = { name: `c${cases.length}`, what, probes: 0 };
          cases.push(one);
          const probe = (words = {}): Record<string, unknown> => ({
            name: one.what,
            raw: `echo "$(id -un) $SSH_CONNECTION/$SUDO_USER" > {{ out }}/${one.name}.${one.probes++}`,
            ...words,
          });
          const made = source.make({ name: one.name, vars, probe });
          plays.push(...made.plays);
          for (const [file, value] of Object.entries(made.files ?? {})) put(folder, file, value);
        }
      put(folder, "site.yml", plays);
      const hosts = [...cases.map(({ name }) => name), "there"].map((name) => [name, null]);
      const vars = {
        ansible_user: "hwt-free",
        ansible_host: "127.0.0.1",
        ansible_port: servers[0]!.port,
        ansible_ssh_private_key_file: key,
        ansible_ssh_args: `-o ControlMaster=no -o UserKnownHostsFile=${join(folder, "known")}`,
        other_port: servers[1]!.port,
        stranger: makeKey(folder, "stranger"),
        password: PASSWORD,
      };
      put(folder, "inventory.yml", { all: { hosts: Object.fromEntries(hosts), vars } });
    });
    afterAll(() => {
      for (const sshd of servers) sshd.stop();
      rmSync(folder, { recursive: true });
    });

    // What each probe told of a run whose results are in a directory of this name; the ports are named.
    function told(out: string): Record<string, string[]> {
      const [a, b] = servers.map(({ port }) => String(port)) as [string, string];
      const read = (file: string): string =>
        existsSync(file)
          ? readFileSync(file, "utf8")
              .trim()
              .replace(/ (127\S+) \d+ (127\S+) /, " $1 $2 ")
              .replace(a, "A")
              .replace(b, "B")
          : "did not run";
      return Object.fromEntries(
        cases.map(({ what, name, probes }) => [
          what,
          Array.from({ length: probes }, (_, at) => read(join(folder, out, `${name}.${at}`))),
        ]),
      );
    }

    // Runs a playbook by Ansible and by Hullwright, whatever becomes of its hosts, and answers what the probes told.
    async function both(playbook: string, ...words: string[]): Promise<Record<string, string[]>[]> {
      const runs = ["theirs", "ours"].map(async (name) => {
        const out = join(folder, name);
        rmSync(out, { recursive: true, force: true });
        mkdirSync(out);
        chmodSync(out, 0o777);
        const args = [join(folder, playbook), "-i", join(folder, "inventory.yml")];
        const all = [...args, "-e", `out=${out}`, ...words];
        if (name === "ours") await call("apply", "-y", ...all);
        else
          await new Promise<void>((resolve) =>
            execFile("ansible-playbook", all, { cwd: folder }, () => resolve()),
          );
        return told(name);
      });
      return Promise.all(runs);
    }

    test("every task comes by the same way and as the same user", async () => {
      const [theirs, ours] = await both("site.yml");
      expect(ours).toEqual(theirs);
      expect(new Set(Object.values(theirs!).flat()).size).toBeGreaterThan(6);
    });

    test.each(Object.entries(CHANGES))("-e: %s", async (_what, vars) => {
      put(folder, "extra.json", vars);
      const [{ name }] = cases as [Case];
      const task = { raw: `echo "$(id -un) $SSH_CONNECTION/$SUDO_USER" > {{ out }}/${name}.0` };
      put(folder, "extra.yml", [{ hosts: name, gather_facts: false, tasks: [task] }]);
      const [theirs, ours] = await both("extra.yml", "-e", `@${join(folder, "extra.json")}`);
      expect(ours).toEqual(theirs);
    });
  },
);
