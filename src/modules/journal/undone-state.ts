import { ABSENT, isDirectory } from "../../probes/files/describe-path.ts";
import type { Links } from "../../probes/files/links.ts";
import { walk } from "../../probes/files/walk-path.ts";
import type { LookedAt } from "../../probes/journal/journal.ts";
import type { LookSubject, LookWord } from "../../probes/probe.ts";
import { afterUndo, wordsBy } from "./look-words.ts";
import type { Undoing } from "./entry.ts";

/**
 * What the host reports about a look: what it prints, the links on the way to its
 * path, and which file is there.
 */
export interface LookAnswer {
  printed: string;
  links: Links;
  /**
   * Device and inode of a file that has several names; undefined: it has one, or there is no file.
   */
  file: string | undefined;
}

/** The place of what links in a circle lead to: nothing is there. */
const NOWHERE = "nowhere";

/** Words of a subject; undefined: as the host printed it; null alone: nobody has seen it. */
type Known = readonly (LookWord | undefined)[];

/**
 * What a host looks like while the changes of a run are undone, the newest first: what is there
 * now, and on top of it what the undos put back. One file may have several names: links on the
 * way to it, and hard links.
 */
export class UndoneState {
  private readonly words = new Map<string, Known>();
  /**
   * Places that an undo makes a directory again, with contents that nobody has seen; and those
   * that it makes something else.
   */
  private readonly contents = new Map<string, "unseen" | "none">();
  private readonly links = new Map<string, string | null>();
  /** What undos have put back. */
  private readonly restored = new Set<string>();
  private readonly looks: readonly LookedAt[];
  private readonly found: ReadonlyMap<string, LookAnswer>;
  private readonly files = new Map<string, string[]>();

  constructor(looks: readonly LookedAt[], found: ReadonlyMap<string, LookAnswer>) {
    [this.looks, this.found] = [looks, found];
    for (const look of looks) this.readLinks(look, found.get(look.id)?.links ?? {});
    for (const look of looks) {
      const [file, place] = [found.get(look.id)?.file, this.placeNow(look)];
      if (file === undefined || place === undefined) continue;
      this.files.set(file, [...new Set([...(this.files.get(file) ?? []), place])]);
    }
  }

  // Notes what the host said about the links on the way of a look.
  private readLinks({ path }: LookedAt, links: Links): void {
    walk(path?.path ?? "/", true, (location) => {
      const target = Object.hasOwn(links, location) ? links[location]! : null;
      this.links.set(location, target ?? this.links.get(location) ?? null);
      return target;
    });
  }

  // The file that a look is about, by the links that are there now; undefined: that is not known.
  placeNow(look: LookSubject): string | undefined {
    return placeOf(look, (location) => this.links.get(location));
  }

  // The same, once newer changes are undone.
  place(look: LookSubject): string | undefined {
    return placeOf(look, (location) => this.linkAt(location));
  }

  // Where a link leads, once newer changes are undone; null: there is none;
  // undefined: that is not known.
  private linkAt(location: string): string | null | undefined {
    const place = keyOf(location);
    const [type, , , target] = this.words.get(place) ?? [];
    if (type === null) return undefined;
    if (type !== undefined) return isLink(type) ? wordText(target) : null;
    switch (this.around(place)) {
      case "unseen":
        return undefined;
      case "none":
        return null;
      case undefined: {
        const now = this.links.get(location);
        return typeof now === "string" ? (wordText(target) ?? now) : now;
      }
    }
  }

  // What undos make of the contents of the directories around a place.
  private around(place: string): "unseen" | "none" | undefined {
    for (let at = place.lastIndexOf("/"); at > 0; at = place.lastIndexOf("/", at - 1)) {
      const contents = this.contents.get(place.slice(0, at));
      if (contents !== undefined) return contents;
    }
    return undefined;
  }

  // The words of a look once newer changes are undone; undefined: they are not known before.
  wordsOf(look: LookedAt): LookWord[] | undefined {
    const place = this.place(look);
    if (place === NOWHERE) return [ABSENT];
    if (place === undefined) return undefined;
    const known = this.words.get(place) ?? [];
    if (known.length === 1 && known[0] === null) return undefined;
    if (known.length > 0 && known.every((word) => word !== undefined)) return [...known];
    const around = this.around(place);
    if (around !== undefined) return around === "none" ? [ABSENT] : undefined;
    if (place !== this.placeNow(look)) return undefined;
    return wordsBy(this.found.get(look.id)?.printed ?? "", look, known);
  }

