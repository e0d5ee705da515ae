/** What begins and ends tags. */
export interface Edges {
  block: readonly [begin: string, end: string];
  variable: readonly [begin: string, end: string];
  comment: readonly [begin: string, end: string];
}

/** Jinja2's own. */
export const STANDARD_EDGES: Edges = {
  block: ["{%", "%}"],
  variable: ["{{", "}}"],
  comment: ["{#", "#}"],
};

/** Patterns that find the edges; all except the first are sticky or begin where they are told. */
export interface EdgePatterns {
  edges: Edges;
  /** Finds the next tag: groups block, variable, comment and sign. */
  opening: RegExp;
  raw: RegExp;
  /** Groups: the sign in front, and the end with its own sign. */
  endRaw: RegExp;
  /** Group: the sign in front of the end. */
  endBlock: RegExp;
  endVariable: RegExp;
}

const known = new Map<string, EdgePatterns>();

// The patterns for some edges, made once.
export function edgePatterns(edges: Edges): EdgePatterns {
  const key = JSON.stringify([edges.block, edges.variable, edges.comment]);
  const patterns = known.get(key) ?? compile(edges);
  known.set(key, patterns);
  return patterns;
}

// Where two edges begin alike, the longer one counts.
function compile(edges: Edges): EdgePatterns {
  const [begin, end] = edges.block.map(escaped) as [string, string];
  const kinds = (["variable", "comment", "block"] as const).toSorted(
    (a, b) => edges[b][0].length - edges[a][0].length,
  );
  return {
    edges,
    opening: new RegExp(
      `(?:${kinds.map((kind) => `(?<${kind}>${escaped(edges[kind][0])})`).join("|")})(?<sign>[-+]?)`,
      "g",
    ),
    raw: new RegExp(`${begin}[-+]?\\s*raw\\s*(-${end}\\s*|${end})`, "y"),
    endRaw: new RegExp(`${begin}([-+]?)\\s*endraw\\s*(\\+${end}|-${end}\\s*|${end})`, "g"),
    endBlock: new RegExp(`([-+]?)${end}`, "y"),
    endVariable: new RegExp(`(-?)${escaped(edges.variable[1])}`, "y"),
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
