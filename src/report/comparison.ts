/** Two runs of one playbook, Ansible's and ours, compared task by task. */
import { diffArrays } from "diff";
import { defined } from "../defined.ts";
import { counted } from "./counted.ts";

/** The result of one task, or one item of its loop, on one host. */
export interface ToldTask {
  /** FILE:LINE. */
  place: string;
  task: string;
  /** The item of its loop: its number, and what it is called. */
  item?: { number: number; label: string };
  status: "ok" | "changed" | "skipped" | "failed" | "unreachable" | "deferred";
  /** Why it failed. */
  message?: string;
  /** What a debug task prints, as JSON with sorted keys. */
  shows?: string;
  /** It needs what Hullwright does not support. */
  isUnsupported?: boolean;
  /**
   * Why this run cannot say what the result of the task is, or cannot be compared with the other.
   */
  untold?: string;
}

/** What one program reports about a host. */
export interface HostSteps {
  steps: readonly ToldTask[];
  /** Why it did not reach all tasks of the host. */
  ended?: string | undefined;
}

/**
 * The result of comparing a pair. `untold`: one of the two cannot say what the result is; `not
 * reached`: one did not get that far.
 */
export type Likeness = "same" | "different" | "refused" | "untold" | "not reached";

/** One task on one host. */
export interface Compared {
  host: string;
  place: string;
  task: string;
  item?: string;
  likeness: Likeness;
  ansible?: ToldTask["status"];
  hullwright?: ToldTask["status"];
  why?: string;
}

/** In the order in which they are reported, the gravest first. */
const LIKENESSES = ["different", "refused", "not reached", "untold", "same"] as const;

const HEADINGS = {
  different: "Different",
  refused: "Refused or not supported by Hullwright",
  "not reached": "Not reached",
  untold: "Not shown by a dry run",
  same: "Same",
} as const;

/** What is known of a host when a pair is judged. */
interface Circumstances {
  ansible: HostSteps;
  ours: HostSteps;
  /** Ansible ran in check mode. */
  isDry: boolean;
  /** An earlier task whose result one of the two does not know. */
  isOpen: boolean;
  /** A task before it changes something, or may. */
  isChanged: boolean;
}

type Judgement = Pick<Compared, "likeness" | "why">;

// Compares what both programs report about a host. Tasks are paired by their position,
// items by their index. `isDry`: Ansible ran in check mode, where tasks fail because
// earlier ones did nothing.
export function compareSteps(
  host: string,
  ansible: HostSteps,
  ours: HostSteps,
  { isDry = true } = {},
): Compared[] {
  const [theirs, mine] = [[...ansible.steps], [...ours.steps]];
  const compared: Compared[] = [];
  const known: Circumstances = { ansible, ours, isDry, isOpen: false, isChanged: false };
  for (const { added, removed, count } of diffArrays(theirs.map(keyOf), mine.map(keyOf)))
    for (let left = count; left > 0; left--) {
      const their = added ? undefined : theirs.shift();
      const own = removed ? undefined : mine.shift();
      const { place, task, item } = (own ?? their)!;
      compared.push({
        host,
        place,
        task,
        ...judge(their, own, known),
        ...defined({ item: item?.label, ansible: their?.status, hullwright: own?.status }),
      });
      known.isOpen ||= compared.at(-1)!.likeness === "untold";
      known.isChanged ||= [their, own].some((step) => step !== undefined && mayChange(step));
    }
  return compared;
}

// The key that distinguishes tasks: their position, and the index of the item.
function keyOf({ place, item }: ToldTask): string {
  return `${place} ${item?.number ?? 0}`;
}

function mayChange({ status, untold }: ToldTask): boolean {
  return status === "changed" || status === "deferred" || untold !== undefined;
}

// Describes the result for a task that one or both of the two reached.
function judge(
  their: ToldTask | undefined,
  our: ToldTask | undefined,
  known: Circumstances,
): Judgement {
  if (our?.isUnsupported === true) return because("refused", our.message);
  if (!their) return alone("Ansible", known.ansible.ended, known.isOpen);
  if (!our) return alone("Hullwright", known.ours.ended, known.isOpen);
  if (their.status === "unreachable" && our.status === "failed") return { likeness: "same" };
  if (their.status === "unreachable" || our.status === "unreachable")
    return because("not reached", their.message ?? our.message);
  if (our.status === "deferred") return because("untold", our.untold);
  if (their.untold !== undefined && our.status !== "skipped")
    return because("untold", their.untold);
  if (their.status === our.status) return known.isDry ? { likeness: "same" } : shown(their, our);
  const why = their.message ?? our.message;
  if (our.untold !== undefined) return because("untold", our.untold);
  if (their.status === "failed" && known.isDry && known.isChanged)
    return because("untold", `Ansible's check fails, without what tasks before it do: ${why}`);
  return because("different", why);
}

