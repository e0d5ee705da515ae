import { TaskFailure } from "../../errors.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import {
  askAlternatives,
  type Alternative,
  type AlternativesState,
  type LinkGroup,
} from "../../probes/system/alternatives.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import type { Also, Change, Diff, Module, Step } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { rootLink } from "../shared/files/placed.ts";
import { fieldDiff } from "../contract/diff.ts";

const schema = {
  collection: "community.general",
  description: "Selects the program for a common command, with update-alternatives.",
  example: `name: The editor is vim
alternatives: {name: editor, path: /usr/bin/vim.basic}`,
  returns: [],
  arguments: {
    name: { type: "str", required: true, description: "The name of the link group." },
    path: {
      type: "path",
      required: true,
      description: "The program that the link should lead to.",
    },
    link: {
      type: "path",
      description: "The link for users. Required where the host does not know the group.",
    },
    priority: {
      type: "int",
      description: "The priority of the alternative; a new one gets 50 unless given.",
    },
    state: {
      type: "str",
      choices: ["present", "selected", "auto", "absent"],
      default: "selected",
      description:
        "present registers the alternative, selected also selects it, auto also lets priorities decide; absent removes it.",
    },
    subcommands: {
      type: "list",
      elements: "dict",
      aliases: ["slaves"],
      description: "The commands that follow this one. Left as they are unless given.",
      options: {
        name: { type: "str", required: true, description: "The name of the follower." },
        path: { type: "path", required: true, description: "The program that it leads to." },
        link: { type: "path", required: true, description: "The link for users." },
      },
    },
  },
} as const satisfies Schema;

type AlternativesArgs = ArgsOf<typeof schema>;

interface State {
  group: AlternativesState;
  program: PathState;
  /** What is at the path of a follower's program. */
  [follower: `follower ${string}`]: PathState;
}

/** What is done so far: the resulting group. */
interface Work {
  group: LinkGroup | null;
  steps: Step[];
  messages: string[];
}

/** Which program a common command leads to. */
export const alternatives: Module<AlternativesArgs, State> = {
  name: "alternatives",
  schema,
  observe({ name, path, subcommands = [] }) {
    if (!/^[^\s/-][^\s/]*$/.test(name))
      throw new TaskFailure(`"${name}" is not the name of a link group`, "as in editor");
    return {
      group: askAlternatives(name),
      program: statPath(path, { follow: true }),
      ...Object.fromEntries(
        subcommands.map((one) => [`follower ${one.path}`, statPath(one.path, { follow: true })]),
      ),
    };
  },
  plan,
  result: (_args, _state, outputs) => (outputs ? {} : { msg: "" }),
};

function plan(args: AlternativesArgs, before: State): Change<State> | null {
  const { name, path, state } = args;
  if (before.group === "missing")
    throw new TaskFailure(
      'Failed to find required executable "update-alternatives"',
      "it is for hosts of Debian and of Red Hat's kin",
    );
  const work: Work = { group: before.group, steps: [], messages: [] };
  if (state === "absent") remove(args, work);
  else {
    install(args, before, work);
    if (state === "selected" && before.group?.value !== path) select(args, work);
    if (state === "auto" && before.group?.mode === "manual") setAuto(args, work);
  }
  if (work.steps.length === 0) return null;
  return {
    after: { ...before, group: work.group },
    also: changedLinks(name, before.group, work.group),
    // nobody knows which of several alternatives with the same priority is chosen
    opaque: work.group?.value === null ? true : "files",
    steps: work.steps,
    diff: diffOf(args, before.group, work.group),
    result: { msg: work.messages.join(" ") },
  };
}

