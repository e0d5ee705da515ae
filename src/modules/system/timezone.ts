import { TaskFailure } from "../../errors.ts";
import { contentText, statPath, type PathState } from "../../probes/files/path.ts";
import { sh } from "../../script/sh.ts";
import { staged } from "../../script/write.ts";
import type { Change, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { textFile } from "../files/copy/source.ts";
import { rootFile, rootLink } from "../shared/files/placed.ts";
import { restore } from "../../script/undo.ts";
import { fieldDiff } from "../contract/diff.ts";

const ZONES = "/usr/share/zoneinfo";
const LINK = "/etc/localtime";
const NAME_FILE = "/etc/timezone";

const schema = {
  collection: "community.general",
  description: "Sets the host's time zone.",
  example: `name: Times are the same on all hosts
timezone: {name: Etc/UTC}`,
  returns: [],
  arguments: {
    name: {
      type: "str",
      required: true,
      description: "The zone, such as Europe/Berlin; the host must have it (package tzdata).",
    },
  },
} as const satisfies Schema;

type TimezoneArgs = ArgsOf<typeof schema>;
/**
 * `link`: what /etc/localtime is; `zone`: the file that it should lead to;
 * `name`: Debian's /etc/timezone.
 */
type State = { link: PathState; zone: PathState; name: PathState };

/** The time zone: where /etc/localtime leads, and the name in /etc/timezone where that file is. */
export const timezone: Module<TimezoneArgs, State> = {
  name: "timezone",
  schema,
  observe({ name }) {
    if (!/^[A-Za-z0-9][\w+-]*(\/[\w+-]+)*$/.test(name))
      throw new TaskFailure(`"${name}" is not the name of a time zone`, "as in Europe/Berlin");
    return {
      link: statPath(LINK),
      zone: statPath(`${ZONES}/${name}`, { follow: true }),
      name: statPath(NAME_FILE, { follow: true, unless: "" }),
    };
  },
  plan,
  result: () => ({}),
};

function plan({ name }: TimezoneArgs, before: State): Change<State> | null {
  if (before.zone?.type !== "file")
    throw new TaskFailure(
      `given timezone "${name}" is not available`,
      `the host has no ${ZONES}/${name}; is the package tzdata installed?`,
    );
  const target = `${ZONES}/${name}`;
  const { link } = before;
  const leadsThere = link?.type === "link" && [target, `..${target}`].includes(link.target ?? "");
  const named = before.name?.type === "file" ? contentText(before.name)?.trim() : undefined;
  const isNamed = named === undefined || named === name;
  if (leadsThere && isNamed) return null;
  const file = textFile(`${name}\n`);
  const renamed = isNamed ? before.name : rootFile(file, 0o644);
  return {
    after: { ...before, link: leadsThere ? link : rootLink(target), name: renamed },
    steps: [
      ...(leadsThere ? [] : [{ run: sh`hw_link ${target} ${LINK}`, undo: restore(LINK) }]),
      ...(isNamed
        ? []
        : [
            {
              run: sh`hw_place ${staged(file)} ${NAME_FILE} 0644 root root`,
              undo: restore(NAME_FILE),
            },
          ]),
    ],
    diff: [fieldDiff("time zone", zoneOf(link) ?? named ?? null, name)],
  };
}

// The name of the zone to which a link leads.
function zoneOf(link: PathState): string | undefined {
  const target = link?.type === "link" ? (link.target ?? "") : "";
  return target.includes(`${ZONES}/`)
    ? target.slice(target.indexOf(`${ZONES}/`) + ZONES.length + 1)
    : undefined;
}
