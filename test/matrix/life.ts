import { defined } from "../../src/defined.ts";
import { changesOf } from "../e2e/cli.ts";
import { DRIFT_REGISTRIES, DRIFTS, type Drift } from "../e2e/drifts.ts";
import { smokeVars, startFleet, type Fleet } from "../e2e/fleet.ts";
import type { LabHost } from "../lab/host.ts";
import { smokeName } from "../lab/image.ts";
import { contentTree, fileTree, treeDiff } from "../lab/tree.ts";
import { SERIES, STAGES, type Cell, type Stage } from "./cells.ts";
import type { CellResult, StageResult } from "./table.ts";

const HOST = "h01";

/** What may differ on a host that has had containerd: notes of our own runs, and what goes with the next boot. */
const STAYS = ["/var/lib/hullwright", "/run/nri", "/tmp"];

/** containerd gives its data root the mode that it wants; where that is a mount point, it stays. */
const OWN_MODE = /^[-+] \/var\/lib\/containerd\td\t/;

/** What is asked of every run: lines of what is wrong, and a few words of what it came to. */
type Run = (wrong: string[]) => Promise<string>;

// Puts a host of its own through all stages of a cell; what cannot be gone on from ends it.
export async function live(cell: Cell, drifts: readonly Drift[] = DRIFTS): Promise<CellResult> {
  const { ground, host } = cell;
  const fleet = await startFleet(1, {
    dataRoot: ground.disk,
    ...defined({ base: host?.base, runcOf: host?.suite }),
  });
  try {
    if (cell.ground.prepare !== undefined) await fleet.host(HOST).must(cell.ground.prepare);
    const life = new Life(fleet, cell, drifts);
    const stages = new Map<Stage, StageResult>();
    for (const stage of STAGES) {
      const run = life.stages()[stage];
      if (run === undefined) continue;
      const result = await resultOf(run);
      stages.set(stage, result);
      if (stage === "fresh" && result.wrong.length > 0) break;
    }
    return { cell, version: fleet.version(cell.series), stages };
  } finally {
    await fleet.down();
  }
}

// Does a stage; what it throws is wrong, too.
async function resultOf(run: Run): Promise<StageResult> {
  const wrong: string[] = [];
  try {
    return { words: await run(wrong), wrong };
  } catch (error) {
    return { words: "not finished", wrong: [...wrong, (error as Error).message] };
  }
}

/** A host on its way through the stages. */
class Life {
  private readonly fleet: Fleet;
  private readonly cell: Cell;
  private readonly drifts: readonly Drift[];
  private readonly host: LabHost;
  private readonly next: string | undefined;
  private bare: string[] = [];
  /** The process of the container that must live on. */
  private pid = "";

  constructor(fleet: Fleet, cell: Cell, drifts: readonly Drift[]) {
    this.fleet = fleet;
    this.cell = cell;
    this.drifts = drifts.filter(({ ofRegistry }) => !ofRegistry || readsHosts(cell.series));
    this.host = fleet.host(HOST);
    const series = cell.host?.series ?? SERIES;
    this.next = series[series.indexOf(cell.series) + 1];
  }

  // What is done at each stage; undefined: this cell has no such stage.
  stages(): Record<Stage, Run | undefined> {
    const { series } = this.cell;
    const next = this.next;
    return {
      fresh: (wrong) => this.fresh(wrong),
      rerun: (wrong) => this.rerun(wrong),
      drift: (wrong) => this.drift(wrong),
      upgrade: next === undefined ? undefined : (wrong) => this.change(wrong, next),
      downgrade: next === undefined ? undefined : (wrong) => this.change(wrong, series),
      uninstall: (wrong) => this.uninstall(wrong),
    };
  }

  // A bare host: the plan writes nothing, apply does what was planned, and a container runs.
  private async fresh(wrong: string[]): Promise<string> {
    this.bare = await contentTree(this.host, { exclude: STAYS });
    const before = await fileTree(this.host);
    await this.call("plan", "containerd.yml", this.vars(this.cell.series));
    wrong.push(...treeDiff(before, await fileTree(this.host)).map((line) => `plan: ${line}`));
    const changes = await this.install(wrong, this.cell.series);
    const { snapshotter } = this.cell.ground;
    await this.ctr(`run -d --snapshotter ${snapshotter} ${smokeName} lasting sleep 86400`);
    this.pid = await this.pidOfContainer();
    if (this.pid === "") wrong.push("the container does not run");
    return `${changes} changes`;
  }

  // Once more: nothing is done, and nothing is restarted.
  private async rerun(wrong: string[]): Promise<string> {
    const daemon = await this.daemon();
    const { code, changes, report } = await this.call(
      "apply",
      "containerd.yml",
      this.vars(this.cell.series),
    );
    if (code !== 0 || changes.length > 0) wrong.push(`apply ends with ${code}: ${list(changes)}`);
    if ((await this.daemon()) !== daemon) wrong.push("the daemon was restarted");
    await this.lives(wrong);
    const { rounds } = report.hosts[HOST]!;
    return `${changes.length} changes, ${rounds} round${rounds === 1 ? "" : "s"}`;
  }

