import { canonical, type Probe } from "../probes/probe.ts";
import { Unknown, type Json } from "../value.ts";

/** One state that a task of this run makes: whose, and what it will be. */
export interface Made {
  kind: string;
  subject: string;
  after: Json;
}

/** What is known of a host: its answers, and what the tasks of this run have made of them. */
export interface Observed {
  /** Probe key (with who asked) -> the host's answer. */
  answers: Map<string, Json>;
  /** What executed changes made; it holds until something opaque ran. */
  made: Made[];
  /** The host does not answer yet: what it was not asked before cannot be known. */
  away?: boolean;
}

/**
 * A host as one task of a plan sees it: what the host answered, overlaid with what earlier tasks of the
 * run will have done. Made anew for every pass; nothing here asks the host.
 */
export class World {
  private readonly observed: Observed;
  private readonly overlay = new Map<string, Map<string, Json>>();
  /** Why volatile answers cannot be known: the first planned task that may change anything, or starts a daemon. */
  private opaque: string | undefined;
  private started: string | undefined;
  /** The subjects of which a change is planned that is not made yet, by their kinds. */
  private readonly planned = new Map<string, Set<string>>();

  constructor(observed: Observed) {
    this.observed = observed;
    for (const made of observed.made) this.make(made);
    this.planned.clear();
  }

  // Notes what a task makes, for the tasks after it.
  make({ kind, subject, after }: Made): void {
    const states = this.overlay.get(kind) ?? new Map<string, Json>();
    if (states.has(subject) && canonical(states.get(subject)) === canonical(after)) return; // It was only looked at again.
    states.delete(subject);
    states.delete(`follow ${subject}`); // What a path leads to is worked out anew from what the path becomes.
    this.overlay.set(kind, states.set(subject, after));
    this.planned.set(kind, (this.planned.get(kind) ?? new Set()).add(subject.replace("follow ", "")));
  }

  // Notes that a planned task may change anything, so that volatile questions wait until it is done.
  blur(task: string, level: true | "start"): void {
    if (level === true) this.opaque ??= task;
    else this.started ??= task;
  }

  /** The planned task that may change anything, if there is one: what is found after it may be otherwise by then. */
  get blurredBy(): string | undefined {
    return this.opaque;
  }

  /** The state behind a probe; undefined: the host was not asked yet. `who` keeps apart what root and others see. */
  get(probe: Probe<unknown>, who: string): Json | Unknown | undefined {
    const { kind } = probe;
    const changed = this.overlay.get(kind.name);
    const subject = kind.subject(probe.arg as never);
    const made = changed?.has(subject) === true && !kind.overtaken?.(subject, changed as unknown as ReadonlyMap<string, never>);
    const own = made ? { after: changed?.get(subject) } : changed && kind.implied?.(subject, changed as unknown as ReadonlyMap<string, never>);
    const blurred = kind.volatile === true ? (this.opaque ?? this.started) : kind.volatile === "commands" ? this.opaque : undefined;
    if (!own && blurred !== undefined) return new Unknown(`task "${blurred}"`);
    if (kind.from?.some((name) => this.planned.has(name)) ?? this.isMadeOfPlanned(probe)) return new Unknown("the tasks before it");
    const answer = this.observed.answers.get(answerKey(probe, who));
    if (answer === undefined && this.observed.away && !(own && !kind.overlay)) return new Unknown("a host that does not answer yet");
    if (!own) return this.joinPlanned(probe, answer);
    if (!kind.overlay) return this.joinPlanned(probe, own.after as Json);
    if (answer === undefined) return undefined;
    const planned = kind.overlay(answer as never, own.after as never, probe.arg as never);
    return kind.unsure?.(planned, probe.arg as never) ? new Unknown(`what an earlier task makes of ${subject.replace("follow ", "")}`) : (planned as Json);
  }

  // What the tasks before it make of subjects of another kind, where the answer tells of them too.
  private joinPlanned({ kind, arg }: Probe<unknown>, answer: Json | undefined): Json | undefined {
    const states = kind.planned && this.overlay.get(kind.planned.kind);
    return states && answer !== undefined ? (kind.planned!.join(answer as never, states, arg as never) as Json) : answer;
  }

  // Tells whether a change of what the answer is made of is planned.
  private isMadeOfPlanned({ kind, arg }: Probe<unknown>): boolean {
    return kind.madeOf !== undefined && [...this.planned].some(([name, subjects]) => [...subjects].some((subject) => kind.madeOf!(arg as never, name, subject)));
  }
}

// One answer's key: what one user sees is not what another sees.
export function answerKey(probe: Probe<unknown>, who: string): string {
  return `${who}\n${probe.key}`;
}
