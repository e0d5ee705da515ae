import type { Member } from "./fleet.ts";
import { couple, type Walk, type Pass } from "./state.ts";
import { joinMachine, machineIn } from "./machine-walks.ts";
import { HostView } from "../view/host-view.ts";
import { RecordedMap } from "./journal.ts";

/**
 * A host's walk in this pass, made where the pass has none yet: for hosts that
 * tasks add, or delegate to.
 */
export function walkOf(pass: Pass, name: string): Walk {
  const known = pass.walks.get(name);
  if (known) return known;
  const walk = startWalk(pass, pass.view.member(name));
  pass.walks.set(name, walk);
  joinMachine(walk);
  if (pass.fleet.hasNamesake?.(walk.host)) couple(pass);
  return walk;
}

// The walk of one host, at its beginning.
function startWalk(pass: Pass, { host, known }: Member): Walk {
  const { journal } = pass;
  return {
    pass,
    host,
    known,
    machine: machineIn(pass, host.machine),
    view: new HostView(known),
    entries: [],
    missing: new RecordedMap(journal),
    wanted: new RecordedMap(journal),
    registered: new RecordedMap(journal),
    doubts: new RecordedMap(journal),
    madeFacts: new RecordedMap(journal),
    gathered: false,
    changesMade: 0,
    factsSince: 0,
    factsDoubt: undefined,
    gatheredBy: undefined,
    mustAnswer: false,
    lostLogin: undefined,
    broughtByIncludes: { handlers: [], roles: [], uses: new Set() },
    included: new RecordedMap(journal),
    includes: undefined,
    brings: undefined,
    notified: new RecordedMap(journal),
    leftOver: new RecordedMap(journal),
    loops: new RecordedMap(journal),
    retry: new RecordedMap(journal),
    awaitsController: false,
    facts: new RecordedMap(journal),
    at: [],
    play: 0,
    suffix: "",
    rescueDepth: 0,
    rescues: [],
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
