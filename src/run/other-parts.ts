/**
 * What the parts of a run, whose hosts several processes do, find out together. Each waits for the
 * others, so that plays keep their order.
 */
export interface OtherParts {
  /**
   * All hosts are planned: the first play in which all hosts of all parts fail; -1: there is none.
   */
  planned(plays: readonly PlayCount[]): Promise<number>;
  /** All parts have come to a play. */
  begins(play: number, hosts: number): Promise<void>;
  /** All parts are done with a play: whether the run ends with it. */
  ends(play: number, count: PlayCount): Promise<boolean>;
}

/**
 * How the hosts of a play are: the run ends with a play in which no host is left, of
 * which some could be worked on.
 */
export interface PlayCount {
  /** Some of them can be worked on. */
  alive: boolean;
  /** All of them have failed. */
  failed: boolean;
}

// Whether the run ends with a play.
export function isLast({ alive, failed }: PlayCount): boolean {
  return alive && failed;
}
