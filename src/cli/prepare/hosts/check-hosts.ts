import { dirname, join } from "node:path";
import { InputError, UnplacedError } from "../../../errors.ts";
import type { Inventory } from "../../../inventory/model.ts";
import { matchHosts } from "../../../inventory/patterns.ts";
import { variableIn } from "../../../plan/model/variable-behind.ts";
import { areTemplated, selected } from "../../../plan/walk/tags.ts";
import type { Playbook } from "../../../playbook/play.ts";
import { didYouMean } from "../../../suggest.ts";
import { chosenItems, eachItem } from "../playbook/list.ts";
import { SHIPPED } from "../../playbook-path.ts";
import type { RunFlags } from "../../settings/options.ts";

/** What is warned of where tasks run here all the same. */
export const NO_HOSTS =
  'the inventory has no hosts: only the implicit localhost is available, which "all" does not match';

const ALLOW_EMPTY = "--allow-empty accepts that there is nothing to do";

/** What a run would look at. */
interface Looked {
  inventory: Inventory;
  playbook: Playbook;
  /** The hosts of all plays. */
  hosts: readonly string[];
  /** What was said of patterns that match nothing. */
  mismatches: readonly string[];
}

// Refuses a limit that no host of the inventory matches.
export function checkLimit(inventory: Inventory, limit: string | undefined, flags: RunFlags): void {
  if (inventory.hosts.size === 0 || limit === undefined || flags.allowEmpty) return;
  const mismatches: string[] = [];
  if (matchHosts(inventory, "all", limit, (message) => mismatches.push(message)).length > 0) return;
  throw new UnplacedError(
    `--limit ${flags.limit} does not match any hosts of the inventory`,
    mismatches.join("; ") || undefined,
  );
}

// Refuses a run that would look at no host, or do no task: an inventory that got lost must
// not read as "all is well".
export function refuseEmpty(looked: Looked, flags: RunFlags): void {
  if (flags.allowEmpty || flags.listHosts || flags.listTasks || flags.listTags) return;
  if (looked.playbook.plays.length === 0) return;
  if (looked.hosts.length === 0) throw noHosts(looked, flags);
  refuseTags(looked.playbook, flags);
}

/** A refusal in words. */
interface Words {
  message: string;
  hints: readonly string[];
}

// Why no play has a host. Of what runs in a playbook of the program's own, such as `runs`, the
// user has seen no playbook.
function noHosts(looked: Looked, flags: RunFlags): InputError {
  const { place } = looked.playbook.plays[0]!.hosts;
  const isOwn = dirname(place.file) === join(SHIPPED, "own");
  const { message, hints } = whyNoHosts(looked, flags, isOwn);
  const shown = [...hints, isOwn ? "" : ALLOW_EMPTY].filter(Boolean).join("; ");
  return new InputError(message, isOwn ? undefined : place, shown || undefined);
}

function whyNoHosts(
  { inventory, playbook, mismatches }: Looked,
  flags: RunFlags,
  isOwn: boolean,
): Words {
  if ((flags.inventory ?? []).length === 0)
    return {
      message: "no inventory was given, so there are no hosts",
      hints: [
        "name one with -i: a file, a directory, or host names with a trailing comma (-i host1,host2,)",
      ],
    };
  if (inventory.hosts.size === 0)
    return {
      message: `the inventory has no hosts: ${flags.inventory!.join(", ")}`,
      hints: ["check that it is the right one"],
    };
  if (flags.limit !== undefined)
    return {
      message: `--limit ${flags.limit} leaves no host of any play`,
      hints: isOwn ? [...new Set(mismatches)] : ["--list-hosts shows the hosts of each play"],
    };
  if (isOwn)
    return {
      message: "no host of the inventory matches the pattern",
      hints: [...new Set(mismatches)],
    };
  const groups = [...inventory.groups.keys()].filter(
    (name) => name !== "all" && name !== "ungrouped",
  );
  const known =
    groups.length > 0
      ? `the inventory's groups are ${groups.slice(0, 12).join(", ")}${groups.length > 12 ? " ..." : ""}`
      : "the inventory has no groups";
  const variable = variableIn(playbook.plays[0]!.hosts);
  const setBy = variable === undefined ? "" : `the hosts are set by the variable ${variable}`;
  return {
    message: "no play matches any host of the inventory",
    hints: [setBy, ...new Set(mismatches), mismatches.length > 0 ? "" : known],
  };
}

// Refuses tags that choose no task of a playbook that has some.
function refuseTags(playbook: Playbook, flags: RunFlags): void {
  const { tags = [], skipTags = [] } = flags;
  if (
    tags.length + skipTags.length === 0 ||
    playbook.plays.some((play) => chosenItems(play, flags).length > 0)
  )
    return;
  const all = playbook.plays.flatMap((play) => eachItem(play));
  if (all.length === 0 || all.some((item) => areTemplated(item.tags))) return;
  const names = [...new Set(all.flatMap((item) => item.tags))];
  const wrong = tags.find(
    (tag) => !all.some((item) => selected(item.tags, { tags: [tag], skipTags: [] })),
  );
  const guess = wrong === undefined ? undefined : didYouMean(wrong, names);
  throw new UnplacedError(
    `${tagWords(flags)} leaves no tasks`,
    [guess, "--list-tags shows the tags", ALLOW_EMPTY].filter(Boolean).join("; "),
  );
}

// The flags for tags, as they may have been given.
function tagWords({ tags = [], skipTags = [] }: RunFlags): string {
  const words = [
    tags.length > 0 ? `--tags ${tags.join(",")}` : "",
    skipTags.length > 0 ? `--skip-tags ${skipTags.join(",")}` : "",
  ];
  return words.filter(Boolean).join(" ");
}
