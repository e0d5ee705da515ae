import type { MachineNote, MachineWalks, Pass, Walk } from "./state.ts";

// The machine of a host in a pass: the one of a walk whose address is the same, if there is one.
export function machineIn(pass: Pass, address: string | undefined): MachineWalks {
  const known = address === undefined ? undefined : pass.machines.get(address);
  const machine = known ?? { walks: [], notes: [] };
  if (address !== undefined) pass.machines.set(address, machine);
  return machine;
}

// Adds a walk to its machine, so that it sees what is planned there under other names.
export function joinMachine(walk: Walk): void {
  walk.machine.walks.push(walk);
  for (const note of walk.machine.notes) note(walk.view);
}

// Tells all names of a machine what a task that is done on it means for the tasks after it.
export function noteOnMachine({ machine, host }: Walk, note: MachineNote): void {
  if (host.machine !== undefined) machine.notes.push(note);
  for (const { view } of machine.walks) note(view);
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
