import { keepAnswer } from "../../src/plan/model/host.ts";
/**
 * `npm run bench -- --render`: the time to render a template that loops over the facts of all hosts, for all of these hosts, beside
 * Jinja2's own time for the same template on the same data. No host is needed: their facts are those of this machine, with other addresses.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare } from "../../src/cli/prepare/prepare.ts";
import { readAnsibleConfig } from "../../src/cli/settings/ansible-cfg.ts";
import { Vault } from "../../src/vault/vault.ts";
import { walkFleet } from "../../src/plan/walk/pass.ts";
import { askFacts, facts, type Facts } from "../../src/probes/system/facts.ts";
import { median } from "./turns.ts";

const TEMPLATE =
  "# {{ inventory_hostname }}\n{% for h in groups['all'] %}\n{{ hostvars[h].ansible_default_ipv4.address }} {{ h }} {{ hostvars[h].ansible_hostname }}.{{ domain }}\n{% endfor %}\n";
const PLAY =
  "- hosts: all\n  vars: {domain: example.org}\n  tasks:\n    - template: {src: hosts.j2, dest: /etc/hosts.fleet}\n";

// Reads template and data, renders for every host so many times, and answers the seconds of each time.
const JINJA2 = `
import json, sys, time, jinja2
data = json.load(sys.stdin)
template = jinja2.Environment(trim_blocks=True, keep_trailing_newline=True).from_string(data["template"])
def all_hosts():
    start = time.perf_counter()
    for h in data["groups"]["all"]: template.render(inventory_hostname=h, groups=data["groups"], hostvars=data["hostvars"], domain="example.org")
    return time.perf_counter() - start
print(json.dumps([all_hosts() for _ in range(data["rounds"])]))
`;

const ABOUT = [
  "A template with one line for each host, made of that host's facts, is rendered for every host: `hostvars[h].ansible_default_ipv4.address` and two",
  "more values, N lines for each of N hosts. Ours is the whole walk over a play with that one task, as plan does it; Jinja2's is `render` alone with plain dicts.",
];

/** The seconds for all hosts together. */
interface Times {
  hosts: number;
  own: number;
  jinja2: number;
}

// The facts of this machine, as the host of a number has them.
function factsOf(number: number, base: Facts): Facts {
  const address = `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
  return {
    ...base,
    hostname: name(number),
    default_ipv4: { ...(base["default_ipv4"] as object), address },
  };
}

function name(number: number): string {
  return `host${String(number).padStart(5, "0")}`;
}

// Times both for so many hosts, by turns.
async function timesFor(count: number, rounds: number, base: Facts): Promise<Times> {
  const names = Array.from({ length: count }, (_, i) => name(i));
  const folder = mkdtempSync(join(tmpdir(), "hullwright-render-"));
  const files = {
    "hosts.j2": TEMPLATE,
    "play.yml": PLAY,
    hosts: names.map((host) => `${host} ansible_connection=local`).join("\n"),
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const prepared = await prepare({
    books: [join(folder, "play.yml")],
    flags: { inventory: [join(folder, "hosts")], forks: 1, timeout: 1, verbose: 0 },
    settings: readAnsibleConfig(() => undefined),
    becomePassword: undefined,
    vault: new Vault(),
    warn: () => {},
  });
  prepared.runs.forEach((run, i) =>
    keepAnswer(run.known, askFacts(), run.host.login, factsOf(i, base)),
  );
  await prepared.runs[0]!.host.files.load([{ kind: "file", path: join(folder, "hosts.j2") }]);
  const { fleet } = prepared.runs[0]!.walk!.pass;
  const own = Array.from({ length: rounds }, () =>
    timed(() => void walkFleet(fleet, prepared.playbook, names)),
  );
  const hostvars = Object.fromEntries(
    names.map((host, i) => [
      host,
      Object.fromEntries(
        Object.entries(factsOf(i, base)).map(([fact, value]) => [`ansible_${fact}`, value]),
      ),
    ]),
  );
  const { stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", JINJA2], {
    input: JSON.stringify({ template: TEMPLATE, groups: { all: names }, hostvars, rounds }),
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (stdout === "") throw new Error(stderr);
  return { hosts: count, own: median(own), jinja2: median(JSON.parse(stdout) as number[]) };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

// What is measured, with a table: seconds, microseconds for each line that is printed, and the ratio.
export async function renderSection(
  counts: readonly number[] = [10, 100, 1000],
  rounds = 3,
): Promise<string[]> {
  const base = facts.parse(
    spawnSync("/bin/sh", ["-c", facts.script([null]).sh], { encoding: "utf8" }).stdout,
    [null],
  )[0]!;
  const lines = [
    "| hosts | lines | seconds | µs a line | Jinja2, seconds | µs a line | ratio |",
    "|---:|---:|---:|---:|---:|---:|---:|",
  ];
  for (const count of counts) {
    const { own, jinja2 } = await timesFor(
      count,
      count >= 1000 ? Math.min(rounds, 1) : rounds,
      base,
    );
    const each = (seconds: number): string => ((seconds / count ** 2) * 1e6).toFixed(2);
    lines.push(
      `| ${count} | ${count ** 2} | ${own.toFixed(3)} | ${each(own)} | ${jinja2.toFixed(3)} | ${each(jinja2)} | ${(own / jinja2).toFixed(2)} |`,
    );
  }
  return [...ABOUT, "", ...lines];
}
