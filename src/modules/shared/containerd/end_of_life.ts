import { fullRelease, RELEASE_LINES, type ReleaseLine } from "./releases.ts";
import { atLeast, readVersion, type Version } from "./version.ts";

/** So many other versions are named, as a choice among many is none. */
const MOST_CHOICES = 2;

// Why a version should not be installed any more, and what to take instead; undefined: its line is
// supported, or not known here.
export function endOfLife(version: string): string | undefined {
  const { major, minor } = readVersion(version);
  const line = `${major}.${minor}`;
  const known = RELEASE_LINES.find((one) => one.line === line);
  if (known ? !hasEnded(known) : atLeast({ major, minor }, ...oldest())) return undefined;
  const since = known?.until === undefined ? "has ended" : `ended in ${known.until}`;
  const choices = longestSupported({ major, minor }).map(
    ({ newest, until }) => `${newest}${until === undefined ? "" : ` (supported until ${until})`}`,
  );
  return `containerd ${fullRelease(version)!} is past its end of life: upstream's support of ${line} ${since}; set containerd_version to ${anyOf(choices)}`;
}

// The lines from this version on that are supported the longest, two at most, oldest first.
function longestSupported({ major, minor }: Version): ReleaseLine[] {
  const end = ({ until = "9999" }: ReleaseLine): string => until;
  const supported = RELEASE_LINES.filter(
    (one) => !hasEnded(one) && atLeast(lineOf(one), major, minor),
  );
  const longest = [...supported].sort((a, b) => (end(a) < end(b) ? 1 : -1)).slice(0, MOST_CHOICES);
  return supported.filter((one) => longest.includes(one));
}

const hasEnded = ({ support }: ReleaseLine): boolean => support.startsWith("ended");

const lineOf = ({ line }: ReleaseLine): Version => readVersion(line);

// The oldest line that is known: those before it have ended long ago.
function oldest(): [major: number, minor: number] {
  const { major, minor } = lineOf(RELEASE_LINES[0]!);
  return [major, minor];
}

// "a, b or c"
function anyOf(choices: readonly string[]): string {
  const last = choices.at(-1)!;
  return choices.length === 1 ? last : `${choices.slice(0, -1).join(", ")} or ${last}`;
}