// Registers the alternative, or registers it again if its priority or its followers differ.
function install(args: AlternativesArgs, before: State, work: Work): void {
  const { name, path, subcommands } = args;
  const { group } = work;
  const old = group?.alternatives[path];
  const followers = subcommands
    ? Object.fromEntries(subcommands.map((one) => [one.name, one.path]))
    : (old?.followers ?? {});
  const given = Object.fromEntries((subcommands ?? []).map((one) => [one.name, one.link]));
  const priority = args.priority ?? old?.priority ?? 50;
  if (group && old?.priority === priority && hasAll(group, old, followers, given)) return;
  if (before.program === null) throw new TaskFailure(`Specified path ${path} does not exist`);
  const link = args.link ?? group?.link ?? "";
  if (link === "")
    throw new TaskFailure(
      "Needed to install the alternative, but unable to do so as we are missing the link",
      "give link: the path that users call",
    );
  const next: Alternative = { priority, followers };
  const links = { ...group?.links, ...given };
  const relink = relinked(name, group, { link, links });
  work.steps.push({
    run: register(name, path, next, { link, links }),
    undo: lines([
      ...(old ? [register(name, path, old, group)] : [unregister(name, path), ...relink]),
      ...(group ? [back(name, group)] : []),
    ]),
  });
  work.group = withoutUnused({
    ...(group ?? { mode: "auto", value: "" }),
    link,
    links,
    alternatives: { ...group?.alternatives, [path]: next },
    missing: missing(before, group),
  });
  work.messages.push(`Install alternative '${path}' for '${name}'.`);
}

// The followers' programs that do not exist.
function missing(before: State, group: LinkGroup | null): string[] {
  const asked = Object.entries(before).filter(([key]) => key.startsWith("follower "));
  const absent = asked.flatMap(([key, state]) => (state === null ? [key.slice(9)] : []));
  return [...new Set([...(group?.missing ?? []), ...absent])];
}

// Whether an alternative has exactly these followers, with the given links; if the host does not
// report links, they match.
function hasAll(
  group: LinkGroup,
  { followers: present }: Alternative,
  wanted: Alternative["followers"],
  links: LinkGroup["links"],
): boolean {
  return (
    Object.keys(present).length === Object.keys(wanted).length &&
    Object.entries(wanted).every(([name, path]) => present[name] === path) &&
    Object.entries(links).every(([name, link]) => (group.links[name] ?? link) === link)
  );
}

// Gives a group its links back, where a new alternative brings others.
function relinked(
  name: string,
  group: LinkGroup | null,
  next: Pick<LinkGroup, "link" | "links">,
): Script[] {
  const [first] = Object.entries(group?.alternatives ?? {});
  if (!group || !first) return [];
  const isMoved = Object.entries(group.links).some(([key, link]) => next.links[key] !== link);
  return isMoved || next.link !== group.link ? [register(name, ...first, group)] : [];
}

function select({ name, path }: AlternativesArgs, work: Work): void {
  const group = work.group!;
  work.steps.push({ run: sh`update-alternatives --set ${name} ${path}`, undo: back(name, group) });
  work.group = { ...group, mode: "manual", value: path };
  work.messages.push(`Set alternative '${path}' for '${name}'.`);
}

function setAuto({ name }: AlternativesArgs, work: Work): void {
  const group = work.group!;
  work.steps.push({ run: sh`update-alternatives --auto ${name}`, undo: back(name, group) });
  work.group = withoutUnused({ ...group, mode: "auto" });
  work.messages.push(`Set alternative to auto for '${name}'.`);
}

function remove({ name, path }: AlternativesArgs, work: Work): void {
  const { group } = work;
  const old = group?.alternatives[path];
  if (!group || !old) return;
  const { [path]: _gone, ...alternatives } = group.alternatives;
  work.steps.push({
    run: unregister(name, path),
    undo: lines([register(name, path, old, group), back(name, group)]),
  });
  const mode = group.value === path ? "auto" : group.mode;
  const isLast = Object.keys(alternatives).length === 0;
  work.group = isLast ? null : withoutUnused({ ...group, mode, alternatives });
  work.messages.push(`Remove alternative '${path}' from '${name}'.`);
}