  // Somebody changes something by hand: the plan has it, and apply puts it right.
  private async drift(wrong: string[]): Promise<string> {
    let right = 0;
    for (const drift of this.drifts) {
      const faults: string[] = [];
      await this.driftOnce(faults, drift);
      await this.lives(faults);
      if (faults.length === 0) right++;
      wrong.push(...faults.map((line) => `${drift.name}: ${line}`));
    }
    return `${right} of ${this.drifts.length}`;
  }

  // One of them.
  private async driftOnce(wrong: string[], { damage, finds, none }: Drift): Promise<void> {
    const vars = this.vars(this.cell.series);
    await this.host.must(damage);
    const plan = await this.call("plan", "containerd.yml", vars);
    if (none) {
      if (plan.changes.length > 0) wrong.push(`plan has ${list(plan.changes)}`);
      return;
    }
    if (!finds.test(plan.changes.join("\n"))) wrong.push(`plan has ${list(plan.changes)}`);
    await this.settle(wrong, vars, plan.changes);
  }

  // Another release over the one that is there.
  private async change(wrong: string[], series: string): Promise<string> {
    const changes = await this.install(wrong, series);
    await this.lives(wrong);
    return `to ${this.fleet.version(series)}: ${changes} changes`;
  }

  // All goes, and what was there before is there.
  private async uninstall(wrong: string[]): Promise<string> {
    const refused = await this.call("plan", "uninstall.yml", []);
    if (!refused.changes.join("\n").includes("containers run: default/lasting"))
      wrong.push(`it is not refused while a container runs: ${list(refused.changes)}`);
    const all = ["containerd_stop_containers=true", "containerd_remove_data=true"];
    const words = all.flatMap((word) => ["-e", word]);
    const { code, changes } = await this.call("apply", "uninstall.yml", words);
    if (code !== 0) wrong.push(`apply ends with ${code}: ${list(changes)}`);
    const now = await contentTree(this.host, { exclude: STAYS });
    const left = treeDiff(this.bare, now).filter((line) => !OWN_MODE.test(line));
    wrong.push(...left.slice(0, 5));
    return left.length === 0 ? "as before" : `${left.length} paths are not as before`;
  }

  // Plans and applies a release, and runs a container on it; answers the number of changes.
  private async install(wrong: string[], series: string): Promise<number> {
    const vars = this.vars(series);
    const plan = await this.call("plan", "containerd.yml", vars);
    if (plan.code !== 2) wrong.push(`plan ends with ${plan.code}: ${list(plan.changes)}`);
    await this.settle(wrong, vars, plan.changes);
    if (!(await this.ctr("version")).includes(this.fleet.version(series)))
      wrong.push(`the daemon is no ${this.fleet.version(series)}`);
    const { snapshotter } = this.cell.ground;
    const smoke = [...(await smokeVars()), "-e", `containerd_snapshotter=${snapshotter}`];
    const ran = await this.call("apply", "smoke.yml", smoke);
    if (ran.code !== 0) wrong.push(`smoke.yml ends with ${ran.code}: ${list(ran.changes)}`);
    return plan.changes.length;
  }

  // Applies what was planned; nothing must be left to do.
  private async settle(
    wrong: string[],
    vars: readonly string[],
    planned: readonly string[],
  ): Promise<void> {
    const { code, changes } = await this.call("apply", "containerd.yml", vars);
    if (code !== 0) wrong.push(`apply ends with ${code}`);
    if (list(changes) !== list(planned))
      wrong.push(`apply did ${list(changes)}; planned was ${list(planned)}`);
    const again = await this.call("plan", "containerd.yml", vars);
    if (again.code !== 0) wrong.push(`the plan behind it has ${list(again.changes)}`);
  }

  // Arguments of containerd.yml.
  private vars(series: string): string[] {
    const more = {
      containerd_snapshotter: this.cell.ground.snapshotter,
      containerd_registries: readsHosts(series) ? DRIFT_REGISTRIES : [],
      // releases between those that can be had are left out
      containerd_allow: ["unsupported_step"],
    };
    return [...this.fleet.vars(series), "-e", JSON.stringify(more)];
  }

  // Calls hullwright; answers exit code and changes, with what failed among them.
  private async call(verb: string, playbook: string, more: readonly string[]) {
    const { desk, inventory } = this.fleet;
    const yes = verb === "apply" ? ["-y"] : [];
    const report = await desk.json([verb, playbook, "-i", inventory, ...yes, ...more]);
    // a mistake is told before any host is
    if (report.hosts?.[HOST] === undefined) throw new Error(JSON.stringify(report));
    return { code: report.code, changes: changesOf(report, HOST), report };
  }

  // The container must have kept its process.
  private async lives(wrong: string[]): Promise<void> {
    const pid = await this.pidOfContainer();
    if (pid !== this.pid) wrong.push(`the container had the pid ${this.pid}, and has ${pid}`);
  }

  private async pidOfContainer(): Promise<string> {
    return /lasting\s+(\d+)\s+RUNNING/.exec(await this.ctr("task ls"))?.[1] ?? "";
  }

  private async ctr(words: string): Promise<string> {
    return await this.host.must(`ctr ${words}`);
  }

  private async daemon(): Promise<string> {
    return await this.host.must("systemctl show -p MainPID -p InvocationID containerd");
  }
}

// Whether a containerd reads hosts.toml.
function readsHosts(series: string): boolean {
  return series !== "1.4";
}

// Lines as one, for people.
function list(lines: readonly string[]): string {
  return lines.length === 0 ? "nothing" : lines.join("; ");
}