  // Whether the undo of a newer change puts a path back.
  isRestored(path: string): boolean {
    const place = this.place(pathSubject(path));
    return place !== undefined && (this.restored.has(place) || this.around(place) === "unseen");
  }

  // Undoes one more change, which brought some paths besides.
  undo({ looks, steps }: Undoing, brought: readonly string[]): void {
    const before = new Map(looks.map((look) => [look, this.place(look)]));
    const isInPlace = !steps.some(({ does }) => does?.kind === "restore");
    // a link itself first: what it led to is no business of its change
    const ordered = [...looks].sort((one, two) => followed(one) - followed(two));
    for (const look of ordered) {
      const place = this.place(look);
      if (place === undefined || place === NOWHERE || place !== before.get(look)) continue;
      for (const name of isInPlace ? this.namesOf(place) : [place])
        this.put(name, look, !isInPlace);
    }
    for (const { does } of steps) {
      if (does?.kind === "restore below") this.putBelow(does.path);
      if (does?.kind === "restore" && does.path !== undefined) this.putUnseen(does.path, looks);
    }
    for (const path of brought) {
      const place = this.place(pathSubject(path));
      if (place !== undefined) this.restored.add(place);
    }
  }

  // Notes that something is put back that no look of its change has seen, such as a file in the
  // place of one that looks the same.
  private putUnseen(path: string, looks: readonly LookedAt[]): void {
    const place = this.place(pathSubject(path));
    if (place !== undefined && !looks.some((look) => this.place(look) === place))
      this.words.set(place, [null]);
  }

  // Notes that everything below a directory gets its mode and its owner back;
  // nobody has seen which.
  private putBelow(path: string): void {
    const around = this.place({ subject: keyOf(path), path: { path, follow: true } });
    for (const place of this.looks.map((look) => this.place(look)))
      if (around === undefined || place?.startsWith(`${around}/`))
        this.words.set(place ?? "", [null, null, null, this.words.get(place ?? "")?.[3]]);
  }

  // All names of a file.
  private namesOf(place: string): readonly string[] {
    for (const names of this.files.values()) if (names.includes(place)) return names;
    return [place];
  }

  // Notes what the undo of a change makes of a place.
  private put(place: string, look: LookedAt, isReplaced: boolean): void {
    const { from, to } = look;
    const [was, is] = [kindOf(from), kindOf(to)];
    if (was !== is && was !== undefined && is !== undefined) {
      const inside = (one: string): boolean => one.startsWith(`${place}/`);
      for (const map of [this.words, this.contents])
        for (const one of [...map.keys()].filter(inside)) map.delete(one);
      this.contents.set(place, is === "directory" ? "unseen" : "none");
    }
    this.words.set(place, afterUndo(look, this.words.get(place), isReplaced));
    this.restored.add(place);
  }
}

// The file that a look is about; what is no path is itself. Links in a circle lead to no
// file, not even to one of them.
function placeOf(
  { path, subject }: LookSubject,
  linkAt: (location: string) => string | null | undefined,
): string | undefined {
  if (path === undefined) return subject;
  const located = walk(path.path, path.follow, linkAt);
  if (located === "circle") return NOWHERE;
  return "location" in located ? keyOf(located.location) : undefined;
}

function keyOf(location: string): string {
  return `path ${location}`;
}

function pathSubject(path: string): LookSubject {
  return { subject: keyOf(path), path: { path, follow: false } };
}

function followed({ path }: LookSubject): number {
  return path?.follow ? 1 : 0;
}

// What words know of the text of a word; undefined: nothing.
function wordText(word: LookWord | undefined): string | undefined {
  return typeof word === "string" ? word : undefined;
}

// Whether the first word of a look at a path is that of a link.
function isLink(word: LookWord): boolean {
  return /^a([0-9a-f]{3})?$/.test(typeof word === "string" ? word : (word?.begins ?? ""));
}

// Which kind of thing words speak of, as far as what is inside it depends on that;
// undefined: that is not known.
function kindOf(words: readonly LookWord[]): "directory" | "other" | undefined {
  const [first] = words;
  if (isDirectory(words)) return "directory";
  return first === null || first === undefined ? undefined : "other";
}