// The group as update-alternatives leaves it: unused links are removed; in automatic mode
// the highest priority wins.
function withoutUnused(group: LinkGroup): LinkGroup {
  const { mode, value, alternatives: all } = group;
  const used = new Set(Object.values(all).flatMap((one) => Object.keys(one.followers)));
  const links = Object.fromEntries(Object.entries(group.links).filter(([name]) => used.has(name)));
  const best = Math.max(...Object.values(all).map((one) => one.priority));
  const winners = Object.keys(all).filter((path) => all[path]!.priority === best);
  const only = winners.length === 1 ? winners[0]! : null;
  const chosen = value !== null && winners.includes(value) ? value : only;
  return { ...group, links, value: mode === "auto" ? chosen : value };
}

function register(
  name: string,
  path: string,
  { priority, followers }: Alternative,
  { link, links }: Pick<LinkGroup, "link" | "links">,
): Script {
  const known = Object.entries(followers).flatMap(([follower, to]) =>
    links[follower] === undefined ? [] : ["--slave", links[follower], follower, to],
  );
  return sh`update-alternatives --install ${link} ${name} ${path} ${priority} ${known}`;
}

function unregister(name: string, path: string): Script {
  return sh`update-alternatives --remove ${name} ${path}`;
}

// Brings back what a group led to, and how that was decided. In automatic mode, of equal
// priorities the present one stays.
function back(name: string, { mode, value, alternatives: all }: LinkGroup): Script {
  const set = value && all[value] ? [sh`update-alternatives --set ${name} ${value}`] : [];
  return lines(mode === "manual" ? set : [...set, sh`update-alternatives --auto ${name}`]);
}

// The links that lead elsewhere afterwards, those in /etc/alternatives too.
function changedLinks(name: string, before: LinkGroup | null, after: LinkGroup | null): Also[] {
  const [old, next] = [linksOf(name, before), linksOf(name, after)];
  const paths = [...new Set([...old.keys(), ...next.keys()])];
  return paths
    .filter((path) => old.get(path) !== next.get(path))
    .map((path) => {
      const target = next.get(path);
      return { kind: "path", subject: path, after: target === undefined ? null : rootLink(target) };
    });
}

// Where each link of a group leads.
function linksOf(name: string, group: LinkGroup | null): Map<string, string> {
  if (!group?.value) return new Map();
  const { value, link, links, missing } = group;
  const followers = Object.entries(group.alternatives[value]?.followers ?? {}).filter(
    ([, to]) => !missing.includes(to),
  );
  const all = [[name, link, value] as const].concat(
    followers.map(([follower, to]) => [follower, links[follower] ?? "", to] as const),
  );
  return new Map(
    all.flatMap(([key, at, to]) => [
      [`/etc/alternatives/${key}`, to],
      ...(at === "" ? [] : [[at, `/etc/alternatives/${key}`] as const]),
    ]),
  );
}

function diffOf(
  { name, path }: AlternativesArgs,
  before: LinkGroup | null,
  after: LinkGroup | null,
): Diff[] {
  const fields = [
    [name, describeGroup(before), describeGroup(after)],
    [path, detailsOf(before, path), detailsOf(after, path)],
  ] as const;
  return fields.flatMap(([title, old, next]) =>
    old === next ? [] : [fieldDiff(title, old, next)],
  );
}

// What a group leads to, in words.
function describeGroup(group: LinkGroup | null): string | null {
  return group && `${group.value ?? "the first of the highest priority"} (${group.mode})`;
}

function detailsOf(group: LinkGroup | null, path: string): string | null {
  const found = group?.alternatives[path];
  if (!group || !found) return null;
  const followers = Object.entries(found.followers).map(
    ([name, to]) => `${group.links[name] ?? name} -> ${to}`,
  );
  return [`priority ${found.priority}`, ...followers].join(", ");
}
