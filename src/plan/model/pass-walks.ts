import type { Member } from "./fleet.ts";
import type { Walk, Pass } from "./state.ts";
import { HostView } from "./host-view.ts";

/** A host's walk in this pass, made where the pass has none yet: for hosts that tasks add, or delegate to. */
export function walkOf(pass: Pass, name: string): Walk {
  const known = pass.walks.get(name);
  if (known) return known;
  const walk = startWalk(pass, pass.view.member(name));
  pass.walks.set(name, walk);
  return walk;
}

// The walk of one host, at its beginning.
function startWalk(pass: Pass, { host, known }: Member): Walk {
  return {
    pass,
    host,
    known,
    view: new HostView(known),
    entries: [],
    missing: new Map(),
    wanted: new Map(),
    registered: new Map(),
    madeFacts: new Map(),
    gathered: false,
    gatheredBy: undefined,
    lostLogin: undefined,
    mustAnswer: false,
    broughtByIncludes: { handlers: [], roles: [], uses: new Set() },
    included: new Map(),
    includes: undefined,
    notified: new Map(),
    leftOver: new Map(),
    loops: new Map(),
    retry: new Map(),
    awaitsController: false,
    facts: new Map(),
    at: [],
    play: 0,
    suffix: "",
    rescueDepth: 0,
    version: 0,
    readOtherHosts: false,
    guessed: false,
    hasPendingChange: false,
    factsCleared: false,
    failed: undefined,
    clearedFailure: undefined,
    ended: false,
    stopped: undefined,
    cut: undefined,
  };
}
