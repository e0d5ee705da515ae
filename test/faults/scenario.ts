import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { smokeName } from "../lab/image.ts";
import type { LabHost } from "../lab/host.ts";
import { smokeVars, type Fleet } from "../e2e/fleet.ts";

/** All that containerd.yml puts on a host. */
const PLACES =
  "/usr/local/bin /usr/local/sbin /usr/local/lib/systemd /etc/containerd /etc/crictl.yaml /etc/systemd/system /opt/containerd /usr/bin/runc /var/cache/containerd";

/** Directories that have a file system of their own on a host whose disks are hit. */
export const DISKS = [
  "/usr/local",
  "/etc/containerd",
  "/var/cache/containerd",
  "/var/lib/hullwright",
];

/** What each of them is. A journal on a disk of its own keeps copies, not links: of a run, of its undo, and of the next run. */
export const DISK = { megabytes: 1500, mkfs: ["mkfs.ext4", "-q", "-F", "-m", "0"] };

/** A job of containerd.yml, and what is there before it. */
export interface Job {
  name: string;
  /** Arguments of what is there before; undefined: nothing. */
  from?: readonly string[];
  to: readonly string[];
}

// The jobs: on a bare host, where the controller brings the files; and an upgrade that changes all there is, where the host fetches them.
export function jobsOf(fleet: Fleet): Job[] {
  const registry = (name: string): string =>
    JSON.stringify({
      containerd_registries: [{ name, hosts: [{ url: "https://mirror.example.org" }] }],
    });
  return [
    { name: "bare", to: [...fleet.vars("1.6"), "-e", "containerd_download=controller"] },
    {
      name: "upgrade",
      from: [...fleet.vars("1.6"), "-e", registry("docker.io")],
      to: [
        ...fleet.vars("1.7"),
        "-e",
        registry("quay.io"),
        "-e",
        "containerd_systemd_cgroup=false",
        "-e",
        JSON.stringify({ containerd_daemon_environment: { NAME: "value" } }),
        "-e",
        JSON.stringify({ containerd_config_extra: { oom_score: -998 } }),
      ],
    },
  ];
}

/** A host on which rounds of a job are done, always from the same state. */
export class Stand {
  private container = "";
  /** The digests of files, by device, inode, size and times, so that each is read once. */
  private readonly digests = new Map<string, string>();
  /** What is there before the job, and after it. */
  before = new Set<string>();
  after = new Set<string>();

  readonly fleet: Fleet;
  readonly host: LabHost;
  readonly job: Job;

  constructor(fleet: Fleet, host: LabHost, job: Job) {
    [this.fleet, this.host, this.job] = [fleet, host, job];
  }

  private arguments(verb: string, words: readonly string[]): string[] {
    return [verb, "containerd.yml", "-i", this.fleet.inventory, "-l", this.host.name, ...words];
  }

  // Makes what is there before, and keeps a copy on the host.
  async prepare(): Promise<void> {
    const { host, job, fleet } = this;
    await host.must("mkdir -p /usr/local/bin /usr/local/sbin /var/cache/containerd");
    if (job.from) {
      await this.done(this.arguments("apply", [...job.from, "-y"]));
      const smoke = ["smoke.yml", "-i", fleet.inventory, "-l", host.name, ...(await smokeVars())];
      await this.done(["apply", ...smoke, "-y"]);
    }
    await host.must(
      `set --; for p in ${PLACES}; do [ ! -e $p ] || set -- "$@" "$p"; done; tar -cpf /root/before.tar -P "$@"`,
    );
    await this.reset();
    this.before = await this.tree();
    await this.done(this.arguments("apply", [...job.to, "-y"]));
    this.after = await this.tree();
  }

  // Puts the host back to what was there before the job; a container runs, where there can be one.
  async reset(): Promise<void> {
    const { host, job } = this;
    for (const path of await this.leftovers()) await host.run(`rm -rf ${path}`);
    const empty = `for p in ${PLACES}; do if [ -d $p ] && [ ! -L $p ]; then find $p -mindepth 1 -delete; mountpoint -q $p || rmdir $p 2>/dev/null; else rm -f $p; fi; done; find /var/lib/hullwright -mindepth 1 -delete 2>/dev/null; tar -xpPf /root/before.tar; systemctl daemon-reload`;
    if (!job.from) {
      await host.must(
        `systemctl stop containerd 2>/dev/null; systemctl reset-failed; ${empty}; rm -rf /var/lib/containerd/* /run/containerd`,
      );
      return;
    }
    await host.must(
      `${empty}; systemctl reset-failed; systemctl restart containerd; ctr version >/dev/null`,
    );
    if ((await this.running()) === "") {
      await host.run("ctr task rm -f lasting; ctr container rm lasting; ctr snapshot rm lasting");
      await host.must(`ctr run -d ${smokeName} lasting sleep 36000`);
    }
    this.container = await this.running();
  }

