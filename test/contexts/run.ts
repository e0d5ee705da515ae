import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { kept } from "./keep.ts";
import { isDeepStrictEqual } from "node:util";
import { Ansible } from "../conformance/ansible.ts";
import { runHullwright } from "../conformance/hullwright.ts";
import type { Outcome, Ran } from "../conformance/outcome.ts";
import { must } from "../lab/command.ts";
import type { LabHost } from "../lab/host.ts";
import { openLab, startLab, type Lab } from "../lab/lab.ts";
import { serveReleases } from "../lab/serve.ts";
import { contentTree, treeDiff } from "../lab/tree.ts";
import { PREPARE, RESET, cellsOf, layBook, layHere, withoutCell, type Cell } from "./book.ts";
import type { Context } from "./contexts.ts";
import type { Subject } from "./subjects.ts";

/** What came of one cell. */
export interface Judged {
  cell: Cell;
  likeness: "same" | "different" | "refused";
  /** What differs, a line each: - Ansible's, + ours. */
  lines: readonly string[];
}

interface Side {
  name: "ansible" | "ours";
  machine: LabHost;
  folder: string;
  inventory: string;
}

// Runs contexts with the subjects by both programs, each on a host of its own; `name` is a lab that is up already.
export async function runContexts(
  contexts: readonly Context[],
  subjects: readonly (Subject | undefined)[],
  { lab: name, keep }: { lab?: string | undefined; keep?: string | undefined },
  tell: (judged: readonly Judged[]) => void,
): Promise<Judged[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hullwright-contexts-")));
  const lab = name === undefined ? await startLab({ hosts: 2, base: "python" }) : openLab(name);
  mkdirSync(join(folder, "served"));
  writeFileSync(join(folder, "served/ctx-file"), "served\n");
  const server = await serveReleases(join(folder, "served"), lab.address);
  const ansible = new Ansible(folder);
  const home = process.cwd();
  try {
    const sides = (["ansible", "ours"] as const).map((side, number): Side => ({
      name: side,
      machine: lab.hosts[number]!,
      folder: join(folder, side),
      inventory: join(folder, `${side}.json`),
    }));
    await Promise.all(sides.map(async ({ machine }) => machine.must(PREPARE)));
    const all: Judged[] = [];
    for (const context of contexts) {
      const cells = cellsOf(context, subjects);
      if (cells.length === 0) continue;
      for (const side of sides)
        writeFileSync(side.inventory, inventoryOf(lab, side, context, server.url));
      const judged = await runContext(context, cells, sides, ansible, keep);
      tell(judged);
      all.push(...judged);
    }
    return all;
  } finally {
    process.chdir(home);
    ansible.close();
    await server.close();
    if (name === undefined) await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

// The one host of a side, under the name that both have it by.
function inventoryOf(lab: Lab, { machine, name }: Side, { vars }: Context, served: string): string {
  const { all } = load(lab.inventory()) as {
    all: { vars: object; hosts: Record<string, object> };
  };
  // ssh would send the locale of this machine along, which we never do
  const extra = name === "ansible" ? { ansible_ssh_extra_args: "-F none" } : {};
  const host = { ...all.hosts[machine.name], ...extra, ...vars, served, fetched: "fetched" };
  return JSON.stringify({ all: { vars: all.vars, hosts: { host } } });
}

/** What one side came to. */
export interface Seen {
  ran: Ran;
  tree: readonly string[];
  refused: ReadonlyMap<string, string>;
}

async function runContext(
  context: Context,
  cells: readonly Cell[],
  sides: readonly Side[],
  ansible: Ansible,
  keep: string | undefined,
): Promise<Judged[]> {
  const [theirs, ours] = await Promise.all(
    sides.map(async (side) => {
      const run = async (): Promise<Seen> => runSide(context, cells, side, ansible);
      return side.name === "ansible" && keep !== undefined
        ? kept(keep, context, cells, run)
        : run();
    }),
  );
  return cells.map((cell) => judge(cell, theirs!, ours!));
}

// Runs a context by one program; a cell for which the whole playbook is refused is taken out, and it is tried again.
async function runSide(
  context: Context,
  cells: readonly Cell[],
  side: Side,
  ansible: Ansible,
): Promise<Seen> {
  await side.machine.must(`${RESET}${layHere(context, cells, false)}`);
  if (context.before !== undefined) await side.machine.must(context.before);
  rmSync(side.folder, { recursive: true, force: true });
  mkdirSync(side.folder);
  await must(["sh", "-c", `cd ${side.folder} && ${layHere(context, cells, true)}`]);
  const refused = new Map<string, string>();
  let ran: Ran;
  for (;;) {
    const left = cells.filter(({ id }) => !refused.has(id));
    const { file, lines } = layBook(side.folder, context, left);
    const args = ["-i", side.inventory];
    ran =
      side.name === "ansible"
        ? await ansible.run([file, ...args], join(side.folder, "out"))
        : await runHullwright(file, args);
    if (ran.refused === undefined) break;
    const id = withoutCell(ran.refused, lines);
    if (id === undefined || refused.has(id)) break;
    refused.set(id, ran.refused.trim());
  }
  const there = await contentTree(side.machine, {
    roots: ["/srv/ctx", "/root/ctx", "/home/deploy/ctx", "/srv/home", "/etc/apt/sources.list.d"],
  });
  const here = await contentTree(
    { must: async (command) => (await must(["sh", "-c", command])).toString(), disks: [] },
    { roots: [side.folder] },
  );
  const said = await side.machine.must(
    "grep -rH '' --include=out /srv/ctx /srv/home /root/ctx /home/deploy/ctx 2>/dev/null; true",
  );
  there.push(...said.split("\n"));
  if (context.after !== undefined) await side.machine.must(context.after);
  return { ran, tree: [...there, ...here.map((line) => line.slice(side.folder.length))], refused };
}

// Compares what both came to in one cell.
function judge(cell: Cell, theirs: Seen, ours: Seen): Judged {
  const [their, own] = [theirs, ours].map(({ refused }) => refused.get(cell.id));
  if (own !== undefined)
    return their === undefined
      ? {
          cell,
          likeness: "refused",
          lines: [own, ...outcomesOf(theirs, cell).map((one) => `Ansible: ${one}`)],
        }
      : { cell, likeness: "same", lines: [] };
  if (their !== undefined)
    return { cell, likeness: "different", lines: [`Ansible refuses it: ${their}`] };
  const [a, b] = [theirs, ours].map((seen) => outcomesOf(seen, cell)) as [string[], string[]];
  const lines = isDeepStrictEqual(a, b)
    ? []
    : [...a.map((one) => `- ${one}`), ...b.map((one) => `+ ${one}`)];
  if (!cell.subject.isRandom) lines.push(...treeDiff(treeOf(theirs, cell), treeOf(ours, cell)));
  for (const { ran } of [theirs, ours])
    if ((ran.broken ?? ran.refused) !== undefined) lines.push(`! ${ran.broken ?? ran.refused}`);
  return { cell, likeness: lines.length > 0 ? "different" : "same", lines };
}

// The lines of a tree that are about one cell.
function treeOf({ tree }: Seen, { id, word }: Cell): string[] {
  return tree.filter((line) => new RegExp(`/(${id}|${word})[/.\t]`).test(line));
}

// What the tasks of one cell came to.
function outcomesOf({ ran }: Seen, { id }: Cell): string[] {
  const told = ({ status, shown, reason }: Outcome): string =>
    `${status}${shown === undefined ? "" : ` ${JSON.stringify(shown)}`}${reason === undefined ? "" : ` (${JSON.stringify(reason)})`}`;
  return [...ran.hosts.values()].flatMap(({ outcomes }) =>
    outcomes.filter(({ task }) => task === id).map(told),
  );
}
