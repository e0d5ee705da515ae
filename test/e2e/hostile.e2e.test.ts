import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, MAIN } from "./cli.ts";
import { half } from "../sample.ts";
import { HostileHosts, KINDS, nameOf } from "./hostile-hosts.ts";

const desk = new Desk();
const hosts = new HostileHosts();
beforeAll(() => hosts.start());
afterAll(() => hosts.stop());

const PLAY = `
- hosts: all
  tasks:
    - copy: { content: "hello {{ ansible_distribution }}\\n", dest: "{{ ansible_env.HOME }}/hello" }
    - shell: echo said; touch $HOME/touched
    - copy: { content: "x\\n", dest: "{{ ansible_env.HOME }}/more" }
    - command: cat {{ ansible_env.HOME }}/hello
      register: seen
    - debug: { var: seen }
`;

const play = desk.file("play.yml", PLAY);

/** What a terminal takes as a command, but for line breaks, and what turns the direction of text. */

const RAW = /[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** A run to a host of one kind, and to a good one. */
interface Ended {
  code: number | null;
  said: string;
  megabytes: number;
}

// Applies the play to a host of this kind, and to a good one.
async function apply(what: string): Promise<Ended> {
  const ports = { it: hosts.ports.get(what), good: hosts.ports.get(`good for ${what}`) };
  const list = Object.entries(ports).map(([name, port]) => [name, { ansible_port: port }]);
  const vars = {
    ansible_host: "127.0.0.1",
    ansible_user: "nobody",
    ansible_ssh_private_key_file: hosts.keyFile,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${hosts.knownHosts}`,
  };
  const inventory = { all: { hosts: Object.fromEntries(list) as object, vars } };
  const file = desk.file(`${nameOf(what)}.yml`, JSON.stringify(inventory));
  const args = [MAIN, "apply", play, "-i", file, "--yes", "-v", "--timeout", "15"];
  const child = spawn(process.execPath, args, {
    cwd: desk.folder,
    env: { ...process.env, XDG_CACHE_HOME: desk.folder, XDG_STATE_HOME: desk.folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [said, megabytes] = ["", 0];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const watch = setInterval(() => {
    megabytes = Math.max(megabytes, residentOf(child.pid!));
  }, 100);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(watch);
  return { code, said, megabytes };
}

// The most memory that a process had so far.
function residentOf(pid: number): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

// Those that are silent take a minute: all go at once, a few at a time.
const ended = new Map<string, Promise<Ended>>();
const tried = half(KINDS);
const queue = tried.map(([what]) => what);
beforeAll(() => {
  const next = async (): Promise<void> => {
    for (let what = queue.shift(); what !== undefined; what = queue.shift())
      await settle.get(what)!();
  };
  const settle = new Map(
    tried.map(([what]) => {
      let begin: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => (begin = resolve));
      ended.set(
        what,
        begun.then(() => apply(what)),
      );
      return [what, () => (begin(), ended.get(what)!.catch(() => undefined))];
    }),
  );
  for (let at = 0; at < 16; at++) void next();
});

test.each(tried.map(([what, , reason]) => [what, reason] as const))(
  "a host that %s is one failed host with a clear reason, or none",
  async (what, reason) => {
    const { code, said, megabytes } = await ended.get(what)!;
    expect(said).not.toMatch(RAW);
    if (reason !== undefined) expect(said).toMatch(reason);
    expect(code).toBeOneOf(reason === undefined ? [0] : [2, 4]);
    expect(said).toMatch(/\bgood\b.*(changed|ok)|(changed|ok).*\bgood\b/);
    expect(megabytes).toBeLessThan(200);
    expect(said).not.toMatch(/^\s+at .*\.js:\d+/m);
  },
  400_000,
);
