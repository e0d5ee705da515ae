import { overlayPath, type PathState } from "../../probes/files/path.ts";
import type { Json } from "../../value.ts";
import { walk, type Located } from "../../probes/files/walk-path.ts";
import { readLinks } from "./links.ts";
import { canonical } from "../../canonical.ts";

/** What this run makes of one location. */
interface Planned {
  state: PathState;
  /** When it was made. */
  order: number;
  /** When all that was below it went. */
  clearedAt: number;
  /** What the host reported before is about something else. */
  isNew: boolean;
}

/** Attributes of all that was below a location by then: what a state becomes, by what it was. */
interface Recursion {
  location: string;
  order: number;
  becomes: ReadonlyMap<string, PathState>;
}

/**
 * What the tasks of a run make of paths. Everything is stored by location, so that a task sees what
 * an earlier one made under another name: through existing links, and through links that the run
 * makes, changes or removes.
 */
export class PlannedPaths {
  private readonly answers: ReadonlyMap<string, Json>;
  private readonly behind: string;
  private readonly planned = new Map<string, Planned>();
  private readonly recursions: Recursion[] = [];
  private links: Map<string, string | null> | undefined;
  /** The other names of a file, by each of them. */
  private readonly names = new Map<string, Set<string>>();
  private clock = 0;
  /** What was made up to then is done: what is asked from now on shows it. */
  private doneAt = 0;

  // `behind` stands for the questions behind which the answers about links were given.
  constructor(answers: ReadonlyMap<string, Json>, behind = "") {
    this.answers = answers;
    this.behind = behind;
  }

  /** Whether nothing is made of any path. */
  get isEmpty(): boolean {
    return this.clock === 0;
  }

  // Notes that all that was made up to now is done.
  settle(): void {
    this.doneAt = this.clock;
  }

  // Where a path leads by then; `made` is what a change is just about to make.
  locate(path: string, follows: boolean, made?: ReadonlyMap<string, PathState>): Located {
    return walk(path, follows, (location) => {
      const state = made?.get(location);
      return state === undefined ? this.linkAt(location) : targetOf(state);
    });
  }

  // Where a path leads on the host as it was when it was asked.
  observedLocation(path: string, follows: boolean): string | undefined {
    const found = walk(path, follows, (location) => this.observed.get(location));
    return typeof found === "object" && "location" in found ? found.location : undefined;
  }

  // What is made of a location: null if it, or a directory above it, is
  // removed; undefined: nothing.
  at(location: string): { state: PathState; isNew: boolean } | undefined {
    const own = this.planned.get(location);
    if (this.isGone(location, own?.order ?? 0)) return { state: null, isNew: true };
    return own && { state: this.recursed(location, own.state, own.order), isNew: own.isNew };
  }

  // All that is made, by location; null: removed.
  all(): ReadonlyMap<string, PathState> {
    return new Map(
      [...this.planned.keys()].map((location) => [location, this.at(location)?.state ?? null]),
    );
  }

  // The state that the host reported for a location, with the attributes that a change of a
  // directory above has given to everything below.
  recursed(location: string, state: PathState, since = 0): PathState {
    let now = state;
    for (const { location: folder, order, becomes } of this.recursions) {
      if (order > since && isBelow(location, folder) && now !== null)
        now = withAttributes(now, becomes.get(attributesOf(now)));
    }
    return now;
  }

  // Whether anything of a location is still to be made, changed or removed.
  isChanging(location: string): boolean {
    return (
      (this.planned.get(location)?.order ?? 0) > this.doneAt ||
      this.isGone(location, this.doneAt) ||
      this.recursions.some(
        ({ order, location: folder }) => order > this.doneAt && isBelow(location, folder),
      )
    );
  }

  // What is still to be made below a location: the states, whether they are all that will be there,
  // and whether something goes or becomes another that was there before.
  below(location: string): { states: PathState[]; isWhole: boolean; changes: boolean } {
    const inside = [...this.planned].filter(
      ([at, { order }]) => order > this.doneAt && isBelow(at, location) && !this.isGone(at, order),
    );
    const states = inside.flatMap(([at, { state, order }]) =>
      state === null ? [] : [this.recursed(at, state, order)],
    );
    const recurses = this.recursions.some(
      ({ order, location: at }) =>
        order > this.doneAt && (at === location || isBelow(location, at)),
    );
    const isWhole = (this.planned.get(location)?.clearedAt ?? 0) > this.doneAt;
    return { states, isWhole, changes: recurses || inside.some(([, { isNew }]) => !isNew) };
  }

