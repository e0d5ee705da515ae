// Tries the program while it is built, so that V8 keeps just what such runs call: reading that is a good part of a short run's start.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";

const RECORDER = join(import.meta.dirname, "record.cjs");

/** Nothing of it changes anything: what it asks for is there already. */
const PLAY = (folder) => [
  {
    hosts: "all",
    gather_facts: true,
    vars: { names: ["a", "b"], settings: { a: 1, b: [1, 2] } },
    tasks: [
      { file: { path: folder, state: "directory" }, register: "made" },
      { copy: { dest: join(folder, "one"), content: "one\n" }, notify: "told" },
      { template: { src: "one.j2", dest: join(folder, "one") } },
      { command: "/bin/true", args: { creates: folder } },
      { stat: { path: join(folder, "{{ item }}") }, loop: "{{ names }}", register: "seen" },
      { set_fact: { known: "{{ seen.results | map(attribute='stat.exists') | list }}" } },
      { debug: { msg: "{{ ansible_hostname }} {{ known | length }}" }, when: "known is defined" },
      {
        block: [{ assert: { that: ["names | length == 2", "'a' in names"] } }],
        rescue: [{ debug: { var: "settings" } }],
      },
    ],
    handlers: [{ name: "told", debug: { msg: "told" } }],
  },
];

const TRIALS = [
  ["--version"],
  ["apply", "play.yml", "-i", "hosts.yml", "--yes"],
  ["apply", "play.yml", "-i", "hosts.yml", "--yes", "--json"],
  ["plan", "play.yml", "-i", "hosts.ini", "-c", "local"],
  ["plan", "containerd.yml", "-i", "hosts.yml"],
  ["run", "all", "-i", "hosts.yml", "-m", "ping"],
  ["inventory", "-i", "hosts.yml", "--list"],
  ["lint", "play.yml"],
];

// Leaves beside the program what V8 made of it in all trials.
export async function tried(program) {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-build-"));
  const host = await startHost(folder);
  try {
    writeFileSync(join(folder, "one"), "one\n");
    writeFileSync(join(folder, "one.j2"), "{% for name in names[:1] %}one{% endfor %}\n");
    writeFileSync(join(folder, "play.yml"), JSON.stringify(PLAY(folder)));
    writeFileSync(join(folder, "hosts.ini"), "[some]\nlocalhost a=1\n");
    writeFileSync(join(folder, "hosts.yml"), JSON.stringify(host.inventory));
    for (const words of TRIALS) await trial(program, folder, words);
  } finally {
    host.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

// Runs one trial; the recorder reads what V8 made in those before it, and writes that with what this one added.
async function trial(program, folder, words) {
  const child = spawn(process.execPath, [RECORDER, program, ...words], {
    cwd: folder,
    env: { ...process.env, HOME: folder, XDG_CACHE_HOME: join(folder, "cache"), NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  const told = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (some) => told.push(some));
  const [code] = await once(child, "close");
  // a plan may find this machine wanting, which calls as much
  const isFine = words[0] === "plan" ? [0, 1, 2].includes(code) : code === 0;
  if (!isFine) throw new Error(`${words.join(" ")} ended with ${code}:\n${Buffer.concat(told)}`);
}

// A host that is this machine, behind a server of ssh2's on loopback.
async function startHost(folder) {
  const keys = ssh2.utils.generateKeyPairSync("ed25519");
  const server = new ssh2.Server({ hostKeys: [keys.private] }, (client) => {
    client.on("authentication", (login) => login.accept());
    client.on("error", () => undefined);
    client.on("session", (accept) => {
      const session = accept();
      session.on("exec", (acceptExec, _reject, { command }) => answer(acceptExec(), command));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  writeFileSync(join(folder, "key"), keys.private, { mode: 0o600 });
  writeFileSync(join(folder, "known_hosts"), `[127.0.0.1]:${port} ${keys.public}\n`);
  const vars = {
    ansible_host: "127.0.0.1",
    ansible_port: port,
    ansible_user: "root",
    ansible_ssh_private_key_file: join(folder, "key"),
    ansible_ssh_common_args: `-F none -o UserKnownHostsFile=${join(folder, "known_hosts")}`,
  };
  return {
    inventory: { all: { children: { some: { hosts: { one: vars }, vars: { a: 1 } } } } },
    close: () => server.close(),
  };
}

function answer(channel, command) {
  const child = spawn("/bin/sh", ["-c", command]);
  channel.pipe(child.stdin);
  child.stdin.on("error", () => undefined);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on("close", (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
  channel.on("close", () => child.kill());
}