  // The container's process; empty: it does not run.
  private async running(): Promise<string> {
    return /lasting\s+(\d+)\s+RUNNING/.exec((await this.host.run("ctr task ls")).stdout)?.[1] ?? "";
  }

  // Whether the container that ran before the fault runs on.
  async runsOn(): Promise<boolean> {
    return this.container === (await this.running());
  }

  // Every path with its kind, mode, owner and content; private rooms are left out.
  async tree(): Promise<Set<string>> {
    const listed = await this.host.must(
      `for d in ${PLACES}; do [ ! -e $d ] || find $d -ignore_readdir_race \\( -name '.hw.*' -o -name .fill \\) -prune -o -printf '%p %y %m %u %g %l\\t%D:%i:%s:%T@:%C@\\n'; done`,
    );
    const found = listed.split("\n").flatMap((line): [line: string, key: string][] => {
      const [what, key] = line.split("\t");
      return key === undefined ? [] : [[what!, key]];
    });
    const files = found.filter(([what]) => what.split(" ")[1] === "f");
    for (const [what, key] of files)
      if (!this.digests.has(key)) this.digest(what.slice(0, what.indexOf(" ")), key);
    return new Set(
      found.flatMap((one) => {
        const [what, key] = one;
        if (!files.includes(one)) return [what];
        const digest = this.digests.get(key);
        return digest === undefined ? [] : [`${what} ${digest}`]; // otherwise it was removed meanwhile
      }),
    );
  }

  // Reads a file from outside: that takes a fifth of the time that it takes on the host. It may be
  // gone by now.
  private digest(path: string, key: string): void {
    try {
      const content = readFileSync(this.host.seen(path));
      this.digests.set(key, createHash("sha256").update(content).digest("hex"));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }

  // What is there of ours that only a run in progress needs. The journal is not: it is kept, and pruned.
  async leftovers(): Promise<string[]> {
    const found = await this.host.must(
      `find / -xdev -name '.hw.*' -print; for d in ${DISKS.join(" ")}; do find $d -name '.hw.*' -print; done; find /var/lib/hullwright -mindepth 1 -maxdepth 1 -name '.*' ! -name .fill; ls -d /var/lib/hullwright/stage /var/lib/hullwright/stop-* /var/lib/hullwright/pending/* 2>/dev/null; true`,
    );
    return [...new Set(found.split("\n").filter((line) => line !== ""))];
  }

  // The words of the job, by way of a proxy on this port.
  words(port: number): string[] {
    const { fleet, host } = this;
    const known = readFileSync(fleet.lab.knownHosts, "utf8");
    const key = known.split("\n").find((line) => line.startsWith(`${host.ip} `))!;
    const file = fleet.desk.file(`known-${host.name}`, key.replace(host.ip, `[127.0.0.1]:${port}`));
    const way = {
      ansible_host: "127.0.0.1",
      ansible_port: port,
      ansible_ssh_common_args: `-o UserKnownHostsFile=${file} -o ServerAliveInterval=2 -o ServerAliveCountMax=2`,
    };
    return this.arguments("apply", [...this.job.to, "-y", "-e", JSON.stringify(way)]);
  }

  // Applies the job, without anything in between; answers why it failed.
  async again(): Promise<string> {
    const words = [...this.job.to, "-y", "--lock-timeout", "180"];
    const { code, stdout, stderr } = await this.fleet.desk.call(this.arguments("apply", words));
    return code === 0 ? "" : `apply ends with ${code}: ${stdout}${stderr}`;
  }

  // What a plan of the job finds to do.
  async plan(): Promise<string> {
    const { code, stdout } = await this.fleet.desk.call(this.arguments("plan", this.job.to));
    return code === 0 ? "" : stdout;
  }

  private async done(words: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await this.fleet.desk.call(words);
    if (code !== 0) throw new Error(`${words.join(" ")} ends with ${code}: ${stdout}${stderr}`);
  }
}
