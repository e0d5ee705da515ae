import type { Member } from "./fleet.ts";
import {
  couple,
  noteChange,
  type MachineNote,
  type MachineWalks,
  type Pass,
  type Walk,
} from "./state.ts";
import { HostView } from "../view/host-view.ts";
import { RecordedMap } from "./journal.ts";
import { path } from "../../probes/files/path.ts";

/** What a template makes, as it is for its owner only. */
const STATES = {
  directory: { type: "directory", mode: 0o700, isNew: true },
  file: { type: "file", mode: 0o600, sha256: null },
} as const;

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
  expectGenerated(walk, walk.host.files.generated.awaited);
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

// The machine of a host in a pass: the one of a walk whose address is the same, if there is one.
function machineIn(pass: Pass, address: string | undefined): MachineWalks {
  const known = address === undefined ? undefined : pass.machines.get(address);
  const machine = known ?? { walks: [], notes: [] };
  if (address !== undefined) pass.machines.set(address, machine);
  return machine;
}

// Adds a walk to its machine, so that it sees what is planned there under other names.
function joinMachine(walk: Walk): void {
  walk.machine.walks.push(walk);
  for (const note of walk.machine.notes) note(walk.view);
}

// Tells all names of a machine what a task that is done on it means for the tasks after it.
export function noteOnMachine({ machine, host }: Walk, note: MachineNote): void {
  if (host.machine !== undefined) machine.notes.push(note);
  for (const { view } of machine.walks) note(view);
}

// Tells a host that is this machine which files templates are to make here: that they will be
// there, but not what they hold.
export function expectGenerated(
  walk: Walk,
  files: ReadonlyMap<string, "directory" | "file">,
): void {
  if (!walk.host.isLocal || files.size === 0) return;
  noteChange(walk);
  for (const [subject, type] of files)
    noteOnMachine(walk, (view) => {
      view.make({ kind: path.name, subject, after: STATES[type] });
    });
}

// Whether a machine takes part in the pass under several names.
export function isShared({ machine }: Walk): boolean {
  return machine.walks.length > 1;
}

// Forgets what was noted, and the walks that a pass no longer has: it was taken back.
export function forgetNotes({ machines, walks }: Pass): void {
  for (const machine of machines.values()) {
    machine.notes = [];
    machine.walks = machine.walks.filter((walk) => walks.get(walk.host.name) === walk);
  }
}
