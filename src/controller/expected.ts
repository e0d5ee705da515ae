import { basename, dirname, join } from "node:path";
import { existsSync } from "../disk/reading.ts";

/** A task that is planned and not done yet, and what it may make of this machine's files. */
export interface Maker {
  task: string;
  /** Whether it may make or rewrite what is at a path. */
  mayMake(path: string): boolean;
  /**
   * Whether it may make files in a directory that have certain names; undefined: where `places`
   * says.
   */
  mayMakeIn?(directory: string, isNamed: (name: string) => boolean): boolean;
  /** Where there is something else afterwards, or nothing; undefined: wherever it may make it. */
  places?: readonly string[];
}

/** What tasks of the run that are not done yet will make of this machine's files. */
export class ExpectedFiles {
  private readonly coming = new Map<string, { task: string; isOther: boolean }>();
  private readonly makers: Maker[] = [];

  get isEmpty(): boolean {
    return this.coming.size === 0 && this.makers.length === 0;
  }

  // Notes a file that comes from a host, and whether it is another than what is here.
  bring(path: string, task: string, isOther: boolean): void {
    this.coming.set(path, { task, isOther });
  }

  add(maker: Maker): void {
    this.makers.push(maker);
  }

  // A file that was to come is there.
  arrived(path: string): void {
    this.coming.delete(path);
  }

  clear(): void {
    this.coming.clear();
    this.makers.length = 0;
  }

  /**
   * The task that brings the file which a search finds, or would find: `here` is what it finds
   * now. undefined: it is here as it will be.
   */
  maker(here: string | undefined, places: readonly string[]): string | undefined {
    const rewritten = here === undefined ? places : places.slice(0, places.indexOf(here) + 1);
    const maker = this.makers.find(({ mayMake }) => rewritten.some(mayMake));
    if (maker) return maker.task;
    const awaited = here ?? places.find((path) => this.coming.has(path));
    const { task, isOther } = (awaited !== undefined && this.coming.get(awaited)) || {};
    return here === undefined || isOther === true ? task : undefined;
  }

  // The task that decides whether there is something at a path, and what kind of thing.
  at(path: string): string | undefined {
    const isMade = (place: string): boolean => place === path || path.startsWith(`${place}/`);
    const maker = this.makers.find(({ mayMake, places }) => places?.some(isMade) ?? mayMake(path));
    return maker?.task ?? this.newFile((one) => one === path);
  }

  // The task that decides which files a directory has among those with certain names.
  within(directory: string, isNamed: (name: string) => boolean): string | undefined {
    const isIn = (place: string): boolean =>
      dirname(place) === directory && isNamed(basename(place));
    const isAbove = (place: string): boolean => join(directory, "/").startsWith(`${place}/`);
    const maker = this.makers.find(
      ({ mayMakeIn, places }) =>
        places?.some((place) => isIn(place) || isAbove(place)) ?? mayMakeIn?.(directory, isNamed),
    );
    return maker?.task ?? this.newFile(isIn);
  }

  private newFile(isWanted: (path: string) => boolean): string | undefined {
    for (const [path, { task }] of this.coming)
      if (isWanted(path) && !existsSync(path)) return task;
    return undefined;
  }
}
