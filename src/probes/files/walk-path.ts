/** More links than this on one way are a circle, as for the kernel. */
const MOST_LINKS = 40;

/**
 * The target of a link at a location; null: there is no link; undefined: the
 * host has not been asked yet.
 */
type LinkAt = (location: string) => string | null | undefined;

/**
 * Where a path leads: its location, on whose way no link is (nor at its end, where
 * that is followed); the path whose links the host must be asked for first; or
 * nowhere, as links lead in a circle.
 */
export type Located = { location: string } | { asks: string } | "circle";

// Walks along a path.
export function walk(path: string, follows: boolean, linkAt: LinkAt): Located {
  const left = namesOf(path).reverse();
  let at = "";
  let met = 0;
  while (left.length > 0) {
    const name = left.pop()!;
    const next = `${at}/${name}`;
    const target = name !== ".." && (left.length > 0 || follows) ? linkAt(next) : null;
    if (target === undefined) return { asks: [next, ...left.reverse()].join("/") };
    if (name === "..") at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
    else if (target === null) at = next;
    else {
      if (++met > MOST_LINKS) return "circle";
      if (target.startsWith("/")) at = "";
      left.push(...namesOf(target).reverse());
    }
  }
  return { location: at || "/" };
}

function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}