// Compares what two debug tasks print.
function shown({ shows: theirs }: ToldTask, { shows: ours }: ToldTask): Judgement {
  if (theirs === undefined || ours === undefined || theirs === ours) return { likeness: "same" };
  return because("different", `Ansible prints ${theirs}, Hullwright ${ours}`);
}

// Judges a task that only one of the two reached.
function alone(who: string, ended: string | undefined, isOpen: boolean): Judgement {
  const what = `${who} does not reach it`;
  if (ended !== undefined) return because("not reached", `${what}: ${ended}`);
  if (isOpen) return because("untold", `${what}, as far as the tasks before it show`);
  return because("different", what);
}

function because(likeness: Likeness, why: string | undefined): Judgement {
  return why === undefined ? { likeness } : { likeness, why };
}

// Counts tasks by what came of them.
export function countLikenesses(compared: readonly Compared[]): Record<Likeness, number> {
  const count = (likeness: Likeness): number =>
    compared.filter((one) => one.likeness === likeness).length;
  return {
    same: count("same"),
    different: count("different"),
    refused: count("refused"),
    untold: count("untold"),
    "not reached": count("not reached"),
  };
}

// The sum in one line.
export function comparisonSum(compared: readonly Compared[]): string {
  const counts = countLikenesses(compared);
  const hosts = new Set(compared.map(({ host }) => host)).size;
  return (
    `${counted(compared.length, "task")} on ${counted(hosts, "host")}: ${counts.same} same, ${counts.different} different, ` +
    `${counts.refused} not supported, ${counts.untold} not shown, ${counts["not reached"]} not reached`
  );
}

// All that is not the same, hosts with the same finding together, and the sum; with
// `verbose` what is the same, too.
export function renderComparison(compared: readonly Compared[], verbose: boolean): string[] {
  const lines = LIKENESSES.filter((likeness) => verbose || likeness !== "same").flatMap(
    (likeness) => {
      const blocks = alike(compared.filter((one) => one.likeness === likeness));
      return blocks.length === 0 ? [] : [`${HEADINGS[likeness]}:`, ...blocks, ""];
    },
  );
  return [...lines, comparisonSum(compared)];
}

// A block for each task, whatever hosts it is about; hosts whose blocks differ in their own name
// alone have one.
function alike(compared: readonly Compared[]): string[] {
  const groups = new Map<string, { block: string; hosts: string[]; isOwn: boolean }>();
  for (const { host, ...one } of compared) {
    const block = renderCompared({ host, ...one });
    const nameless = block.replaceAll(asWord(host), "\0");
    const group = groups.get(nameless) ?? { block, hosts: [], isOwn: nameless !== block };
    if (!group.hosts.includes(host)) group.hosts.push(host);
    groups.set(nameless, group);
  }
  return [...groups.values()].map(({ block, hosts, isOwn }) => {
    const example = isOwn && hosts.length > 1 ? `, for example on ${hosts[0]!}` : "";
    return `${block}\n    on ${hosts.join(", ")}${example}`;
  });
}

// A host's name where it stands as a word of its own.
function asWord(host: string): RegExp {
  return new RegExp(
    String.raw`(?<![\w.-])${host.replace(/[^\w]/g, String.raw`\$&`)}(?![\w-])`,
    "g",
  );
}

function renderCompared({ place, task, item, ansible, hullwright, why }: Compared): string {
  const said = (status: ToldTask["status"] | undefined): string =>
    status === "deferred" ? "known after apply" : (status ?? "not reached");
  const lines = [
    `  ${task}${item === undefined ? "" : ` (item ${item})`}`,
    `    at ${place}`,
    ansible === hullwright
      ? `    both: ${said(ansible)}`
      : `    Ansible: ${said(ansible)}; Hullwright: ${said(hullwright)}`,
  ];
  if (why !== undefined) lines.push(`    ${why.trim().replaceAll("\n", "\n    ")}`);
  return lines.join("\n");
}
