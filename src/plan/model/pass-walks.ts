import type { Member, Pass } from "./fleet.ts";
import type { Walk } from "./state.ts";
import { World } from "./host-view.ts";

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
    pass, host, known, world: new World(known), entries: [], missing: new Map(), wanted: new Map(), registered: new Map(), madeFacts: new Map(), gathered: false,
    brought: { handlers: [], roles: [], uses: new Set() }, included: new Map(), includes: undefined, notified: new Map(), leftOver: new Map(), loops: new Map(), again: new Map(),
    awaitsHere: false, facts: new Map(), at: [], play: 0, suffix: "", protected: 0, version: 0, looked: false, guessed: false, dirty: false, factsCleared: false,
    failed: undefined, pardoned: undefined, ended: false, stopped: undefined, cut: undefined,
  };
}