  // Notes what becomes of a path. `before` is what was there, where that is
  // known; answers the location.
  make(subject: string, after: PathState, before?: PathState): string | undefined {
    const [, how, path] = /^(below |follow )?(.*)$/s.exec(subject)!;
    const location = this.locationFor(path!, how === "follow ");
    if (location === undefined) return undefined;
    if (how !== "below ") this.makeNames(location, after, before);
    if (how === "below ") this.recurse(location, after, before);
    else if (how === undefined || after !== null) this.put(location, after, before); // A link to nothing says nothing of where it leads.
    return location;
  }

  // Notes that two paths are names of one file: what becomes of one by then becomes of the other.
  joinNames(subject: string): void {
    const [one, other] = subject.split("\n").map((name) => this.locationFor(name, false));
    if (one === undefined || other === undefined) return;
    this.names.set(one, new Set([...(this.names.get(one) ?? []), other]));
    this.names.set(other, new Set([...(this.names.get(other) ?? []), one]));
  }

  // What a change of one name of a file means for its other names: they get its attributes. With
  // another content it is another file, as it is renamed into place.
  private makeNames(location: string, after: PathState, before: PathState | undefined): void {
    const others = this.names.get(location);
    if (others === undefined) return;
    const isOther = after?.type !== "file" || (before && before.sha256 !== after.sha256);
    for (const other of others) {
      const state = this.at(other)?.state;
      if (isOther === true) this.names.get(other)?.delete(location);
      else if (state) this.put(other, withAttributes(state, after), undefined);
    }
    if (isOther === true) this.names.delete(location);
  }

  // The location where a change of a path takes effect. A path that nobody has asked about is
  // assumed not to be a link.
  private locationFor(path: string, follows: boolean): string | undefined {
    const found = walk(path, follows, (location) => this.linkAt(location) ?? null);
    return typeof found === "object" && "location" in found ? found.location : undefined;
  }

  private put(location: string, made: PathState, before: PathState | undefined): void {
    const own = this.planned.get(location);
    const was = this.at(location);
    const state = was?.state ? overlayPath(was.state, made) : made;
    if (was && canonical(was.state) === canonical(state)) return;
    const order = ++this.clock;
    const isFolder = state?.type === "directory";
    const stays = was?.state?.type === "directory" && isFolder;
    const clears =
      state === null ||
      (!isFolder && state.type !== "link") ||
      (isFolder && state.isNew === true && !stays);
    const isNew =
      was === undefined
        ? before === null || (isFolder && state.isNew === true)
        : was.isNew || was.state === null;
    this.planned.set(location, {
      state,
      order,
      clearedAt: clears ? order : (own?.clearedAt ?? 0),
      isNew,
    });
  }

  private recurse(location: string, after: PathState, before: PathState | undefined): void {
    const [old, now] = [before?.below ?? [], after?.below ?? []];
    if (old.length !== now.length) return;
    const becomes = new Map(old.map((state, i) => [attributesOf(state), now[i]!]));
    this.recursions.push({ location, order: ++this.clock, becomes });
  }

  // Whether a directory above was removed or recreated after something was made of a location.
  private isGone(location: string, order: number): boolean {
    for (let at = location.lastIndexOf("/"); at > 0; at = location.lastIndexOf("/", at - 1)) {
      if ((this.planned.get(location.slice(0, at))?.clearedAt ?? 0) > order) return true;
    }
    return false;
  }

  private linkAt(location: string): string | null | undefined {
    const made = this.at(location);
    if (made === undefined) return this.observed.get(location);
    return targetOf(made.state);
  }

  // What the host reported about links, whoever asked. A link that one user can see and
  // another cannot is a link.
  private get observed(): ReadonlyMap<string, string | null> {
    return (this.links ??= readLinks(this.answers, this.behind));
  }
}

// What a link holds; null: it is none.
function targetOf(state: PathState): string | null {
  return state?.type === "link" ? (state.target ?? null) : null;
}

function isBelow(location: string, folder: string): boolean {
  return location.startsWith(folder === "/" ? "/" : `${folder}/`);
}

// What a recursion may change of a state, as a text to find it by.
function attributesOf(state: PathState): string {
  return state === null
    ? ""
    : `${state.type} ${state.mode} ${state.uid ?? state.owner} ${state.gid ?? state.group}`;
}

function withAttributes(
  state: NonNullable<PathState>,
  attributes: PathState | undefined,
): NonNullable<PathState> {
  if (!attributes) return state;
  const { owner: _owner, group: _group, uid: _uid, gid: _gid, mode: _mode, ...rest } = state;
  const { owner, group, uid, gid, mode } = attributes;
  const given = Object.entries({ owner, group, uid, gid, mode }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...rest, ...(Object.fromEntries(given) as Partial<NonNullable<PathState>>) };
}
