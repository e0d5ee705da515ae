import type { UserState } from "../../../probes/system/account.ts";
import { contentText, statPath, type PathState } from "../../../probes/files/path.ts";
import type { Probe } from "../../../probes/probe.ts";
import type { Also } from "../../contract/module.ts";
import { hostPath } from "../../shared/files/ownership.ts";
import type { UserArgs } from "./schema.ts";

/**
 * What useradd creates homes from: its settings, what is at the home's path,
 * and the skeleton's contents.
 */
export type HomeState = { defaults?: PathState; place?: PathState } & {
  [file: `skeleton ${string}`]: PathState;
};

/** What skeletons hold as a rule; of anything else in one a plan does not know. */
const SKELETON = [".bashrc", ".profile", ".bash_logout"];

// Asks for it.
export function askHome({ name, home, create_home, skeleton = "/etc/skel" }: UserArgs): {
  [K in keyof HomeState]: Probe<HomeState[K]>;
} {
  const files = create_home ? SKELETON : [];
  return {
    defaults: statPath("/etc/default/useradd", { follow: true, unless: "" }),
    place: statPath(placeOf({ name, home }), { follow: true }),
    ...Object.fromEntries(
      files.map((file) => [
        `skeleton ${file}`,
        statPath(`${hostPath(skeleton)}/${file}`, { follow: true }),
      ]),
    ),
  };
}

// The usual path of a home.
export function placeOf({ name, home }: { name: string; home?: string | undefined }): string {
  return hostPath(home ?? `/home/${name}`);
}

// The home that useradd gives whoever has none of their own.
export function defaultHome(name: string, { defaults }: HomeState): string | null {
  if (defaults === undefined) return null;
  const base = /^HOME=(.+)$/m.exec(contentText(defaults) ?? "")?.[1];
  return `${base ?? "/home"}/${name}`;
}

// A directory that waited for its owner: the same number may have another name
// once the user exists.
export function renamed(place: PathState | undefined): PathState | undefined {
  if (!place) return undefined;
  const { owner: _owner, group: _group, ...rest } = place;
  return rest;
}

// The home directory of a new user, and the skeleton's files in it, whose content no plan looks at.
export function madeHome(
  old: UserState,
  wanted: NonNullable<UserState>,
  before: HomeState,
): Also[] {
  const { home, name } = wanted;
  if (home === null || !wanted.homeExists || old?.homeExists === true || before.place) return [];
  const files = SKELETON.filter((file) => before[`skeleton ${file}`]);
  const made = (subject: string, after: PathState): Also => ({ kind: "path", subject, after });
  return [
    made(home, { type: "directory", owner: name }),
    ...files.map((file) => made(`${home}/${file}`, { type: "file", owner: name, sha256: null })),
  ];
}
