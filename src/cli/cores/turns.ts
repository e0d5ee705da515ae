import type { MachineState } from "../../run/machine.ts";

/** Somebody who waits for a turn, and the question that is answered when it comes. */
interface Waiting<Who> {
  who: Who;
  id: number;
}

/** The turns of a run's processes on machines that they may have under several names. */
export class MachineTurns<Who> {
  private readonly machines = new Map<
    string,
    { state: MachineState; holder: Who | undefined; waiting: Waiting<Who>[] }
  >();
  private readonly answer: (who: Who, id: number, state: MachineState) => void;

  constructor(answer: (who: Who, id: number, state: MachineState) => void) {
    this.answer = answer;
  }

  // Answers as soon as the machine is free.
  take(who: Who, id: number, name: string): void {
    const machine = this.machines.get(name) ?? {
      state: { ran: 0, shared: false },
      holder: undefined,
      waiting: [],
    };
    this.machines.set(name, machine);
    machine.waiting.push({ who, id });
    this.next(name);
  }

  // Frees a machine, and keeps what is known of it.
  leave(who: Who, name: string, state: MachineState): void {
    const machine = this.machines.get(name);
    if (machine?.holder !== who) return;
    machine.state = state;
    machine.holder = undefined;
    this.next(name);
  }

  // Frees all machines of somebody who is gone.
  lose(who: Who): void {
    for (const [name, machine] of this.machines) {
      machine.waiting = machine.waiting.filter((one) => one.who !== who);
      if (machine.holder === who) this.leave(who, name, machine.state);
    }
  }

  private next(name: string): void {
    const machine = this.machines.get(name)!;
    if (machine.holder !== undefined) return;
    const first = machine.waiting.shift();
    if (!first) return;
    machine.holder = first.who;
    this.answer(first.who, first.id, machine.state);
  }
}
